"""Other people's env.py files, unedited, within the fence: each applies what is right and refuses what is not."""

import pytest
from fence_project import ENVIRONMENT, Project

from schemasync.migrate.refusals import FenceBreachError, MigrationError

BEGIN = """\
from alembic import context
from sqlalchemy import create_engine

with create_engine(context.config.get_main_option("sqlalchemy.url")).begin() as connection:
    context.configure(connection=connection, target_metadata=None)
    context.run_migrations()
"""
COMMITS = ENVIRONMENT + "    connection.commit()\n"
PER_MIGRATION = ENVIRONMENT.replace("target_metadata=None", "target_metadata=None, transaction_per_migration=True")
SEARCH_PATH = ENVIRONMENT.replace(
    "    context.configure",
    '    connection.exec_driver_sql("SET search_path TO public")\n    connection.commit()\n    context.configure',
)
ATTRIBUTES = """\
from alembic import context
from sqlalchemy import create_engine, pool

connection = context.config.attributes.get("connection")
if connection is None:
    connection = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool).connect()
context.configure(connection=connection, target_metadata=None)
with context.begin_transaction():
    context.run_migrations()
connection.close()
"""
POOLED = """\
import fence_engine
from alembic import context

with fence_engine.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""
STOCK = """\
from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
target_metadata = None


def run_migrations_offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
"""
ENVIRONMENTS = {
    "stock": STOCK,
    "engine.begin()": BEGIN,
    "commits by itself": COMMITS,
    "a transaction for each migration": PER_MIGRATION,
    "sets the search path": SEARCH_PATH,
    "attributes": ATTRIBUTES,
}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_an_unedited_environment(project: Project, name: str) -> None:
    (project.folder / "env.py").write_text(ENVIRONMENTS[name])
    project.add('op.execute("CREATE TABLE fine (id int)")')
    project.upgrade()
    assert project.version() == ["rev1"]
    project.add('op.execute("CREATE TABLE fine2 (id int)")\nop.execute("DELETE FROM sessions")')
    with pytest.raises(FenceBreachError):
        project.upgrade()
    assert project.version() == ["rev1"]
    assert project.database.execute("SELECT to_regclass('fine2')") == [(None,)]


def test_an_engine_whose_pool_was_filled_before_the_fence_stood(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys
    from types import ModuleType

    from sqlalchemy import create_engine

    module = ModuleType("fence_engine")
    engine = create_engine(project.database.url.replace("postgresql:", "postgresql+psycopg2:"))
    module.engine = engine
    monkeypatch.setitem(sys.modules, "fence_engine", module)
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    (project.folder / "env.py").write_text(POOLED)
    project.add('op.execute("DELETE FROM sessions")')
    with pytest.raises(FenceBreachError):
        project.upgrade()
    assert project.database.execute("SELECT count(*) FROM sessions") == [(1,)]
    engine.dispose()


@pytest.mark.parametrize(
    "hostile",
    [
        '    connection.exec_driver_sql("DELETE FROM sessions")\n    connection.commit()\n',
        "    connection.exec_driver_sql(\"DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$\")\n"
        "    connection.commit()\n",
    ],
)
@pytest.mark.parametrize("where", ["before", "after"])
def test_what_env_itself_does_is_fenced_too(project: Project, hostile: str, where: str) -> None:
    text = (
        ENVIRONMENT + hostile
        if where == "after"
        else ENVIRONMENT.replace("    context.conf", hostile + "    context.conf")
    )
    (project.folder / "env.py").write_text(text)
    project.add('op.execute("CREATE TABLE fine (id int)")')
    with pytest.raises((FenceBreachError, MigrationError)):
        project.upgrade()
    assert project.database.execute("SELECT count(*) FROM sessions") == [(1,)]


def test_two_heads_and_a_branch_are_all_run(project: Project) -> None:
    project.write("left", "base0", 'op.execute("CREATE TABLE left_side (id int)")')
    project.write("right", "base0", 'op.execute("CREATE TABLE right_side (id int)")')
    project.upgrade("heads")
    assert project.version() == ["left", "right"]
    project.write("joined", ("left", "right"), "pass")
    project.upgrade("heads")
    assert project.version() == ["joined"]


def test_a_version_table_in_a_schema_of_its_own(project: Project) -> None:
    project.database.execute(
        "CREATE SCHEMA bookkeeping; ALTER TABLE alembic_version SET SCHEMA bookkeeping; "
        "ALTER TABLE bookkeeping.alembic_version RENAME TO versions"
    )
    (project.folder / "env.py").write_text(
        ENVIRONMENT.replace(
            "target_metadata=None", 'target_metadata=None, version_table="versions", version_table_schema="bookkeeping"'
        )
    )
    project.add('op.execute("CREATE TABLE fine (id int)")')
    from schemasync.migrate.layers import Layers

    project.upgrade(layers=Layers())
    assert project.database.execute("SELECT version_num FROM bookkeeping.versions") == [("rev1",)]


def test_a_lock_that_is_not_to_be_had_is_tried_again(project: Project) -> None:
    holder = project.database.connect()
    holder.autocommit = False
    with holder.cursor() as cursor:
        cursor.execute("LOCK TABLE notes IN ACCESS EXCLUSIVE MODE")
    project.add('op.execute("ALTER TABLE notes ADD COLUMN x int")')
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            holder.rollback()

    from dataclasses import replace

    from schemasync.migrate.runs import Target
    from schemasync.migrate.upgrade import migrate

    record = migrate(replace(project.settings(), retries=3), Target("upgrade", "heads"), sleep=sleep)
    assert (pauses, record.attempts, project.version()) == ([1.0, 2.0], 3, ["rev1"])
