"""psycopg2 connections whose every statement, commit and rollback passes whoever watches them."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, Protocol

import psycopg2.extensions as driver


class Watcher(Protocol):
    """What is told of everything that happens on a connection, and may refuse it by raising."""

    def statement(self, sql: str) -> AbstractContextManager[None]:
        """Around one statement, with its values filled in."""
        ...

    def commit(self, what: str) -> bool:
        """Before the driver commits, in the words of the call; false where nothing is to be committed."""
        ...

    def rollback(self) -> None:
        """Before the driver rolls back."""
        ...


class FencedConnection(driver.connection):
    """A connection that may be watched; without a watcher it is psycopg2's own."""

    watcher: Watcher | None = None

    def cursor(self, *arguments: Any, **options: Any) -> Any:
        """A cursor whose statements pass the watcher."""
        default: Any = self.cursor_factory
        factory = options.pop("cursor_factory", None) or default or driver.cursor
        return super().cursor(*arguments, cursor_factory=_fenced(factory), **options)

    def commit(self) -> None:
        """Commit, unless the watcher refuses."""
        if self.watcher is None or self.watcher.commit("commit()"):
            super().commit()

    def rollback(self) -> None:
        """Roll back, and tell the watcher."""
        if self.watcher is not None:
            self.watcher.rollback()
        super().rollback()

    def reset(self) -> None:
        """Return to the state after connecting, which ends the transaction."""
        if self.watcher is not None:
            self.watcher.rollback()
        super().reset()

    def tpc_begin(self, *arguments: Any) -> None:
        """Begin a two-phase transaction, unless the watcher refuses."""
        if self.watcher is None or self.watcher.commit("tpc_begin()"):
            super().tpc_begin(*arguments)

    def set_session(self, *arguments: Any, **options: Any) -> None:
        """Change the session, which psycopg2 does outside of transactions only."""
        super().set_session(*arguments, **options)

    def really_commit(self) -> None:
        """Commit without asking."""
        super().commit()

    def really_roll_back(self) -> None:
        """Roll back without telling."""
        super().rollback()


class _FencedCursor(driver.cursor):
    """A cursor whose statements pass its connection's watcher."""

    _total: int | None = None

    def execute(self, query: Any, vars: Any = None) -> Any:  # noqa: A002 - the DBAPI's name
        self._total = None
        watcher = getattr(self.connection, "watcher", None)
        if watcher is None:
            return super().execute(query, vars)
        sent = self.mogrify(query, vars)
        with watcher.statement(sent.decode(errors="replace") if isinstance(sent, bytes) else str(sent)):
            return super().execute(query, vars)

    def executemany(self, query: Any, vars_list: Iterable[Any]) -> Any:
        if getattr(self.connection, "watcher", None) is None:
            return super().executemany(query, vars_list)
        total = 0
        for values in vars_list:
            self.execute(query, values)
            total += max(super().rowcount, 0)
        self._total = total
        return None

    @property
    def rowcount(self) -> int:
        """The rows that the last call wrote or found; of executemany all that it wrote."""
        return super().rowcount if self._total is None else self._total

    def callproc(self, procname: Any, parameters: Any = None) -> Any:
        watcher = getattr(self.connection, "watcher", None)
        if watcher is None:
            return super().callproc(procname, parameters)
        with watcher.statement(f"SELECT * FROM {procname}()"):
            return super().callproc(procname, parameters)

    def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> Any:
        watcher = getattr(self.connection, "watcher", None)
        if watcher is None:
            return super().copy_expert(sql, file, size)
        text = sql if isinstance(sql, str) else sql.as_string(self)
        with watcher.statement(text):
            return super().copy_expert(sql, file, size)

    def copy_from(self, file: Any, table: str, *arguments: Any, **options: Any) -> Any:
        watcher = getattr(self.connection, "watcher", None)
        if watcher is None:
            return super().copy_from(file, table, *arguments, **options)
        name = '"' + table.replace('"', '""') + '"'
        with watcher.statement(f"COPY {name} FROM STDIN"):
            return super().copy_from(file, table, *arguments, **options)


@cache
def _fenced(factory: type[Any]) -> type[Any]:
    return type(f"Fenced{factory.__name__}", (_FencedCursor, factory), {})


@cache
def fenced_connection(factory: type[Any] | None) -> type[FencedConnection]:
    """The connection class that a caller wants, fenced."""
    if factory is None or factory is driver.connection or not isinstance(factory, type):
        return FencedConnection
    if issubclass(factory, FencedConnection):
        return factory
    return type(f"Fenced{factory.__name__}", (FencedConnection, factory), {})
