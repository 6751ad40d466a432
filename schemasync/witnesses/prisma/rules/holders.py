"""What carries attributes, and where it is."""

from schemasync.witnesses.prisma.positions import Place, Spanned, line_place, name_place, node_place
from schemasync.witnesses.prisma.syntax import SchemaFile


class Holder:
    """Something that carries attributes: its file, its line, and the origin that its attributes count from."""

    __slots__ = ()

    @property
    def file(self) -> SchemaFile:
        """The file that it is in."""
        raise NotImplementedError

    @property
    def line(self) -> int:
        """Its line, from 1."""
        raise NotImplementedError

    @property
    def origin(self) -> int:
        """The offset in the line that its attributes count from."""
        raise NotImplementedError

    def place(self, node: Spanned) -> Place:
        """Where a node of one of its attributes is."""
        return node_place(self.file, self.line, self.origin, node)

    def whole(self) -> Place:
        """The whole line."""
        return line_place(self.file, self.line)

    def name_place(self) -> Place:
        """The first word of the line."""
        return name_place(self.file, self.line)


class AttributeHolder(Holder):
    """A line of block attributes, or an enum's value."""

    __slots__ = ("file", "line", "origin")
    file: SchemaFile
    line: int
    origin: int

    def __init__(self, file: SchemaFile, line: int, origin: int) -> None:
        self.file, self.line, self.origin = file, line, origin
