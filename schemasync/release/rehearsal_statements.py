"""The statements that Prisma's client sends for one model, as its query log shows them (client 7.10, adapter-pg).

Its adapter binds parameters as texts without a type, so PostgreSQL takes them as it takes literals in quotation marks.
Enums are cast both ways. An INSERT leaves out what it is not given; the client itself fills in `uuid()` and its like,
`now()`, `@updatedAt`, and literal defaults.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schemasync.release.rehearsal_trials import ALL, FEW
from schemasync.schema.defaults import normal_default
from schemasync.schema.model import Column, Schema, Table

Row = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class ClientStatement:
    """A statement with its parameters.

    Args:
        statement: `SELECT`, `INSERT` or `UPDATE`.
        variant: which of them.
        sql: with `%s` for each parameter.
        values: the parameters, as texts.
    """

    statement: str
    variant: str
    sql: str
    values: tuple[str | None, ...] = ()


def client_statements(
    table: Table, facts: Schema, *, existing: Row | None, candidate: Row | None
) -> Iterator[ClientStatement]:
    """What the client sends for a model.

    Args:
        table: the model's table as the client knows it.
        facts: all that the client knows.
        existing: a row that is there.
        candidate: a row for an INSERT.
    """
    shape = _Shape(table, facts)
    yield ClientStatement("SELECT", "every row", f"SELECT {shape.wanted} FROM {shape.name} WHERE 1=1 OFFSET %s", ("0",))
    key = shape.key()
    if existing is not None and key:
        where = " AND ".join(f"{shape.name}.{_quoted(name)} = %s" for name in key)
        keys = tuple(existing.get(name) for name in key)
        one = f"SELECT {shape.wanted} FROM {shape.name} WHERE ({where} AND 1=1) LIMIT %s OFFSET %s"
        yield ClientStatement("SELECT", "by its key", one, (*keys, "1", "0"))
    if candidate is not None:
        given = [column for column in table.columns if not shape.left_to_database(column)]
        yield shape.insert(ALL, given, candidate)
        yield shape.insert(FEW, [column for column in given if shape.must_be_sent(column)], candidate)
    if existing is not None and key:
        changed = [column for column in table.columns if column.name not in key and column.generated is None]
        if changed:
            settings = ", ".join(f"{_quoted(column.name)} = {shape.parameter(column)}" for column in changed)
            sql = f"UPDATE {shape.name} SET {settings} WHERE ({where} AND 1=1) RETURNING {shape.wanted}"
            values = tuple(existing.get(column.name) for column in changed)
            yield ClientStatement("UPDATE", ALL, sql, (*values, *keys))


@dataclass(frozen=True, slots=True)
class _Shape:
    table: Table
    facts: Schema

    @property
    def name(self) -> str:
        return f"{_quoted(self.table.schema)}.{_quoted(self.table.name)}"

    @property
    def wanted(self) -> str:
        """Every column, enums as texts."""
        return ", ".join(
            f"{self.name}.{_quoted(column.name)}"
            + (f"::text{'[]' * column.type.dimensions}" if self._enum(column) else "")
            for column in self.table.columns
        )

    def key(self) -> tuple[str, ...]:
        """What a single row is asked for by: the primary key, else what is unique."""
        if self.table.primary_key is not None:
            return self.table.primary_key.columns
        for index in self.table.indexes:
            if index.unique and index.predicate is None and len(index.columns) == len(index.parts):
                return index.columns
        return ()

    def parameter(self, column: Column) -> str:
        enum = self._enum(column)
        if not enum:
            return "%s"
        brackets = "[]" * column.type.dimensions
        return f"CAST(%s::text{brackets} AS {enum}{brackets})"

    def insert(self, variant: str, columns: list[Column], row: Row) -> ClientStatement:
        names = ",".join(_quoted(column.name) for column in columns)
        given = f"({names}) VALUES ({','.join(map(self.parameter, columns))})" if columns else "DEFAULT VALUES"
        values = tuple(row.get(column.name) for column in columns)
        return ClientStatement("INSERT", variant, f"INSERT INTO {self.name} {given} RETURNING {self.wanted}", values)

    @staticmethod
    def left_to_database(column: Column) -> bool:
        """Whether even a full INSERT leaves it out: numbers that a sequence draws."""
        return column.generated is not None or (column.default is not None and column.default.kind == "sequence")

    @staticmethod
    def must_be_sent(column: Column) -> bool:
        """Whether the client sends a value though it is given none, or cannot go without one."""
        if column.client_default is not None or column.on_update is not None:
            return True
        default = column.default
        if default is not None:
            if default.sql is None:
                return False
            # Prisma's own now() is CURRENT_TIMESTAMP in its DDL; whatever dbgenerated() names is left to the database.
            kind, _ = normal_default(default.sql, column.type)
            return kind not in ("expression", "function") or default.sql == "CURRENT_TIMESTAMP"
        return not column.nullable and not column.type.dimensions

    def _enum(self, column: Column) -> str:
        found = self.facts.enum_by_key.get((column.type.schema or "public", column.type.name))
        return f"{_quoted(found.schema)}.{_quoted(found.name)}" if found is not None else ""


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
