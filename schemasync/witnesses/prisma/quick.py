"""A short cut for ordinary lines: types and attributes read by regular expressions of the grammar's terminals.

It reads ASCII without escapes, objects or comments between slashes and stars, written without spaces in odd places.
Of everything else it says nothing, and the grammar reads it. The tests hold that both yield the same nodes.
"""

import re
from collections.abc import Sequence

from schemasync.records import maker
from schemasync.witnesses.prisma import quick_forms
from schemasync.witnesses.prisma.pieces import Attributes, Type
from schemasync.witnesses.prisma.quick_expressions import expressions
from schemasync.witnesses.prisma.syntax import (
    Argument,
    Arity,
    ArrayValue,
    Attribute,
    BlockAttribute,
    ConstantValue,
    Field,
    FieldRest,
    FunctionCall,
    NumberValue,
    StringValue,
    Value,
)

_argument, _attribute, _field, _rest = maker(Argument), maker(Attribute), maker(Field), maker(FieldRest)
_block_attribute = maker(BlockAttribute)
_array, _call, _constant = maker(ArrayValue), maker(FunctionCall), maker(ConstantValue)
_number, _string = maker(NumberValue), maker(StringValue)


class _UnusualError(Exception):
    """This text is for the grammar."""


class QuickReader:
    """Reads the usual forms of types and attributes, and remembers what it has read.

    Args:
        names: gets those of fields and of attributes on their lines.
    """

    def __init__(self, names: set[str]) -> None:
        self._by = expressions()
        self._names = names
        self._words: dict[str, str | None] = {}  # each as it was first read; None for what is no word
        self._types: dict[str, Type | None] = {}
        self._attributes: dict[str, Attributes | None] = {"": Attributes((), None)}
        self._block_attributes: dict[str, Attributes | None] = {}
        self._rests: dict[tuple[str, str], FieldRest | None] = {}  # by the texts of the type and of what follows it

    def field(self, line: str) -> tuple[str, FieldRest, int] | None:
        """A field's name, its type and attributes, and the offset that the attributes count from.

        Words repeat from line to line, so each is judged once and remembered. Only for texts with usual spaces.
        """
        parts = line.split(None, 2)
        if len(parts) < 2:
            return None
        word, written, *behind = parts
        text = behind[0] if behind else ""
        known = self._word(word)
        rest = self._learnt(written, text) if known is not None else None
        return (known, rest, len(line) - len(text)) if known is not None and rest is not None else None

    def block(self, lines: Sequence[str], number: int, fields: list[Field], attributes: list[BlockAttribute]) -> int:
        """Read a block from a line on, as long as each is ordinary: empty, an attribute, a field without a comment.

        Args:
            lines: with usual spaces.
            number: the first line, from 0.
            fields, attributes: get what is read.

        Returns:
            The first line that is another, for a closer look.
        """
        words, rests, end = self._words, self._rests, len(lines)
        while number < end:
            line = lines[number]
            parts = line.split(None, 2)
            count = len(parts)
            if count == 3:
                word, written, text = parts
            elif count == 2:
                word, written = parts
                text = ""
            elif count == 0:
                number += 1
                continue
            else:
                word, written, text = parts[0], "", ""
            known = words.get(word)
            if known is None:
                if word[0] == "@":
                    attribute = self._block_line(line, number)
                    if attribute is None:
                        return number
                    attributes.append(attribute)
                    number += 1
                    continue
                known = self._word(word)
                if known is None:
                    return number
            try:
                rest = rests[written, text]
            except KeyError:
                rest = self._learnt(written, text)
            if rest is None or rest.comment:
                return number
            number += 1
            fields.append(_field(known, rest, None, number, line.index(word), len(line) - len(text)))
        return number

    def _block_line(self, line: str, number: int) -> BlockAttribute | None:
        text = line.lstrip()
        found = self.block_attribute(text) if text.startswith("@@") else None
        if found is None:
            return None
        return _block_attribute(found.attributes[0], number + 1, len(line) - len(text))

    def _word(self, word: str) -> str | None:
        """The same word, as one value however often it is read."""
        if word not in self._words:
            is_word = self._by.word.fullmatch(word) is not None
            self._words[word] = word if is_word else None
            if is_word:
                self._names.add(word)
        return self._words[word]

    def _is_word(self, word: str) -> bool:
        return self._word(word) is not None

    def _learnt(self, written: str, text: str) -> FieldRest | None:
        """What follows a field's name: a type and attributes."""
        key = written, text
        if key in self._rests:
            return self._rests[key]
        types = self._types
        if written not in types:
            match = self._by.typed.fullmatch(written)
            types[written] = _type(match) if match is not None else None
        field_type, known = types[written], self.attributes(text)
        found = None
        if field_type is not None and known is not None:
            found = _rest(*field_type, *known)
            self._names.update([attribute.name for attribute in found.attributes])
        self._rests[key] = found
        return found

    def type(self, line: str, offset: int) -> tuple[Type, int] | None:
        """The type that follows a field's name, and where its attributes begin."""
        match = self._by.type.match(line, offset)
        return (_type(match), match.end()) if match is not None else None

    def attributes(self, text: str) -> Attributes | None:
        """What the start rule `attributes` reads."""
        known = self._attributes
        if text not in known:
            relation = quick_forms.relation(text, self._is_word)
            known[text] = Attributes((relation,), None) if relation is not None else self._read(text, 0)
        return known[text]

    def block_attribute(self, text: str) -> Attributes | None:
        """What the start rule `block_attribute` reads, from the first of its two signs on."""
        known = self._block_attributes
        if text not in known:
            index = quick_forms.index(text, self._is_word)
            known[text] = Attributes((index,), None) if index is not None else self._read(text, 1)
        return known[text]

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
        length = len(text)
        position = start or length - len(text.lstrip(" "))
        try:
            while position < length and (match := self._by.attribute.match(text, position)) is not None:
                whole, name, string = match.groups()
                begin, end, position = position - start, match.end(1), match.end()
                arguments: tuple[Argument, ...] = ()
                if string is not None:
                    first, last = match.span(3)
                    arguments = (_argument(None, _string(string[1:-1], first, last), first, last),)
                elif whole[-1] == "(":
                    arguments, end = self._arguments(text, end)
                    position = end
                    while position < length and text[position] == " ":
                        position += 1
                attributes.append(_attribute(name, arguments, begin, end))
        except _UnusualError:
            return None
        ending = self._by.end.match(text, position) if position < length else _NO_COMMENT
        if ending is None or (start and len(attributes) != 1):
            return None
        return Attributes(tuple(attributes), ending[1])

    def _arguments(self, text: str, position: int) -> tuple[tuple[Argument, ...], int]:
        """The arguments behind an opening parenthesis, and where they end."""
        arguments: list[Argument] = []
        if text.startswith(")", position):
            return (), position + 1
        match_plain, plain_value = self._by.plain.match, self._plain_value
        while True:
            plain = match_plain(text, position)
            if plain is not None:
                value, name, separator = plain_value(plain), plain[1], plain[6]
                arguments.append(_argument(name, value, position, value.end))
                if separator == ")":
                    return tuple(arguments), plain.start(6) + 1
                position = plain.end()
            else:
                named = self._by.argument_name.match(text, position)
                value, end = self._read_value(text, named.end() if named else position)
                arguments.append(_argument(named[1] if named else None, value, position, end))
                separator, position = self._separated(text, end)
                if separator == ")":
                    return tuple(arguments), text.index(")", end) + 1
            if separator == "]":
                raise _UnusualError

    def _plain_value(self, match: re.Match[str]) -> Value:
        """The string, number, word or list of words of a match of `plain`."""
        _, string, number, constant, words, *_ = match.groups()
        if words is not None:
            start, end = match.span(5)
            if "," not in words:
                return _array((_constant(words, start, end),), start - 1, end + 1)
            found = self._by.path.finditer(match.string, start, end)
            return _array(tuple([_constant(word[0], *word.span()) for word in found]), start - 1, end + 1)
        if constant is not None:
            if not constant[0].isalpha():
                raise _UnusualError
            return _constant(constant, *match.span(4))
        if string is not None:
            return _string(string[1:-1], *match.span(2))
        return _number(number, *match.span(3))

    def _read_value(self, text: str, position: int) -> tuple[FunctionCall | ArrayValue, int]:
        """A call or a list."""
        match = self._by.opening.match(text, position)
        if match is None:
            raise _UnusualError
        if match[1] is None:
            return self._array(text, position, match.end())
        arguments, end = self._arguments(text, match.end())
        return _call(match[1], arguments, position, end), end

    def _array(self, text: str, start: int, position: int) -> tuple[ArrayValue, int]:
        items: list[Value] = []
        if text.startswith("]", position):
            return _array((), start, position + 1), position + 1
        while True:
            plain = self._by.plain.match(text, position)
            if plain is not None and plain[1] is None:
                value, separator, end = self._plain_value(plain), plain[6], plain.end()
            else:
                value, end = self._read_value(text, position)
                separator, end = self._separated(text, end)
            items.append(value)
            if separator == ")":
                raise _UnusualError
            if separator == "]":
                closed = text.index("]", value.end) + 1
                return _array(tuple(items), start, closed), closed
            position = end

    def _separated(self, text: str, position: int) -> tuple[str, int]:
        """The comma or bracket behind a value, and where the next one begins."""
        match = self._by.separator.match(text, position)
        if match is None:
            raise _UnusualError
        return match[1], match.end()


def _type(match: re.Match[str]) -> Type:
    name, mark = match.groups()
    return Type(name, _ARITIES[mark], None)


_NO_COMMENT = (None, None)
_ARITIES: dict[str | None, Arity] = {None: "required", "?": "optional", "[]": "list"}
