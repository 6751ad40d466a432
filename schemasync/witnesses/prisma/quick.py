"""A short cut for ordinary lines: types and attributes read by regular expressions of the grammar's terminals.

It reads ASCII without escapes, objects or comments between slashes and stars, written without spaces in odd places.
Of everything else it says nothing, and the grammar reads it. The tests hold that both yield the same nodes.
"""

import re

from schemasync.witnesses.prisma.grammar import Attributes, Grammar, Type
from schemasync.witnesses.prisma.syntax import (
    Argument,
    ArrayValue,
    Attribute,
    ConstantValue,
    FunctionCall,
    NumberValue,
    StringValue,
    Value,
)


class _UnusualError(Exception):
    """This text is for the grammar."""


class QuickReader:
    """Reads the usual forms of types and attributes.

    Args:
        source: the grammar, whose terminals the expressions are made of.
    """

    def __init__(self, source: Grammar) -> None:
        name, path = source.pattern("NAME"), source.pattern("PATH")
        number, string = source.pattern("NUMBER"), source.pattern("STRING")
        self._type = re.compile(rf"[ \t]+({name})(\?|\[\])?(?:[ \t]+|$)")
        self._attribute = re.compile(rf"@({path})(\(?)", re.ASCII)
        self._argument_name = re.compile(rf"({name}):[ ]*", re.ASCII)
        self._value = re.compile(
            rf"(?P<call>{path})\(|(?P<string>{string})|(?P<number>{number})(?![\w.-])|(?P<constant>{path})|(?P<array>\[)",
            re.ASCII,
        )
        self._separator = re.compile(r"[ ]*([,\])])[ ]*")
        self._end = re.compile(r"[ \t]*(//.*)?$")
        self._types: dict[tuple[str, str | None], Type] = {}

    def type(self, line: str, offset: int) -> tuple[Type, int] | None:
        """The type that follows a field's name, and where its attributes begin."""
        match = self._type.match(line, offset)
        if match is None:
            return None
        key = match[1], match[2]
        found = self._types.get(key)
        if found is None:
            if not key[0].isascii():
                return None
            arity = {None: "required", "?": "optional", "[]": "list"}[key[1]]
            found = self._types[key] = Type(key[0], arity, None)  # type: ignore[arg-type]  # a literal by its table
        return found, match.end()

    def attributes(self, text: str) -> Attributes | None:
        """What the start rule `attributes` reads."""
        return self._read(text, 0) if text else _NOTHING

    def block_attribute(self, text: str) -> Attributes | None:
        """What the start rule `block_attribute` reads, from the first of its two signs on."""
        return self._read(text, 1)

    def _read(self, text: str, start: int) -> Attributes | None:
        if "\\" in text or not text.isascii():
            return None
        attributes: list[Attribute] = []
        position = start
        try:
            while (match := self._attribute.match(text, position)) is not None:
                begin, position = match.start() - start, match.end()
                arguments: tuple[Argument, ...] = ()
                if match[2]:
                    arguments, position = self._arguments(text, position)
                attributes.append(Attribute(match[1], arguments, begin, position))
                while position < len(text) and text[position] == " ":
                    position += 1
        except _UnusualError:
            return None
        end = self._end.match(text, position)
        if end is None or (start and len(attributes) != 1):
            return None
        return Attributes(tuple(attributes), end[1])

    def _arguments(self, text: str, position: int) -> tuple[tuple[Argument, ...], int]:
        """The arguments behind an opening parenthesis, and where they end."""
        arguments: list[Argument] = []
        if text.startswith(")", position):
            return (), position + 1
        while True:
            named = self._argument_name.match(text, position)
            value, end = self._read_value(text, named.end() if named else position)
            arguments.append(Argument(named[1] if named else None, value, position, end))
            separator = self._separator.match(text, end)
            if separator is None or separator[1] == "]":
                raise _UnusualError
            if separator[1] == ")":
                return tuple(arguments), separator.end(1)
            position = separator.end()

    def _read_value(self, text: str, position: int) -> tuple[Value, int]:
        match = self._value.match(text, position)
        if match is None:
            raise _UnusualError
        kind, end = match.lastgroup, match.end()
        if kind == "constant":
            if not match[0][0].isalpha():
                raise _UnusualError
            return ConstantValue(match[0], position, end), end
        if kind == "string":
            return StringValue(match[0][1:-1], position, end), end
        if kind == "number":
            return NumberValue(match[0], position, end), end
        if kind == "array":
            return self._array(text, position, end)
        arguments, end = self._arguments(text, end)
        return FunctionCall(match["call"], arguments, position, end), end

    def _array(self, text: str, start: int, position: int) -> tuple[Value, int]:
        items: list[Value] = []
        if text.startswith("]", position):
            return ArrayValue((), start, position + 1), position + 1
        while True:
            value, end = self._read_value(text, position)
            items.append(value)
            separator = self._separator.match(text, end)
            if separator is None or separator[1] == ")":
                raise _UnusualError
            if separator[1] == "]":
                return ArrayValue(tuple(items), start, separator.end(1)), separator.end(1)
            position = separator.end()


_NOTHING = Attributes((), None)
