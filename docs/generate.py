"""Writes the pages that are made from code: kinds, commands, settings, the Python API, and the JSON schemas.

Run it by `make docs`.
"""

import inspect
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import click

import schemasync
from schemasync.cli.commands import CommandLine
from schemasync.cli.main import COMMANDS
from schemasync.config import SECTIONS, SETTINGS
from schemasync.config_file import Entry
from schemasync.report.kinds import pages
from schemasync.report.schemas import schemas

FOLDER = Path(__file__).resolve().parent
REFERENCE = FOLDER / "reference"
SHAPES = {
    "text": "text",
    "texts": "list of texts",
    "mirror": "text, or list of texts",
    "kinds": "list of texts",
    "severities": "table",
    "names": "table",
}


def generated() -> dict[Path, str]:
    """Every generated file with the text that it must have."""
    reference = {"commands.md": commands(), "settings.md": settings(), "api.md": api()}
    return {
        **{FOLDER / "kinds" / name: text for name, text in pages().items()},
        **{FOLDER / "schemas" / name: text for name, text in schemas().items()},
        **{REFERENCE / name: text for name, text in reference.items()},
    }


def main() -> None:
    """Write them, and remove what is left of kinds that are no more."""
    wanted = generated()
    for path in (FOLDER / "kinds").glob("*.md"):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def commands() -> str:
    """Every command with its options, as `--help` has them."""
    line = CommandLine(COMMANDS)
    context = click.Context(line, info_name="schemasync", help_option_names=["-h", "--help"])
    lines = ["# Commands", "", "As `--help` says it. Exit codes: 0 nothing found, 1 findings, 2 it could not be done."]
    for name in COMMANDS:
        command = line.get_command(context, name)
        assert command is not None
        lines += ["", *_command(command, click.Context(command, parent=context, info_name=name))]
    return "\n".join(lines) + "\n"


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## {context.command_path}"
    yield ""
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f"`{usage}`"
    yield ""
    yield from _plain(command.help or "")
    options = [one.get_help_record(context) for one in command.get_params(context) if isinstance(one, click.Option)]
    yield ""
    yield "| option | meaning |"
    yield "| --- | --- |"
    yield from (f"| `{_cell(record[0])}` | {_cell(_escaped(record[1]))} |" for record in options if record)
    if command.epilog:
        yield ""
        yield "<!-- not run: examples of --help; a test holds their options against the commands -->"
        yield "```text"
        yield from (line.strip() for line in _plain(command.epilog) if line and not line.startswith("Examples"))
        yield "```"


def _plain(text: str) -> list[str]:
    """A help text without click's marks for paragraphs that keep their lines."""
    return [line.rstrip() for line in inspect.cleandoc(text.replace("\b\n", "")).splitlines()]


def settings() -> str:
    """Every setting of the configuration, with its shape and default."""
    lines = ["# Settings", "", "Of `schemasync.toml`, or of `[tool.schemasync]` in `pyproject.toml`."]
    for section, entries in SETTINGS.items():
        defaults = SECTIONS[section]()
        lines += ["", f"## [{section}]", "", "| setting | holds | default | meaning |", "| --- | --- | --- | --- |"]
        for name, entry in entries.items():
            default = _default(getattr(defaults, name), entry)
            lines.append(f"| `{name}` | {_holds(entry)} | {default} | {_cell(_escaped(entry.meaning))} |")
    return "\n".join(lines) + "\n"


def _holds(entry: Entry) -> str:
    if entry.choices:
        quote = '"' if entry.shape == "choice" else ""
        return ", ".join(f"`{quote}{choice}{quote}`" for choice in entry.choices)
    return SHAPES[entry.shape]


def _default(value: Any, entry: Entry) -> str:
    if not value:
        return ""
    if entry.shape == "mirror":
        return '`"all"`'
    shown = "[" + ", ".join(f'"{one}"' for one in value) + "]" if isinstance(value, tuple) else f'"{value}"'
    return f"`{shown}`"


def api() -> str:
    """Every public name of the package, with its signature and docstring."""
    groups: dict[str, list[str]] = {"Functions": [], "Values": [], "Errors": []}
    for name in schemasync.__all__:
        value = getattr(schemasync, name)
        if inspect.isclass(value):
            groups["Errors" if issubclass(value, Exception) else "Values"].append(name)
        elif not isinstance(value, str):
            groups["Functions"].append(name)
    lines = ["# Names of the Python API", "", "Each is imported as `schemasync.NAME`."]
    for title, group in groups.items():
        lines += ["", f"## {title}"]
        for name in group:
            lines += ["", *_name(name, getattr(schemasync, name))]
    return "\n".join(lines) + "\n"


def _name(name: str, value: Any) -> Iterator[str]:
    yield f"### {name}"
    yield ""
    function = getattr(value, name, value) if inspect.ismodule(value) else value
    yield "```py"
    yield from _signature(name, inspect.signature(function))
    yield "```"
    yield ""
    yield from _docstring(inspect.getdoc(function) or "")


def _signature(name: str, signature: inspect.Signature) -> list[str]:
    parameters = []
    for one in signature.parameters.values():
        if one.kind is one.KEYWORD_ONLY and "*" not in parameters:
            parameters.append("*")
        default = "" if one.default is one.empty else f" = {_value(one.default)}"
        parameters.append(f"{one.name}: {_annotation(one.annotation)}{default}")
    returned = signature.return_annotation
    answer = "" if returned in (signature.empty, None, "None") else f" -> {_annotation(returned)}"
    line = f"{name}({', '.join(parameters)}){answer}"
    return [line] if len(line) <= 100 else [f"{name}(", *(f"    {one}," for one in parameters), f"){answer}"]


def _value(value: Any) -> str:
    """A default as code; of a set, whose order is no run's twice, sorted."""
    return f"frozenset({sorted(value)!r})" if isinstance(value, frozenset) and value else repr(value)


def _annotation(annotation: Any) -> str:
    shown = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return re.sub(r"\b(?:schemasync|typing|pathlib|collections)(?:\.\w+)*\.(?=\w)", "", shown)


def _docstring(text: str) -> Iterator[str]:
    """A docstring of Google's style: prose as it is, what stands under `Args:` and `Raises:` as lists."""
    for is_list, group in groupby(_sectioned(text), key=lambda line: line[0]):
        lines = [line for _, line in group]
        if is_list:
            yield from (f"- `{name}`:{_escaped(meaning)}" for name, _, meaning in (one.partition(":") for one in lines))
        else:
            yield from (f"**{line}**" if line in ("Args:", "Raises:", "Returns:") else _escaped(line) for line in lines)


def _sectioned(text: str) -> Iterator[tuple[bool, str]]:
    inside = False
    waiting = ""
    for line in text.splitlines():
        heading = re.fullmatch(r"(Args|Raises|Returns|Yields):", line)
        entry = re.match(r"    (\S[^:]*:.*)", line) if inside else None
        if waiting and (entry or heading or not line.startswith("     ")):
            yield (True, waiting)
            waiting = ""
        if heading:
            inside = heading[1] in ("Args", "Raises")
            yield (False, heading[0])
            yield (False, "")
        elif entry and not line.startswith("     "):
            waiting = entry[1]
        elif waiting:
            waiting += " " + line.strip()
        else:
            yield (False, line.strip() if not line.startswith("        ") else line)
    if waiting:
        yield (True, waiting)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _escaped(text: str) -> str:
    """Without Markdown's meaning of `<` and `*`; what stands in backticks has none."""
    parts = text.split("`")
    return "`".join(re.sub(r"[<*]", r"\\\g<0>", part) if not n % 2 else part for n, part in enumerate(parts))


if __name__ == "__main__":
    main()
