"""Keeps a second release out while one is carried out: an advisory lock of the database, held by one session.

PostgreSQL lets it go when that session ends, however it ends (manual, "Advisory Locks").
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from schemasync.errors import DatabaseError
from schemasync.urls import connection_parameters

# In the environment of what runs under the lock: the process of the session that holds it.
VARIABLE = "SCHEMASYNC_RELEASE_LOCK"
# Two numbers, so that no lock with one number is in the way: Prisma's has one.
CLASS, KEY = 727074, 1
APPLICATION = "schemasync lock"

_HOLDER = f"""
SELECT a.pid::text, coalesce(nullif(a.application_name, ''), 'no application name'), a.usename,
    coalesce(a.client_addr::text, 'a local socket'), pg_catalog.date_trunc('second', a.backend_start)::text
FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.classid = {CLASS} AND l.objid = {KEY} AND l.objsubid = 2
AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
"""


class ReleaseUnderWayError(DatabaseError):
    """Somebody else carries out a release on the same database."""


@contextmanager
def release_lock(url: str) -> Iterator[str]:
    """Hold the lock until the end; gives the process of the session that holds it.

    Args:
        url: the database.

    Raises:
        DatabaseError: the database cannot be reached.
        ReleaseUnderWayError: somebody else holds it.
    """
    connection = _connect(url)
    try:
        if not _rows(connection, f"SELECT pg_catalog.pg_try_advisory_lock({CLASS}, {KEY})")[0][0]:
            raise ReleaseUnderWayError(
                f"another release is under way: {_in_words(_rows(connection, _HOLDER))}",
                hint="wait until it has ended, then plan again: the database is another one then",
            )
        yield str(_rows(connection, "SELECT pg_catalog.pg_backend_pid()")[0][0])
    finally:
        connection.close()


def is_held_by(url: str, process: str) -> bool:
    """Whether that process of the database still holds the lock.

    Raises:
        DatabaseError: the database cannot be reached.
    """
    connection = _connect(url)
    try:
        return any(row[0] == process for row in _rows(connection, _HOLDER))
    finally:
        connection.close()


def _connect(url: str) -> Any:
    import psycopg2

    from schemasync.witnesses.catalog_connection import unreachable

    # A release may take hours between two statements: whatever stands between must not take the session for dead.
    parameters: dict[str, Any] = {
        "connect_timeout": "15",
        "keepalives_idle": "30",
        **connection_parameters(url),
        "application_name": APPLICATION,
    }
    try:
        connection = psycopg2.connect(**parameters)
    except (psycopg2.Error, UnicodeError, ValueError) as error:
        raise unreachable(url, error) from None
    connection.autocommit = True
    return connection


def _rows(connection: Any, sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _in_words(found: list[tuple[Any, ...]]) -> str:
    if not found:
        return "it has just ended"
    process, application, user, address, since = found[0]
    return f"process {process} ({application}, user {user}, from {address}, since {since})"
