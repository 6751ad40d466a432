"""A Python file that is edited in place: LibCST says where everything stands, and only what changes is written."""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider

from schemasync.errors import SchemasyncError
from schemasync.mirror.layout import LINE_LENGTH, Argument, Call

_OPENING = {cst.List: "[", cst.Tuple: "(", cst.Dict: "{", cst.Set: "{"}


@dataclass(frozen=True, slots=True)
class Edit:
    """Bytes from `start` to `end` become `text`; of several at one place the lowest rank comes first."""

    start: int
    end: int
    text: str
    rank: int = 0


class _Spans(ByteSpanPositionProvider):
    """Spans alone: `MetadataWrapper.resolve` goes through the whole tree once more, for providers of other kinds."""

    def of(self, module: cst.Module) -> Mapping[cst.CSTNode, Any]:
        """Where each node of a module stands, in bytes."""
        self._gen_impl(module)
        return self._computed


class SourceFile:
    """A file's syntax and the edits that are asked for.

    Args:
        path: for messages.
        content: the file's bytes.
        width: how long its lines may be.

    Raises:
        SchemasyncError: it is no Python.
    """

    def __init__(self, path: Path, content: bytes, width: int = LINE_LENGTH) -> None:
        self.path = path
        self.content = content
        try:
            module = cst.parse_module(content)
        except cst.ParserSyntaxError as error:
            raise SchemasyncError(f"{path}:{error.raw_line}: {error.message}") from error
        self.module = module
        self._spans = _Spans().of(module)
        # LibCST counts from behind a byte order mark.
        self._offset = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
        self.edits: list[Edit] = []
        self.width = width

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Where a node begins and ends, in bytes."""
        found = self._spans[node]
        return self._offset + found.start, self._offset + found.start + found.length

    def line(self, node: cst.CSTNode) -> int:
        """The line that a node begins on."""
        return self.content.count(b"\n", 0, self.span(node)[0]) + 1

    def column(self, node: cst.CSTNode) -> int:
        """How many columns stand before a node."""
        start = self.span(node)[0]
        begin = self.content.rfind(b"\n", 0, start) + 1
        return len(self.content[begin:start].decode(self.module.encoding))

    def outer_span(self, node: cst.Tuple | cst.Dict) -> tuple[int, int]:
        """Where a node begins and ends, its own brackets included."""
        start, end = self.span(node)
        for _ in node.lpar:
            start = self.content.rindex(b"(", 0, start)
            end = self.content.index(b")", end) + 1
        return start, end

    def text(self, node: cst.CSTNode) -> str:
        """A node as it is written."""
        start, end = self.span(node)
        return self.content[start:end].decode(self.module.encoding)

    def replace(self, node: cst.CSTNode, text: str) -> None:
        """Asks for a node to be written anew; what stands before and behind it on its lines stays."""
        self.edits.append(Edit(*self.span(node), text))

    def remove_statement(self, node: cst.CSTNode) -> None:
        """Asks for a statement's lines to go."""
        start, end = self.span(node)
        begin = self.content.rfind(b"\n", 0, start) + 1
        self.edits.append(Edit(begin, self._line_end(end), ""))

    def insert_after(self, node: cst.CSTNode, text: str) -> None:
        """Asks for whole lines behind a statement, comments on its own line included."""
        end = self._line_end(self.span(node)[1])
        before = "" if self.content[end - 1 : end] == b"\n" else "\n"
        self.edits.append(Edit(end, end, f"{before}{text}\n"))

    def insert_before(self, node: cst.CSTNode, text: str) -> None:
        """Asks for whole lines before a statement."""
        begin = self.content.rfind(b"\n", 0, self.span(node)[0]) + 1
        self.edits.append(Edit(begin, begin, f"{text}\n"))

    def append(self, text: str, rank: int = 1) -> None:
        """Asks for whole lines at the end; with rank 0 before those of rank 1."""
        before = "" if self.content.endswith(b"\n") or not self.content else "\n"
        self.edits.append(Edit(len(self.content), len(self.content), f"{before}{text}\n", rank))

    def _line_end(self, offset: int) -> int:
        found = self.content.find(b"\n", offset)
        return len(self.content) if found < 0 else found + 1

    def result(self) -> bytes:
        """The file with all edits."""
        parts: list[bytes] = []
        position = 0
        newline = self.module.default_newline
        for edit in sorted(self.edits, key=lambda edit: (edit.start, edit.end, edit.rank)):
            if edit.start < position:
                raise ValueError(f"two edits of {self.path} overlap")
            text = edit.text if newline == "\n" else edit.text.replace("\n", newline)
            parts += [self.content[position : edit.start], text.encode(self.module.encoding)]
            position = edit.end
        return b"".join([*parts, self.content[position:]])

    def argument(self, node: cst.BaseExpression) -> Argument:
        """An expression as a tree that can be changed and laid out again."""
        if isinstance(node, cst.Call):
            arguments = tuple(self._named(item) for item in node.args)
            return Call(self.text(node.func), arguments, "(", self._is_exploded(node, node.args))
        opening = _OPENING.get(type(node))
        if opening is not None and isinstance(node, (cst.List, cst.Tuple, cst.Dict, cst.Set)):
            if isinstance(node, cst.Tuple) and not node.lpar:
                return self.text(node)
            items = tuple(self._element(item) for item in node.elements)
            return Call("", items, opening, self._is_exploded(node, node.elements))
        return self.text(node)

    def _named(self, item: cst.Arg) -> Argument:
        value = self.argument(item.value)
        prefix = f"{item.keyword.value}=" if item.keyword is not None else item.star
        return value.with_head(prefix + value.head) if isinstance(value, Call) else f"{prefix}{value}"

    def _element(self, item: cst.BaseElement | cst.BaseDictElement) -> Argument:
        if isinstance(item, cst.Element):
            return self.argument(item.value)
        if isinstance(item, cst.DictElement):
            value, key = self.argument(item.value), self.text(item.key)
            return value.with_head(f"{key}: {value.head}") if isinstance(value, Call) else f"{key}: {value}"
        return self.text(item)

    def _is_exploded(self, node: cst.CSTNode, items: Sequence[cst.CSTNode]) -> bool:
        """Whether a trailing comma keeps each item on a line of its own."""
        if not items or "\n" not in self.text(node):
            return False
        comma = getattr(items[-1], "comma", None)
        return isinstance(comma, cst.Comma)

    def has_comment(self, node: cst.CSTNode) -> bool:
        """Whether laying a node out again would lose a comment."""
        return "#" in self.text(node) and any(isinstance(child, cst.Comment) for child in _descendants(node))


def _descendants(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for child in node.children:
        yield child
        yield from _descendants(child)
