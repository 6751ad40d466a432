"""Enums while the rules gather what is known of them."""

from schemasync.witnesses.prisma.positions import Place, block_place
from schemasync.witnesses.prisma.rules.holders import AttributeHolder, Holder
from schemasync.witnesses.prisma.syntax import EnumBlock, EnumValue, SchemaFile


class EnumDraft:
    """An enum, as far as it is known."""

    __slots__ = ("block", "file", "map_name", "schema", "schema_place", "value_names")

    def __init__(self, file: SchemaFile, block: EnumBlock) -> None:
        self.file, self.block = file, block
        self.map_name: str | None = None
        self.schema: str | None = None
        self.schema_place: Place | None = None
        self.value_names: dict[str, str] = {}  # those that `@map` gives

    @property
    def name(self) -> str:
        """Its name in the schema."""
        return self.block.name

    @property
    def database_name(self) -> str:
        """The type's name, however long."""
        return self.map_name if self.map_name is not None else self.block.name

    def place(self) -> Place:
        """Where the block begins."""
        return block_place(self.file, self.block)

    def label(self, name: str) -> str:
        """A value's name in the database, by that in the schema."""
        return self.value_names.get(name, name)

    def holder(self, value: EnumValue) -> Holder:
        """What carries this value's attributes."""
        return AttributeHolder(self.file, value.line, value.origin)
