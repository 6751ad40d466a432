"""Text → syntax tree. Lines are read one at a time, so that a broken one costs no other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemasync.errors import Diagnostic
from schemasync.witnesses.prisma.grammar import Attributes, FieldRest, Grammar, Piece, grammar
from schemasync.witnesses.prisma.mistakes import (
    Explanation,
    explain_enum_line,
    explain_model_line,
    explain_top_line,
)
from schemasync.witnesses.prisma.patterns import Patterns
from schemasync.witnesses.prisma.positions import Place
from schemasync.witnesses.prisma.syntax import (
    Block,
    BlockAttribute,
    ConfigBlock,
    EnumBlock,
    EnumValue,
    Field,
    Model,
    Property,
    SchemaFile,
)
from schemasync.witnesses.prisma.text import LINE_END, SPACES, is_name


def parse(text: str, path: str) -> tuple[SchemaFile, list[Diagnostic]]:
    """Read the text of one .prisma file.

    Args:
        text: the whole text.
        path: the file's name, for messages.

    Returns:
        The tree of all that could be read, and a diagnostic for each line that could not.
    """
    return _Parser(text, path, grammar()).parse()


@dataclass(frozen=True, slots=True)
class _Header:
    keyword: str
    name: str
    line: int
    column: int
    name_column: int
    documentation: str | None


class _Parser:
    def __init__(self, text: str, path: str, source: Grammar) -> None:
        self.path = path
        self.lines = LINE_END.split(text)
        self.grammar = source
        self.patterns = Patterns(source)
        self.diagnostics: list[Diagnostic] = []
        self.memo: dict[tuple[str, str], Piece | None] = {}
        self.comment: list[str] = []  # the documentation of the comment lines read last
        self.comment_line = -1  # the last of those lines
        self.place = (0, 0)  # where a block, or a comment over several lines, has ended
        self.comments_close = True  # no `*/` was searched in vain yet
        self.blocks_close = True  # no block lacked its end yet; if one did, so do all that open behind it

    # --- files and blocks

    def parse(self) -> tuple[SchemaFile, list[Diagnostic]]:
        blocks: list[Block] = []
        number, offset = 0, 0
        while number < len(self.lines):
            line = self.lines[number]
            offset = len(line) - len(line[offset:].lstrip(SPACES))
            if offset == len(line):
                number, offset = number + 1, 0
            elif self._read_comment(number, offset):
                number, offset = self.place
            elif (block := self._block(number, offset)) is not None:
                blocks.append(block)
                number, offset = self.place
            else:
                number, offset = self._broken_top(number, offset)
        return SchemaFile(self.path, tuple(blocks), tuple(self.lines)), self.diagnostics

    def _block(self, number: int, offset: int) -> Block | None:
        """The block that opens here, if it does and if it closes."""
        line = self.lines[number]
        match = self.patterns.header.match(line, offset)
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
        read = {"enum": self._enum, "datasource": self._config, "generator": self._config}
        self.place = (-1, 0)
        block = read.get(header.keyword, self._model)(header)
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
                    self._report(number, offset, "This block begins with no known keyword", _KEYWORDS)
                    return end, brace + 1
        if self.patterns.alias.match(line, offset):
            self._report(number, offset, "Prisma has no type aliases")
        else:
            self._explain(number, offset, explain_top_line(line[offset:], self.patterns.header))
        return number + 1, 0

    def _model(self, header: _Header) -> Block:
        fields: list[Field] = []
        attributes: list[BlockAttribute] = []
        for number, offset in self._content(header.line):
            line = self.lines[number]
            if line.startswith("@@", offset):
                attributes += self._block_attribute(number, offset, explain_model_line)
                continue
            name = self.patterns.name.match(line, offset)
            piece = self._piece(number, name.end(), "field_rest") if name else None
            if name is None or piece is None or not is_name(name[0]):
                self._explain(number, offset, explain_model_line(line[offset:]))
                continue
            rest: FieldRest = piece.node
            documentation = self._documentation(rest.comment)
            fields.append(
                Field(
                    name[0],
                    rest.type.name,
                    rest.type.arity,
                    rest.type.unsupported,
                    rest.attributes,
                    documentation,
                    number + 1,
                    name.end(),
                )
            )
        kind: Any = header.keyword
        return Model(
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
        for number, offset in self._content(header.line):
            line = self.lines[number]
            if line.startswith("@@", offset):
                attributes += self._block_attribute(number, offset, explain_enum_line)
                continue
            name = self.patterns.name.match(line, offset)
            piece = self._piece(number, name.end(), "attributes") if name else None
            if name is None or piece is None or not is_name(name[0]):
                self._explain(number, offset, explain_enum_line(line[offset:]))
                continue
            rest: Attributes = piece.node
            documentation = self._documentation(rest.comment)
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
        for number, offset in self._content(header.line):
            match = self.patterns.property.match(self.lines[number], offset)
            piece = self._piece(number, match.end(), "property_value") if match else None
            if match is None or piece is None or not is_name(match[1]):
                self._report(number, offset, f"This line is no setting of a {header.keyword}", _SETTING)
                continue
            properties.append(Property(match[1], piece.node, number + 1, match.end()))
        kind: Any = header.keyword
        return ConfigBlock(kind, header.name, tuple(properties), header.line, header.column, header.name_column)

    # --- lines

    def _content(self, number: int) -> Iterator[tuple[int, int]]:
        """The lines of a block that hold something: their number from 0 and the offset of their first word.

        At the closing brace `place` is set behind it. Whoever reads a line may move `place` on, over a comment.
        """
        lines = self.lines
        offset = 0
        while number < len(lines):
            line = lines[number]
            offset = len(line) - len(line[offset:].lstrip(SPACES))
            if offset == len(line):
                number, offset = number + 1, 0
                continue
            if line[offset] == "}":
                self.place = (number, offset + 1)
                return
            if line[offset] == "/" and self._read_comment(number, offset):
                number, offset = self.place
                self.place = (-1, 0)
                continue
            yield number, offset
            if self.place[0] >= 0:
                number, offset = self.place
                self.place = (-1, 0)
            else:
                number, offset = number + 1, 0

    def _read_comment(self, number: int, offset: int) -> bool:
        """Read the comment here, if there is one; `place` is behind it then."""
        line = self.lines[number]
        if line.startswith("//", offset):
            self.place = (number + 1, 0)
        elif not line.startswith("/*", offset) or not self._skip_comment(number, offset):
            return False
        if self.comment_line < number - 1:
            self.comment = []
        if line.startswith("///", offset):
            self.comment.append(line[offset + 3 :].strip())
        self.comment_line = self.place[0] - (self.place[1] == 0)
        return True

    def _skip_comment(self, number: int, offset: int) -> bool:
        """Set `place` behind the end of the comment that opens here, if it ends."""
        offset += 2
        if self.comments_close:
            for end in range(number, len(self.lines)):
                if (found := self.lines[end].find("*/", offset)) >= 0:
                    self.place = (end, found + 2)
                    return True
                offset = 0
            self.comments_close = False
        return False

    def _documentation(self, comment: str | None) -> str | None:
        """The documentation of the node just read: the comment lines above, then that on its line."""
        lines, self.comment = self.comment, []
        if comment is not None and comment.startswith("///"):
            lines = [*lines, comment[3:].strip()]
        return "\n".join(lines) if lines else None

    def _block_attribute(self, number: int, offset: int, explain: Any) -> list[BlockAttribute]:
        piece = self._piece(number, offset, "block_attribute")
        if piece is None:
            self._explain(number, offset, explain(self.lines[number][offset:]))
            return []
        return [BlockAttribute(piece.node.attributes[0], number + 1, offset)]

    def _piece(self, number: int, offset: int, start: str) -> Piece | None:
        """The rest of a line as the start rule reads it."""
        text = self.lines[number][offset:]
        key = (start, text)
        if key in self.memo:
            piece = self.memo[key]
        else:
            piece = self.memo[key] = self.grammar.parse(text, start)
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
        if "*/" in text[opening:] or not self._skip_comment(number, offset + opening):
            return None
        end, behind = self.place
        piece = None
        if not self.lines[end][behind:].strip(SPACES):
            piece = self.grammar.parse("\n".join([text, *self.lines[number + 1 : end + 1]]), start)
        if piece is None:
            self.place = (-1, 0)
        return piece

    def _explain(self, number: int, offset: int, explanation: Explanation) -> None:
        self._report(number, offset + explanation.offset, explanation.message, explanation.hint)

    def _report(self, number: int, offset: int, message: str, hint: str = "") -> None:
        line = self.lines[number]
        place = Place(self.path, number + 1, offset, len(line.rstrip(SPACES)), line)
        self.diagnostics.append(place.error(message, hint))


_KEYWORDS = "blocks are model, view, enum, type, datasource and generator"
_SETTING = 'write name = value, as in provider = "postgresql"'
