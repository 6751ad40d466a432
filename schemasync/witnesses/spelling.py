"""Lets PostgreSQL itself spell two expressions, in a scratch database, where their text alone cannot tell.

PostgreSQL keeps an expression as it understood it and prints it in one way (manual, section 52.6 "pg_attrdef";
`pg_get_expr`). Two expressions that it prints alike mean the same.
"""

from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from schemasync.errors import ScratchError
from schemasync.schema.expressions import tokens
from schemasync.schema.model import Column, Enum, Schema, Table
from schemasync.schema.names import quote
from schemasync.schema.types import DataType

if TYPE_CHECKING:
    from psycopg2.extensions import connection, cursor

    from schemasync.scratch import ScratchServer

# Extensions whose types are common in columns; created when a column needs one and the server has it.
_EXTENSION_OF_TYPE = {"citext": "citext", "hstore": "hstore", "ltree": "ltree", "cube": "cube", "isn": "isn"}


class ScratchSpeller:
    """Spells expressions on a scratch server, which starts with the first question.

    Args:
        choice: which scratch server, as `schemasync.scratch.scratch_server` understands it.
        schemas: give the enum types that expressions may name.
    """

    def __init__(self, choice: str, schemas: Iterable[Schema]) -> None:
        self._choice = choice
        self.turn_to(schemas)
        self._server: ScratchServer | None = None
        self._connection: connection | None = None
        self._failed = False

    def turn_to(self, schemas: Iterable[Schema]) -> None:
        """Answer for other schemas from now on, on the same server."""
        self._enums = {enum.key: enum for schema in schemas for enum in schema.enums}

    def same(self, kind: str, table: Table, column: str | None, one: str, other: str) -> bool | None:
        """Whether PostgreSQL spells both alike; None where it cannot read one of them, or no server can be had.

        Args:
            kind: `default`, `check`, `predicate`, `generated` or `index`.
            table: gives the columns that the expressions may name.
            column: the column whose default or expression it is.
        """
        connection = self._connected()
        if connection is None:
            return None
        first = self._spellings(connection, kind, table, column, one)
        second = self._spellings(connection, kind, table, column, other)
        return None if not first or not second else not first.isdisjoint(second)

    def close(self) -> None:
        """Drop the scratch database and stop the server."""
        if self._connection is not None:
            self._connection.close()
        if self._server is not None:
            self._server.close()
        self._connection = self._server = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _connected(self) -> "connection | None":
        if self._connection is None and not self._failed:
            from schemasync.scratch import scratch_server

            try:
                self._server = scratch_server(self._choice)
                self._connection = self._server.create_database().connect()
                self._connection.autocommit = False
            except ScratchError:
                self._failed = True
        return self._connection

    def _spellings(
        self, connection: "connection", kind: str, table: Table, column: str | None, expression: str
    ) -> set[str]:
        """What PostgreSQL prints for an expression, and for what it printed; empty where it cannot read it.

        Printing is not stable at once: a cast of an array comes back as casts of its elements.
        """
        found: set[str] = set()
        text = self._spelled(connection, kind, table, column, expression)
        while text is not None and text not in found:
            found.add(text)
            text = self._spelled(connection, kind, table, column, text)
        return found

    def _spelled(
        self, connection: "connection", kind: str, table: Table, column: str | None, expression: str
    ) -> str | None:
        """The expression as PostgreSQL prints it; whatever was created for that is rolled back."""
        import psycopg2

        try:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = '5s'")
                self._create_types(cursor, table, expression, column)
                cursor.execute(_create_table(table, kind, column, expression))
                if kind in ("predicate", "index"):
                    cursor.execute(_create_index(kind, table, expression))
                cursor.execute(_READ[kind], {"column": column})
                row = cursor.fetchone()
                return str(row[0]) if row else None
        except psycopg2.Error:
            return None
        finally:
            connection.rollback()

    def _create_types(self, cursor: "cursor", table: Table, expression: str, column: str | None) -> None:
        needed = {item.type.element for item in _columns(table, expression, column)}
        for schema in sorted({key[0] for key in self._enums}):
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {quote(schema)}")
        for key in sorted(self._enums):
            cursor.execute(_create_enum(self._enums[key]))
        for type_ in needed:
            if type_.name in _EXTENSION_OF_TYPE:
                cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {quote(_EXTENSION_OF_TYPE[type_.name])}")


_TABLE = "'schemasync_spelling'::regclass"
_READ = {
    "default": f"SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = {_TABLE}",
    "generated": f"SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = {_TABLE}",
    "check": f"SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conrelid = {_TABLE} AND contype = 'c'",
    "predicate": f"SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE indrelid = {_TABLE}",
    "index": f"SELECT pg_get_expr(indexprs, indrelid) FROM pg_index WHERE indrelid = {_TABLE}",
}


def _columns(table: Table, expression: str, column: str | None) -> list[Column]:
    """The columns that the expression names, and the one that it is for."""
    words = {word[1:-1].replace('""', '"') if word[0] == '"' else word.lower() for word in tokens(expression)}
    return [item for item in table.columns if item.name in words or item.name == column]


def _create_table(table: Table, kind: str, column: str | None, expression: str) -> str:
    parts = []
    for item in _columns(table, expression, column):
        text = f"{quote(item.name)} {type_sql(item.type)}"
        if item.name == column and kind == "default":
            text += f" DEFAULT {expression}"
        elif item.name == column and kind == "generated":
            text += f" GENERATED ALWAYS AS ({expression}) STORED"
        parts.append(text)
    if kind == "check":
        parts.append(f"CHECK ({expression})")
    return f"CREATE TABLE schemasync_spelling ({', '.join(parts)})"


def _create_index(kind: str, table: Table, expression: str) -> str:
    if kind == "index":
        return f"CREATE INDEX ON schemasync_spelling (({expression}))"
    first = _columns(table, expression, None)[0].name
    return f"CREATE INDEX ON schemasync_spelling ({quote(first)}) WHERE {expression}"


def _create_enum(enum: Enum) -> str:
    values = ", ".join("'" + value.replace("'", "''") + "'" for value in enum.values)
    return f"CREATE TYPE {quote(enum.schema)}.{quote(enum.name)} AS ENUM ({values})"


def type_sql(type_: DataType) -> str:
    """A type as SQL names it, user-defined ones quoted and qualified."""
    if type_.schema is None:
        return str(type_)
    return f"{quote(type_.schema)}.{quote(type_.name)}{'[]' * type_.dimensions}"
