"""The commands on the example project: a real env.py of Flask-Migrate, real models, a real schema.prisma."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Result, spawned
from databases import Database

from schemasync.demo import LEFT_BEHIND, example_folder
from schemasync.scratch import ScratchDatabase, ScratchServer
from schemasync.witnesses.replay import replay_alembic, replay_prisma


@pytest.fixture(scope="module")
def prepared(server: ScratchServer) -> Iterator[ScratchDatabase]:
    """The example's database with both histories, to be copied; Prisma's rows of applied migrations among them."""
    folder = example_folder()
    with server.create_database() as made:
        names = replay_prisma(folder / "frontend/prisma/migrations", made.url)
        connection = made.connect()
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, "
                "finished_at timestamptz, migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, "
                "started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)"
            )
            for number, name in enumerate(names):
                cursor.execute(
                    "INSERT INTO _prisma_migrations VALUES (%s, 'x', now(), %s, NULL, NULL, now(), 1)", (number, name)
                )
        connection.close()
        replay_alembic(folder / "backend/api/migrations/alembic.ini", made.url)
        yield made


@pytest.fixture
def example(
    tmp_path: Path, server: ScratchServer, prepared: ScratchDatabase, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Path, Database]]:
    """A copy of the project, and of its database."""
    folder = tmp_path / "invoices"
    shutil.copytree(example_folder(), folder, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    database = Database(server.create_database(template=prepared.name))
    monkeypatch.setenv("DATABASE_URL", database.url)
    monkeypatch.setenv("SCHEMASYNC_SCRATCH", server.create_database().url)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(folder)
    yield folder, database
    database.close()


def run(folder: Path, *arguments: str) -> Result:
    return spawned(*arguments, folder=folder, **{name: os.environ[name] for name in PASSED})


PASSED = ("DATABASE_URL", "SCHEMASYNC_SCRATCH", "XDG_STATE_HOME", "PATH")
HEAD = "b64e19c8d702"


def add_revision(folder: Path, body: str) -> Path:
    path = folder / "backend/api/migrations/versions/aaaa00000001_more.py"
    path.write_text(
        f'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "aaaa00000001"\ndown_revision = "{HEAD}"\n'
        f"\n\ndef upgrade():\n    {body}\n\n\ndef downgrade():\n    pass\n"
    )
    return path


def test_upgrade_tells_each_revision_and_keeps_a_record(example: tuple[Path, Database]) -> None:
    folder, database = example
    add_revision(folder, 'op.add_column("reports", sa.Column("colour", sa.Text))')
    result = run(folder, "upgrade", "--record", "record.json")
    assert result.code == 0, result.err
    assert "rehearsed 1 revision on a clone in" in result.err
    assert "aaaa00000001" in result.err
    assert "the database is at aaaa00000001" in result.err
    record = json.loads((folder / "record.json").read_text())
    assert (record["state"], record["heads_before"], record["heads_after"]) == ("done", [HEAD], ["aaaa00000001"])
    assert [item["sql"] for item in record["statements"] if "colour" in item["sql"]] == [
        "ALTER TABLE reports ADD COLUMN colour TEXT"
    ]
    assert database.execute("SELECT version_num FROM alembic_version") == [("aaaa00000001",)]


def test_nothing_to_do_is_told_without_alembic_or_the_application(example: tuple[Path, Database]) -> None:
    folder, _ = example
    for file in ("backend/api/migrations/env.py", "backend/api/app/__init__.py"):
        (folder / file).write_text("raise SystemExit('imported')")
    for target in ("heads", "head", HEAD, "5d7ac2f4083b"):
        result = run(folder, "upgrade", target)
        assert (result.code, result.err.strip()) == (0, f"nothing to do; the database is at {HEAD}")


def test_a_refusal_exits_with_one_and_names_the_line(example: tuple[Path, Database]) -> None:
    folder, _ = example
    add_revision(folder, 'op.drop_column("users", "email")')
    result = run(folder, "upgrade")
    assert result.code == 1
    assert "versions/aaaa00000001_more.py:9: it alters table public.users" in result.err
    assert "which Prisma owns" in result.err
    assert "The database is as it was." in result.err


def test_sql_prints_what_would_run_and_runs_nothing(example: tuple[Path, Database]) -> None:
    folder, database = example
    add_revision(folder, 'op.add_column("reports", sa.Column("colour", sa.Text))')
    result = run(folder, "upgrade", "--sql")
    assert result.code == 0, result.err
    assert "-- revision aaaa00000001\nALTER TABLE reports ADD COLUMN colour TEXT;" in result.out
    assert database.execute("SELECT version_num FROM alembic_version") == [(HEAD,)]


def test_dry_run_rolls_back(example: tuple[Path, Database]) -> None:
    folder, database = example
    add_revision(folder, 'op.add_column("reports", sa.Column("colour", sa.Text))')
    result = run(folder, "upgrade", "--dry-run", "--no-rehearsal")
    assert (result.code, "rolled back: dry run" in result.err) == (0, True)
    assert database.execute("SELECT version_num FROM alembic_version") == [(HEAD,)]


def test_downgrade_and_stamp_go_where_alembics_would(example: tuple[Path, Database]) -> None:
    folder, database = example
    assert run(folder, "downgrade", "--no-rehearsal", "--", "-1").code == 0
    assert database.execute("SELECT version_num FROM alembic_version") == [("5d7ac2f4083b",)]
    assert run(folder, "stamp", HEAD, "--no-rehearsal").code == 0
    assert database.execute("SELECT version_num FROM alembic_version") == [(HEAD,)]


@pytest.mark.parametrize(("command", "shown"), [("current", HEAD), ("heads", HEAD), ("history", "5d7ac2f4083b")])
def test_the_looking_commands_print_what_alembic_prints(
    example: tuple[Path, Database], command: str, shown: str
) -> None:
    result = run(example[0], command)
    assert (result.code, shown in result.out) == (0, True), result.err


def test_a_revision_in_the_database_that_nobody_knows_is_refused(example: tuple[Path, Database]) -> None:
    folder, database = example
    database.execute("UPDATE alembic_version SET version_num = 'deadbeef0000'")
    result = run(folder, "upgrade")
    assert result.code == 2
    assert "the database is at revision deadbeef0000, which these scripts do not know" in result.err


def test_a_failed_prisma_migration_stops_alembic(example: tuple[Path, Database]) -> None:
    folder, database = example
    database.execute("UPDATE _prisma_migrations SET finished_at = NULL, logs = 'boom' WHERE id = '3'")
    result = run(folder, "upgrade")
    assert (result.code, "Prisma's migration 20250409082230_processing_jobs has failed" in result.err) == (2, True)


def test_on_a_fresh_database_prisma_goes_first(example: tuple[Path, Database], server: ScratchServer) -> None:
    folder, _ = example
    with server.create_database() as fresh:
        result = run(folder, "upgrade", "--database", fresh.url)
    assert (result.code, "P3005" in result.err) == (2, True)


def test_another_database_than_the_planned_one_is_refused(
    example: tuple[Path, Database], server: ScratchServer, prepared: ScratchDatabase
) -> None:
    folder, _ = example
    add_revision(folder, 'op.add_column("reports", sa.Column("colour", sa.Text))')
    with server.create_database(template=prepared.name) as other:
        result = run(folder, "upgrade", "--database", other.url)
    assert (result.code, "another database than the one planned" in result.err) == (2, True), result.err


def test_prismas_lock_is_waited_for_and_its_holder_named(example: tuple[Path, Database]) -> None:
    folder, database = example
    add_revision(folder, 'op.add_column("reports", sa.Column("colour", sa.Text))')
    database.execute("SET application_name = 'prisma'; SELECT pg_advisory_lock(72707369)")
    result = run(folder, "upgrade", "--lock-wait", "0.3")
    assert result.code == 2
    assert "Prisma's migration lock is held by process" in result.err
    assert "(prisma, user" in result.err
    assert run(folder, "upgrade", "--no-prisma-lock", "--no-rehearsal").code == 0


def test_nothing_to_do_waits_while_somebody_migrates(example: tuple[Path, Database]) -> None:
    folder, database = example
    database.execute("SET application_name = 'prisma'; SELECT pg_advisory_lock(72707369)")
    database.execute("UPDATE _prisma_migrations SET finished_at = NULL WHERE id = '3'")
    result = run(folder, "upgrade", "--lock-wait", "0.3")
    assert result.code == 2
    assert "Prisma's migration lock is held by process" in result.err
    database.execute("UPDATE _prisma_migrations SET finished_at = now()")
    without = run(folder, "upgrade", "--no-prisma-lock")
    assert (without.code, without.err.strip()) == (0, f"nothing to do; the database is at {HEAD}")


def test_a_revision_is_written_for_owned_tables_only(example: tuple[Path, Database]) -> None:
    folder, database = example
    database.execute("CREATE TABLE nobodys (id int); ALTER TABLE reports DROP COLUMN id CASCADE")
    result = run(folder, "revision", "-m", "mend")
    assert result.code == 0, result.err
    written = Path(folder, result.out.strip()).read_text()
    assert "'reports'" in written
    assert "add_column(sa.Column('id'" in written
    assert "nobodys" not in written
    assert "users" not in written


def test_roles_are_printed_and_hold_what_they_promise(example: tuple[Path, Database], capsys) -> None:
    folder, database = example
    result = run(folder, "roles", "--sql")
    assert result.code == 0, result.err
    migrator = f"migrator_{database.name[-6:]}"
    checker = f"checker_{database.name[-6:]}"
    sql = result.out.replace("schemasync_migrator", migrator).replace("schemasync_checker", checker)
    database.execute(sql)
    try:
        checked = run(folder, "roles", "--check", "--role", migrator)
        assert (checked.code, checked.out) == (0, ""), checked.out + checked.err
        mine = run(folder, "roles", "--check")
        assert (mine.code, "is a superuser" in mine.out) == (1, True)
    finally:
        database.execute(f"DROP OWNED BY {migrator}, {checker} CASCADE; DROP ROLE {migrator}, {checker}")
