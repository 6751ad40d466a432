"""Connections to read from: opened for a URL, borrowed from an engine, or given; each left as it was found."""

import contextlib
import re
import sys
from collections.abc import Iterator
from typing import Any

from schemasync.errors import DatabaseError
from schemasync.own_process import import_psycopg2
from schemasync.passwords import hide_password, scrub
from schemasync.records import record
from schemasync.urls import build_url, connection_parameters

OLDEST = 13

# What a read may take at most, where the connection is ours to set: a catalogue of 10,000 tables takes seconds.
# Printing a view waits for a lock on its tables, which a running migration may hold.
_LIMITS = "SET LOCAL statement_timeout = '300s'; SET LOCAL lock_timeout = '30s'; "
_CONNECT_TIMEOUT = "15"

# PostgreSQL spells expressions by these settings; a role, a database or a session may have changed them. With only
# the system's schema in the path every other name is printed with its schema. (With `public` in the path the spelling
# would depend on the privileges of the role that reads: a schema that it may not use is not in its path.)
_SETTINGS = {
    "search_path": "pg_catalog, pg_temp",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "quote_all_identifiers": "off",
    "standard_conforming_strings": "on",
}
_IDLE, _IN_TRANSACTION, _IN_ERROR = 0, 2, 3


@record(frozen=True, slots=True)
class Reader:
    """A connection that the catalogue can be read from.

    Args:
        connection: a synchronous DBAPI connection of psycopg2 or psycopg 3.
        source: the URL without its password.
        url: the URL with it, to remove it from messages; empty where it is not known.
    """

    connection: Any
    source: str
    url: str

    def __repr__(self) -> str:
        return f"Reader({self.source!r})"

    @property
    def version(self) -> int:
        """The server's version as a number: 150004 is 15.4."""
        return int(self.connection.info.server_version)

    def is_idle(self) -> bool:
        """Whether no transaction is open: a failed statement then has done no harm."""
        return int(self.connection.info.transaction_status) == _IDLE

    def greeting(self) -> str | None:
        """The version of a server that says on connecting that it is CockroachDB."""
        version: str | None = self.connection.info.parameter_status("crdb_version")
        return version or None

    def product(self) -> str | None:
        """What `version()` says; None where it cannot be asked."""
        with contextlib.suppress(DatabaseError):
            return self.rows("SELECT pg_catalog.version()")[0][0] if self.is_idle() else None
        return None

    def rows(self, statement: str) -> list[tuple[str, ...]]:
        """The rows of one SELECT, sent in one message with the settings it needs, in a read-only transaction.

        Within a transaction that the caller began, the settings are put back by the same message; a transaction of
        our own is rolled back.

        Raises:
            DatabaseError: the statement failed.
        """
        status = int(self.connection.info.transaction_status)
        if status == _IN_ERROR:
            raise DatabaseError(
                f"the transaction on the connection to {self.source} has failed", hint="roll it back first"
            )
        if status not in (_IDLE, _IN_TRANSACTION):
            raise DatabaseError(f"the connection to {self.source} is busy or closed")
        text = _inside(statement) if status == _IN_TRANSACTION else _outside(statement)
        try:
            rows = self._execute(text)
        except Exception as error:  # noqa: BLE001 - the driver's exceptions have no common base that is importable here
            self._leave(status)
            raise self._failure(error) from None
        self._leave(status)
        return rows[:-1] if status == _IN_TRANSACTION else rows

    def _execute(self, text: str) -> list[tuple[str, ...]]:
        if _driver(self.connection) == "psycopg2":
            from psycopg2.extensions import cursor as plain_cursor

            # The connection may have a cursor of its own kind, whose rows are no tuples.
            with self.connection.cursor(cursor_factory=plain_cursor) as cursor:
                cursor.execute(text)
                return list(cursor.fetchall())
        from psycopg.rows import tuple_row  # type: ignore[import-not-found]  # no dependency: only who has it gives one

        with self.connection.cursor(row_factory=tuple_row) as cursor:
            cursor.execute(text, prepare=False)
            while cursor.nextset():
                pass
            return list(cursor.fetchall())

    def _leave(self, status: int) -> None:
        """End the transaction that the driver began for us; the caller's own goes on."""
        if status == _IDLE and int(self.connection.info.transaction_status) != _IDLE:
            with contextlib.suppress(Exception):
                self.connection.rollback()

    def _failure(self, error: Exception) -> DatabaseError:
        message = scrub(" ".join(str(error).split()), self.url)
        code = getattr(error, "pgcode", None) or getattr(error, "sqlstate", None)
        hint = ""
        if code == "55P03":
            hint = "another session holds a lock on a table or view, a running migration perhaps; try again after it"
        elif code == "57014":
            hint = "raise statement_timeout for the role, or read fewer schemas"
        return CatalogueError(f"the catalogue of {self.source} could not be read: {message}", hint=hint, code=code)


class CatalogueError(DatabaseError):
    """A failed statement, with PostgreSQL's error code where there is one."""

    def __init__(self, message: str, *, hint: str = "", code: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.code = code


def _outside(statement: str) -> str:
    """One message is one transaction; what is set in it ends with it."""
    settings = "".join(f"SET LOCAL {name} = {value}; " for name, value in _values().items())
    return (
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL jit = off; "
        f"{_LIMITS}{settings}{statement}"
    )


def _inside(statement: str) -> str:
    """The caller's settings are kept under names of our own, and the last row of the result puts them back."""
    keep = ", ".join(
        f"pg_catalog.set_config('schemasync.{name}', pg_catalog.current_setting('{name}'), true)" for name in _SETTINGS
    )
    restore = ", ".join(f"set_config('{name}', current_setting('schemasync.{name}'), true)" for name in _SETTINGS)
    settings = "".join(f"SET LOCAL {name} = {value}; " for name, value in _values().items())
    width = "NULL, " * 7
    return f"SELECT {keep}; {settings}{statement}\nUNION ALL SELECT {width}concat({restore})"


def _values() -> dict[str, str]:
    return {name: value if name == "search_path" else f"'{value}'" for name, value in _SETTINGS.items()}


@contextlib.contextmanager
def open_reader(url_or_connection: object) -> Iterator[Reader]:
    """A reader for a URL, a SQLAlchemy Engine or Connection, or a DBAPI connection.

    Raises:
        DatabaseError: the database cannot be reached, or the value is none of these.
        ConfigurationError: the URL is no PostgreSQL URL.
    """
    if isinstance(url_or_connection, str):
        with connected(url_or_connection) as connection:
            yield Reader(connection, hide_password(url_or_connection), url_or_connection)
        return
    if "sqlalchemy" in sys.modules:
        from sqlalchemy import URL, Connection, Engine

        if isinstance(url_or_connection, URL):
            with open_reader(url_or_connection.render_as_string(hide_password=False)) as reader:
                yield reader
            return
        if isinstance(url_or_connection, (Engine, Connection)):
            with _borrowed(url_or_connection) as reader:
                yield reader
            return
    if _driver(url_or_connection) is None or not hasattr(url_or_connection, "cursor"):
        raise DatabaseError(
            f"a database cannot be read through a {type(url_or_connection).__module__}."
            f"{type(url_or_connection).__qualname__}",
            hint="give a URL, a SQLAlchemy Engine or Connection, or a connection of psycopg2 or psycopg",
        )
    yield _given(url_or_connection)


def _given(connection: Any) -> Reader:
    if getattr(connection, "async_", 0) or type(connection).__name__.startswith("Async"):
        raise DatabaseError("a database cannot be read through an asynchronous connection", hint="give its URL instead")
    if connection.closed:
        raise DatabaseError("the connection is closed")
    parameters = (
        connection.info.dsn_parameters if _driver(connection) == "psycopg2" else connection.info.get_parameters()
    )
    known = {name: parameters[name] for name in ("user", "host", "port", "dbname") if parameters.get(name)}
    return Reader(connection, build_url(known), "")


@contextlib.contextmanager
def _borrowed(given: Any) -> Iterator[Reader]:
    """The DBAPI connection beneath SQLAlchemy's; of an engine with another driver only the URL is used."""
    url = given.engine.url.render_as_string(hide_password=False)
    if given.engine.driver not in ("psycopg2", "psycopg") or given.engine.dialect.is_async:
        with open_reader(url) as reader:
            yield reader
        return
    source = hide_password(url)
    if given is given.engine:
        try:
            pooled = given.raw_connection()
        except Exception as error:  # noqa: BLE001 - whatever the pool, its events or the driver raise
            raise unreachable(url, error) from None
        try:
            yield Reader(pooled.driver_connection, source, url)
        finally:
            pooled.close()
    else:
        yield Reader(given.connection.driver_connection, source, url)


@contextlib.contextmanager
def connected(url: str) -> Iterator[Any]:
    """A connection to what a URL names, every statement a transaction of its own; closed at the end.

    Raises:
        DatabaseError: the database cannot be reached.
        ConfigurationError: the URL is no PostgreSQL URL.
    """
    import_psycopg2()
    import psycopg2

    parameters: dict[str, Any] = {
        "connect_timeout": _CONNECT_TIMEOUT,
        "fallback_application_name": "schemasync",
        **connection_parameters(url),
        "client_encoding": "UTF8",
    }
    try:
        connection = psycopg2.connect(**parameters)
    except (psycopg2.Error, UnicodeError, ValueError) as error:
        raise unreachable(url, error) from None
    try:
        connection.autocommit = True
        yield connection
    finally:
        connection.close()


def unreachable(url: str, error: Exception) -> DatabaseError:
    """That a database cannot be reached, and why, without the password."""
    parameters = connection_parameters(url)
    reason = scrub(" ".join(str(error).split()), url)
    # SQLAlchemy adds the driver's class in front and a link to its documentation behind.
    reason = re.sub(r"^\((?:psycopg2?|psycopg)[\w.]*\) | \(Background on this error at: \S+\)$", "", reason)
    port = parameters.get("port", "5432")
    return DatabaseError(
        f"cannot connect to database {parameters.get('dbname', '')!r} on {parameters.get('host', 'localhost')} port "
        f"{port} as {parameters.get('user', 'the current user')!r}: {reason}",
        hint="check that the server runs, and the host, port, user and password of the URL",
    )


def _driver(connection: object) -> str | None:
    for class_ in type(connection).__mro__:
        name = class_.__module__.partition(".")[0]
        if name in ("psycopg2", "psycopg"):
            return name
    return None
