"""A kind of drift explained: as text for a terminal, and as a page of the documentation."""

from __future__ import annotations

from itertools import groupby
from textwrap import indent
from typing import TYPE_CHECKING

from schemasync.compare.examples import Example, examples
from schemasync.compare.kinds import catalogue
from schemasync.report.layout import Style, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemasync.compare.kinds import Kind
    from schemasync.report import Terminal

WIDTH = 80
# The parts of an example: what it is called for people, and the language of its block.
PARTS = {
    "before": ("when the snapshot was taken", "sql"),
    "prisma": ("schema.prisma", "prisma"),
    "python": ("the models", "py"),
    "sql": ("the database", "sql"),
}
GROUPS = {
    "tables": "Tables",
    "columns": "Columns",
    "keys": "Keys and constraints",
    "indexes": "Indexes and unique constraints",
    "enums": "Enum types",
    "mirrors": "Mirrors",
    "histories": "Migration histories",
    "fences": "The fence between both sides' migrations",
    "gate": "The gate itself",
    "fleet": "Databases of a fleet",
    "postgresql": "What only PostgreSQL states",
}


def explained(kind: Kind, terminal: Terminal) -> str:
    """A kind as text: when it is reported, what breaks, what to do, and examples."""
    style = Style(terminal.colour, terminal.unicode)
    lines = [style.bold(kind.name), ""]
    for title, text in (("", kind.meaning), ("What breaks: ", kind.breaks), ("What to do: ", kind.fix)):
        lines += [*paragraph(title + text, WIDTH), ""]
    found = examples().get(kind.name)
    if found:
        lines += [style.bold("Bad"), *_parts_as_text(_parts(found.bad), style)]
        lines += [style.bold("Good"), *_parts_as_text(found.mended(), style)]
    return "\n".join(lines).rstrip() + "\n"


def listed(terminal: Terminal) -> str:
    """All kinds by group, each with its condition."""
    style = Style(terminal.colour, terminal.unicode)
    width = max(map(len, catalogue())) + 2
    lines: list[str] = []
    for group, kinds in groupby(catalogue().values(), key=lambda kind: kind.group):
        lines += [style.bold(GROUPS.get(group, group)), ""]
        for kind in kinds:
            first, *rest = paragraph(kind.meaning, WIDTH - 2 - width)
            lines.append(f"  {kind.name:{width}}{first}")
            lines += [f"  {'':{width}}{line}" for line in rest]
        lines.append("")
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """Every page of `docs/kinds` by its file's name."""
    made = {f"{kind.name}.md": _page(kind) for kind in catalogue().values()}
    return {"README.md": _index(), **made}


def _page(kind: Kind) -> str:
    lines = [f"# `{kind.name}`", "", _marked(kind.meaning), ""]
    lines += [f"**What breaks.** {_marked(kind.breaks)}", "", f"**What to do.** {_marked(kind.fix)}", ""]
    found = examples().get(kind.name)
    if found:
        lines += ["## Bad", "", *_parts_as_blocks(_parts(found.bad))]
        lines += ["## Good", "", *_parts_as_blocks(found.mended())]
    lines += [f"`schemasync explain {kind.name}` says the same. [All kinds](README.md)"]
    return "\n".join(lines) + "\n"


def _index() -> str:
    lines = ["# Kinds of drift", "", "Each has a page with its condition, what breaks, what to do, and examples.", ""]
    for group, kinds in groupby(catalogue().values(), key=lambda kind: kind.group):
        lines += [f"## {GROUPS.get(group, group)}", "", "| kind | when |", "| --- | --- |"]
        lines += [f"| [`{kind.name}`]({kind.name}.md) | {_marked(kind.meaning)} |" for kind in kinds]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _parts(example: Example) -> dict[str, str]:
    return {name: text for name in PARTS if (text := getattr(example, name))}


def _parts_as_text(parts: dict[str, str], style: Style) -> Iterator[str]:
    for name, text in parts.items():
        yield f"  {style.faint(PARTS[name][0])}"
        yield indent(text.rstrip(), "    ")
        yield ""


def _parts_as_blocks(parts: dict[str, str]) -> Iterator[str]:
    for name, text in parts.items():
        title, language = PARTS[name]
        yield from (f"{title[0].upper()}{title[1:]}:" if name != "prisma" else f"`{title}`:", "")
        yield from (f"```{language}", text.rstrip(), "```", "")


def _marked(text: str) -> str:
    """A catalogue's sentence as Markdown: nothing in it is meant as markup."""
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("_", "\\_").replace("<", "&lt;").replace("|", "\\|")
