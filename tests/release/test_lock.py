"""`schemasync lock`: one release at a time."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import environment_with_sources, schemasync, spawned
from databases import Database

from schemasync.release.lock import ReleaseUnderWayError, is_held_by, release_lock

LOCK = [sys.executable, "-m", "schemasync", "lock", "--database"]


def test_only_one_at_a_time(database: Database) -> None:
    with release_lock(database.url) as holder:
        assert is_held_by(database.url, holder)
        assert not is_held_by(database.url, "1")
        with pytest.raises(ReleaseUnderWayError, match=rf"process {holder} \(schemasync lock, user ") as refused:
            release_lock(database.url).__enter__()
        assert "password" not in refused.value.render()
        # Prisma's own lock is another one.
        assert database.execute("SELECT pg_try_advisory_lock(72707369)") == [(True,)]
    assert not is_held_by(database.url, holder)
    with release_lock(database.url):
        pass


def test_the_lock_is_gone_with_its_session(database: Database) -> None:
    with release_lock(database.url) as holder:
        database.execute(f"SELECT pg_terminate_backend({holder}, 5000)")
        assert not is_held_by(database.url, holder)


def test_it_runs_a_command_and_exits_as_it_does(database: Database, tmp_path: Path) -> None:
    told = tmp_path / "told"
    script = f'echo "$SCHEMASYNC_RELEASE_LOCK $1" > {told}; exit 7'
    result = spawned("lock", "--database", database.url, "--", "bash", "-c", script, "name", "--format")
    assert result.code == 7, result.err
    holder, argument = told.read_text().split()
    assert (holder.isdigit(), argument) == (True, "--format")


def test_a_second_one_is_refused(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    with release_lock(database.url):
        result = schemasync(capsys, "lock", "--database", database.url, "--", "touch", "never")
    assert (result.code, "another release is under way" in result.err) == (2, True)
    assert not Path("never").exists()


def test_no_such_command(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    result = schemasync(capsys, "lock", "--database", database.url, "--", "no-such-command")
    assert (result.code, result.err.splitlines()[0]) == (
        2,
        "error: cannot run no-such-command: No such file or directory",
    )


def test_told_to_stop_it_passes_that_on_and_waits(database: Database, tmp_path: Path) -> None:
    script = "trap 'sleep 0.3; echo ended; exit 9' TERM; echo ready; while :; do sleep 0.05; done"
    process = subprocess.Popen(
        [*LOCK, database.url, "--", "bash", "-c", script],
        env=environment_with_sources(),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    os.kill(process.pid, signal.SIGTERM)
    said, _ = process.communicate(timeout=60)
    assert (process.returncode, said) == (9, "ended\n")
    with release_lock(database.url):
        pass
