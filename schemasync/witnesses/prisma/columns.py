"""A model's columns, as Prisma Migrate creates them."""

from collections.abc import Mapping
from typing import NamedTuple

from schemasync.records import maker
from schemasync.schema.defaults import ClientDefault, Default
from schemasync.schema.model import Column, Location
from schemasync.schema.names import cut
from schemasync.schema.types import DataType
from schemasync.witnesses.prisma.column_defaults import field_defaults
from schemasync.witnesses.prisma.column_types import column_type
from schemasync.witnesses.prisma.rules.drafts import SURELY_SHORT, ModelDraft, ScalarDraft
from schemasync.witnesses.prisma.rules.enum_draft import EnumDraft
from schemasync.witnesses.prisma.rules.readings import Reading
from schemasync.witnesses.prisma.syntax import Arity

_location = maker(Location)
_column = maker(
    Column,
    "name",
    "type",
    "nullable",
    "default",
    "client_default",
    "on_update",
    "field",
    "documentation",
    "location",
)


def is_unseen(field: ScalarDraft) -> bool:
    """Whether Prisma's client leaves it out (Prisma documentation, "@ignore", "Unsupported")."""
    return field.reading.is_ignored or field.kind == "unsupported"


class _Meaning(NamedTuple):
    """What all columns have in common that are written alike but for their names."""

    type: DataType
    nullable: bool
    default: Default | None
    client_default: ClientDefault | None
    on_update: ClientDefault | None


class Columns:
    """Makes columns of fields; fields that are written alike share their types and defaults.

    Args:
        enums: by their names in the schema.
        default_schema: the PostgreSQL schema of an enum without `@@schema`.
    """

    def __init__(self, enums: Mapping[str, EnumDraft], default_schema: str) -> None:
        self.enums, self.default_schema = enums, default_schema
        self.some_unseen = False  # whether Prisma's client leaves out one of them
        self.meanings: dict[Reading, _Meaning] = {}
        # What has neither a native type nor a default, by its type and whether it is `@updatedAt`.
        self.plain: dict[tuple[str, Arity, str | None, bool], _Meaning] = {}

    def of(self, model: ModelDraft) -> tuple[Column, ...]:
        """The columns of a model's table."""
        path, meanings = model.file.path, self.meanings
        columns = []
        for draft in model.scalars.values():
            field, map_name = draft.field, draft.map_name
            name = field.name
            try:
                type_, nullable, default, by_client, on_update = meanings[draft.reading]
            except KeyError:
                type_, nullable, default, by_client, on_update = self._meaning(draft)
            column = name if map_name is None else map_name
            if len(column) > SURELY_SHORT:
                column = cut(column)
            place = _location(path, field.line, field.column + 1)
            columns.append(
                _column(column, type_, nullable, default, by_client, on_update, name, field.documentation, place)
            )
        return tuple(columns)

    def _meaning(self, draft: ScalarDraft) -> _Meaning:
        reading, rest = draft.reading, draft.field.rest
        self.some_unseen |= is_unseen(draft)
        key = (rest.type_name, rest.arity, rest.unsupported, reading.is_updated_at)
        is_plain = reading.native_type is None and reading.default is None
        meaning = self.plain.get(key) if is_plain else None
        if meaning is None:
            type_ = column_type(draft, self.enums, self.default_schema)
            nullable = rest.arity != "required"  # Prisma writes no NOT NULL for a list
            meaning = _Meaning(type_, nullable, *field_defaults(draft, type_, self.enums))
            if is_plain:
                self.plain[key] = meaning
        self.meanings[reading] = meaning
        return meaning
