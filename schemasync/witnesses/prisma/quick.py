"""A short cut for ordinary lines: types and attributes read by regular expressions of the grammar's terminals.

It reads ASCII without escapes, objects or comments between slashes and stars, written without spaces in odd places.
Of everything else it says nothing, and the grammar reads it. The tests hold that both yield the same nodes.
"""

import re
from collections.abc import Sequence
from functools import cache

from schemasync.witnesses.prisma.pieces import Attributes, Type
from schemasync.witnesses.prisma.syntax import (
    Argument,
    Arity,
    ArrayValue,
    Attribute,
    ConstantValue,
    Field,
    FunctionCall,
    NumberValue,
    StringValue,
    Value,
)
from schemasync.witnesses.prisma.terminals import terminal_pattern


class _UnusualError(Exception):
    """This text is for the grammar."""


class _Expressions:
    """The regular expressions of the short cut, made of the grammar's terminals."""

    def __init__(self) -> None:
        name, path = terminal_pattern("NAME"), terminal_pattern("PATH")
        number, string = terminal_pattern("NUMBER"), terminal_pattern("STRING")
        self.type = re.compile(rf"[ \t]+({name})(\?|\[\])?(?:[ \t]+|$)")
        self.attribute = re.compile(rf"@({path})(\(?)", re.ASCII)
        self.argument_name = re.compile(rf"({name}):[ ]*", re.ASCII)
        self.plain = re.compile(
            rf"(?:({name}):[ ]*)?(?:({string})|({number})(?![\w.-])|({path}))[ ]*([,\])])[ ]*", re.ASCII
        )
        self.sole = re.compile(rf"(.{{0}})(?:({string})|({number})(?![\w.-])|({path}))", re.ASCII)
        self.opening = re.compile(rf"({path})\(|\[", re.ASCII)
        self.separator = re.compile(r"[ ]*([,\])])[ ]*")
        self.end = re.compile(r"[ \t]*(//.*)?$")
        self.word = re.compile(name, re.ASCII)
        self.typed = re.compile(rf"({name})(\?|\[\])?", re.ASCII)


@cache
def _expressions() -> _Expressions:
    return _Expressions()


class QuickReader:
    """Reads the usual forms of types and attributes, and remembers what it has read."""

    def __init__(self) -> None:
        self._by = _expressions()
        self._words: set[str] = set()
        self._written: dict[str, Type | None] = {}
        self._rests: dict[str, Attributes | None] = {}

    def field(self, line: str) -> tuple[str, Type, Attributes, int] | None:
        """A field's name, type and attributes, and the offset that the attributes count from.

        Words repeat from line to line, so each is judged once and remembered. Only for texts with usual spaces.
        """
        parts = line.split(None, 2)
        if len(parts) == 3:
            rest = parts[2]
            origin = len(line) - len(rest)
        elif len(parts) == 2:
            rest, origin = "", len(line)
        else:
            return None
        word, written = parts[0], parts[1]
        if word not in self._words:
            if self._by.word.fullmatch(word) is None:
                return None
            self._words.add(word)
        try:
            field_type, attributes = self._written[written], self._rests[rest]
        except KeyError:
            field_type, attributes = self._learnt(written, rest)
        if field_type is None or attributes is None:
            return None
        return word, field_type, attributes, origin

    def fields(self, lines: Sequence[str], number: int, found: list[Field]) -> int:
        """Read fields from a line on, as long as each is an ordinary one without a comment.

        Args:
            lines: with usual spaces.
            number: the first line, from 0.
            found: gets the fields.

        Returns:
            The first line that is another, for a closer look.
        """
        words, written, rests, is_word = self._words, self._written, self._rests, self._by.word.fullmatch
        while number < len(lines):
            line = lines[number]
            parts = line.split(None, 2)
            if len(parts) == 3:
                word, type_text, rest = parts
            elif len(parts) == 2:
                word, type_text, rest = parts[0], parts[1], ""
            else:
                return number
            if word not in words:
                if is_word(word) is None:
                    return number
                words.add(word)
            try:
                field_type, attributes = written[type_text], rests[rest]
            except KeyError:
                field_type, attributes = self._learnt(type_text, rest)
            if field_type is None or attributes is None or attributes.comment:
                return number
            number += 1
            name, arity, unsupported = field_type
            found.append(
                Field(word, name, arity, unsupported, attributes.attributes, None, number, len(line) - len(rest))
            )
        return number

    def _learnt(self, written: str, rest: str) -> tuple[Type | None, Attributes | None]:
        """A type and attributes of which one at least was not read before."""
        if written not in self._written:
            match = self._by.typed.fullmatch(written)
            self._written[written] = self._type(match) if match is not None else None
        if rest not in self._rests:
            self._rests[rest] = self.attributes(rest)
        return self._written[written], self._rests[rest]

    def type(self, line: str, offset: int) -> tuple[Type, int] | None:
        """The type that follows a field's name, and where its attributes begin."""
        match = self._by.type.match(line, offset)
        found = self._type(match) if match is not None else None
        return (found, match.end()) if found is not None and match is not None else None

    def _type(self, match: re.Match[str]) -> Type | None:
        name, mark = match.groups()
        return Type(name, _ARITIES[mark], None) if name.isascii() else None

    def attributes(self, text: str) -> Attributes | None:
        """What the start rule `attributes` reads."""
        return self._read(text, 0) if text else _NOTHING

    def block_attribute(self, text: str) -> Attributes | None:
        """What the start rule `block_attribute` reads, from the first of its two signs on."""
        return self._read(text, 1)

    def property_value(self, text: str) -> Value | None:
        """What the start rule `property_value` reads, where there is a value."""
        if "\\" in text or not text.isascii():
            return None
        position = len(text) - len(text.lstrip(" "))
        value: Value
        try:
            sole = self._by.sole.match(text, position)
            if sole is None or self._by.opening.match(text, position) is not None:
                value, end = self._read_value(text, position)
            else:
                value, end = self._plain_value(sole), sole.end()
        except _UnusualError:
            return None
        return value if self._by.end.match(text, end) is not None else None

    def _read(self, text: str, start: int) -> Attributes | None:
        if "\\" in text or not text.isascii():
            return None
        attributes: list[Attribute] = []
        position = start or len(text) - len(text.lstrip(" "))
        try:
            while (match := self._by.attribute.match(text, position)) is not None:
                begin, position = match.start() - start, match.end()
                arguments: tuple[Argument, ...] = ()
                if match[2]:
                    arguments, position = self._arguments(text, position)
                attributes.append(Attribute(match[1], arguments, begin, position))
                while position < len(text) and text[position] == " ":
                    position += 1
        except _UnusualError:
            return None
        end = self._by.end.match(text, position)
        if end is None or (start and len(attributes) != 1):
            return None
        return Attributes(tuple(attributes), end[1])

    def _arguments(self, text: str, position: int) -> tuple[tuple[Argument, ...], int]:
        """The arguments behind an opening parenthesis, and where they end."""
        arguments: list[Argument] = []
        if text.startswith(")", position):
            return (), position + 1
        while True:
            plain = self._by.plain.match(text, position)
            if plain is not None:
                value, name, separator, end = self._plain_value(plain), plain[1], plain[5], plain.end()
                arguments.append(Argument(name, value, position, value.end))
            else:
                named = self._by.argument_name.match(text, position)
                value, end = self._read_value(text, named.end() if named else position)
                arguments.append(Argument(named[1] if named else None, value, position, end))
                separator, end = self._separated(text, end)
            if separator == "]":
                raise _UnusualError
            if separator == ")":
                return tuple(arguments), text.index(")", value.end) + 1
            position = end

    def _plain_value(self, match: re.Match[str]) -> Value:
        """The string, number or word of a match of `_plain`."""
        constant = match[4]
        if constant is not None:
            if not constant[0].isalpha():
                raise _UnusualError
            return ConstantValue(constant, match.start(4), match.end(4))
        if match[2] is not None:
            return StringValue(match[2][1:-1], match.start(2), match.end(2))
        return NumberValue(match[3], match.start(3), match.end(3))

    def _read_value(self, text: str, position: int) -> tuple[FunctionCall | ArrayValue, int]:
        """A call or a list."""
        match = self._by.opening.match(text, position)
        if match is None:
            raise _UnusualError
        if match[1] is None:
            return self._array(text, position, match.end())
        arguments, end = self._arguments(text, match.end())
        return FunctionCall(match[1], arguments, position, end), end

    def _array(self, text: str, start: int, position: int) -> tuple[ArrayValue, int]:
        items: list[Value] = []
        if text.startswith("]", position):
            return ArrayValue((), start, position + 1), position + 1
        while True:
            plain = self._by.plain.match(text, position)
            if plain is not None and plain[1] is None:
                value, separator, end = self._plain_value(plain), plain[5], plain.end()
            else:
                value, end = self._read_value(text, position)
                separator, end = self._separated(text, end)
            items.append(value)
            if separator == ")":
                raise _UnusualError
            if separator == "]":
                closed = text.index("]", value.end) + 1
                return ArrayValue(tuple(items), start, closed), closed
            position = end

    def _separated(self, text: str, position: int) -> tuple[str, int]:
        """The comma or bracket behind a value, and where the next one begins."""
        match = self._by.separator.match(text, position)
        if match is None:
            raise _UnusualError
        return match[1], match.end()


_NOTHING = Attributes((), None)
_ARITIES: dict[str | None, Arity] = {None: "required", "?": "optional", "[]": "list"}
