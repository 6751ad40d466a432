"""What a transaction would still do at its COMMIT, after every check: brought about, or refused, before it.

Deferred triggers fire at COMMIT, and a cursor WITH HOLD is run to its end there (PostgreSQL manual, "SET CONSTRAINTS",
"DECLARE"). Only a row that is written queues a trigger, so that a round which has written none has left none.
"""

from collections.abc import Iterator
from typing import Any

from schemasync.migrate import gate
from schemasync.migrate.inventory import plain_cursor

ROUNDS = 10

HELD = "SELECT name FROM pg_catalog.pg_cursors WHERE is_holdable ORDER BY name"
DEFERRABLE = f"""SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger
WHERE tgdeferrable AND tgname OPERATOR(pg_catalog.<>) '{gate.NAME}'::pg_catalog.name)"""
WRITTEN = """SELECT pg_catalog.sum(pg_catalog.int8pl(pg_catalog.int8pl(pg_catalog.pg_stat_get_xact_tuples_inserted(oid),
    pg_catalog.pg_stat_get_xact_tuples_updated(oid)), pg_catalog.pg_stat_get_xact_tuples_deleted(oid))),
    pg_catalog.current_setting('track_counts')
FROM pg_catalog.pg_class WHERE relkind OPERATOR(pg_catalog.=) ANY ('{r,p,m,f}'::pg_catalog."char"[])"""


def left_for_commit(connection: Any, closed: gate.Gate | None) -> Iterator[str]:
    """Fire what is deferred; what cannot be brought about before the COMMIT, as sentences.

    Args:
        connection: in its transaction.
        closed: the gate that stands in it; it is opened for this, and closed again.

    Raises:
        psycopg2.Error: what was deferred failed.
    """
    with plain_cursor(connection) as cursor:
        cursor.execute(HELD)
        for (name,) in cursor.fetchall():
            yield f"it leaves the cursor {name} WITH HOLD open, which runs on at the commit, after every check"
        cursor.execute(DEFERRABLE)
        if cursor.fetchone()[0] and not _is_fired(connection, cursor, closed):
            yield "it defers again and again what it has deferred, so that it would run at the commit, unchecked"
        cursor.execute("SELECT pg_catalog.current_setting('track_counts')")
        if cursor.fetchone()[0] != "on":
            yield "it switches track_counts off, by which PostgreSQL counts the rows that are written"


def _is_fired(connection: Any, cursor: Any, closed: gate.Gate | None) -> bool:
    if closed is not None:
        gate.open_gate(connection, closed)
    cursor.execute(WRITTEN)
    before = cursor.fetchone()
    for _ in range(ROUNDS):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(WRITTEN)
        after = cursor.fetchone()
        if after == before:
            if closed is not None:
                gate.close_again(connection, closed)
            return True
        before = after
    return False
