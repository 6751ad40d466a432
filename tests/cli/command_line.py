"""Runs the command line: in this process, or in one of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import schemasync as schemasync_package
from schemasync.cli.main import main

SOURCES = str(Path(schemasync_package.__file__).parents[1])


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


def schemasync(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Result:
    """Run in this process."""
    capsys.readouterr()
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return Result(code, captured.out, captured.err)


def spawned(*arguments: str | Path, folder: Path | None = None, **environment: str) -> Result:
    """Run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "schemasync", *map(str, arguments)],
        cwd=folder,
        env=environment_with_sources(**environment),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def environment_with_sources(**more: str) -> dict[str, str]:
    """The environment of a process that imports the same schemasync as this one, from any folder."""
    return {**os.environ, "PYTHONPATH": SOURCES, **more}
