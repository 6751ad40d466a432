"""Text laid out for a terminal: wrapped paragraphs, aligned columns, and colours where they are wanted."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from schemasync.late_patterns import late_pattern
from schemasync.records import record

# A line that starts so, spaces and colours before it left aside, is a command to GitHub's runner; so is `##[…]`
# anywhere in a line, `##vso[…]` to Azure's and `##teamcity[…]` to TeamCity.
_COMMAND = r"^(?P<before>(?:\s|\x1b\[[\d;]*m)*):(?=:)|(?<=#)#(?=\w*\[)"
COMMAND = late_pattern(_COMMAND)
COMMAND_IN_LINES = late_pattern(_COMMAND, re.MULTILINE)

COLOURS = {"error": "1;31", "warning": "1;33", "info": "1;34"}


@record(frozen=True, slots=True)
class Style:
    """How to emphasise: by colour, or not at all; and whether characters beyond ASCII can be shown."""

    colour: bool
    unicode: bool

    def bold(self, text: str) -> str:
        """A heading."""
        return self._in("1", text)

    def faint(self, text: str) -> str:
        """What is only looked at when it is needed."""
        return self._in("2", text)

    def behind(self, text: str) -> str:
        """The value that has to change."""
        return self._in("33", text)

    def severity(self, severity: str, text: str) -> str:
        """A severity's name, in its colour."""
        return self._in(COLOURS[severity], text)

    def character(self, wanted: str, ascii_instead: str) -> str:
        """A character, or its stand-in where only ASCII can be shown."""
        return wanted if self.unicode else ascii_instead

    def _in(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text.strip() else text


def rule(width: int, style: Style) -> str:
    """A horizontal line."""
    return style.character("─", "-") * width


def paragraph(text: str, width: int, *, indent: int = 0, hanging: int = 0) -> list[str]:
    """A text in lines of at most `width`, the word that alone is longer excepted.

    Args:
        indent: spaces before each line.
        hanging: further spaces before each line but the first.
    """
    lines = [" " * indent]
    room = width - indent
    for word in visible(text).split():
        taken = display_width(word)
        if lines[-1].strip() and taken + 1 > room:
            lines.append(" " * (indent + hanging) + word)
            room = width - indent - hanging - taken
        else:
            gap = " " if lines[-1].strip() else ""
            lines[-1] += gap + word
            room -= taken + len(gap)
    return lines


def titled_list(title: str, sentences: Sequence[str], style: Style, width: int = 80) -> Iterator[str]:
    """A title, and a bullet for each sentence; nothing where there is none."""
    if not sentences:
        return
    yield ""
    yield title
    bullet = style.character("•", "-")
    for sentence in sentences:
        yield from paragraph(f"{bullet} {sentence}", width, indent=2, hanging=2)


def columns(
    rows: Sequence[Sequence[str]], width: int, indent: int, style: Style, emphasised: Collection[int]
) -> list[str] | None:
    """Rows with their cells aligned, the first row faint; None where they do not fit the width.

    Args:
        emphasised: numbers of the columns that have to change.
    """
    cells = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(display_width, column)) for column in zip(*cells, strict=True)]
    if indent + sum(widths) + 2 * (len(widths) - 1) > width:
        return None
    lines = []
    for number, row in enumerate(cells):
        shown = []
        for place, cell in enumerate(row):
            padding = " " * (widths[place] - display_width(cell))
            coloured = style.faint(cell) if number == 0 else style.behind(cell) if place in emphasised else cell
            shown.append(coloured + padding)
        lines.append(" " * indent + "  ".join(shown).rstrip())
    return lines


def visible(text: str) -> str:
    """A text with its control characters spelled out: a database's comments must not steer the terminal."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


def joined(lines: Iterable[str]) -> str:
    """Lines as a text for standard output: none of them is a command to the runner of a CI job.

    The character that would make it one is spelled out, as control characters are.
    """
    return "\n".join(_no_command(line.rstrip()) for line in lines) + "\n"


def _no_command(line: str) -> str:
    return COMMAND.sub(lambda found: f"{found['before']}\\x3a" if found[0] != "#" else "\\x23", line)


def no_command_in_json(text: str) -> str:
    """A JSON text that says the same, and in which no runner sees a command."""
    return COMMAND.sub(lambda found: "\\u0023" if found[0] == "#" else found[0], text)


def no_command_in_markup(text: str) -> str:
    """HTML or XML that says the same, and in which no runner sees a command."""
    return COMMAND_IN_LINES.sub(lambda found: f"{found['before']}&#58;" if found[0] != "#" else "&#35;", text)


def without_commands(text: str) -> str:
    """Lines that were made elsewhere, such as an error's, without control characters and commands to a runner."""
    return "\n".join(_no_command(visible(line.replace("\t", "    "))) for line in text.split("\n"))


def display_width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text if not combining(character))
