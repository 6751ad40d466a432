"""Every state of `_prisma_migrations`, as Prisma itself writes it."""

import shutil
import time
from pathlib import Path

import pytest
from databases import Database
from real_tools import PrismaProject

from schemasync.errors import DatabaseError
from schemasync.witnesses.histories import read_histories
from schemasync.witnesses.prisma_history import PrismaHistory, PrismaMigration

FIRST, SECOND, THIRD = "20240101000000_users", "20240201000000_names", "20240301000000_mail"


@pytest.fixture
def project(tmp_path: Path, prisma_tools: Path, database: Database) -> PrismaProject:
    return PrismaProject(tmp_path / "migrations", prisma_tools, database.url)


def history(project: PrismaProject) -> PrismaHistory:
    found = read_histories(project.url, migrations=project.folder).prisma
    assert found is not None
    return found


def one(project: PrismaProject, name: str) -> PrismaMigration:
    return next(migration for migration in history(project).migrations if migration.name == name)


def test_applied_and_pending(project: PrismaProject) -> None:
    project.write(FIRST, "CREATE TABLE users (id int PRIMARY KEY);")
    assert project.deploy() == {"appliedMigrationNames": [FIRST]}
    project.write(SECOND, "ALTER TABLE users ADD name text;")
    found = history(project)
    assert (found.applied, found.pending, found.stopped_by) == ((FIRST,), (SECOND,), ())
    applied = one(project, FIRST)
    assert (applied.attempts, applied.edited, applied.by_hand, applied.logs) == (1, False, False, None)
    assert applied.finished_at is not None
    assert project.deploy() == {"appliedMigrationNames": [SECOND]}
    assert history(project).pending == ()


def test_an_older_migration_that_came_later_is_pending(project: PrismaProject) -> None:
    project.write(SECOND, "CREATE TABLE users (id int PRIMARY KEY);")
    project.deploy()
    project.write(FIRST, "SELECT 1;")
    assert history(project).pending == (FIRST,)
    assert project.deploy() == {"appliedMigrationNames": [FIRST]}


def test_failed_rolled_back_and_applied_again(project: PrismaProject) -> None:
    project.write(FIRST, "CREATE TABLE users (id int PRIMARY KEY);")
    script = project.write(SECOND, "ALTER TABLE users ADD name text NOT NULL DEFAULT 1/0;")
    assert "error" in project.deploy()
    failed = one(project, SECOND)
    assert (failed.state, failed.stops_deploy) == ("failed", True)
    assert "division by zero" in str(failed.logs)
    assert "P3009" in project.deploy()["error"]
    script.write_text("ALTER TABLE users ADD name text;")
    assert one(project, SECOND).edited is False, "a failed script is there to be mended"

    project.resolve("rolled-back", SECOND)
    assert (one(project, SECOND).state, history(project).pending) == ("rolled back", (SECOND,))
    assert history(project).stopped_by == ()

    assert project.deploy() == {"appliedMigrationNames": [SECOND]}
    again = one(project, SECOND)
    assert (again.state, again.attempts, again.edited, again.by_hand) == ("applied", 2, False, False)


def test_rolled_back_and_gone_is_nothing_to_worry_about(project: PrismaProject) -> None:
    project.write(FIRST, "SELECT 1/0;")
    project.deploy()
    project.resolve("rolled-back", FIRST)
    shutil.rmtree(project.folder / FIRST)
    found = one(project, FIRST)
    assert (found.state, found.in_folder, found.is_unknown) == ("rolled back", False, False)
    assert history(project).pending == ()


def test_resolved_by_hand(project: PrismaProject, database: Database) -> None:
    project.write(FIRST, "CREATE TABLE users (id int PRIMARY KEY);")
    project.write(SECOND, "ALTER TABLE users ADD name text; SELECT 1/0;")
    project.deploy()
    project.resolve("applied", SECOND)
    found = one(project, SECOND)
    assert (found.state, found.by_hand, found.edited, found.attempts) == ("applied", True, False, 2)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_edited_after_it_was_applied(project: PrismaProject, ends: str) -> None:
    text = "CREATE TABLE users (\n  id int PRIMARY KEY\n);\n"
    script = project.write(FIRST, text.replace("\n", ends))
    project.deploy()
    for twin in ("\n", "\r\n"):
        script.write_bytes(text.replace("\n", twin).encode())
        assert one(project, FIRST).edited is False
    script.write_text(text + "-- a remark\n")
    assert one(project, FIRST).edited is True
    assert project.deploy() == {"appliedMigrationNames": []}, "deploy itself says nothing"


def test_applied_but_missing(project: PrismaProject) -> None:
    project.write(FIRST, "CREATE TABLE users (id int PRIMARY KEY);")
    project.deploy()
    shutil.rmtree(project.folder / FIRST)
    found = one(project, FIRST)
    assert (found.state, found.is_unknown, found.edited) == ("applied", True, False)
    assert project.deploy() == {"appliedMigrationNames": []}


def test_running_and_interrupted(project: PrismaProject, database: Database) -> None:
    project.write(FIRST, "SELECT pg_sleep(30);")
    process = project.start("deploy", "--migrations", str(project.folder))
    sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30);' AND state = 'active'"
    try:
        deadline = time.monotonic() + 30
        while database.execute(sleeping) != [(1,)] and time.monotonic() < deadline:
            time.sleep(0.05)
        assert one(project, FIRST).state == "running"
        assert history(project).locked
        process.kill()
        process.wait()
        # The server goes on without its client, and keeps the lock until it notices.
        assert one(project, FIRST).state == "running"
        database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' "
            "AND pid <> pg_backend_pid()"
        )
        deadline = time.monotonic() + 30
        while history(project).locked and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        process.kill()
        process.communicate()
    found = one(project, FIRST)
    assert (found.state, found.stops_deploy, found.logs) == ("interrupted", True, None)
    assert "P3009" in project.deploy()["error"]


def test_a_folder_without_a_script_stops_deploy(project: PrismaProject) -> None:
    project.write(FIRST, "SELECT 1;")
    (project.folder / SECOND).mkdir()
    assert [migration.name for migration in history(project).stopped_by] == [SECOND]
    assert "P3015" in project.deploy()["error"]


def test_the_first_deploy_on_a_database_with_other_tables(project: PrismaProject, database: Database) -> None:
    project.write(FIRST, "CREATE TABLE users (id int PRIMARY KEY);")
    assert history(project).refuses_first_deploy is False
    database.execute("CREATE TABLE alembic_version (version_num varchar(32))")
    found = history(project)
    assert (found.refuses_first_deploy, found.other_tables) == (True, ("alembic_version",))
    assert "P3005" in project.deploy()["error"]
    project.resolve("applied", FIRST)
    assert history(project).refuses_first_deploy is False
    assert project.deploy() == {"appliedMigrationNames": []}


def test_a_history_in_another_schema(tmp_path: Path, prisma_tools: Path, database: Database) -> None:
    database.execute("CREATE SCHEMA web")
    project = PrismaProject(tmp_path / "migrations", prisma_tools, f"{database.url}?schema=web")
    project.write(FIRST, "CREATE TABLE users (id int PRIMARY KEY);")
    project.deploy()
    assert history(project).applied == (FIRST,)
    found = read_histories(database.url, migrations=project.folder, schemas=["public"]).prisma
    assert found is not None
    assert found.has_table is False
    found = read_histories(database.url, migrations=project.folder, schemas=["public", "web"]).prisma
    assert found is not None
    assert found.applied == (FIRST,)


def test_without_a_database_everything_is_pending(tmp_path: Path) -> None:
    for name in (SECOND, FIRST):
        (tmp_path / name).mkdir()
        (tmp_path / name / "migration.sql").touch()
    found = read_histories(None, migrations=tmp_path)
    assert found.database == ""
    assert found.prisma is not None
    assert found.prisma.pending == (FIRST, SECOND)
    with pytest.raises(DatabaseError, match=r"cannot read Prisma's migrations in .*nowhere"):
        read_histories(None, migrations=tmp_path / "nowhere")
