"""Both migration histories as one database has seen them, read in a read-only transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemasync.schema.names import quote
from schemasync.urls import default_schema
from schemasync.witnesses.alembic_history import AlembicHistory, read_revisions, version_table
from schemasync.witnesses.catalog_connection import Reader, open_reader
from schemasync.witnesses.catalog_queries import literal
from schemasync.witnesses.prisma_history import COLUMNS, LOCK_KEY, TABLE, PrismaHistory, PrismaRow, prisma_history

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

# All ordinary tables of the schemas that are asked for.
_TABLES = """
SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname IN ({schemas}) ORDER BY n.nspname, c.relname
"""
# A bigint key is split over two columns (PostgreSQL manual, "pg_locks").
_LOCKED = f"""
SELECT count(*)::text FROM pg_catalog.pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid = 0 AND objid = {LOCK_KEY}
AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
"""


@dataclass(frozen=True, slots=True)
class Histories:
    """The two histories beside one database.

    Args:
        database: its URL without the password; empty where none was asked.
        prisma, alembic: None for one that is not configured.
    """

    database: str
    prisma: PrismaHistory | None
    alembic: AlembicHistory | None


def read_histories(
    url_or_connection: "str | URL | Engine | Connection | Any | None",
    *,
    migrations: Path | None = None,
    alembic: Path | None = None,
    schemas: Sequence[str] = ("public",),
) -> Histories:
    """What a database has seen of the migrations in two folders.

    Args:
        url_or_connection: the database, as for `read_database`; None for one that has seen nothing.
        migrations: Prisma's folder of migrations.
        alembic: an `alembic.ini`, or the folder that Flask-Migrate keeps.
        schemas: the PostgreSQL schemas in which the histories' tables are looked for, after the one that a URL names
            by Prisma's `?schema=`.

    Raises:
        DatabaseError: the database, a folder or a script cannot be read.
        ConfigurationError: the URL is no PostgreSQL URL.
    """
    revisions = None if alembic is None else read_revisions(alembic)
    if url_or_connection is None:
        return Histories(
            "",
            None if migrations is None else prisma_history(migrations, None),
            None if alembic is None or revisions is None else AlembicHistory(alembic, revisions),
        )
    named = default_schema(url_or_connection) if isinstance(url_or_connection, str) else None
    version_schema, version_name = (None, "alembic_version") if alembic is None else version_table(alembic)
    places = list(dict.fromkeys([*([named] if named else []), *([version_schema] if version_schema else []), *schemas]))
    with open_reader(url_or_connection) as reader:
        asked = ", ".join(literal(place) for place in places)
        tables = [(row[0], row[1]) for row in reader.rows(_TABLES.format(schemas=asked))]
        prisma = None if migrations is None else _prisma(reader, migrations, places, tables)
        found = None
        if alembic is not None and revisions is not None:
            where = [version_schema] if version_schema else places
            found = _alembic(reader, AlembicHistory(alembic, revisions), where, version_name, tables)
        return Histories(reader.source, prisma, found)


def _prisma(reader: Reader, folder: Path, places: Sequence[str], tables: Sequence[tuple[str, str]]) -> PrismaHistory:
    place = next((place for place in places if (place, TABLE) in tables), None)
    if place is None:
        return prisma_history(folder, None, other_tables=[name for _, name in tables])
    rows = reader.rows(f"SELECT {COLUMNS} FROM {quote(place)}.{TABLE} ORDER BY started_at, migration_name")
    locked = reader.rows(_LOCKED)[0][0] != "0"
    return prisma_history(folder, [PrismaRow(*row) for row in rows], locked=locked)


def _alembic(
    reader: Reader,
    history: AlembicHistory,
    places: Sequence[str],
    name: str,
    tables: Sequence[tuple[str, str]],
) -> AlembicHistory:
    place = next((place for place in places if (place, name) in tables), None)
    if place is None:
        return history
    rows = reader.rows(f"SELECT version_num FROM {quote(place)}.{quote(name)} ORDER BY version_num")
    return AlembicHistory(history.config, history.revisions, tuple(row[0] for row in rows), has_table=True)
