"""The demo, start to end, in a process of its own."""

import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import environment_with_sources, spawned


def start(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "schemasync", "demo", *arguments],
        cwd=folder,
        env=environment_with_sources(TMPDIR=str(folder)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


@pytest.fixture
def folder() -> Iterator[Path]:
    """A place for temporary files, which a server of another user can enter."""
    with tempfile.TemporaryDirectory(prefix="schemasync-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def read_until(process: "subprocess.Popen[str]", words: str) -> str:
    """Standard error up to the line with these words."""
    assert process.stderr is not None
    text = ""
    for line in process.stderr:
        text += line
        if words in line:
            return text
    raise AssertionError(f"it ended without {words!r}:\n{text}")


def server_processes(folder: Path) -> list[str]:
    """The servers whose files are under a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in command and "postgres" in command:
            found.append(command)
    return found


def test_demo(folder: Path) -> None:
    result = spawned("demo", folder=folder, TMPDIR=str(folder), NO_COLOR="")
    assert result.code == 0, result.err
    assert re.search(r" s  started PostgreSQL \d+\.\d+ \(\w+\)\n", result.err)
    assert re.search(r" s  ran 7 Prisma migrations\n.* s  ran 7 Alembic revisions\n", result.err)
    assert "schemasync check exits with 1" in result.err
    assert result.out.startswith("prisma      frontend/prisma/schema.prisma (9 tables)\n")
    for words in ("access_requests", "generated_by", "generation_type", "generated_access_codes", "reviewed_requests"):
        assert words in result.out
    assert "\x1b" not in result.out
    assert not [line for line in result.out.splitlines() if len(line) > 80 and "://" not in line]
    assert not list(folder.iterdir())
    assert not re.search(r"://[^:/]*:(?!\*\*\*@)[^/]*@", result.out + result.err)


def test_demo_keeps_project_and_database_until_ctrl_c(folder: Path) -> None:
    process = start(folder, "--keep")
    try:
        text = read_until(process, "until Ctrl-C")
        place = re.search(r"The project is in (\S+)\. In another terminal:", text)
        assert place is not None
        project = Path(place[1])
        settings = project / ".env"
        assert stat.S_IMODE(settings.stat().st_mode) == 0o600
        password = re.search(r"://[^:]*:([^@]+)@", settings.read_text())
        assert password is not None
        assert password[1] not in text
        check = f"{sys.executable} -m schemasync check --fail-on error --witness prisma --witness database"
        done = subprocess.run(
            ["sh", "-c", f". ./.env && {check}"], cwd=project, env=environment_with_sources(), check=False
        )
        assert done.returncode == 0
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode == 0
        assert (project / "schemasync.toml").exists()
        assert not server_processes(folder)
    finally:
        process.kill()


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_demo_leaves_nothing_behind(folder: Path, number: signal.Signals, code: int) -> None:
    process = start(folder)
    try:
        read_until(process, "started PostgreSQL")
        process.send_signal(number)
        process.communicate(timeout=60)
        assert process.returncode == code
        for _ in range(100):
            if not server_processes(folder) and not list(folder.iterdir()):
                break
            time.sleep(0.1)
        assert not server_processes(folder)
        assert not list(folder.iterdir())
    finally:
        process.kill()
