"""One revision by the project's own env.py on a scratch database, within the fence."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import Database
from real_tools import ENVIRONMENT, AlembicProject

from schemasync.migrate.environment import AlembicProject as Project
from schemasync.migrate.prepared import Settings
from schemasync.migrate.refusals import FenceBreachError, MigrationError
from schemasync.migrate.trial import try_revision
from schemasync.schema.model import Schema, Table
from schemasync.scratch import ScratchDatabase, ScratchServer

FIRST = "CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE _prisma_migrations (id int)"
DECLARED = {
    "prisma": Schema("prisma", tables=(Table("users"), Table("tags"))),
    "sqlalchemy": Schema("sqlalchemy", tables=(Table("users"), Table("tags"), Table("shops"))),
}


@pytest.fixture
def live(database: Database) -> Database:
    database.execute(FIRST)
    return database


@pytest.fixture
def later(live: Database, server: ScratchServer) -> Iterator[ScratchDatabase]:
    """What the live database is to be once Prisma has migrated, with rows."""
    with server.create_database() as scratch:
        opened = scratch.connect()
        with opened.cursor() as cursor:
            cursor.execute(FIRST + "; CREATE TABLE tags (id int PRIMARY KEY); INSERT INTO tags VALUES (1)")
            cursor.execute("CREATE TABLE shops (id int); CREATE TABLE alembic_version (version_num varchar(32))")
            cursor.execute("INSERT INTO alembic_version VALUES ('a1')")
        opened.close()
        yield scratch


def chain(folder: Path, live: Database, upgrade: str, environment: str = ENVIRONMENT) -> Settings:
    made = AlembicProject(folder / "alembic", live.url, environment)
    made.write("a1", None, "op.create_table('shops', sa.Column('id', sa.Integer()))")
    made.write("b2", "a1", upgrade)
    return Settings(live.url, Project(made.config, (folder,)), DECLARED, prisma_lock=False)


def columns(database: ScratchDatabase, table: str) -> int:
    opened = database.connect()
    with opened.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM information_schema.columns WHERE table_name = %s", (table,))
        found = cursor.fetchone()
    opened.close()
    assert found is not None
    return int(found[0])


def test_a_revision_runs_there_and_not_on_the_live_database(
    live: Database, later: ScratchDatabase, tmp_path: Path
) -> None:
    tag = "op.add_column('shops', sa.Column('tag_id', sa.Integer(), sa.ForeignKey('tags.id')))"
    try_revision(chain(tmp_path, live, tag), "b2", later)
    assert columns(later, "shops") == 2
    assert live.execute("SELECT to_regclass('shops') IS NULL AND to_regclass('alembic_version') IS NULL") == [(True,)]


@pytest.mark.parametrize(
    ("upgrade", "told"),
    [
        ("op.add_column('tags', sa.Column('name', sa.Text()))", "it alters table public.tags"),
        ("op.execute('UPDATE tags SET id = id')", "table public.tags"),
        ("op.execute('COMMIT')", "COMMIT"),
    ],
)
def test_what_the_fence_refuses(
    live: Database, later: ScratchDatabase, tmp_path: Path, upgrade: str, told: str
) -> None:
    """The table that only the release's Prisma migration makes is protected as well."""
    with pytest.raises(FenceBreachError, match=told):
        try_revision(chain(tmp_path, live, upgrade), "b2", later)


def test_an_env_py_of_its_own_kind(live: Database, later: ScratchDatabase, tmp_path: Path) -> None:
    """It keeps its versions elsewhere, and does something before it migrates."""
    environment = ENVIRONMENT.replace("target_metadata=None", "target_metadata=None, version_table='seen'")
    environment = environment.replace(
        "    context.configure", "    connection.exec_driver_sql('SELECT 1')\n    context.configure"
    )
    try_revision(chain(tmp_path, live, "op.add_column('shops', sa.Column('n', sa.Text()))", environment), "b2", later)
    assert columns(later, "shops") == 2


def test_an_env_py_that_fails(live: Database, later: ScratchDatabase, tmp_path: Path) -> None:
    with pytest.raises(MigrationError, match=r"env\.py failed: .*KeyError: 'NOT_SET_HERE'"):
        try_revision(
            chain(tmp_path, live, "pass", "import os\nos.environ['NOT_SET_HERE']\n" + ENVIRONMENT), "b2", later
        )
    with pytest.raises(MigrationError, match="which is another database than the one planned"):
        other = ENVIRONMENT.replace('context.config.get_main_option("sqlalchemy.url")', repr(psycopg2_url(later.url)))
        try_revision(chain(tmp_path / "other", live, "pass", other), "b2", later)


def psycopg2_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg2://")
