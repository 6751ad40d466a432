"""Text → syntax tree. Lines are read one at a time, so that a broken one costs no other."""

from typing import Any, NamedTuple

from schemasync.errors import Diagnostic
from schemasync.records import maker
from schemasync.schema.collection import collection_put_off
from schemasync.witnesses.prisma.lines import Lines
from schemasync.witnesses.prisma.mistakes import (
    Explanation,
    explain_enum_line,
    explain_model_line,
    explain_top_line,
)
from schemasync.witnesses.prisma.patterns import patterns
from schemasync.witnesses.prisma.pieces import Attributes, Piece
from schemasync.witnesses.prisma.positions import Place
from schemasync.witnesses.prisma.quick import QuickReader
from schemasync.witnesses.prisma.syntax import (
    Block,
    BlockAttribute,
    ConfigBlock,
    EnumBlock,
    EnumValue,
    Field,
    FieldRest,
    Model,
    Property,
    SchemaFile,
)
from schemasync.witnesses.prisma.text import SPACES, is_name


def parse(text: str, path: str, *, quick: bool = True) -> tuple[SchemaFile, list[Diagnostic]]:
    """Read the text of one .prisma file.

    Args:
        text: the whole text.
        path: the file's name, for messages.
        quick: whether ordinary lines may take the short cut past the grammar; the result is the same.

    Returns:
        The tree of all that could be read, and a diagnostic for each line that could not.
    """
    with collection_put_off():
        return _Parser(text, path, quick=quick).parse()


class _Header(NamedTuple):
    keyword: str
    name: str
    line: int
    column: int
    name_column: int
    documentation: str | None


class _Parser(Lines):
    def __init__(self, text: str, path: str, *, quick: bool) -> None:
        super().__init__(text, path)
        self.patterns = patterns()
        self.names: set[str] = set()  # of fields and of attributes on their lines
        self.quick = QuickReader(self.names) if quick else None
        self.memo: dict[tuple[str, str], Piece | None] = {}
        self.blocks_close = True  # no block lacked its end yet; if one did, so do all that open behind it

    # --- files and blocks

    def parse(self) -> tuple[SchemaFile, list[Diagnostic]]:
        blocks: list[Block] = []
        number, offset = 0, 0
        while number < len(self.lines):
            line = self.lines[number]
            offset = len(line) - len(line[offset:].lstrip(self.spaces))
            if offset == len(line):
                number, offset = number + 1, 0
            elif self.read_comment(number, offset):
                number, offset = self.place
            elif (block := self._block(number, offset)) is not None:
                blocks.append(block)
                number, offset = self.place
            else:
                number, offset = self._broken_top(number, offset)
        return SchemaFile(self.path, tuple(blocks), tuple(self.lines), frozenset(self.names)), self.diagnostics

    def _block(self, number: int, offset: int) -> Block | None:
        """The block that opens here, if it does and if it closes."""
        line = self.lines[number]
        match = self.patterns.plain_header.match(line, offset) or self.patterns.header.match(line, offset)
        if match is None or not is_name(match[2]) or number + 1 == len(self.lines) or not self.blocks_close:
            return None
        adjacent = self.comment_line >= number - 1
        header = _Header(
            match[1],
            match[2],
            number + 1,
            offset,
            match.start(2),
            "\n".join(self.comment) if self.comment and adjacent else None,
        )
        self.comment = []
        before = len(self.diagnostics)
        self.place = (-1, 0)
        block: Block
        if header.keyword == "enum":
            block = self._enum(header)
        elif header.keyword in ("datasource", "generator"):
            block = self._config(header)
        else:
            block = self._model(header)
        if self.place[0] < 0:
            del self.diagnostics[before:]
            self.blocks_close = False
            return None
        return block

    def _broken_top(self, number: int, offset: int) -> tuple[int, int]:
        """Report what is no block; where to go on."""
        line = self.lines[number]
        if self.patterns.anonymous.match(line, offset):
            for end in range(number + 1, len(self.lines)):
                if (brace := self.lines[end].find("}")) >= 0:
                    self.report(number, offset, "This block begins with no known keyword", _KEYWORDS)
                    return end, brace + 1
        if self.patterns.alias.match(line, offset):
            self.report(number, offset, "Prisma has no type aliases")
        else:
            self._explain(number, offset, explain_top_line(line[offset:], self.patterns.header))
        return number + 1, 0

    def _model(self, header: _Header) -> Block:
        fields: list[Field] = []
        attributes: list[BlockAttribute] = []
        quick = self.quick if self.usual_spaces else None
        for number, offset in self.content(header.line):
            line = self.lines[number]
            if quick is not None and not self.comment:
                behind = quick.block(self.lines, number, fields, attributes)
                if behind > number:
                    self.place = (behind, 0)
                    continue
            if line.startswith("@@", offset):
                if (attribute := self._block_attribute(number, offset, explain_model_line)) is not None:
                    attributes.append(attribute)
                continue
            if quick is not None and (read := quick.field(line)) is not None:
                word, rest, origin = read
                fields.append(Field(word, rest, self.documentation(rest.comment), number + 1, offset, origin))
                continue
            name = self.patterns.name.match(line, offset)
            found = self._field_rest(number, name.end()) if name else None
            if name is None or found is None or not is_name(name[0]):
                self._explain(number, offset, explain_model_line(line[offset:]))
                continue
            rest, origin = found
            self.names.update([name[0], *[attribute.name for attribute in rest.attributes]])
            fields.append(Field(name[0], rest, self.documentation(rest.comment), number + 1, offset, origin))
        kind: Any = header.keyword
        return _made_model(
            kind,
            header.name,
            tuple(fields),
            tuple(attributes),
            header.documentation,
            header.line,
            header.column,
            header.name_column,
        )

    def _enum(self, header: _Header) -> Block:
        values: list[EnumValue] = []
        attributes: list[BlockAttribute] = []
        for number, offset in self.content(header.line):
            line = self.lines[number]
            if line.startswith("@@", offset):
                if (attribute := self._block_attribute(number, offset, explain_enum_line)) is not None:
                    attributes.append(attribute)
                continue
            name = self.patterns.name.match(line, offset)
            piece = self._attributes(number, name.end()) if name else None
            if name is None or piece is None or not is_name(name[0]):
                self._explain(number, offset, explain_enum_line(line[offset:]))
                continue
            rest: Attributes = piece.node
            documentation = self.documentation(rest.comment)
            values.append(EnumValue(name[0], rest.attributes, documentation, number + 1, name.end()))
        return EnumBlock(
            header.name,
            tuple(values),
            tuple(attributes),
            header.documentation,
            header.line,
            header.column,
            header.name_column,
        )

    def _config(self, header: _Header) -> Block:
        properties: list[Property] = []
        for number, offset in self.content(header.line):
            match = self.patterns.property.match(self.lines[number], offset)
            piece = self._value(number, match.end()) if match else None
            if match is None or piece is None or not is_name(match[1]):
                self.report(number, offset, f"This line is no setting of a {header.keyword}", _SETTING)
                continue
            properties.append(Property(match[1], piece.node, number + 1, match.end()))
        kind: Any = header.keyword
        return ConfigBlock(kind, header.name, tuple(properties), header.line, header.column, header.name_column)

    # --- lines

    def _block_attribute(self, number: int, offset: int, explain: Any) -> BlockAttribute | None:
        text = self.lines[number][offset:]
        quick = self.quick.block_attribute(text) if self.quick is not None else None
        if quick is not None:
            return _made_block_attribute(quick.attributes[0], number + 1, offset)
        piece = self._piece(number, offset, "block_attribute")
        if piece is None:
            self._explain(number, offset, explain(self.lines[number][offset:]))
            return None
        return BlockAttribute(piece.node.attributes[0], number + 1, offset)

    def _field_rest(self, number: int, offset: int) -> tuple[FieldRest, int] | None:
        """What follows a field's name, and where its attributes count from."""
        line = self.lines[number]
        if self.quick is not None and (found := self.quick.type(line, offset)) is not None:
            field_type, origin = found
            quick = self.quick.attributes(line[origin:])
            if quick is not None:
                return FieldRest(*field_type, *quick), origin
        piece = self._piece(number, offset, "field_rest")
        return (piece.node, offset) if piece is not None else None

    def _attributes(self, number: int, offset: int) -> Piece | None:
        """What follows the name of an enum's value."""
        text = self.lines[number][offset:]
        if self.quick is not None:
            quick = self.quick.attributes(text)
            if quick is not None:
                return Piece(quick, ())
        return self._piece(number, offset, "attributes")

    def _value(self, number: int, offset: int) -> Piece | None:
        """What follows a property's equals sign."""
        text = self.lines[number][offset:]
        quick = self.quick.property_value(text) if self.quick is not None else None
        return Piece(quick, ()) if quick is not None else self._piece(number, offset, "property_value")

    def _piece(self, number: int, offset: int, start: str) -> Piece | None:
        """The rest of a line as the start rule reads it."""
        text = self.lines[number][offset:]
        key = (start, text)
        if key in self.memo:
            piece = self.memo[key]
        else:
            piece = self.memo[key] = _by_grammar(text, start)
        if piece is None and "/*" in text:
            piece = self._piece_with_long_comment(number, offset, start)
        if piece is not None:
            for problem in piece.problems:
                where = Place(self.path, number + 1, offset + problem.start, offset + problem.end, self.lines[number])
                self.diagnostics.append(where.error(problem.message, problem.hint))
        return piece

    def _piece_with_long_comment(self, number: int, offset: int, start: str) -> Piece | None:
        """The same for a line that ends in a comment over several lines."""
        text = self.lines[number][offset:]
        opening = text.rfind("/*")
        if "*/" in text[opening:] or not self.skip_comment(number, offset + opening):
            return None
        end, behind = self.place
        piece = None
        if not self.lines[end][behind:].strip(SPACES):
            piece = _by_grammar("\n".join([text, *self.lines[number + 1 : end + 1]]), start)
        if piece is None:
            self.place = (-1, 0)
        return piece

    def _explain(self, number: int, offset: int, explanation: Explanation) -> None:
        self.report(number, offset + explanation.offset, explanation.message, explanation.hint)


_made_block_attribute, _made_model = maker(BlockAttribute), maker(Model)
_KEYWORDS = "blocks are model, view, enum, type, datasource and generator"
_SETTING = 'write name = value, as in provider = "postgresql"'


def _by_grammar(text: str, start: str) -> Piece | None:
    """A part of a line as the grammar reads it; most files have none that the short cut leaves to it."""
    from schemasync.witnesses.prisma.grammar import grammar

    return grammar().parse(text, start)
