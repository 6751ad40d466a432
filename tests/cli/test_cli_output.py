"""Results reach standard output or a file, whole."""

import io
import os
import stat
import sys
from pathlib import Path

import pytest

from schemasync.cli import output
from schemasync.errors import SchemasyncError


def test_a_file_is_written_all_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report.txt"
    output.write_file(target, "old\n")
    seen: list[str] = []

    def interrupted(self: Path, target: Path) -> Path:
        seen.append(target.read_text())
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        output.write_file(target, "new\n")
    assert seen == ["old\n"]
    assert target.read_text() == "old\n"
    assert list(tmp_path.iterdir()) == [target]


def test_the_mode_is_kept_and_new_files_follow_the_umask(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.touch()
    old.chmod(0o640)
    before = os.umask(0o027)
    try:
        output.write_file(old, "x")
        output.write_file(new, "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert stat.S_IMODE(new.stat().st_mode) == 0o640


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.touch()
    link.symlink_to(target)
    output.write_file(link, "x")
    assert link.is_symlink()
    assert target.read_text() == "x"


def test_a_device_is_written_in_place() -> None:
    output.write_file(Path(os.devnull), "x")
    assert Path(os.devnull).is_char_device()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SchemasyncError, match=r"cannot write .*: Is a directory"):
        output.write_file(tmp_path, "x")


def test_a_private_file_is_private_and_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    output.write_private_file(path, "secret")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(SchemasyncError, match="File exists"):
        output.write_private_file(path, "secret")


class Terminal(io.TextIOWrapper):
    """A terminal as far as a program can tell."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "encoding", "colour", "unicode"),
    [
        ({}, "utf-8", True, True),
        ({"NO_COLOR": "1"}, "utf-8", False, True),
        ({"NO_COLOR": ""}, "utf-8", True, True),
        ({"TERM": "dumb"}, "utf-8", False, True),
        ({}, "ascii", True, False),
        ({}, "latin-1", True, False),
    ],
)
def test_what_a_terminal_can_show(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], encoding: str, colour: bool, unicode: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", Terminal(io.BytesIO(), encoding=encoding))
    shown = output.terminal()
    assert (shown.colour, shown.unicode) == (colour, unicode)


def test_a_pipe_has_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert not output.terminal().colour


def test_characters_that_the_output_lacks_are_spelled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    output.write_standard_output("caf\u00e9\n")
    assert raw.getvalue() == b"caf\\xe9\n"
