"""Connections of other drivers than psycopg2: those of psycopg 3, which Python does not see, and any engine's."""

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from schemasync.migrate.driver import FencedConnection
from schemasync.migrate.refusals import MigrationError

if TYPE_CHECKING:
    from schemasync.migrate.connections import Connections

NAME = "psycopg"


@contextmanager
def psycopg_watched(allow: Callable[[Any], None]) -> Iterator[Callable[[], None]]:
    """Have every connection that psycopg 3 opens pass, until the end.

    Args:
        allow: is given the port, and raises where that must not be connected to.

    Yields:
        What to call when psycopg 3 is about to be imported.
    """
    undo: list[Callable[[], None]] = []

    def patch() -> None:
        if undo:
            return
        undo.append(lambda: None)  # importing it asks again
        from psycopg import BaseConnection  # type: ignore[import-not-found]  # only where it is installed
        from psycopg.conninfo import conninfo_to_dict  # type: ignore[import-not-found]

        real = BaseConnection.__dict__["_connect_gen"]

        def connect(cls: Any, conninfo: str = "") -> Generator[Any, Any, Any]:
            allow(conninfo_to_dict(conninfo).get("port") or "5432")
            return (yield from real.__get__(None, cls)(conninfo))

        BaseConnection._connect_gen = classmethod(connect)
        undo.append(lambda: setattr(BaseConnection, "_connect_gen", real))

    if NAME in sys.modules:
        patch()
    try:
        yield patch
    finally:
        for step in undo:
            step()


@contextmanager
def engines_watched(connections: "Connections") -> Iterator[None]:
    """Look at what the engines of this process do with other drivers, until the end.

    While a migration runs, none of them may be used. While env.py is only looked at, nothing of theirs is committed.
    """
    from sqlalchemy import Engine, event

    def is_other(connection: Any) -> bool:
        return not isinstance(connection.connection.driver_connection, FencedConnection) and not connections.exempt

    def before(connection: Any, *_arguments: Any) -> None:
        connections.other_engine(connection)

    def connected(connection: Any) -> None:
        if not connections.looking or connection.dialect.name != "postgresql" or not is_other(connection):
            return
        if getattr(connection.connection.dbapi_connection, "autocommit", False):
            raise MigrationError(
                f"env.py connects by {connection.dialect.driver} in autocommit mode: looking at it would let it write",
                hint="leave isolation_level to Alembic (autocommit_block), or use psycopg2",
            )

    def committing(connection: Any) -> None:
        if connections.looking and is_other(connection):
            connection.connection.rollback()

    listeners = {"before_cursor_execute": before, "engine_connect": connected, "commit": committing}
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    try:
        yield
    finally:
        for name, listener in listeners.items():
            event.remove(Engine, name, listener)
