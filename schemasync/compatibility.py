"""Can a service that relies on these facts run on those? Answered by the statements that would fail, with reasons.

What each kind of service sends follows from its schema. Prisma's client names every mapped column in SELECT and
RETURNING, and casts enum values to the enum's type (seen in its query log). SQLAlchemy's ORM names every mapped column
in SELECT, and in INSERT each one without a default of the database (SQLAlchemy documentation, "ORM-Enabled INSERT,
UPDATE, and DELETE statements").
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from schemasync.schema.model import Column, Enum, Schema, Table
from schemasync.schema.names import qualified
from schemasync.schema.types import UNKNOWN, DataType, same_type, values_survive

Client = Literal["prisma", "sqlalchemy"]
Statement = Literal["SELECT", "INSERT", "UPDATE"]

# Types whose values a client reads and binds alike.
_CLASSES = {
    "text": ("text", "varchar", "char", "citext", "name", "xml"),
    "integer": ("smallint", "integer", "bigint", "oid"),
    "number": ("numeric", "money", "real", "double precision"),
    "moment": ("timestamp", "timestamptz"),
    "time": ("time", "timetz"),
    "json": ("json", "jsonb"),
    "bits": ("bit", "bit varying"),
}
_CLASS_OF = {name: class_ for class_, names in _CLASSES.items() for name in names}


@dataclass(frozen=True, slots=True)
class Service:
    """Something that runs and relies on facts.

    Args:
        name: what people call it, a version included where that matters: `back end (new)`.
        client: what sends its statements.
        facts: the schema that it was built with.
        read_only: tables that it never inserts into, by schema and name.
    """

    name: str
    client: Client
    facts: Schema
    read_only: frozenset[tuple[str, str]] = frozenset()


def service_of(name: str, schema: Schema) -> Service:
    """The service that sends the statements of a witness's declarations, without what its client never names.

    Args:
        name: what to call it.
        schema: what Prisma or SQLAlchemy states.
    """
    unseen = frozenset(schema.unseen)
    if unseen:
        tables = tuple(
            dataclasses.replace(
                table, columns=tuple(column for column in table.columns if (*table.key, column.name) not in unseen)
            )
            for table in schema.tables
            if table.key not in unseen
        )
        schema = dataclasses.replace(schema, tables=tables)
    return Service(name, "prisma" if schema.witness == "prisma" else "sqlalchemy", schema)


@dataclass(frozen=True, slots=True)
class Breakage:
    """A statement of a service that fails on a state of the database.

    Args:
        service: its name.
        statement: the kind of statement.
        schema, table: the table that it is sent to.
        object: the column or value at fault; None for the whole table.
        reason: the fact, as the end of a sentence.
        certain: false where it depends on the rows: such a service can run, with a risk.
        value: the enum value that must be written, or asked for, before anything fails; None where nothing need be.
    """

    service: str
    statement: Statement
    schema: str
    table: str
    object: str | None
    reason: str
    certain: bool = True
    value: str | None = None

    @property
    def place(self) -> str:
        """The table, or the column of it, that something fails for."""
        table = qualified(self.schema, self.table)
        return table if self.object is None else f"{table}.{self.object}"

    @property
    def sentence(self) -> str:
        """Service, statement and fact in one sentence."""
        verb = "fails" if self.certain else "can fail"
        return f"{self.service}: {self.statement} on {qualified(self.schema, self.table)} {verb}: {self.reason}"


def breakages(service: Service, state: Schema, *, writers: Iterable[Service] = ()) -> tuple[Breakage, ...]:
    """What of a service's statements fails on a state of the database; nothing where it can run.

    Args:
        service: the service and the facts that it relies on.
        state: what the database states.
        writers: services that run at the same time and write the same tables: their enum values may be read.
    """
    others = [writer for writer in writers if writer.name != service.name]
    found: list[Breakage] = []
    for table in service.facts.tables:
        if table.kind in ("view", "materialized view"):
            continue  # nobody's migrations need to keep a view's columns, and no INSERT goes to it
        found += _Tables(service, table, state.table_by_key.get(table.key), state).found(others)
    return tuple(found)


def can_run(service: Service, state: Schema, *, writers: Iterable[Service] = ()) -> bool:
    """Whether no statement of the service is certain to fail."""
    return not any(one.certain for one in breakages(service, state, writers=writers))


@dataclass(frozen=True, slots=True)
class _Tables:
    """A table as a service knows it, and as the database has it."""

    service: Service
    known: Table
    actual: Table | None
    state: Schema

    def found(self, writers: Iterable[Service]) -> Iterator[Breakage]:
        if self.actual is None:
            yield self._breakage("SELECT", None, "the database has no such table")
            return
        for column in self.known.columns:
            there = self.actual.column(column.name)
            if there is None:
                yield self._breakage("SELECT", column.name, f"it names the column {column.name}, which is not there")
                continue
            yield from self._reading(column, there)
            yield from self._enum(column, there, writers)
            if self._inserts:
                yield from self._writing(column, there)
        if self._inserts:
            yield from self._unknown_columns(self.actual)

    @property
    def _inserts(self) -> bool:
        return self.known.key not in self.service.read_only

    def _reading(self, known: Column, there: Column) -> Iterator[Breakage]:
        """What a SELECT meets: a value of another kind, or NULL in a field that cannot be null."""
        if not _readable(known.type, there.type, self.service.facts, self.state):
            reason = f"{known.name} is {there.type}, and {self._who} takes it for {known.type}"
            yield self._breakage("SELECT", known.name, reason)
        elif self.service.client == "prisma" and not known.nullable and there.nullable and not known.type.dimensions:
            reason = f"{known.name} may be NULL, and {self._who} takes it for a value"
            yield self._breakage("SELECT", known.name, reason, certain=False)

    def _writing(self, known: Column, there: Column) -> Iterator[Breakage]:
        """What an INSERT or UPDATE meets in a column that the service knows."""
        name = known.name
        if there.generated is not None and known.generated is None:
            yield self._breakage("INSERT", name, f"{name} is generated, and {self._who} gives it a value")
        elif there.identity is not None and there.identity.always and known.identity is None:
            yield self._breakage("INSERT", name, f"{name} is GENERATED ALWAYS, and {self._who} gives it a value")
        elif known.nullable and not there.nullable and not known.type.dimensions and not self._filled(known, there):
            yield self._breakage("INSERT", name, f"{name} is NOT NULL, and {self._who} may leave it NULL")
        elif not there.nullable and self._relies_on_default(known) and not _has_default(there):
            yield self._breakage("INSERT", name, f"{name} has no default, and {self._who} leaves it to the database")
        if _readable(known.type, there.type, self.service.facts, self.state):
            arguments_known = known.type.arguments is not None and there.type.arguments is not None
            if arguments_known and values_survive(known.type, there.type) == "some":
                reason = f"{name} is {there.type}, which does not hold every {known.type}"
                yield self._breakage("INSERT", name, reason, certain=False)

    def _unknown_columns(self, actual: Table) -> Iterator[Breakage]:
        for column in actual.columns:
            filled = column.nullable or _has_default(column) or column.generated is not None
            if self.known.column(column.name) is None and not filled:
                reason = f"{column.name} is NOT NULL without a default, and {self._who} does not know it"
                yield self._breakage("INSERT", column.name, reason)

    def _enum(self, known: Column, there: Column, writers: Iterable[Service]) -> Iterator[Breakage]:
        """Enum values that the one side knows and the other does not."""
        mine, actual = enum_of(known.type, self.service.facts), enum_of(there.type, self.state)
        if mine is None or actual is None:
            return
        for value in mine.values:
            if value not in actual.values:
                reason = f"{known.name} cannot be {value!r}, which {self._who} knows and the database does not"
                yield self._breakage("INSERT", known.name, reason, certain=self._inserts, value=value)
        for value in actual.values:
            if value in mine.values:
                continue
            writer = next((one for one in writers if _knows(one, self.known.key, known.name, value)), None)
            told = f"{known.name} can be {value!r}, which {self._who} does not know"
            if writer is not None:
                told += f" and {writer.name} may write"
            yield self._breakage("SELECT", known.name, told, certain=writer is not None, value=value)

    def _filled(self, known: Column, there: Column) -> bool:
        """Whether a value that the service leaves out does not become NULL."""
        if known.client_default is not None:
            return True
        # Prisma leaves out what it is not given; SQLAlchemy sends NULL unless it knows of a default.
        return _has_default(there) and (self.service.client == "prisma" or known.default is not None)

    def _relies_on_default(self, known: Column) -> bool:
        if known.client_default is not None or known.nullable:
            return False
        if self.service.client == "sqlalchemy":
            return _has_default(known)
        # Prisma's client fills in literals and now() by itself, and leaves dbgenerated("…") to the database.
        default = known.default
        return default is not None and (default.sql is None or _FILLED_BY_PRISMA.fullmatch(default.sql) is None)

    @property
    def _who(self) -> str:
        return "its Prisma client" if self.service.client == "prisma" else "its mapping"

    def _breakage(
        self, statement: Statement, subject: str | None, reason: str, *, certain: bool = True, value: str | None = None
    ) -> Breakage:
        table = self.known
        return Breakage(self.service.name, statement, table.schema, table.name, subject, reason, certain, value)


# As Prisma Migrate writes what the client knows: texts and enum values, numbers, booleans, lists, and now().
_FILLED_BY_PRISMA = re.compile(
    r"(?:'(?:[^']|'')*'|[-+]?[\d.]+(?:[eE][-+]?\d+)?|true|false|CURRENT_TIMESTAMP|ARRAY\[.*\])(?:::.*)?", re.DOTALL
)


def _has_default(column: Column) -> bool:
    return column.default is not None or column.identity is not None


def _knows(service: Service, key: tuple[str, str], column: str, value: str) -> bool:
    """Whether a service may write the value."""
    table = service.facts.table_by_key.get(key)
    found = table.column(column) if table is not None and key not in service.read_only else None
    enum = enum_of(found.type, service.facts) if found is not None else None
    return enum is not None and value in enum.values


def enum_of(type_: DataType, schema: Schema) -> Enum | None:
    """The enum that a type is; None for any other type."""
    return schema.enum_by_key.get((type_.schema or "public", type_.name))


def _readable(known: DataType, actual: DataType, facts: Schema, state: Schema) -> bool:
    """Whether a client that expects the one type can read, bind and compare the other."""
    if UNKNOWN in (known.name, actual.name) or same_type(known, actual):
        return True
    if known.dimensions != actual.dimensions:
        return False
    mine, theirs = enum_of(known, facts), enum_of(actual, state)
    if mine is not None or theirs is not None:
        return mine is not None and theirs is not None and mine.name == theirs.name
    return _class(known) == _class(actual) or (_class(known), _class(actual)) == ("number", "integer")


def _class(type_: DataType) -> str:
    return _CLASS_OF.get(type_.name, type_.name)
