"""Statements inside an `autocommit_block`, where nothing can be undone: stricter rules, and the SQL that mends."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schemasync.migrate import counters
from schemasync.migrate.findings import of_large_objects
from schemasync.migrate.inventory import plain_cursor
from schemasync.migrate.refusals import FenceBreachError, Refusal
from schemasync.migrate.statements import Reading

if TYPE_CHECKING:
    from schemasync.compare.drift import Drift
    from schemasync.migrate.fence import Fence
    from schemasync.migrate.layers import Executed

# What may run outside of a transaction: on named objects, which the parser has resolved.
ALONE = frozenset({"index_stmt", "drop_stmt", "reindex_stmt", "vacuum_stmt"})
# What changes no fact but through functions; the facts are compared when the block ends.
OF_ROWS = frozenset({"select_stmt", "insert_stmt", "update_stmt", "delete_stmt", "merge_stmt", "variable_set_stmt"})


@contextmanager
def strict_statement(fence: "Fence", reading: Reading | None, executed: "Executed") -> Iterator[None]:
    """Around one statement of an autocommit_block.

    Raises:
        FenceBreachError: it cannot be read, cannot be checked, or touched something protected; that was rolled back
            where PostgreSQL could run it in a transaction.
    """
    if not fence.layers.parser and (reading is None or reading.outside):
        yield
        return
    if reading is None:
        _refuse(fence, executed, "it cannot be read by PostgreSQL's grammar, and nothing here can be undone")
        return
    if reading.outside:
        if len(reading.kinds) != 1 or reading.kinds[0] not in ALONE or not reading.touches:
            _refuse(fence, executed, "it runs outside of a transaction, and names no object that could be looked at")
        yield
        return
    connection = fence.connection
    with plain_cursor(connection) as cursor:
        cursor.execute("BEGIN")
        try:
            yield
            fence.demand_no_rest()
            found = (*counters.writes(connection, fence.tables),) if fence.layers.counters else ()
            if fence.layers.counters:
                found += counters.locks(connection, fence.tables, fence.audit.referenced)
                if counters.changes_large_objects(connection):
                    fence.add(of_large_objects(executed))
            for trace in found:
                fence.add_trace(trace)
            if fence.layers.facts and not set(reading.kinds) <= OF_ROWS:
                fence.check_facts(executed)
            if fence.refusals:
                raise FenceBreachError(tuple(fence.refusals))
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")


def _refuse(fence: "Fence", executed: "Executed", what: str) -> None:
    fence.refuse(
        Refusal(
            "parser", what, executed.place, executed.sql, instead="move it out of the autocommit_block, or split it"
        )
    )


def mending_sql(drift: "Drift") -> Iterator[str]:
    """SQL that undoes a change which was committed, where it follows from the facts; else what to restore."""
    schema = _quoted(drift.schema)
    table = f"{schema}.{_quoted(drift.table or '')}"
    name = _quoted(drift.object or "")
    if drift.kind == "index-extra":
        yield f"DROP INDEX CONCURRENTLY {schema}.{name};"
    elif drift.kind == "trigger" and drift.values.get("snapshot") is None:
        yield f"DROP TRIGGER {name} ON {table};"
    elif drift.kind == "column-extra":
        yield f"ALTER TABLE {table} DROP COLUMN {name};"
    elif drift.kind in ("check-extra", "unique-extra", "foreign-key-extra"):
        yield f"ALTER TABLE {table} DROP CONSTRAINT {name};"
    else:
        was = drift.values.get("snapshot")
        yield f"-- restore {drift.kind.replace('-', ' ')} {drift.object or drift.table}: it was {was or 'absent'}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
