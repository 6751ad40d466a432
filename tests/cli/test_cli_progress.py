"""What takes long is shown on a terminal, and nowhere else."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import environment_with_sources

from schemasync import progress

STEPS = """
import sys
from threading import Event
from schemasync.cli import progress
from schemasync.cli.output import remark, write_standard_output
from schemasync.progress import step

with progress.shown_on_terminals(patience=0.0):
    if "quiet" in sys.argv:
        progress.silence()
    with step("Reading databases", 1200) as advance:
        for _ in range(12):
            advance()
        current = progress._current
        while current is not None and not current.is_quiet and current._display is None:
            Event().wait(0.01)
        remark("said meanwhile")
        with step("Comparing"):
            pass
    write_standard_output("the result\\n")
"""
ESCAPES = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")


def on_terminal(*arguments: str, **environment: str) -> str:
    """What a terminal is sent on standard error, with standard output a pipe."""
    main, side = pty.openpty()
    unset = dict.fromkeys(("CI", "NO_COLOR"), "")
    settings = environment_with_sources(**{**unset, "TERM": "xterm-256color", "COLUMNS": "80", **environment})
    done = subprocess.Popen(
        [sys.executable, "-c", STEPS, *arguments], env=settings, stderr=side, stdout=subprocess.PIPE, encoding="utf-8"
    )
    os.close(side)
    said = b""
    while True:
        try:
            read = os.read(main, 65_536)
        except OSError:  # Linux says so once the other side is closed
            break
        if not read:
            break
        said += read
    out, _ = done.communicate()
    os.close(main)
    assert (done.returncode, out) == (0, "the result\n")
    return said.decode()


def test_a_terminal_shows_the_innermost_step_and_how_far_it_is() -> None:
    said = on_terminal()
    plain = ESCAPES.sub("", said)
    assert "Reading databases 12 of 1,200" in plain
    assert "Comparing" in plain
    assert "said meanwhile\r\n" in plain
    assert said.rstrip().endswith(("\x1b[2K", "\x1b[?25h"))  # the line is erased, the cursor is there again
    assert "\x1b[?25h" in said


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [(("quiet",), {}), ((), {"CI": "true"}), ((), {"TERM": "dumb"})],
    ids=["--quiet", "CI", "a dumb terminal"],
)
def test_where_nothing_is_shown(arguments: tuple[str, ...], environment: dict[str, str]) -> None:
    assert on_terminal(*arguments, **environment) == "said meanwhile\r\n"


def test_no_color_is_kept() -> None:
    said = on_terminal(NO_COLOR="1")
    assert "Reading databases" in said
    assert not re.search(r"\x1b\[[\d;]*[13][\d;]*m", said)


def test_a_pipe_is_sent_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STEPS], env=environment_with_sources(CI=""), capture_output=True, encoding="utf-8"
    )
    assert (done.stdout, done.stderr) == ("the result\n", "said meanwhile\n")


def test_the_option_is_an_option(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "schemasync", "snapshot", "--quiet", "--witness", "sqlalchemy"]
    (tmp_path / "models.py").write_text("import sqlalchemy as sa\nmetadata = sa.MetaData()\nsa.Table('t', metadata)\n")
    done = subprocess.run(
        [*command, "--metadata", "models:metadata"],
        cwd=tmp_path,
        env=environment_with_sources(),
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_nobody_listens_by_default() -> None:
    with progress.step("work", 3) as advance:
        advance()


def test_a_step_ends_when_its_work_fails() -> None:
    told: list[str] = []

    class Listener:
        def begin(self, text: str, total: int | None) -> progress.Advance:
            told.append(f"begin {text} {total}")
            return lambda: told.append("advance")

        def end(self) -> None:
            told.append("end")

    with progress.listening(Listener()), pytest.raises(ZeroDivisionError), progress.step("work", 2) as advance:
        advance()
        raise ZeroDivisionError
    assert told == ["begin work 2", "advance", "end"]
