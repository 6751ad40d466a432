"""psycopg2 connections whose every statement, commit and rollback passes whoever watches them."""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any, Protocol

import psycopg2.extensions as driver

from schemasync.migrate.cursors import fenced_cursor

_AUTOCOMMIT: Any = driver.connection.__dict__["autocommit"]


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

    def session(self, what: str) -> None:
        """Before the driver changes how the session reads and ends statements, in the words of the call."""
        ...


class FencedConnection(driver.connection):
    """A connection that may be watched; without a watcher it is psycopg2's own.

    While it is watched it stays in transactions: autocommit is taken down as a wish, and the watcher sees to it.
    """

    watcher: Watcher | None = None
    wishes_autocommit: bool = False

    def cursor(self, *arguments: Any, **options: Any) -> Any:
        """A cursor whose statements pass the watcher."""
        default: Any = self.cursor_factory
        factory = options.pop("cursor_factory", None) or default or driver.cursor
        return super().cursor(*arguments, cursor_factory=fenced_cursor(factory), **options)

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

    @property
    def autocommit(self) -> bool:
        """Whether each statement is committed by itself, or is to be."""
        return self.wishes_autocommit or self.is_really_autocommitting

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        if self.watcher is None:
            self.really_autocommit(value)
            return
        self.watcher.session(f"autocommit = {value}")
        self.wishes_autocommit = bool(value)

    def set_isolation_level(self, level: Any) -> None:
        """Change the isolation level, for which psycopg2 rolls back."""
        if self.watcher is None:
            super().set_isolation_level(level)
            return
        self.watcher.session(f"set_isolation_level({level})")
        self.wishes_autocommit = level == driver.ISOLATION_LEVEL_AUTOCOMMIT
        if not self.wishes_autocommit:
            self.watcher.rollback()
            super().set_isolation_level(level)

    def set_session(self, *arguments: Any, **options: Any) -> None:
        """Change the session, which psycopg2 does outside of transactions only."""
        if self.watcher is not None:
            self.watcher.session("set_session()")
            autocommit = options.pop("autocommit", None)
            self.wishes_autocommit = self.wishes_autocommit if autocommit is None else bool(autocommit)
        if arguments or options or self.watcher is None:
            super().set_session(*arguments, **options)

    def set_client_encoding(self, encoding: str) -> None:
        """Change the encoding, for which psycopg2 rolls back."""
        if self.watcher is not None:
            self.watcher.session(f"set_client_encoding({encoding!r})")
            self.watcher.rollback()
        super().set_client_encoding(encoding)

    def lobject(self, *arguments: Any, **options: Any) -> Any:
        """A large object, which psycopg2 reads and writes without any statement."""
        if self.watcher is not None:
            with self.watcher.statement("SELECT pg_catalog.lo_open(0, 131072)"):
                pass
        return super().lobject(*arguments, **options)

    @property
    def is_really_autocommitting(self) -> bool:
        """Whether psycopg2 is in autocommit mode."""
        return bool(_AUTOCOMMIT.__get__(self))

    def really_autocommit(self, value: bool) -> None:
        """Switch psycopg2's autocommit mode without asking."""
        if value != self.is_really_autocommitting:  # setting it is an error within a transaction
            _AUTOCOMMIT.__set__(self, value)

    def really_commit(self) -> None:
        """Commit without asking."""
        super().commit()

    def really_roll_back(self) -> None:
        """Roll back without telling."""
        super().rollback()


@cache
def fenced_connection(factory: type[Any] | None) -> type[FencedConnection]:
    """The connection class that a caller wants, fenced."""
    if factory is None or factory is driver.connection or not isinstance(factory, type):
        return FencedConnection
    if issubclass(factory, FencedConnection):
        return factory
    return type(f"Fenced{factory.__name__}", (FencedConnection, factory), {})
