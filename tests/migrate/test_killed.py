"""Killed at any point: the database is in a consistent state, and the next run says what happened."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
from fence_project import Project

from schemasync.migrate.record import unfinished
from schemasync.migrate.refusals import MigrationError

LINGER = """
import json
import time
from pathlib import Path

record, lingered = Path({record!r}), Path(__file__).with_name("lingered")
if record.exists() and json.loads(record.read_text())["state"] == "committing" and not lingered.exists():
    lingered.touch()
    time.sleep(60)
"""
RUNNER = Path(__file__).with_name("run_alone.py")


def started(project: Project, record: Path) -> "subprocess.Popen[bytes]":
    """A run in a process of its own."""
    return subprocess.Popen(
        [sys.executable, str(RUNNER), str(project.folder), project.database.url, str(record)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def wait_for(condition) -> None:
    deadline = time.monotonic() + 120  # a busy machine needs a while
    while not condition():
        assert time.monotonic() < deadline, "it never came so far"
        time.sleep(0.02)


def said_by(project: Project, record: Path) -> str:
    """What the next run says."""
    from dataclasses import replace

    from schemasync.migrate.runs import Target
    from schemasync.migrate.upgrade import migrate

    said: list[str] = []
    migrate(replace(project.settings(), record=record), Target("upgrade", "heads"), say=said.append)
    return "\n".join(said)


def sleeping(project: Project) -> bool:
    return bool(
        project.database.execute(
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' "
            "AND pid <> pg_backend_pid()"
        )
    )


def alone(project: Project) -> bool:
    return not project.database.execute(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def end_sleepers(project: Project) -> None:
    """PostgreSQL 13 notices that a client is gone only when it next writes to it."""
    project.database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid()"
    )
    wait_for(lambda: alone(project))


def test_killed_in_the_middle_of_a_revision(project: Project, tmp_path: Path) -> None:
    project.add('op.execute("CREATE TABLE fine (id int)")')
    slow = project.add('op.execute("SELECT pg_sleep(60)")')
    record = tmp_path / "record.json"
    process = started(project, record)
    wait_for(lambda: sleeping(project))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    end_sleepers(project)
    assert project.version() == ["base0"]
    assert project.database.execute("SELECT to_regclass('fine')") == [(None,)]
    slow.write_text(slow.read_text().replace("pg_sleep(60)", "1"))
    said = said_by(project, record)
    assert "was killed before its commit: PostgreSQL has undone it, and the database is at base0 as before" in said
    assert project.version() == ["rev2"]


def test_a_statement_of_a_killed_run_ends_with_it(project: Project, tmp_path: Path) -> None:
    if project.server.version < 140000:
        pytest.skip("PostgreSQL 13 does not look for its client while it carries a statement out")
    project.add('op.execute("CREATE TABLE fine (id int)")\nop.execute("SELECT pg_sleep(60)")')
    process = started(project, tmp_path / "record.json")
    wait_for(lambda: sleeping(project))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    wait_for(lambda: alone(project))
    assert project.database.execute("SELECT to_regclass('fine')") == [(None,)]


def test_killed_after_its_commit(project: Project, tmp_path: Path) -> None:
    project.add('op.execute("CREATE TABLE fine (id int)")')
    environment = project.folder / "env.py"
    record = tmp_path / "record.json"
    # env.py has more to do after the migrations are committed.
    environment.write_text(environment.read_text() + LINGER.format(record=str(record)))
    process = started(project, record)
    wait_for(lambda: environment.with_name("lingered").exists())
    assert project.version() == ["rev1"]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert json.loads(record.read_text())["state"] == "committing"
    assert "was killed after its commit: its revisions are applied, and the database is at rev1" in said_by(
        project, record
    )


def test_killed_after_an_autocommit_block_began(project: Project, tmp_path: Path) -> None:
    body = """
        op.execute("CREATE TABLE IF NOT EXISTS fine (id int)")
        with op.get_context().autocommit_block():
            op.execute("SELECT pg_sleep(60)")
    """
    slow = project.add(body)
    record = tmp_path / "record.json"
    process = started(project, record)
    wait_for(lambda: sleeping(project))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    end_sleepers(project)
    assert project.version() == ["base0"]
    assert project.database.execute("SELECT to_regclass('fine') IS NOT NULL") == [(True,)]
    slow.write_text(slow.read_text().replace("pg_sleep(60)", "1"))
    said = said_by(project, record)
    assert "what stood before the block was committed, but its revision is not recorded" in said


def test_the_connection_is_cut(project: Project) -> None:
    project.add("""
        op.execute("CREATE TABLE fine (id int)")
        op.execute("SELECT pg_sleep(1)")
    """)
    import threading

    connection = project.database.connect()

    def cut() -> None:
        wait_for(lambda: _terminated(connection))

    cutter = threading.Thread(target=cut)
    cutter.start()
    with pytest.raises(MigrationError, match="the database is as it was"):
        project.upgrade()
    cutter.join()
    assert project.version() == ["base0"]
    assert project.database.execute("SELECT to_regclass('fine')") == [(None,)]


def _terminated(connection: "psycopg2.extensions.connection") -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND query LIKE '%pg_sleep(1)%' AND state = 'active' AND pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchall())


def test_a_finished_record_is_no_killed_run(project: Project, tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    project.add('op.execute("SELECT 1")')
    project.upgrade(record=record)
    assert unfinished(record) is None
