"""What a transaction did to rows and locks of protected tables, by PostgreSQL's own counters and lock table.

`pg_stat_get_xact_tuples_…` count this transaction's writes, those of rolled-back savepoints too (manual, "The
Cumulative Statistics System"). A lock that a statement takes stays to the end of the transaction, so a backend's
own rows of `pg_locks` tell what it touched.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from schemasync.migrate.inventory import plain_cursor
from schemasync.records import record

# Reading, and checking a foreign key (SELECT … FOR KEY SHARE).
HARMLESS = ("AccessShareLock", "RowShareLock")
# A foreign key to a table takes the first when it is added, the second when it is dropped.
OF_FOREIGN_KEYS = ("ShareRowExclusiveLock", "AccessExclusiveLock")

# Every operator and type is named with its schema: a migration may have put others of that name in the search path.
WRITES = """SELECT t.oid::pg_catalog.int8, pg_catalog.pg_stat_get_xact_tuples_inserted(t.oid) AS inserted,
    pg_catalog.pg_stat_get_xact_tuples_updated(t.oid) AS updated,
    pg_catalog.pg_stat_get_xact_tuples_deleted(t.oid) AS deleted
FROM pg_catalog.unnest(%s::pg_catalog.oid[]) AS t(oid)"""

LOCKS = """SELECT DISTINCT relation::pg_catalog.int8, mode FROM pg_catalog.pg_locks
WHERE locktype OPERATOR(pg_catalog.=) 'relation'::pg_catalog.text
AND pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid() AND granted
AND relation OPERATOR(pg_catalog.=) ANY (%s::pg_catalog.oid[])
AND mode OPERATOR(pg_catalog.<>) ALL (%s::pg_catalog.text[])"""

# Nobody can tell whose a large object is; a new one is the migration's own.
LARGE_OBJECTS = """SELECT pg_catalog.int8pl(pg_catalog.pg_stat_get_xact_tuples_updated(t.oid),
    pg_catalog.pg_stat_get_xact_tuples_deleted(t.oid))
FROM pg_catalog.unnest(
    '{pg_catalog.pg_largeobject, pg_catalog.pg_largeobject_metadata}'::pg_catalog.regclass[]) AS t(oid)"""

# Tables of PostgreSQL itself have oids below 16384 (its source, access/transam.h).
CATALOGUE = """SELECT pg_catalog.sum(pg_catalog.int8pl(pg_catalog.int8pl(
    pg_catalog.pg_stat_get_xact_tuples_inserted(oid), pg_catalog.pg_stat_get_xact_tuples_updated(oid)),
    pg_catalog.pg_stat_get_xact_tuples_deleted(oid)))
FROM pg_catalog.pg_class WHERE relkind OPERATOR(pg_catalog.=) 'r'::pg_catalog."char"
AND oid OPERATOR(pg_catalog.<) 16384::pg_catalog.oid"""

REFERENCED = """SELECT DISTINCT conrelid::pg_catalog.int8, confrelid::pg_catalog.int8 FROM pg_catalog.pg_constraint
WHERE contype OPERATOR(pg_catalog.=) 'f'::pg_catalog."char"
AND confrelid OPERATOR(pg_catalog.=) ANY (%s::pg_catalog.oid[])"""


@record(frozen=True, slots=True)
class Trace:
    """What was done to one table.

    Args:
        table: its oid.
        what: in words: `2 rows updated`, `locked in AccessExclusiveLock`.
    """

    table: int
    what: str


def writes(connection: Any, tables: Sequence[int]) -> tuple[Trace, ...]:
    """The tables whose rows this transaction has written."""
    with plain_cursor(connection) as cursor:
        cursor.execute(WRITES, (list(tables),))
        found = []
        for oid, *counts in cursor.fetchall():
            words = [f"{count} inserted" for count in counts[:1] if count]
            words += [f"{count} updated" for count in counts[1:2] if count]
            words += [f"{count} deleted" for count in counts[2:] if count]
            if words:
                found.append(Trace(oid, f"rows written: {', '.join(words)}"))
        return tuple(found)


def changes_large_objects(connection: Any) -> bool:
    """Whether this transaction has changed or dropped large objects."""
    with plain_cursor(connection) as cursor:
        cursor.execute(LARGE_OBJECTS)
        return any(count for (count,) in cursor.fetchall())


def writes_catalogue(connection: Any) -> bool:
    """Whether this transaction has written to PostgreSQL's own tables: it has changed a fact, or says what it did."""
    with plain_cursor(connection) as cursor:
        cursor.execute(CATALOGUE)
        return bool(cursor.fetchone()[0])


def held_locks(connection: Any, tables: Sequence[int]) -> tuple[tuple[int, str], ...]:
    """The tables that this transaction has locked for more than reading, and how."""
    with plain_cursor(connection) as cursor:
        cursor.execute(LOCKS, (list(tables), list(HARMLESS)))
        return tuple(cursor.fetchall())


def unneeded(held: Iterable[tuple[int, str]], referenced: Collection[int]) -> tuple[Trace, ...]:
    """The locks that foreign keys of unprotected tables do not explain.

    Args:
        held: oids of protected tables, and the modes in which they are locked.
        referenced: those that unprotected tables' foreign keys refer to, or did before the run.
    """
    return tuple(
        Trace(oid, f"locked in {mode}")
        for oid, mode in sorted(held)
        if not (mode in OF_FOREIGN_KEYS and oid in referenced)
    )


def locks(connection: Any, tables: Sequence[int], referenced: Collection[int]) -> tuple[Trace, ...]:
    """The tables that this transaction has locked for more than reading, or than its foreign keys need.

    Args:
        tables: the protected tables' oids.
        referenced: those that unprotected tables' foreign keys referred to before the run.
    """
    held = held_locks(connection, tables)
    if any(mode in OF_FOREIGN_KEYS and oid not in referenced for oid, mode in held):
        referenced = {*referenced, *referenced_tables(connection, tables)}
    return unneeded(held, referenced)


def referenced_tables(connection: Any, tables: Sequence[int]) -> set[int]:
    """The oids of protected tables that unprotected tables' foreign keys refer to."""
    with plain_cursor(connection) as cursor:
        cursor.execute(REFERENCED, (list(tables),))
        protected = set(tables)
        return {target for holder, target in cursor.fetchall() if holder not in protected}
