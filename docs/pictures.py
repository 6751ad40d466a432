"""Draws the documentation's pictures: the terminal report of the example, and the house. Run it by `make pictures`.

Both follow their reader's light or dark setting, and need no font but any monospaced one.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from schemasync.demo import check_example, running_example
from schemasync.report import Terminal, render, report_on

FOLDER = Path(__file__).resolve().parent
PICTURES = FOLDER / "pictures"
# What of the report is shown: the example's tables whose sections are short, and how it ends.
SHOWN = ("file_access_logs", "verifications")
CHARACTER, LINE, MARGIN = 8.4, 19, 16
ANSI = re.compile(r"\x1b\[([\d;]*)m")
CLASSES = {"1": "bold", "2": "faint", "33": "behind", "31": "error", "1;31": "error bold", "1;33": "warning bold"}
TERMINAL_STYLE = """\
.paper{fill:#fff;stroke:#d5dae2}text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#1c2330;\
white-space:pre}.bold{font-weight:700}.faint{fill:#566070}.behind,.warning{fill:#855600}.error{fill:#b3121d}\
@media(prefers-color-scheme:dark){.paper{fill:#161c25;stroke:#333d4b}text{fill:#e6e9ef}.faint{fill:#a3adba}\
.behind,.warning{fill:#e5b454}.error{fill:#ff7b84}}"""

ROOM_STYLE = """\
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#1c2330;text-anchor:middle}\
.floor{font-family:system-ui,sans-serif;text-anchor:start;fill:#475063}.title{font-weight:700}.room{fill:#fff;stroke:#2b4c9b}\
.band{fill:#e9edf5}@media(prefers-color-scheme:dark){text{fill:#e6e9ef}.floor{fill:#b6bfcc}\
.room{fill:#10151d;stroke:#8fb4ff}.band{fill:#232c3a}}"""
# The lowest room of each floor, from the ground up; what stands above it belongs to it, up to the next floor.
FLOORS = {
    "errors": ("Ground floor", "what a schema is"),
    "scratch": ("Workshop", "throw-away databases"),
    "witnesses": ("First floor", "who states facts,", "who owns what"),
    "compare": ("Second floor", "facts side by side"),
    "mirror": ("Third floor", "what follows from them"),
    "config_places": ("Fourth floor", "the user's project:", "what is configured,", "and a command's work"),
    "report": ("Top floor", "what people see"),
}
WIDTH, LABEL, ROOM, GAP = 720, 180, 24, 6


def report_lines() -> list[str]:
    """The example's report, with colours."""
    with running_example(lambda _text: None) as example:
        witnesses, comparison = check_example(example)
        return render(report_on(witnesses, comparison), "text", Terminal(colour=True)).splitlines()


def excerpt(lines: Sequence[str]) -> list[str]:
    """The command, the shown tables' sections, and the line that counts."""
    kept = ["\x1b[2m$\x1b[0m \x1b[1mschemasync check\x1b[0m"]
    sections = "\n".join(lines).split("\n\n\n")
    for section in sections:
        name = ANSI.sub("", section).lstrip().split(" ", 1)[0]
        if name in SHOWN:
            kept += ["", *section.strip("\n").splitlines()]
    counts = next(line for line in lines if re.match(r"\d+ errors", ANSI.sub("", line)))
    return [*kept, "", counts]


def terminal(lines: Sequence[str], title: str) -> str:
    """Lines with ANSI colours as a picture; each run of characters keeps its width whatever the font."""
    columns = max(len(ANSI.sub("", line)) for line in lines)
    width, height = columns * CHARACTER + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" '
        f'height="{height}" role="img" aria-label="{escape(title)}">',
        f"<style>{TERMINAL_STYLE}</style>",
        f'<rect class="paper" x=".5" y=".5" width="{width - 1:.0f}" height="{height - 1}" rx="8"/>',
    ]
    for number, line in enumerate(lines):
        for column, text, names in _runs(line):
            place = f'x="{MARGIN + column * CHARACTER:.1f}" y="{MARGIN + number * LINE + 14}"'
            style = f' class="{names}"' if names else ""
            length = f'textLength="{len(text) * CHARACTER:.1f}" lengthAdjust="spacingAndGlyphs"'
            parts.append(f"<text {place} {length}{style}>{escape(text)}</text>")
    return "\n".join([*parts, "</svg>\n"])


def _runs(line: str) -> Iterator[tuple[int, str, str]]:
    """Column, text and classes of each run of characters, without the spaces around it."""
    column, names = 0, ""
    for number, part in enumerate(ANSI.split(line)):
        if number % 2:
            names = "" if part in ("0", "") else CLASSES[part]
            continue
        for found in re.finditer(r"\S+(?: \S+)*", part):
            yield column + found.start(), found[0], names
        column += len(part)


def layers() -> list[list[str]]:
    """The import contract's layers from the top down."""
    settings = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = settings["tool"]["importlinter"]["contracts"]
    return [[room.strip().removeprefix("schemasync.") for room in layer.split("|")] for layer in contract["layers"]]


def house(rows: Sequence[Sequence[str]]) -> str:
    """The layers as a house: rooms on floors; a room imports only from those below it."""
    parts: list[str] = []
    y, top = 2 * GAP, GAP
    rooms: list[str] = []
    for row in rows:
        width = (WIDTH - LABEL - 2 * GAP - GAP * (len(row) - 1)) / len(row)
        for number, room in enumerate(row):
            x = LABEL + number * (width + GAP)
            rooms.append(f'<rect class="room" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{ROOM}" rx="4"/>')
            rooms.append(f'<text x="{x + width / 2:.1f}" y="{y + 17}">{escape(room)}</text>')
        y += ROOM + GAP
        for title in (FLOORS[room] for room in row if room in FLOORS):
            y = max(y, top + 18 * len(title) + 2 * GAP)
            parts.append(
                f'<rect class="band" x="{GAP}" y="{top}" width="{WIDTH - 2 * GAP}" height="{y - top}" rx="6"/>'
            )
            for number, line in enumerate(title):
                names = "floor" if number else "floor title"
                place = f'x="{3 * GAP}" y="{top + 20 + 18 * number}"'
                parts.append(f'<text class="{names}" {place}>{escape(line)}</text>')
            parts += rooms
            rooms = []
            top = y + GAP
            y += 2 * GAP
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" '
        'role="img" aria-label="The package as a house: each room imports only from rooms below it">'
    )
    return "\n".join([head, f"<style>{ROOM_STYLE}</style>", *parts, "</svg>\n"])


def main() -> None:
    """Draw them."""
    PICTURES.mkdir(exist_ok=True)
    title = "schemasync check: two tables of the example that have drifted, with what breaks and what to do"
    (PICTURES / "report.svg").write_text(terminal(excerpt(report_lines()), title), encoding="utf-8")
    (PICTURES / "house.svg").write_text(house(layers()), encoding="utf-8")


if __name__ == "__main__":
    main()
