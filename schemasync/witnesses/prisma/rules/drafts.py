"""Models, fields and indexes while the rules gather what is known of them."""

from collections.abc import Iterator
from typing import Literal, TypeAlias

from schemasync.schema.names import MAXIMUM_BYTES, cut
from schemasync.witnesses.prisma.meanings import IndexField, IndexMethod, ReferentialAction
from schemasync.witnesses.prisma.positions import Place, Spanned, attribute_place, block_place
from schemasync.witnesses.prisma.rules.holders import Holder
from schemasync.witnesses.prisma.rules.readings import UNREAD, Reading
from schemasync.witnesses.prisma.syntax import (
    Attribute,
    BlockAttribute,
    Field,
    Model,
    SchemaFile,
    Value,
)

# A character has at most four bytes.
SURELY_SHORT = MAXIMUM_BYTES // 4

TypeKind: TypeAlias = Literal["scalar", "enum", "unsupported"]

IndexKind: TypeAlias = Literal["id", "unique", "index", "fulltext"]


class FieldHolder(Holder):
    """A field's line."""

    __slots__ = ()
    model: "ModelDraft"
    field: Field

    @property
    def file(self) -> SchemaFile:
        """The file that its model is in."""
        return self.model.file

    @property
    def line(self) -> int:
        """Its line, from 1."""
        return self.field.line

    @property
    def origin(self) -> int:
        """The offset in the line that its attributes count from."""
        return self.field.origin


class ScalarDraft(FieldHolder):
    """A column's field, as far as it is known; `scalar_draft` makes one."""

    __slots__ = ("field", "kind", "map_name", "model", "reading")
    kind: TypeKind
    map_name: str | None
    reading: Reading

    @property
    def name(self) -> str:
        """Its name in the schema."""
        return self.field.name

    @property
    def database_name(self) -> str:
        """The column's name, however long."""
        return self.map_name if self.map_name is not None else self.field.name

    @property
    def column(self) -> str:
        """The column's name as PostgreSQL keeps it."""
        name = self.map_name if self.map_name is not None else self.field.name
        return name if len(name) <= SURELY_SHORT else cut(name)


def scalar_draft(model: "ModelDraft", field: Field, kind: TypeKind) -> ScalarDraft:
    """A column's field of which only its type is known. (A function takes half the time of an `__init__`.)"""
    draft = ScalarDraft()
    draft.model, draft.field, draft.kind = model, field, kind
    draft.map_name = None
    draft.reading = UNREAD
    return draft


class RelationDraft(FieldHolder):
    """A relation field, as far as it is known; `relation_draft` makes one."""

    __slots__ = (
        "attribute",
        "field",
        "fields",
        "is_ignored",
        "map_name",
        "model",
        "name_given",
        "on_delete",
        "on_delete_node",
        "on_update",
        "on_update_node",
        "references",
        "target",
    )

    target: "ModelDraft"
    attribute: Attribute | None
    name_given: str | None
    fields: list[ScalarDraft] | None
    references: list[ScalarDraft] | None
    on_delete: ReferentialAction | None
    on_update: ReferentialAction | None
    on_delete_node: Value | None
    on_update_node: Value | None
    map_name: str | None
    is_ignored: bool

    @property
    def name(self) -> str:
        """Its name in the schema."""
        return self.field.name

    @property
    def relation_name(self) -> str:
        """The relation's name: given, or both models' names in their order."""
        if self.name_given is not None:
            return self.name_given
        first, second = sorted((self.model.name, self.target.name))
        return f"{first}To{second}"

    def argument_place(self, name: str) -> Place:
        """Where an argument of `@relation` is, else the whole line."""
        for argument in self.attribute.arguments if self.attribute is not None else ():
            if argument.name == name:
                return self.place(argument)
        return self.whole()

    def label(self) -> str:
        """`Model.field`, for messages."""
        return f"{self.model.name}.{self.name}"


def relation_draft(model: "ModelDraft", field: Field, target: "ModelDraft") -> RelationDraft:
    """A relation field of which only its type is known."""
    draft = RelationDraft()
    draft.model, draft.field, draft.target = model, field, target
    draft.attribute = draft.name_given = draft.fields = draft.references = None
    draft.on_delete = draft.on_update = draft.on_delete_node = draft.on_update_node = draft.map_name = None
    draft.is_ignored = False
    return draft


class IndexDraft(Holder):
    """`@id`, `@unique`, `@@id`, `@@unique`, `@@index` or `@@fulltext`; `index_draft` makes one."""

    __slots__ = (
        "attribute",
        "clustered",
        "fields",
        "file",
        "is_plain",
        "kind",
        "line",
        "map_name",
        "method",
        "model",
        "name",
        "on_field",
        "origin",
        "where",
        "where_argument",
    )
    file: SchemaFile
    line: int
    origin: int

    kind: IndexKind
    model: "ModelDraft"
    attribute: Attribute
    on_field: bool
    fields: list[tuple[ScalarDraft, IndexField]]
    is_plain: bool  # whether its fields have no arguments
    name: str | None
    map_name: str | None
    method: IndexMethod | None
    clustered: bool | None
    where: Value | None
    where_argument: Spanned | None

    @property
    def title(self) -> str:
        """The attribute as written: `@@unique`."""
        return f"{'@' if self.on_field else '@@'}{self.attribute.name}"

    def attribute_place(self) -> Place:
        """Where the attribute is."""
        return self.place(self.attribute)

    def argument_place(self, *names: str) -> Place:
        """Where the first argument of these names is, else the attribute."""
        for name in names:
            for argument in self.attribute.arguments:
                if argument.name == name:
                    return self.place(argument)
        return self.place(self.attribute)

    def field_names(self) -> list[str]:
        """The fields' names."""
        return [field.name for field, _ in self.fields]


def index_draft(
    kind: IndexKind,
    model: "ModelDraft",
    line: int,
    origin: int,
    attribute: Attribute,
    fields: list[tuple[ScalarDraft, IndexField]],
    *,
    on_field: bool = False,
) -> IndexDraft:
    """An index of some columns of which nothing else is known."""
    draft = IndexDraft()
    draft.file, draft.line, draft.origin = model.file, line, origin
    draft.kind, draft.model, draft.attribute, draft.on_field = kind, model, attribute, on_field
    draft.fields, draft.is_plain = fields, True
    draft.name = draft.map_name = draft.method = draft.clustered = draft.where = draft.where_argument = None
    return draft


class ModelDraft:
    """A model or view, as far as it is known."""

    __slots__ = (
        "block",
        "doubles",
        "file",
        "indexes",
        "is_ignored",
        "map_item",
        "map_name",
        "name",
        "primary_key",
        "relations",
        "scalars",
        "schema",
        "schema_place",
        "shard_keys",
    )

    def __init__(self, file: SchemaFile, block: Model) -> None:
        self.file, self.block, self.name = file, block, block.name
        self.scalars: dict[str, ScalarDraft] = {}
        self.relations: dict[str, RelationDraft] = {}
        self.doubles: list[ScalarDraft | RelationDraft] = []  # fields whose name is taken
        self.map_name: str | None = None
        self.map_item: BlockAttribute | None = None  # that gives the name
        self.schema: str | None = None
        self.schema_place: Place | None = None
        self.is_ignored = False
        self.primary_key: IndexDraft | None = None
        self.indexes: list[IndexDraft] = []
        self.shard_keys: list[Place] = []

    @property
    def is_view(self) -> bool:
        """Whether it is a view."""
        return self.block.kind == "view"

    @property
    def database_name(self) -> str:
        """The table's name, however long."""
        return self.map_name if self.map_name is not None else self.block.name

    def place(self) -> Place:
        """Where the block begins."""
        return block_place(self.file, self.block)

    @property
    def map_place(self) -> Place | None:
        """Where the table's name is given."""
        return attribute_place(self.file, self.map_item) if self.map_item is not None else None

    def release(self) -> None:
        """Let go of the fields and indexes, which hold the model: what is done with need not wait for a collector."""
        self.scalars.clear()
        self.relations.clear()
        self.doubles.clear()
        self.indexes.clear()
        self.primary_key = None

    def all_scalars(self) -> Iterator[ScalarDraft]:
        """The columns, those whose name is taken included."""
        yield from self.scalars.values()
        yield from (field for field in self.doubles if isinstance(field, ScalarDraft))

    def all_relations(self) -> Iterator[RelationDraft]:
        """The relation fields, those whose name is taken included."""
        yield from self.relations.values()
        yield from (field for field in self.doubles if isinstance(field, RelationDraft))

    def unique_criteria(self) -> Iterator[IndexDraft]:
        """The primary key and the unique indexes."""
        if self.primary_key is not None:
            yield self.primary_key
        for index in self.indexes:
            if index.kind == "unique":
                yield index
