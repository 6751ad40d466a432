"""The guard session: holds protected tables against DDL from any connection while the applications go on.

SHARE UPDATE EXCLUSIVE conflicts with every ALTER, DROP, TRUNCATE, index, trigger, rule and policy, CONCURRENTLY too,
and with no SELECT, INSERT, UPDATE or DELETE (PostgreSQL manual, "Explicit Locking"). What it blocks is cancelled at
once: a statement that waits for ACCESS EXCLUSIVE would make all readers wait behind it.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from schemasync.migrate.inventory import Thing
from schemasync.migrate.locks import connect
from schemasync.migrate.refusals import LockUnavailableError
from schemasync.records import record
from schemasync.schema.names import quote

SECONDS_BETWEEN_LOOKS = 0.02

# PostgreSQL locks no foreign table.
MAY_LOCK = """SELECT oid::bigint FROM pg_catalog.pg_class WHERE oid = ANY (%s::oid[]) AND relkind IN ('r', 'p')
AND (pg_catalog.has_table_privilege(oid, 'UPDATE') OR pg_catalog.has_table_privilege(oid, 'DELETE')
    OR pg_catalog.has_table_privilege(oid, 'TRUNCATE'))"""

BLOCKED = """SELECT a.pid FROM pg_catalog.pg_stat_activity a
WHERE a.datname = pg_catalog.current_database() AND a.wait_event_type = 'Lock'
AND %s = ANY (pg_catalog.pg_blocking_pids(a.pid))"""


@record(frozen=True, slots=True)
class ForeignKeyChanges:
    """Protected tables whose incoming foreign keys a run changes, by oid.

    Args:
        gaining: held in ROW SHARE only, with which adding a key does not conflict.
        losing: not held at all: dropping a key takes ACCESS EXCLUSIVE on the table that it refers to.
    """

    gaining: frozenset[int] = frozenset()
    losing: frozenset[int] = frozenset()


@dataclass(slots=True)
class Guard:
    """A guard session on duty.

    Args:
        cancelled: the processes whose statements it has cancelled.
        unguarded: protected tables that it could not lock for want of a privilege.
    """

    cancelled: set[int] = field(default_factory=set)
    unguarded: list[str] = field(default_factory=list)
    session: Any = None

    def is_standing(self) -> bool:
        """Whether its session, and with it its locks, are still there."""
        import psycopg2

        try:
            with self.session.cursor() as cursor:
                cursor.execute("SELECT 1")
        except psycopg2.Error:
            return False
        return True


@contextmanager
def guarded(url: str, tables: Sequence[Thing], keys: ForeignKeyChanges, *, lock_timeout: str) -> Iterator[Guard]:
    """Hold the tables until the end.

    Args:
        url: the database.
        tables: the protected tables.
        keys: which of them gain and lose foreign keys of owned tables.
        lock_timeout: how long to wait for each table.

    Raises:
        LockUnavailableError: a table could not be held in time.
    """
    import psycopg2

    guard = Guard()
    session = connect(url, "schemasync guard")
    guard.session = session
    stop = threading.Event()
    watcher: threading.Thread | None = None
    try:
        session.autocommit = False
        with session.cursor() as cursor:
            cursor.execute("SELECT pg_catalog.set_config('lock_timeout', %s, true)", (lock_timeout,))
            wanted = [table for table in tables if table.oid not in keys.losing]
            cursor.execute(MAY_LOCK, ([table.oid for table in wanted],))
            allowed = {oid for (oid,) in cursor.fetchall()}
            guard.unguarded += [str(table) for table in wanted if table.oid not in allowed]
            for mode, is_gaining in (("ROW SHARE", True), ("SHARE UPDATE EXCLUSIVE", False)):
                names = [
                    f"ONLY {quote(table.schema)}.{quote(table.name)}"
                    for table in wanted
                    if table.oid in allowed and (table.oid in keys.gaining) == is_gaining
                ]
                if names:
                    cursor.execute(f"LOCK TABLE {', '.join(names)} IN {mode} MODE")
        process = session.info.backend_pid
        looker = connect(url, "schemasync watcher")
        watcher = threading.Thread(target=_watch, args=(looker, process, stop, guard), daemon=True)
        watcher.start()
        yield guard
    except psycopg2.errors.OutOfMemory as error:
        raise LockUnavailableError(
            f"the server cannot hold a lock on each of {len(tables)} protected tables: {str(error).strip()}",
            hint="raise max_locks_per_transaction, or run with --no-rehearsal, which stands no guard",
        ) from None
    except psycopg2.errors.LockNotAvailable as error:
        raise LockUnavailableError(
            f"a protected table is in use by somebody's DDL: {' '.join(str(error).split())}; nothing has changed",
            hint="let it end, then run this again; --lock-timeout waits longer",
        ) from None
    finally:
        stop.set()
        if watcher is not None:
            watcher.join()
        session.close()


def _watch(looker: Any, process: int, stop: threading.Event, guard: Guard) -> None:
    import psycopg2

    with suppress(psycopg2.Error):
        while not stop.wait(SECONDS_BETWEEN_LOOKS):
            with looker.cursor() as cursor:
                cursor.execute(BLOCKED, (process,))
                for (blocked,) in cursor.fetchall():
                    guard.cancelled.add(blocked)
                    cursor.execute("SELECT pg_catalog.pg_cancel_backend(%s)", (blocked,))
    looker.close()
