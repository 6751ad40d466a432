"""Where things are in a file, for messages: lines and columns out of the offsets of syntax nodes."""

from typing import Protocol

from schemasync.errors import Diagnostic
from schemasync.late_patterns import late_pattern
from schemasync.witnesses.prisma.syntax import BlockAttribute, ConfigBlock, EnumBlock, Field, Model, SchemaFile
from schemasync.witnesses.prisma.text import SPACES

_WORD = late_pattern(rf"[^{SPACES}@]+")


class Spanned(Protocol):
    """A node that knows its offsets from an origin."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """One past its end."""


class Place:
    """A stretch of one line of one file.

    Args:
        path: the file.
        line: from 1.
        start: the offset of its first character in the line, from 0.
        end: one past its last.
        text: the whole line.
    """

    __slots__ = ("end", "line", "path", "start", "text")

    def __init__(self, path: str, line: int, start: int, end: int, text: str) -> None:
        self.path, self.line, self.start, self.end, self.text = path, line, start, end, text

    def error(self, message: str, hint: str = "") -> Diagnostic:
        """An error here."""
        return Diagnostic(message, self.path, self.line, self.start + 1, self.end + 1, self.text, hint)

    def warning(self, message: str, hint: str = "") -> Diagnostic:
        """A warning here."""
        return Diagnostic(message, self.path, self.line, self.start + 1, self.end + 1, self.text, hint, "warning")


def node_place(file: SchemaFile, line: int, origin: int, node: Spanned) -> Place:
    """Where a node is that counts from the origin in the line."""
    return Place(file.path, line, origin + node.start, origin + node.end, file.lines[line - 1])


def attribute_place(file: SchemaFile, attribute: BlockAttribute) -> Place:
    """Where a block attribute is."""
    return node_place(file, attribute.line, attribute.origin, attribute.attribute)


def line_place(file: SchemaFile, line: int) -> Place:
    """A whole line, without the spaces around it."""
    text = file.lines[line - 1]
    start = len(text) - len(text.lstrip(SPACES))
    return Place(file.path, line, start, max(start + 1, len(text.rstrip(SPACES))), text)


def name_place(file: SchemaFile, line: int) -> Place:
    """The first word of a line: the name of a field, a value or a property."""
    place = line_place(file, line)
    word = _WORD.match(place.text, place.start)
    return Place(place.path, line, place.start, word.end() if word else place.end, place.text)


def type_place(file: SchemaFile, field: Field) -> Place:
    """The type of a field, without `?` and `[]`."""
    name = name_place(file, field.line)
    start = len(name.text) - len(name.text[name.end :].lstrip(SPACES))
    length = len(field.type_name) or len(name.text[start:].split(")")[0]) + 1
    return Place(name.path, field.line, start, start + length, name.text)


def block_place(file: SchemaFile, block: Model | EnumBlock | ConfigBlock) -> Place:
    """The first line of a block, from its keyword to its name."""
    end = block.name_column + len(block.name)
    return Place(file.path, block.line, block.column, end, file.lines[block.line - 1])


def block_name_place(file: SchemaFile, block: Model | EnumBlock | ConfigBlock) -> Place:
    """The name of a block."""
    end = block.name_column + len(block.name)
    return Place(file.path, block.line, block.name_column, end, file.lines[block.line - 1])
