"""What a statement does to tables that are in use, measured: locks, rewrites, scans and rows written.

A lock that a statement takes stays to the end of its transaction, so a backend's own rows of `pg_locks` tell what it
took (PostgreSQL manual, "Explicit Locking"). `pg_stat_get_xact_…` count what this transaction did (manual, "The
Cumulative Statistics System"): ALTER TABLE and CREATE INDEX count a scan where they read a table through. A table that
is written anew gets another `relfilenode` (manual, "pg_class").
"""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg2.extensions import connection

Key = tuple[str, str]
# From the weakest to the strongest (manual, "Table-Level Locks").
MODES = (
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
)
_QUERY = re.compile(
    r"\s*(?:(?:--[^\n]*\n|/\*.*?\*/)\s*)*(?:UPDATE|DELETE|INSERT|SELECT|WITH|MERGE)\b", re.IGNORECASE | re.DOTALL
)

_TABLES = """
SELECT c.oid::bigint, n.nspname, c.relname, c.relfilenode::bigint, pg_catalog.pg_stat_get_xact_numscans(c.oid),
    pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
    + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_|^information_schema$'
"""
_LOCKS = """
SELECT relation::bigint, mode FROM pg_catalog.pg_locks WHERE pid = {pid} AND locktype = 'relation'
AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
"""
_ORDINARY = """
SELECT pg_catalog.format('ONLY %I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_|^information_schema$'
"""
_WAITS = "SELECT count(*) FROM pg_catalog.pg_locks WHERE pid = %s AND NOT granted"
_SECONDS_TO_WATCH = 20.0
_SECONDS_BETWEEN_LOOKS = 0.005


@dataclass(frozen=True, slots=True)
class Effect:
    """What one statement did to one table that was there before the migration.

    Args:
        schema, table: the table.
        lock: the strongest lock that the transaction holds on it after the statement, as `pg_locks` names it.
        taken: whether this statement took it.
        rewritten: whether the table's file is another one.
        emptied: whether it was TRUNCATE that made it so.
        dropped: whether the table is gone.
        scanned: whether it was read through.
        written: how many of its rows were written.
    """

    schema: str
    table: str
    lock: str | None
    taken: bool = False
    rewritten: bool = False
    emptied: bool = False
    dropped: bool = False
    scanned: bool = False
    written: int = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """A statement of a migration.

    Args:
        sql: its text.
        place: `path:line` of the migration.
        transaction: statements of one number ran in one transaction.
        effects: on tables that were there before the migration.
    """

    sql: str
    place: str
    transaction: int
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class _Look:
    tables: Mapping[int, tuple[str, str, int, int, int]]
    locks: Mapping[int, str]


class Meter:
    """Measures the statements of one migration on one connection.

    Args:
        opened: a connection of psycopg2, in a transaction or in autocommit mode.
        url: of its database, for what must be watched from another connection.
        tables: the oids of the tables that were there before the migration.
    """

    def __init__(self, opened: "connection", url: str, tables: frozenset[int] | None = None) -> None:
        self.opened, self.url = opened, url
        self.tables = tables if tables is not None else frozenset(_look(opened).tables)
        self.measured: list[Measured] = []

    @contextmanager
    def statement(self, sql: str, place: str, transaction: int) -> Iterator[None]:
        """Measure the statement that is run meanwhile; one that fails leaves nothing."""
        if self.opened.autocommit:
            with self._watched(sql, place, transaction):
                yield
            return
        before = _look(self.opened)
        # In a table of a few rows any scan is cheap. Only one that no index can spare is told of.
        with _without_seqscan(self.opened) if _QUERY.match(sql) else _as_it_is():
            yield
        self._note(sql, place, transaction, before, _look(self.opened))

    def _note(self, sql: str, place: str, transaction: int, before: _Look, after: _Look) -> None:
        emptied = re.match(r"\s*TRUNCATE\b", sql, re.IGNORECASE) is not None
        effects = []
        for oid in sorted(self.tables & before.tables.keys()):
            schema, name, file, scans, written = before.tables[oid]
            there = after.tables.get(oid)
            lock = after.locks.get(oid)
            taken = lock is not None and lock != before.locks.get(oid)
            rewritten = there is not None and there[2] != file
            # Outside of a transaction the counters may have started anew meanwhile.
            counted = there[3] if there is not None else 0
            scanned = not emptied and (counted > scans or 0 < counted < scans)
            rows = max(there[4] - written, 0) if there is not None else 0
            if taken or rewritten or scanned or rows or there is None:
                effects.append(
                    Effect(schema, name, lock, taken, rewritten, emptied and rewritten, there is None, scanned, rows)
                )
        self.measured.append(Measured(sql, place, transaction, tuple(effects)))

    @contextmanager
    def _watched(self, sql: str, place: str, transaction: int) -> Iterator[None]:
        """Measure what runs outside of a transaction, from another connection that it has to wait for.

        That holds ROW EXCLUSIVE on every table, which is no obstacle to reading and writing: whatever needs more, or
        waits for older transactions as CONCURRENTLY does, is seen waiting with its locks, and then let go.
        """
        import psycopg2

        from schemasync.urls import connection_parameters

        parameters: dict[str, Any] = dict(connection_parameters(self.url))
        watcher: connection = psycopg2.connect(**parameters)
        try:
            before = _look(self.opened)
            with watcher.cursor() as cursor:
                cursor.execute(_ORDINARY)
                names = [row[0] for row in cursor.fetchall()]
                if names:
                    cursor.execute(f"LOCK TABLE {', '.join(names)} IN ROW EXCLUSIVE MODE")
            seen: dict[int, str] = {}
            done = threading.Event()
            process = self.opened.get_backend_pid()
            thread = threading.Thread(target=_watch, args=(watcher, process, seen, done), daemon=True)
            thread.start()
            try:
                yield
            finally:
                done.set()
                thread.join(_SECONDS_TO_WATCH)
            after = _look(self.opened)
            self._note(sql, place, transaction, _Look(before.tables, {}), _Look(after.tables, seen))
        finally:
            watcher.close()


def strongest(one: str | None, other: str | None) -> str | None:
    """The stronger of two locks."""
    known = [mode for mode in (one, other) if mode in MODES]
    return max(known, key=MODES.index, default=None)


def tables_of(opened: "connection") -> frozenset[int]:
    """The oids of a database's tables."""
    return frozenset(_look(opened).tables)


def _look(opened: "connection", process: int | None = None) -> _Look:
    with opened.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = {row[0]: row[1:] for row in cursor.fetchall()}
        return _Look(tables, _locks(cursor, process))


def _locks(cursor: Any, process: int | None) -> dict[int, str]:
    cursor.execute(_LOCKS.format(pid="pg_catalog.pg_backend_pid()" if process is None else int(process)))
    locks: dict[int, str] = {}
    for oid, mode in cursor.fetchall():
        locks[oid] = strongest(locks.get(oid), mode) or mode
    return locks


def _watch(watcher: "connection", process: int, seen: dict[int, str], done: threading.Event) -> None:
    """Note the locks of another backend until it is done; let it go as soon as it waits, whatever happens here."""
    held, waited = True, 0.0
    try:
        with watcher.cursor() as cursor:
            while not done.wait(_SECONDS_BETWEEN_LOOKS):
                waited += _SECONDS_BETWEEN_LOOKS
                for oid, mode in _locks(cursor, process).items():
                    seen[oid] = strongest(seen.get(oid), mode) or mode
                cursor.execute(_WAITS, (process,))
                found = cursor.fetchone()
                if held and ((found is not None and found[0]) or waited > _SECONDS_TO_WATCH):
                    held = False
                    watcher.rollback()
                    watcher.autocommit = True  # or the next look would be a transaction to wait for again
    finally:
        watcher.close()


@contextmanager
def _without_seqscan(opened: "connection") -> Iterator[None]:
    with opened.cursor() as cursor:
        cursor.execute("SELECT pg_catalog.current_setting('enable_seqscan')")
        (before,) = cursor.fetchone() or ("on",)
        cursor.execute("SELECT pg_catalog.set_config('enable_seqscan', 'off', true)")
        yield
        cursor.execute("SELECT pg_catalog.set_config('enable_seqscan', %s, true)", (before,))


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield
