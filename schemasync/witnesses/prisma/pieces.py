"""Parts of lines, as the grammar's start rules and the short cut read them."""

from typing import Any, NamedTuple

from schemasync.witnesses.prisma.syntax import Arity, Attribute
from schemasync.witnesses.prisma.text import Problem


class Type(NamedTuple):
    """A field's type, apart from the field."""

    name: str
    arity: Arity
    unsupported: str | None


class Attributes(NamedTuple):
    """What follows an enum value's name, or a field's type: attributes, and the comment that ends the line."""

    attributes: tuple[Attribute, ...]
    comment: str | None


class Piece(NamedTuple):
    """A parsed part of a line.

    Args:
        node: an `Attributes`, a `FieldRest` or a value, as the start rule says.
        problems: what the syntax allows and the language does not.
    """

    node: Any
    problems: tuple[Problem, ...]
