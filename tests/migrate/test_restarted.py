"""The server goes down while revisions run: nothing is left of them, and what became of a COMMIT is found out."""

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest
from databases import Database
from fence_project import DATABASE, Project

from schemasync.migrate import upgrade
from schemasync.migrate.locks import Anchor
from schemasync.migrate.refusals import MigrationError
from schemasync.migrate.runs import Run, Target
from schemasync.scratch.embedded import EmbeddedServer

TABLE = 'op.execute("CREATE TABLE fine (id int)")'


@pytest.fixture
def project(embedded_server: EmbeddedServer, tmp_path: Path) -> Iterator[Project]:
    """A project on a server of its own."""
    database = Database(embedded_server.create_database())
    with closing(psycopg2.connect(database.url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(DATABASE)
        # A scratch server may forget its last commits in a crash.
        cursor.execute(f"ALTER DATABASE {database.name} SET synchronous_commit = on")
    database.execute("CHECKPOINT")
    yield Project(tmp_path / "alembic", database, embedded_server)


def crash(project: Project) -> None:
    """Kill one of the server's processes: it ends all others and recovers (manual, `restart_after_crash`)."""
    connection = project.database.connect()
    others = project.database.connect()
    os.kill(connection.info.backend_pid, signal.SIGKILL)
    with contextlib.suppress(psycopg2.OperationalError), others.cursor() as cursor:
        while True:  # until the server has ended this connection, and so all others
            cursor.execute("SELECT 1")


def rows(url: str, sql: str) -> list[tuple[object, ...]]:
    """The rows of a statement, when the server is back."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall()
        except psycopg2.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def crash_once_asleep(project: Project) -> threading.Thread:
    """Kill the server when a revision sleeps, by a connection from before the run: the fence lets nobody connect."""
    connection = project.database.connect()

    def wait() -> None:
        with connection.cursor() as cursor:
            found = False
            while not found:
                cursor.execute(
                    "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%' AND state = 'active'"
                )
                found = bool(cursor.fetchall())
        os.kill(connection.info.backend_pid, signal.SIGKILL)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def migrated(project: Project, record: Path) -> list[str]:
    """Upgrade; what was said."""
    said: list[str] = []
    settings = replace(project.settings(), record=record)
    upgrade.migrate(settings, Target("upgrade", "heads"), say=said.append)
    return said


def test_in_the_middle_of_a_revision(project: Project, tmp_path: Path) -> None:
    project.add(TABLE)
    slow = project.add('op.execute("SELECT pg_sleep(60)")')
    url, record = project.database.url, tmp_path / "record.json"
    crasher = crash_once_asleep(project)
    with pytest.raises(MigrationError, match="the database is as it was"):
        migrated(project, record)
    crasher.join()
    assert rows(url, "SELECT version_num FROM alembic_version") == [("base0",)]
    assert rows(url, "SELECT to_regclass('fine')") == [(None,)]
    slow.write_text(slow.read_text().replace("pg_sleep(60)", "1"))
    migrated(project, record)
    assert rows(url, "SELECT version_num FROM alembic_version") == [("rev2",)]


def test_before_a_commit_is_carried_out(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project.add(TABLE)
    url = project.database.url
    really = Run.commit

    def commit(run: Run, driver: object) -> None:
        crash(project)
        really(run, driver)

    monkeypatch.setattr(Run, "commit", commit)
    with pytest.raises(MigrationError, match="the database is as it was"):
        migrated(project, tmp_path / "record.json")
    assert rows(url, "SELECT to_regclass('fine')") == [(None,)]


def test_a_transaction_of_which_a_crash_left_nothing(project: Project) -> None:
    connection = project.database.connect()
    connection.autocommit = False  # a commit may outlast the crash, if it was on the disk by then
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        ((transaction,),) = cursor.fetchall()
    crash(project)
    rows(project.database.url, "SELECT 1")
    assert upgrade.transaction_outcome(Anchor(connection, project.database.url, 0), transaction) == "aborted"


def test_after_a_commit_that_nobody_heard_of(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project.add(TABLE)
    url = project.database.url

    def commit(run: Run, driver: object) -> None:
        run.on_commit()
        run.committing = True
        driver.really_commit()  # type: ignore[attr-defined]
        crash(project)
        raise psycopg2.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(Run, "commit", commit)
    with pytest.raises(MigrationError, match="PostgreSQL carried out: the revisions are applied"):
        migrated(project, tmp_path / "record.json")
    assert rows(url, "SELECT version_num FROM alembic_version") == [("rev1",)]


def test_a_server_that_stays_away_is_asked_by_the_next_run(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.add(TABLE)
    record = tmp_path / "record.json"
    really = Run.commit

    def commit(run: Run, driver: object) -> None:
        really(run, driver)
        run.committing = True
        raise psycopg2.OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patched:
        patched.setattr(Run, "commit", commit)
        patched.setattr(upgrade, "transaction_outcome", lambda *_: None)
        patched.setattr(upgrade, "WAITS_FOR_SERVER", (0.0,))
        with pytest.raises(MigrationError, match="cannot be asked"):
            migrated(project, record)
    assert json.loads(record.read_text())["state"] == "committing"
    assert "its revisions are applied, and the database is at rev1" in " ".join(migrated(project, record))
