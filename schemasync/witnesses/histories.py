"""Both migration histories as one database has seen them, read in a read-only transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemasync.schema.names import quote
from schemasync.urls import default_schema
from schemasync.witnesses.alembic_history import AlembicHistory, read_revisions, version_table
from schemasync.witnesses.catalog_connection import Reader, open_reader
from schemasync.witnesses.catalog_statement import literal
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tables of histories to read.

    Args:
        prisma: whether Prisma's.
        version_table: the schema, where one is named, and the name of Alembic's; None for no such history.
        schemas: the PostgreSQL schemas in which they are looked for, in this order.
    """

    prisma: bool
    version_table: tuple[str | None, str] | None
    schemas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HistoryTables:
    """What one database's own tables say of both histories.

    Args:
        prisma: the rows of `_prisma_migrations`; None where there is no such table.
        others: the database's tables where it has no history of Prisma's.
        locked: whether somebody holds Prisma's advisory lock.
        alembic: what the version table holds; None where there is none.
    """

    prisma: tuple[PrismaRow, ...] | None = None
    others: tuple[str, ...] = ()
    locked: bool = False
    alembic: tuple[str, ...] | None = None

    def without_times(self) -> "HistoryTables":
        """The same with ranks in place of times: equal for databases that saw the same in the same order."""
        rows = self.prisma or ()
        ranks = {time: f"{rank:09}" for rank, time in enumerate(sorted({row.started_at for row in rows}))}
        plain = [
            replace(
                row,
                started_at=ranks[row.started_at],
                finished_at=row.finished_at
                and (ranks[row.started_at] if row.finished_at == row.started_at else "later"),
                rolled_back_at=row.rolled_back_at and "later",
            )
            for row in rows
        ]
        return replace(self, prisma=None if self.prisma is None else tuple(plain))


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
    if url_or_connection is None:
        return histories_of(None, "", migrations=migrations, alembic=alembic)
    named = default_schema(url_or_connection) if isinstance(url_or_connection, str) else None
    wanted = Wanted(migrations is not None, None if alembic is None else version_table(alembic), tuple(schemas))
    with open_reader(url_or_connection) as reader:
        tables = read_history_tables(reader, wanted, named)
        return histories_of(tables, reader.source, migrations=migrations, alembic=alembic)


def read_history_tables(reader: Reader, wanted: Wanted, first: str | None = None) -> HistoryTables:
    """What a database's own tables say of its histories.

    Args:
        reader: the connection.
        wanted: which tables, and where.
        first: a PostgreSQL schema to look in before the others: what Prisma's `?schema=` names.

    Raises:
        DatabaseError: they cannot be read.
    """
    version_schema, version_name = wanted.version_table or (None, "")
    places = list(dict.fromkeys(place for place in (first, version_schema, *wanted.schemas) if place))
    asked = ", ".join(literal(place) for place in places)
    tables = [(row[0], row[1]) for row in reader.rows(_TABLES.format(schemas=asked))]
    found = _prisma(reader, places, tables) if wanted.prisma else HistoryTables()
    if wanted.version_table is not None:
        where = [version_schema] if version_schema else places
        found = replace(found, alembic=_alembic(reader, where, version_name, tables))
    return found


def histories_of(
    tables: HistoryTables | None, database: str, *, migrations: Path | None = None, alembic: Path | None = None
) -> Histories:
    """The histories that two folders and a database's tables make together.

    Args:
        tables: None for a database that has seen nothing.
        database: its URL without the password.

    Raises:
        DatabaseError: a folder or a script cannot be read.
    """
    revisions = None if alembic is None else read_revisions(alembic)
    seen = tables or HistoryTables()
    prisma = None
    if migrations is not None:
        prisma = prisma_history(migrations, seen.prisma, locked=seen.locked, other_tables=seen.others)
    found = None
    if alembic is not None and revisions is not None:
        found = AlembicHistory(alembic, revisions, seen.alembic or (), has_table=seen.alembic is not None)
    return Histories(database, prisma, found)


def _prisma(reader: Reader, places: Sequence[str], tables: Sequence[tuple[str, str]]) -> HistoryTables:
    place = next((place for place in places if (place, TABLE) in tables), None)
    if place is None:
        return HistoryTables(others=tuple(name for _, name in tables))
    rows = reader.rows(f"SELECT {COLUMNS} FROM {quote(place)}.{TABLE} ORDER BY started_at, migration_name")
    locked = reader.rows(_LOCKED)[0][0] != "0"
    return HistoryTables(tuple(PrismaRow(*row) for row in rows), locked=locked)


def _alembic(
    reader: Reader, places: Sequence[str], name: str, tables: Sequence[tuple[str, str]]
) -> tuple[str, ...] | None:
    place = next((place for place in places if (place, name) in tables), None)
    if place is None:
        return None
    rows = reader.rows(f"SELECT version_num FROM {quote(place)}.{quote(name)} ORDER BY version_num")
    return tuple(row[0] for row in rows)
