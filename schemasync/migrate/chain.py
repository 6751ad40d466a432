"""The two histories as the database tells them: may Alembic run now, and what has this chain created?"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from schemasync.migrate.history import Created, created_by
from schemasync.migrate.locks import Anchor
from schemasync.migrate.refusals import MigrationError

if TYPE_CHECKING:
    from alembic.config import Config

HAS_TABLE = "SELECT pg_catalog.to_regclass(%s) IS NOT NULL"
PRISMA_HISTORY = """SELECT migration_name, logs IS NOT NULL AND logs <> '' FROM {table}
WHERE finished_at IS NULL AND rolled_back_at IS NULL ORDER BY started_at"""


def applied_heads(anchor: Anchor, tables: Iterable[tuple[str | None, str]]) -> tuple[str, ...]:
    """The revisions that Alembic's version table holds; none where there is no such table."""
    for schema, name in tables:
        qualified = f"{_quoted(schema)}.{_quoted(name)}" if schema else _quoted(name)
        if anchor.rows(HAS_TABLE, qualified)[0][0]:
            return tuple(sorted(row[0] for row in anchor.rows(f"SELECT version_num FROM {qualified}")))
    return ()


def created_by_chain(config: "Config", heads: Iterable[str]) -> frozenset[Created]:
    """What the applied revisions created.

    Raises:
        MigrationError: a revision in the database is not in the chain.
    """
    from alembic.script import ScriptDirectory
    from alembic.script.revision import RevisionError
    from alembic.util import CommandError

    heads = tuple(heads)
    try:
        scripts = ScriptDirectory.from_config(config)
        applied = list(scripts.iterate_revisions(heads, "base", implicit_base=True)) if heads else []
    except (CommandError, RevisionError, KeyError) as error:
        raise MigrationError(
            f"the database is at revision {', '.join(heads)}, which these scripts do not know",
            hint="deploy the code that has it, or check that this is the right database; nothing has changed",
        ) from error
    return created_by(Path(script.path) for script in applied)


def demand_prisma_in_order(anchor: Anchor, schemas: Iterable[str], *, prisma_is_configured: bool) -> None:
    """Refuse to run while Prisma's history is failed, running or yet to begin.

    Raises:
        MigrationError: a migration of Prisma's has failed or is running, or Prisma has not migrated this database.
    """
    found = False
    for schema in schemas:
        table = f"{_quoted(schema)}._prisma_migrations"
        if not anchor.rows(HAS_TABLE, table)[0][0]:
            continue
        found = True
        for name, failed in anchor.rows(PRISMA_HISTORY.format(table=table)):
            state = "has failed" if failed else "is running, or was killed while it ran"
            raise MigrationError(
                f"Prisma's migration {name} {state}; Alembic must not run on what it may have left half done",
                hint=f"prisma migrate resolve --rolled-back {name} (or --applied), then prisma migrate deploy",
            )
    if prisma_is_configured and not found:
        raise MigrationError(
            "Prisma has not migrated this database yet, and must go first: on a database that has any other table, "
            "even an empty alembic_version, its first prisma migrate deploy refuses (P3005)",
            hint="run prisma migrate deploy, then this again",
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
