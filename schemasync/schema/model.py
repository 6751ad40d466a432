"""The nouns: what a schema consists of, whichever witness states it.

Each value is plain and frozen. Lists are in a fixed order: tables, enums and constraints by name, columns as declared.
Where a witness lives (file, class, attribute) is kept beside the facts and takes no part in comparisons.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from schemasync.records import beside, record
from schemasync.schema.constraints import (
    Action,
    Check,
    Exclusion,
    ForeignKey,
    Index,
    IndexPart,
    Location,
    PrimaryKey,
    Unique,
)
from schemasync.schema.defaults import ClientDefault, Default
from schemasync.schema.types import DataType

__all__ = [
    "Action",
    "CatalogObject",
    "Check",
    "Column",
    "Enum",
    "Exclusion",
    "ForeignKey",
    "Generated",
    "Identity",
    "Index",
    "IndexPart",
    "Location",
    "PrimaryKey",
    "Relationship",
    "Schema",
    "Silence",
    "Table",
    "TableKind",
    "Unique",
    "Witness",
]

Witness = Literal["prisma", "sqlalchemy", "database", "snapshot", "prisma-migrations", "alembic"]
TableKind = Literal["table", "partitioned table", "view", "materialized view", "foreign table"]

# What a witness as a whole may be unable to express. Silence is no drift.
Silence = Literal[
    "check",
    "client-default",
    "collation",
    "comment",
    "deferrable",
    "enum-missing",
    "exclusion",
    "generated",
    "identity",
    "index-expression",
    "index-include",
    "index-nulls",
    "index-predicate",
    "index-validity",
    "nulls-not-distinct",
    "python-type",
    "relationship",
    "storage",
    "table-kind",
    "validity",
    "view",
]


@record(frozen=True, slots=True)
class Identity:
    """`GENERATED ALWAYS` or `BY DEFAULT AS IDENTITY`; the sequence's options where they are not the defaults."""

    always: bool
    options: tuple[tuple[str, int], ...] | None = ()


@record(frozen=True, slots=True)
class Generated:
    """A generated column's expression; `stored` is false for PostgreSQL 18's virtual columns."""

    expression: str
    stored: bool = True


@record(frozen=True, slots=True)
class Column:
    """A column.

    Args:
        default: what the database fills in; None where there is none.
        client_default: what the application fills in on INSERT (Prisma's `uuid()`, SQLAlchemy's `default=`).
        on_update: what the application fills in on UPDATE (Prisma's `@updatedAt`, SQLAlchemy's `onupdate=`).
        field: the Prisma field's or Python attribute's name.
        python_type: the annotation of a mapped attribute, without `Mapped[…]` and `Optional`, where there is one.
        options: what only PostgreSQL knows (storage, statistics target, privileges …), read with `complete=True`.
        documentation: what the witness's own language says of it (Prisma's `///`); no COMMENT in the database.
    """

    name: str
    type: DataType
    nullable: bool = True
    default: Default | None = None
    client_default: ClientDefault | None = None
    on_update: ClientDefault | None = None
    identity: Identity | None = None
    generated: Generated | None = None
    collation: str | None = None
    comment: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    python_type: str | None = None
    field: str | None = beside(default=None, compare=False)
    documentation: str | None = beside(default=None, compare=False)
    location: Location | None = beside(default=None, compare=False)


@record(frozen=True, slots=True)
class Relationship:
    """A relation field or a mapped `relationship()`.

    Args:
        name: as the witness writes it: `generatedByUser`, `generated_by_user`.
        kind: seen from the table that has it.
        target_schema, target_table: the table at the other end.
        columns: the foreign key's columns, on whichever side it stands; those of the join table's key to the
            target for many-to-many.
        secondary: the join table's name for many-to-many.
        reverse: the name of the field or attribute at the other end, where there is one.
        on_this_side: whether the foreign key stands on this table.
        referenced_columns: what the key's columns refer to; empty where a foreign key of the schema says it.
        documentation: what the witness's own language says of it.
    """

    name: str
    kind: Literal["many-to-one", "one-to-one", "one-to-many", "many-to-many"]
    target_schema: str
    target_table: str
    columns: tuple[str, ...]
    on_this_side: bool
    secondary: str | None = None
    reverse: str | None = None
    referenced_columns: tuple[str, ...] = beside(default=(), compare=False)
    documentation: str | None = beside(default=None, compare=False)
    location: Location | None = beside(default=None, compare=False)


@record(frozen=True, slots=True)
class Table:
    """A table or view.

    Args:
        marked_owner: the owner that the witness itself names (a mirror's `info`); None where it names none.
        model: the Prisma model's or mapped class's name.
        options: what only PostgreSQL knows, read with `complete=True`.
        documentation: what the witness's own language says of it (Prisma's `///`); no COMMENT in the database.
    """

    name: str
    schema: str = "public"
    kind: TableKind = "table"
    columns: tuple[Column, ...] = ()
    primary_key: PrimaryKey | None = None
    uniques: tuple[Unique, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexes: tuple[Index, ...] = ()
    checks: tuple[Check, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    comment: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    marked_owner: Literal["prisma", "sqlalchemy"] | None = None
    model: str | None = beside(default=None, compare=False)
    documentation: str | None = beside(default=None, compare=False)
    location: Location | None = beside(default=None, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """Schema and name: a table's identity."""
        return (self.schema, self.name)

    def column(self, name: str) -> Column | None:
        """The column of that name in the database, or None."""
        return next((column for column in self.columns if column.name == name), None)


@record(frozen=True, slots=True)
class Enum:
    """An enum type.

    Args:
        values: the labels, in PostgreSQL's sort order.
        model: the Prisma enum's or Python class's name.
        members: what the witness's own language calls the values, in the same order; empty where it has no names.
        documentation: what the witness's own language says of it.
    """

    name: str
    values: tuple[str, ...]
    schema: str = "public"
    comment: str | None = None
    model: str | None = beside(default=None, compare=False)
    members: tuple[str, ...] = beside(default=(), compare=False)
    documentation: str | None = beside(default=None, compare=False)
    location: Location | None = beside(default=None, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """Schema and name: an enum's identity."""
        return (self.schema, self.name)


@record(frozen=True, slots=True)
class CatalogObject:
    """Anything else that PostgreSQL keeps: a view, sequence, trigger, policy, function, grant, extension …

    Args:
        kind: the kind of drift that a difference is (`view`, `trigger`, `privilege` …).
        name: unique within kind, schema and table.
        attributes: what it consists of, as text, by name.
    """

    kind: str
    schema: str
    name: str
    table: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Kind, schema, table and name: the object's identity."""
        return (self.kind, self.schema, self.table or "", self.name)


@record(frozen=True)
class Schema:
    """What one witness states.

    Args:
        witness: who states it.
        source: where: a path, `module:attribute`, or a URL without its password.
        namespaces: the PostgreSQL schemas that the witness speaks about; empty means whichever its tables name.
        silent: what the witness cannot express.
        complete: whether `objects` and `options` hold all that PostgreSQL keeps.
        external: tables that the witness declares but whose migrations it leaves to others (Prisma's
            `tables.external`), as `schema.table` or `table`.
        external_enums: enums likewise (Prisma's `enums.external`).
        external_place: where both are configured; None where that was not read, so that nothing follows from them.
        notes: what could not be read or stated, in sentences for the report's end.
        unseen: what the witness declares and its client never names (Prisma's `@@ignore`, `@ignore` and
            `Unsupported`): each table as schema and name, each column as schema, table and name.
    """

    witness: Witness
    source: str = ""
    tables: tuple[Table, ...] = ()
    enums: tuple[Enum, ...] = ()
    objects: tuple[CatalogObject, ...] = ()
    namespaces: tuple[str, ...] = ("public",)
    silent: frozenset[Silence] = frozenset()
    complete: bool = False
    external: tuple[str, ...] = ()
    external_enums: tuple[str, ...] = ()
    external_place: Location | None = None
    notes: tuple[str, ...] = ()
    unseen: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def table_by_key(self) -> dict[tuple[str, str], Table]:
        """Tables and views by schema and name."""
        return {table.key: table for table in self.tables}

    @cached_property
    def enum_by_key(self) -> dict[tuple[str, str], Enum]:
        """Enums by schema and name."""
        return {enum.key: enum for enum in self.enums}

    def table(self, name: str, schema: str = "public") -> Table | None:
        """The table of that name, or None."""
        return self.table_by_key.get((schema, name))

    def columns(self) -> Iterator[tuple[Table, Column]]:
        """Every column with its table."""
        for table in self.tables:
            for column in table.columns:
                yield table, column

    def to_json(self) -> str:
        """The schema as JSON text that `from_json` reads back to an equal schema."""
        from schemasync.schema.snapshot import to_json

        return to_json(self)

    @classmethod
    def from_json(cls, text: str) -> "Schema":
        """The schema that `to_json` wrote.

        Raises:
            SnapshotError: the text is no snapshot, or one of a newer format.
        """
        from schemasync.schema.snapshot import from_json

        return from_json(text)
