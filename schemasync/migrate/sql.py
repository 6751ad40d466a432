"""What would run, as SQL: told by a rehearsal on a clone, not by guessing.

Alembic's own offline mode runs the revisions' Python against a stand-in that cannot answer a query, and lets it open
connections to the live database. Here the revisions run for real, and nothing of the live database but its definitions.
"""

from collections.abc import Iterator
from contextlib import ExitStack

from schemasync.migrate.layers import Executed
from schemasync.migrate.prepared import Settings, prepare
from schemasync.migrate.rehearsal import rehearse
from schemasync.migrate.runs import Target
from schemasync.migrate.statements import read_statement


def planned_sql(settings: Settings, target: Target) -> str:
    """The statements that a run would execute, those that only read left out, with a comment for each revision.

    Raises:
        FenceBreachError: a revision touches something protected.
        MigrationError: a revision fails on the clone.
    """
    with ExitStack() as stack:
        prepared = prepare(settings, stack)
        executed = rehearse(settings, target, prepared).executed
    lines = list(_lines(executed))
    return "\n".join(["BEGIN;", *lines, "COMMIT;", ""]) if lines else "-- nothing to do\n"


def _lines(executed: tuple[Executed, ...]) -> Iterator[str]:
    revision: str | None = None
    for item in executed:
        reading = read_statement(item.sql)
        if reading is not None and set(reading.kinds) <= {"SelectStmt"}:
            continue
        if item.revision != revision:
            revision = item.revision
            yield f"\n-- {'revision ' + revision if revision else 'env.py'}"
        text = item.sql.strip().rstrip(";") + ";"
        if reading is not None and reading.outside:
            yield f"-- in an autocommit_block, outside of the transaction:\nCOMMIT;\n{text}\nBEGIN;"
        else:
            yield text
