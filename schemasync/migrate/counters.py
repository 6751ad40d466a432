"""What a transaction did to rows and locks of protected tables, by PostgreSQL's own counters and lock table.

`pg_stat_get_xact_tuples_…` count this transaction's writes, those of rolled-back savepoints too (manual, "The
Cumulative Statistics System"). A lock that a statement takes stays to the end of the transaction, so a backend's
own rows of `pg_locks` tell what it touched.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from schemasync.migrate.inventory import plain_cursor

# Reading, and checking a foreign key (SELECT … FOR KEY SHARE).
HARMLESS = ("AccessShareLock", "RowShareLock")
# A foreign key to a table takes the first when it is added, the second when it is dropped.
OF_FOREIGN_KEYS = ("ShareRowExclusiveLock", "AccessExclusiveLock")

WRITES = """SELECT t.oid::oid::bigint, pg_catalog.pg_stat_get_xact_tuples_inserted(t.oid) AS inserted,
    pg_catalog.pg_stat_get_xact_tuples_updated(t.oid) AS updated,
    pg_catalog.pg_stat_get_xact_tuples_deleted(t.oid) AS deleted
FROM pg_catalog.unnest(%s::oid[]) AS t(oid)"""

LOCKS = """SELECT DISTINCT relation::bigint, mode FROM pg_catalog.pg_locks
WHERE locktype = 'relation' AND pid = pg_catalog.pg_backend_pid() AND granted AND relation = ANY (%s::oid[])
AND mode <> ALL (%s)"""

REFERENCED = """SELECT DISTINCT confrelid::bigint FROM pg_catalog.pg_constraint
WHERE contype = 'f' AND confrelid = ANY (%s::oid[]) AND conrelid <> ALL (%s::oid[])"""


@dataclass(frozen=True, slots=True)
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


def locks(connection: Any, tables: Sequence[int], referenced: Iterable[int]) -> tuple[Trace, ...]:
    """The tables that this transaction has locked for more than reading, or than its foreign keys need.

    Args:
        tables: the protected tables' oids.
        referenced: those that unprotected tables' foreign keys referred to before the run.
    """
    with plain_cursor(connection) as cursor:
        cursor.execute(LOCKS, (list(tables), list(HARMLESS)))
        rows = cursor.fetchall()
        if not rows:
            return ()
        allowed = set(referenced)
        if any(mode in OF_FOREIGN_KEYS for _, mode in rows):
            allowed |= referenced_tables(connection, tables)
        return tuple(
            Trace(oid, f"locked in {mode}")
            for oid, mode in sorted(rows)
            if not (mode in OF_FOREIGN_KEYS and oid in allowed)
        )


def referenced_tables(connection: Any, tables: Sequence[int]) -> set[int]:
    """The oids of protected tables that unprotected tables' foreign keys refer to."""
    with plain_cursor(connection) as cursor:
        cursor.execute(REFERENCED, (list(tables), list(tables)))
        return {oid for (oid,) in cursor.fetchall()}
