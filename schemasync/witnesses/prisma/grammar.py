"""The grammar of the Prisma schema language, loaded, and its trees turned into syntax nodes."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from lark import Lark, Token, Transformer, UnexpectedInput

from schemasync.witnesses.prisma.pieces import Attributes, Piece, Type
from schemasync.witnesses.prisma.syntax import (
    Argument,
    Arity,
    ArrayValue,
    Attribute,
    ConstantValue,
    FieldRest,
    FunctionCall,
    NumberValue,
    ObjectValue,
    StringValue,
    Value,
)
from schemasync.witnesses.prisma.terminals import grammar_text
from schemasync.witnesses.prisma.text import Problem, is_name, unescape

if TYPE_CHECKING:
    Nodes = Transformer[Token, Any]
else:
    Nodes = Transformer

STARTS = ["schema", "field_rest", "attributes", "block_attribute", "property_value"]
NAMES = ("NAME", "PATH", "ARGUMENT_NAME", "CALL_NAME")


class _Arguments(NamedTuple):
    items: tuple[Argument, ...]
    trailing_comma: int
    end: int


class _TrailingComma(NamedTuple):
    start: int


class _SyntaxNodes(Nodes):
    """Builds nodes bottom-up while Lark parses; positions are offsets into the parsed text.

    Every token is among the children: the first and the last tell where a node begins and ends. What the
    grammar allows and the language does not (escapes) gathers in `problems`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[Problem] = []

    def string(self, children: list[Token]) -> StringValue:
        (token,) = children
        start = token.start_pos or 0
        return StringValue(unescape(token, start, self.problems), start, start + len(token))

    def number(self, children: list[Token]) -> NumberValue:
        return NumberValue(str(children[0]), *_span(children))

    def constant(self, children: list[Token]) -> ConstantValue:
        return ConstantValue(str(children[0]), *_span(children))

    def call(self, children: list[Any]) -> FunctionCall:
        name, arguments = children
        return FunctionCall(str(name), arguments.items, name.start_pos, arguments.end, arguments.trailing_comma)

    def array(self, children: list[Any]) -> ArrayValue:
        return ArrayValue(_nodes(children), *_span(children))

    def object(self, children: list[Any]) -> ObjectValue:
        return ObjectValue(_nodes(children), *_span(children))

    def named_argument(self, children: list[Any]) -> Argument:
        name, _colon, value = children
        return Argument(str(name), value, name.start_pos, value.end)

    entry = named_argument

    def empty_argument(self, children: list[Token]) -> Argument:
        return Argument(str(children[0]), None, *_span(children[:1]))

    def argument(self, children: list[Value]) -> Argument:
        (value,) = children
        return Argument(None, value, value.start, value.end)

    def trailing_comma(self, children: list[Token]) -> _TrailingComma:
        return _TrailingComma(children[0].start_pos or 0)

    def arguments(self, children: list[Any]) -> _Arguments:
        comma = children[-2].start if isinstance(children[-2], _TrailingComma) else -1
        return _Arguments(_nodes(children, Argument), comma, children[-1].end_pos)

    def attribute(self, children: list[Any]) -> Attribute:
        sign, name, *rest = children
        if not rest:
            return Attribute(str(name), (), sign.start_pos, name.end_pos)
        arguments: _Arguments = rest[0]
        return Attribute(str(name), arguments.items, sign.start_pos, arguments.end, arguments.trailing_comma)

    def block_attribute(self, children: list[Any]) -> Attributes:
        comment = str(children.pop()) if children[-1].__class__ is Token and len(children) > 2 else None
        return Attributes((self.attribute(children),), comment)

    def attributes(self, children: list[Any]) -> Attributes:
        comment = str(children.pop()) if children and isinstance(children[-1], Token) else None
        return Attributes(tuple(children), comment)

    def field_rest(self, children: list[Any]) -> FieldRest:
        return FieldRest(*children[0], *children[1])

    def property_value(self, children: list[Any]) -> Value | None:
        return children[0] if children and not isinstance(children[0], Token) else None

    def unsupported(self, children: list[Token]) -> StringValue:
        return self.string(children[1:2])

    def _type(self, base: Token | StringValue, arity: Arity) -> Type:
        if isinstance(base, StringValue):
            return Type("", arity, base.text)
        return Type(str(base), arity, None)

    def required(self, children: list[Any]) -> Type:
        return self._type(children[0], "required")

    def optional(self, children: list[Any]) -> Type:
        return self._type(children[0], "optional")

    def list(self, children: list[Any]) -> Type:
        return self._type(children[0], "list")


def _span(tokens: Sequence[Token]) -> tuple[int, int]:
    return tokens[0].start_pos or 0, tokens[-1].end_pos or 0


def _nodes(children: Sequence[Any], kind: type[Any] | None = None) -> tuple[Any, ...]:
    """The children that are nodes, without the punctuation."""
    if kind is not None:
        return tuple(child for child in children if isinstance(child, kind))
    return tuple(child for child in children if not isinstance(child, Token))


class Grammar:
    """Parses parts of lines by the grammar's start rules."""

    def __init__(self) -> None:
        self._nodes = _SyntaxNodes()
        self._lark = Lark(
            grammar_text(),
            parser="lalr",
            start=STARTS,
            keep_all_tokens=True,
            maybe_placeholders=False,
            transformer=self._nodes,
            lexer_callbacks=dict.fromkeys(NAMES, _check_name),
        )

    def parse(self, text: str, start: str) -> Piece | None:
        """The text as the start rule reads it; None where it does not fit."""
        self._nodes.problems = []
        try:
            node = self._lark.parse(text, start=start)
        except (UnexpectedInput, _NoNameError):
            return None
        return Piece(node, tuple(self._nodes.problems))


class _NoNameError(Exception):
    """A word with a numeral such as Ⅷ, which Python's `\\w` holds for a letter."""


def _check_name(token: Token) -> Token:
    if not is_name(token):
        raise _NoNameError
    return token


@cache
def grammar() -> Grammar:
    """The one grammar of this process, loaded when it is first needed."""
    return Grammar()
