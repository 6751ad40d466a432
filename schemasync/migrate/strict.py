"""Statements inside an `autocommit_block`, where nothing can be undone: stricter rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schemasync.migrate import counters
from schemasync.migrate.findings import of_large_objects
from schemasync.migrate.inventory import plain_cursor
from schemasync.migrate.refusals import FenceBreachError, Refusal
from schemasync.migrate.statements import Reading

if TYPE_CHECKING:
    from schemasync.migrate.fence import Fence
    from schemasync.migrate.layers import Executed

# What may run outside of a transaction: on named objects, which the parser has resolved.
ALONE = frozenset({"IndexStmt", "DropStmt", "ReindexStmt", "VacuumStmt"})


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
            if fence.layers.facts and counters.writes_catalogue(connection):
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
