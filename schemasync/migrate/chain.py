"""The two histories as the database tells them: may Alembic run now, and what has this chain created?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from schemasync.migrate.locks import Anchor
from schemasync.migrate.refusals import MigrationError
from schemasync.witnesses.alembic_history import Revision, ancestors
from schemasync.witnesses.catalog_connection import open_reader
from schemasync.witnesses.histories import HistoryTables, Wanted, read_history_tables
from schemasync.witnesses.prisma_history import unfinished

if TYPE_CHECKING:
    from schemasync.migrate.history import Created


def applied_heads(anchor: Anchor, tables: Iterable[tuple[str | None, str]]) -> tuple[str, ...]:
    """The revisions that Alembic's version table holds; none where there is no such table.

    Args:
        anchor: the connection.
        tables: the version tables that may be, each by its schema (None is the search path's) and name.
    """
    path = tuple(anchor.rows("SELECT pg_catalog.current_schemas(false)::text[]")[0][0])
    with open_reader(anchor.connection) as reader:
        for table in tables:
            found = read_history_tables(reader, Wanted(False, table, path)).alembic
            if found is not None:
                return found
    return ()


def created_by_chain(revisions: Sequence[Revision], heads: Iterable[str]) -> frozenset[Created]:
    """What the applied revisions created.

    Args:
        revisions: the chain's.
        heads: what the database is at.

    Raises:
        MigrationError: a revision in the database is not in the chain.
    """
    from schemasync.migrate.history import created_by

    heads = tuple(heads)
    demand_known(revisions, heads)
    applied = ancestors(revisions, heads)
    return created_by(revision.path for revision in revisions if revision.id in applied)


def demand_known(revisions: Sequence[Revision], heads: Iterable[str]) -> None:
    """Refuse a database that is at a revision which the chain does not have.

    Raises:
        MigrationError: it is.
    """
    known = {revision.id for revision in revisions}
    unknown = [head for head in heads if head not in known]
    if unknown:
        raise MigrationError(
            f"the database is at revision {', '.join(unknown)}, which these scripts do not know",
            hint="deploy the code that has it, or check that this is the right database; nothing has changed",
        )


def demand_prisma_in_order(anchor: Anchor, schemas: Iterable[str], *, prisma_is_configured: bool) -> None:
    """Refuse to run while Prisma's history is failed, running or yet to begin.

    Raises:
        MigrationError: a migration of Prisma's has failed or is running, or Prisma has not migrated this database.
    """
    with open_reader(anchor.connection) as reader:
        tables = read_history_tables(reader, Wanted(True, None, tuple(schemas)))
    _demand_in_order(tables, prisma_is_configured=prisma_is_configured)


def _demand_in_order(tables: HistoryTables, *, prisma_is_configured: bool) -> None:
    for row in unfinished(tables.prisma or ()):
        state = "has failed" if row.logs else "is running, or was killed while it ran"
        raise MigrationError(
            f"Prisma's migration {row.name} {state}; Alembic must not run on what it may have left half done",
            hint=f"prisma migrate resolve --rolled-back {row.name} (or --applied), then prisma migrate deploy",
        )
    if prisma_is_configured and tables.prisma is None:
        raise MigrationError(
            "Prisma has not migrated this database yet, and must go first: on a database that has any other table, "
            "even an empty alembic_version, its first prisma migrate deploy refuses (P3005)",
            hint="run prisma migrate deploy, then this again",
        )
