"""env.py files with other drivers, and with autocommit: within the fence as all others, and held while looked at."""

import importlib.util

import pytest
from fence_project import ENVIRONMENT, Project

from schemasync.migrate.refusals import FenceBreachError, MigrationError
from schemasync.migrate.revision import foreign_operations

AUTOCOMMIT = ENVIRONMENT.replace("poolclass=pool.NullPool", 'poolclass=pool.NullPool, isolation_level="AUTOCOMMIT"')
ASYNCHRONOUS = """\
import asyncio

from alembic import context
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import create_async_engine


def do_run_migrations(connection):
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()


async def run_async_migrations():
    engine = create_async_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(do_run_migrations)
    await engine.dispose()


asyncio.run(run_async_migrations())
"""
DRIVERS = {
    "psycopg": ("psycopg", ENVIRONMENT),
    "psycopg, asynchronous": ("psycopg", ASYNCHRONOUS),
    "asyncpg": ("asyncpg", ASYNCHRONOUS),
}


def with_driver(project: Project, driver: str, environment: str) -> None:
    """Have the project's env.py connect by another driver."""
    settings = project.folder / "alembic.ini"
    settings.write_text(settings.read_text().replace("postgresql+psycopg2:", f"postgresql+{driver}:"))
    (project.folder / "env.py").write_text(environment)


def doing(environment: str, *statements: str) -> str:
    """An env.py that does this before it configures."""
    lines = "".join(f"    connection.exec_driver_sql({statement!r})\n" for statement in statements)
    return environment.replace("    context.configure", f"{lines}    context.configure", 1)


@pytest.mark.parametrize("name", DRIVERS)
def test_an_environment_of_another_driver(project: Project, name: str) -> None:
    driver, environment = DRIVERS[name]
    pytest.importorskip(driver)
    with_driver(project, driver, environment)
    project.add('op.execute("CREATE TABLE fine (id int)")')
    project.upgrade()
    assert project.version() == ["rev1"]
    project.add("""
        op.execute("CREATE TABLE fine2 (id int)")
        op.execute("DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$")
    """)
    with pytest.raises(FenceBreachError):
        project.upgrade()
    assert project.version() == ["rev1"]
    assert project.database.execute("SELECT to_regclass('fine2'), (SELECT count(*) FROM sessions)") == [(None, 1)]


@pytest.mark.parametrize("name", DRIVERS)
def test_a_driver_that_is_missing_is_named(project: Project, name: str) -> None:
    driver, environment = DRIVERS[name]
    if importlib.util.find_spec(driver) is not None:
        pytest.skip(f"{driver} is installed")
    if environment is ASYNCHRONOUS:
        pytest.importorskip("greenlet")  # without it SQLAlchemy names that instead
    with_driver(project, driver, environment)
    with pytest.raises(MigrationError, match=f"env.py failed: .*'{driver}'") as caught:
        project.upgrade()
    assert "site-packages" not in caught.value.message  # the places in env.py alone


@pytest.mark.parametrize("name", DRIVERS)
def test_another_driver_writes_nothing_while_it_is_looked_at(project: Project, name: str) -> None:
    driver, environment = DRIVERS[name]
    pytest.importorskip(driver)
    statements = ("INSERT INTO notes (body) VALUES ('env')", "CREATE SCHEMA IF NOT EXISTS more")
    text = doing(environment, *statements).replace(
        "    context.configure", "    connection.commit()\n    context.configure"
    )
    with_driver(project, driver, text)
    foreign_operations(project.settings())
    assert project.database.execute("SELECT count(*), to_regnamespace('more') FROM notes") == [(2, None)]


def test_another_driver_in_autocommit_mode_cannot_be_looked_at(project: Project) -> None:
    pytest.importorskip("psycopg")
    with_driver(project, "psycopg", doing(AUTOCOMMIT, "INSERT INTO notes (body) VALUES ('env')"))
    with pytest.raises(MigrationError, match="connects by psycopg in autocommit mode"):
        foreign_operations(project.settings())
    assert project.database.execute("SELECT count(*) FROM notes") == [(2,)]


def test_autocommit_is_not_granted_to_what_is_only_looked_at(project: Project) -> None:
    (project.folder / "env.py").write_text(doing(AUTOCOMMIT, "INSERT INTO notes (body) VALUES ('env')"))
    foreign_operations(project.settings())
    assert project.database.execute("SELECT count(*) FROM notes") == [(2,)]


@pytest.mark.parametrize("end", ["COMMIT", "END; SELECT 1", "COMMIT AND CHAIN"])
def test_no_commit_by_sql_is_let_through_while_env_is_looked_at(project: Project, end: str) -> None:
    text = doing(ENVIRONMENT, "INSERT INTO notes (body) VALUES ('env')", end)
    (project.folder / "env.py").write_text(text)
    with pytest.raises(FenceBreachError, match="only looked at"):
        foreign_operations(project.settings())
    assert project.database.execute("SELECT count(*) FROM notes") == [(2,)]


def test_an_environment_in_autocommit_mode_is_run_in_the_fences_transaction(project: Project) -> None:
    (project.folder / "env.py").write_text(doing(AUTOCOMMIT, "CREATE SCHEMA IF NOT EXISTS more"))
    project.add('op.execute("CREATE TABLE more.fine (id int)")')
    project.upgrade()
    assert project.version() == ["rev1"]
    project.add("""
        op.execute("CREATE TABLE fine2 (id int)")
        op.execute("DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$")
    """)
    with pytest.raises(FenceBreachError):
        project.upgrade()
    assert project.database.execute("SELECT to_regclass('fine2'), (SELECT count(*) FROM sessions)") == [(None, 1)]


def test_what_env_itself_does_in_autocommit_mode_is_checked(project: Project) -> None:
    hidden = "DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$"
    (project.folder / "env.py").write_text(doing(AUTOCOMMIT, hidden))
    project.add('op.execute("CREATE TABLE fine (id int)")')
    with pytest.raises(FenceBreachError):
        project.upgrade()
    assert project.database.execute("SELECT to_regclass('fine'), (SELECT count(*) FROM sessions)") == [(None, 1)]
