"""Whether there is anything to run at all, told without Alembic, SQLAlchemy or the application being imported.

A run that has nothing to do is the usual one: every start of a container asks for it. The chain is read from its
revisions' text, the version table from the database. Where either does not say all, nothing is said, and Alembic is
asked.

No lock is taken for it, since nothing is written. But where somebody else holds Prisma's at that moment (a deploy, or
another run of Alembic's), or Prisma's history is not in order, what is read may be half of a whole: then nothing is
said either, and the whole run waits for the lock and looks again.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from schemasync.witnesses.alembic_history import AlembicHistory, read_revisions, version_table

# A version table is one whose only column is Alembic's; env.py may name it by whatever it computes.
VERSION_TABLES = """SELECT n.nspname, c.relname FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE a.attname = 'version_num' AND NOT a.attisdropped AND c.relkind = 'r' AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_attribute o
    WHERE o.attrelid = a.attrelid AND o.attnum > 0 AND o.attnum <> a.attnum AND NOT o.attisdropped)"""


def standing(
    url: str, config: Path, revision: str, schemas: Sequence[str], *, prisma: bool, prisma_lock: bool = True
) -> tuple[str, ...] | None:
    """The revisions that the database is at, where an upgrade to the target has nothing to do; None where it may have.

    Args:
        url: the database.
        config: an `alembic.ini`, or Flask-Migrate's folder.
        revision: the target; only `heads`, `head` and a whole identifier are understood.
        schemas: where `_prisma_migrations` may stand.
        prisma: whether Prisma is configured.
        prisma_lock: whether a run would take Prisma's lock.

    Raises:
        DatabaseError: the database cannot be reached, or a revision cannot be read.
    """
    from schemasync.migrate.chain import demand_prisma_in_order
    from schemasync.migrate.locks import Anchor, connect, is_prisma_locked
    from schemasync.migrate.refusals import MigrationError

    file = config / "alembic.ini" if config.is_dir() else config
    if not file.is_file():
        return None
    revisions = read_revisions(file)
    connection = connect(url, "schemasync")
    anchor = Anchor(connection, url, 0)
    try:
        if prisma_lock and is_prisma_locked(anchor):
            return None
        at = _at(connection, version_table(file))
        if at is None:
            return None
        history = AlembicHistory(file, revisions, at, has_table=True)
        if history.unknown or not _is_reached(history, revision):
            return None
        demand_prisma_in_order(anchor, schemas, prisma_is_configured=prisma)
        return at
    except MigrationError:
        return None
    finally:
        connection.close()


def _is_reached(history: AlembicHistory, revision: str) -> bool:
    if revision == "heads" or (revision == "head" and len(history.heads) == 1):
        return not history.pending
    return revision in history.applied


def _at(connection: Any, named: tuple[str | None, str]) -> tuple[str, ...] | None:
    from schemasync.schema.names import quote

    with connection.cursor() as cursor:
        cursor.execute(VERSION_TABLES)
        found = [(schema, name) for schema, name in cursor.fetchall() if named[0] in (None, schema)]
        if len(found) != 1 or found[0][1] != named[1]:
            return None
        cursor.execute(f"SELECT version_num FROM {quote(found[0][0])}.{quote(found[0][1])} ORDER BY 1")
        return tuple(version for (version,) in cursor.fetchall())
