"""A Prisma schema whose names are resolved and whose rules are kept: what `resolve` yields.

Names in the database are what `@map` and `@@map` say, else the name as written. Names of constraints
and indexes are only those that the schema gives (`map_name`); the names that Prisma chooses itself are
for the reader of this tree to work out. Lines and columns count from 1, columns in code points;
`documentation` is the text of `///` comments.
"""

from typing import Literal

from schemasync.errors import Diagnostic
from schemasync.schema.records import record
from schemasync.witnesses.prisma.resolved_fields import RelationField, ScalarField
from schemasync.witnesses.prisma.resolved_keys import Index, PrimaryKey
from schemasync.witnesses.prisma.resolved_relations import ManyToManyRelation, Relation
from schemasync.witnesses.prisma.settings import Datasource, Generator


@record(frozen=True, slots=True)
class EnumValue:
    """A value of an enum, by its name in the schema and in the database."""

    name: str
    database_name: str
    line: int


@record(frozen=True, slots=True)
class Enum:
    """An enum.

    Args:
        name: its name in the schema.
        database_name: the type's name in the database.
        schema: `@@schema`, None where the schema file names no schema.
        values: in their order.
        path: the file.
        line: where the block begins.
        column: where it begins in that line.
    """

    name: str
    database_name: str
    schema: str | None
    values: tuple[EnumValue, ...]
    documentation: str | None
    path: str
    line: int
    column: int


@record(frozen=True, slots=True)
class Model:
    """A model or a view.

    Args:
        name: its name in the schema.
        database_name: the table's or view's name.
        schema: `@@schema`, None where the schema file names no schema.
        kind: model or view.
        fields: in their order.
        primary_key: `@id` or `@@id`.
        indexes: unique and plain ones, those of the fields first, then those of the block, each in their order.
        is_ignored: `@@ignore`.
        path: the file.
        line: where the block begins.
        column: where it begins in that line.
    """

    name: str
    database_name: str
    schema: str | None
    kind: Literal["model", "view"]
    fields: tuple[ScalarField | RelationField, ...]
    primary_key: PrimaryKey | None
    indexes: tuple[Index, ...]
    is_ignored: bool
    documentation: str | None
    path: str
    line: int
    column: int

    @property
    def scalar_fields(self) -> tuple[ScalarField, ...]:
        """The fields that are columns."""
        return tuple(field for field in self.fields if isinstance(field, ScalarField))


@record(frozen=True, slots=True)
class ResolvedSchema:
    """A whole Prisma schema.

    Args:
        datasource: None where no file has one; the schema then means PostgreSQL.
        generators: in their order.
        enums: in the order of the files.
        models: models and views, in the order of the files.
        relations: one-to-one and one-to-many.
        many_to_many: the implicit ones.
        warnings: what Prisma warns of; none of it makes the schema invalid.
    """

    datasource: Datasource | None
    generators: tuple[Generator, ...]
    enums: tuple[Enum, ...]
    models: tuple[Model, ...]
    relations: tuple[Relation, ...]
    many_to_many: tuple[ManyToManyRelation, ...]
    warnings: tuple[Diagnostic, ...] = ()
