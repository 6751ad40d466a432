"""The anchor of a run: a connection of its own that holds Prisma's advisory lock and a token that names the database.

`prisma migrate deploy` takes the session-level advisory lock 72707369 of its database; whoever holds it keeps Prisma
out, and is kept out by it. The token, an advisory lock with a random key, is seen in `pg_locks` by every connection
to the same database of the same server, whatever URL it was opened by.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from schemasync.migrate.refusals import LockUnavailableError
from schemasync.own_process import import_psycopg2
from schemasync.records import record
from schemasync.urls import connection_parameters

PRISMA_LOCK = 72707369
TOKEN_CLASS = 727073
SECONDS_BETWEEN_TRIES = 0.2

HOLDER = """SELECT a.pid, a.usename, coalesce(nullif(a.application_name, ''), 'no application name'),
    coalesce(a.client_addr::text, 'a local socket'), a.state, pg_catalog.date_trunc('second', a.state_change)::text
FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = %s AND l.objsubid = 1
AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())"""

IS_HELD = """SELECT EXISTS (SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted
    AND classid = 0 AND objid = %s AND objsubid = 1
    AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))"""

SEES_TOKEN = """SELECT EXISTS (SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted
    AND classid = %s AND objid = %s AND objsubid = 2
    AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))"""


@record(frozen=True, slots=True)
class Anchor:
    """The connection of a run that is the fence's own.

    Args:
        connection: in autocommit mode.
        url: the database's URL.
        token: the random key of the advisory lock that names this database.
    """

    connection: Any
    url: str
    token: int

    def is_same_database(self, connection: Any) -> bool:
        """Whether another connection, of psycopg2, leads to the same database of the same server."""
        from schemasync.migrate.inventory import plain_cursor

        with plain_cursor(connection) as cursor:
            cursor.execute(SEES_TOKEN, (TOKEN_CLASS, self.token))
            return bool(cursor.fetchone()[0])

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return list(cursor.fetchall()) if cursor.description else []


_own = threading.local()


def is_own() -> bool:
    """Whether this thread is opening one of the fence's own connections at this moment."""
    return getattr(_own, "connecting", False)


def connect(url: str, name: str) -> Any:
    """An autocommit connection of the fence's own.

    Raises:
        DatabaseError: the database cannot be reached; without the password.
    """
    import_psycopg2()
    import psycopg2

    from schemasync.witnesses.catalog_connection import unreachable

    parameters: dict[str, Any] = {"connect_timeout": "15", **connection_parameters(url), "application_name": name}
    _own.connecting = True
    try:
        connection = psycopg2.connect(**parameters)
    except (psycopg2.Error, UnicodeError, ValueError) as error:
        raise unreachable(url, error) from None
    finally:
        _own.connecting = False
    connection.autocommit = True
    return connection


@contextmanager
def anchored(
    url: str,
    *,
    prisma_lock: bool = True,
    wait: float = 10.0,
    say: Callable[[str], None] = lambda _text: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Anchor]:
    """Hold Prisma's advisory lock and a token until the end.

    Args:
        url: the database.
        prisma_lock: whether to take Prisma's lock; a pooler in transaction mode cannot keep it.
        wait: how many seconds to wait for whoever holds it.
        say: is told whom it waits for.

    Raises:
        DatabaseError: the database cannot be reached.
        LockUnavailableError: somebody else kept the lock.
    """
    connection = connect(url, "schemasync")
    try:
        anchor = Anchor(connection, url, secrets.randbelow(2**31))
        anchor.rows("SELECT pg_catalog.pg_advisory_lock(%s, %s)", TOKEN_CLASS, anchor.token)
        if prisma_lock:
            _take(anchor, wait, say, sleep)
        yield anchor
    finally:
        connection.close()


def _take(anchor: Anchor, wait: float, say: Callable[[str], None], sleep: Callable[[float], None]) -> None:
    deadline = time.monotonic() + wait
    told = False
    while not anchor.rows("SELECT pg_catalog.pg_try_advisory_lock(%s)", PRISMA_LOCK)[0][0]:
        who = holder(anchor)
        if time.monotonic() >= deadline:
            raise LockUnavailableError(
                f"Prisma's migration lock is held by {who}; waited {wait:g} s, nothing has changed",
                hint="let that migration end, then run this again; --lock-wait SECONDS waits longer",
            )
        if not told:
            say(f"waiting for Prisma's migration lock, held by {who}")
            told = True
        sleep(SECONDS_BETWEEN_TRIES)


def is_prisma_locked(anchor: Anchor) -> bool:
    """Whether somebody holds Prisma's lock at this moment; nothing is taken."""
    return bool(anchor.rows(IS_HELD, PRISMA_LOCK)[0][0])


def holder(anchor: Anchor) -> str:
    """Who holds Prisma's lock, in words."""
    found = anchor.rows(HOLDER, PRISMA_LOCK)
    if not found:
        return "a session that has just ended"
    process, user, application, address, state, since = found[0]
    return f"process {process} ({application}, user {user}, from {address}, {state} since {since})"
