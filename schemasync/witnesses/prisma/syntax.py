"""The syntax tree of a Prisma schema: what is written, and where, before names mean anything.

Every node lies on one line. What follows a field's name, an enum value's name or an equals sign is
often the same text on many lines, so such nodes are shared between lines: an attribute, an argument
and a value know their place only from an *origin*, the offset in the line at which the shared text
begins. Whoever holds attributes or a value also holds the line and that origin; `positions.py` adds
them up. Offsets count code points from 0, lines count from 1.
"""

from typing import Literal, TypeAlias

from schemasync.records import beside, record

Arity: TypeAlias = Literal["required", "optional", "list"]
ModelKind: TypeAlias = Literal["model", "view", "type"]


@record(frozen=True, slots=True)
class StringValue:
    """A string literal: `"a\\n"`.

    Args:
        text: the content, escapes resolved.
        start: the offset of the opening quote from the origin.
        end: one past the closing quote.
    """

    text: str
    start: int
    end: int


@record(frozen=True, slots=True)
class NumberValue:
    """A number, its text kept as written: `007`, `-1.50`."""

    text: str
    start: int
    end: int


@record(frozen=True, slots=True)
class ConstantValue:
    """A bare word or dotted path: `true`, `Cascade`, `user.name`."""

    text: str
    start: int
    end: int


@record(frozen=True, slots=True)
class FunctionCall:
    """`name(arguments)`.

    Args:
        name: the function's name, a dotted path.
        arguments: in their order.
        start: the offset of the name from the origin.
        end: one past the closing parenthesis.
        trailing_comma: the offset of a comma before the closing parenthesis, or -1. The syntax has room for
            it; most attributes refuse it.
    """

    name: str
    arguments: "tuple[Argument, ...]"
    start: int
    end: int
    trailing_comma: int = -1


@record(frozen=True, slots=True)
class ArrayValue:
    """`[value, value]`."""

    items: "tuple[Value, ...]"
    start: int
    end: int


@record(frozen=True, slots=True)
class ObjectValue:
    """`{ key: value, key: value }`, known from Prisma 7 on. Each entry is a named argument."""

    entries: "tuple[Argument, ...]"
    start: int
    end: int


Value: TypeAlias = StringValue | NumberValue | ConstantValue | FunctionCall | ArrayValue | ObjectValue


@record(frozen=True, slots=True)
class Argument:
    """`value`, `name: value`, or `name:` with the value forgotten (`value` is None then)."""

    name: str | None
    value: Value | None
    start: int
    end: int


@record(frozen=True, slots=True)
class Attribute:
    """`@name(arguments)` or `@@name(arguments)`.

    Args:
        name: without the at signs; `db.VarChar` for a native type.
        arguments: in their order.
        start: the offset of the first at sign from the origin.
        end: one past the attribute.
        trailing_comma: the offset of a comma before the closing parenthesis, or -1.
    """

    name: str
    arguments: tuple[Argument, ...]
    start: int
    end: int
    trailing_comma: int = -1


@record(frozen=True, slots=True)
class BlockAttribute:
    """`@@name(arguments)` on its own line in a block."""

    attribute: Attribute
    line: int
    origin: int


@record(frozen=True, slots=True)
class FieldRest:
    """What follows a field's name; fields that are written alike but for their names share it.

    Args:
        type_name: the type as written, without `?` or `[]`; empty for an `Unsupported("…")` type.
        arity: required, optional (`?`) or list (`[]`).
        unsupported: the text of `Unsupported("…")`, else None.
        attributes: in their order.
        comment: the comment that ends the line, as written.
    """

    type_name: str
    arity: Arity
    unsupported: str | None
    attributes: tuple[Attribute, ...]
    comment: str | None = None


@record(frozen=True, slots=True)
class Field:
    """A field of a model, view or composite type.

    Args:
        name: the field's name.
        rest: its type and attributes.
        documentation: the text of the `///` comments above and behind the field.
        line: the line of the field.
        column: the offset in that line where the name begins.
        origin: the offset in that line from which the attributes count.
    """

    name: str
    rest: FieldRest
    documentation: str | None
    line: int
    column: int
    origin: int

    @property
    def type_name(self) -> str:
        """The type as written, without `?` or `[]`; empty for an `Unsupported("…")` type."""
        return self.rest.type_name

    @property
    def arity(self) -> Arity:
        """Required, optional (`?`) or list (`[]`)."""
        return self.rest.arity

    @property
    def unsupported(self) -> str | None:
        """The text of `Unsupported("…")`, else None."""
        return self.rest.unsupported

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """The attributes, in their order."""
        return self.rest.attributes


@record(frozen=True, slots=True)
class EnumValue:
    """A value of an enum."""

    name: str
    attributes: tuple[Attribute, ...]
    documentation: str | None
    line: int
    origin: int


@record(frozen=True, slots=True)
class Property:
    """`name = value` in a datasource or generator; `value` is None where nothing follows the equals sign."""

    name: str
    value: Value | None
    line: int
    origin: int


@record(frozen=True, slots=True)
class Model:
    """A `model`, `view` or `type` block.

    Args:
        kind: which of the three keywords opens it.
        name: the block's name.
        fields: in their order.
        attributes: the `@@` attributes, in their order.
        documentation: the text of the `///` comments above the block.
        line: the line of the keyword.
        column: the offset of the keyword in that line.
        name_column: the offset of the name.
    """

    kind: ModelKind
    name: str
    fields: tuple[Field, ...]
    attributes: tuple[BlockAttribute, ...]
    documentation: str | None
    line: int
    column: int
    name_column: int


@record(frozen=True, slots=True)
class EnumBlock:
    """An `enum` block."""

    name: str
    values: tuple[EnumValue, ...]
    attributes: tuple[BlockAttribute, ...]
    documentation: str | None
    line: int
    column: int
    name_column: int


@record(frozen=True, slots=True)
class ConfigBlock:
    """A `datasource` or `generator` block."""

    kind: Literal["datasource", "generator"]
    name: str
    properties: tuple[Property, ...]
    line: int
    column: int
    name_column: int


Block: TypeAlias = Model | EnumBlock | ConfigBlock


@record(frozen=True, slots=True)
class SchemaFile:
    """One .prisma file.

    Args:
        path: the file, as the user named it.
        blocks: in their order.
        lines: the text's lines without their endings, for messages.
        names: every name of a field or of an attribute on its line, each once, and perhaps some of broken lines.
    """

    path: str
    blocks: tuple[Block, ...]
    lines: tuple[str, ...]
    names: frozenset[str] = beside(compare=False)
