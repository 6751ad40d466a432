"""Mirrors: written, imported, checked and updated, with sqlacodegen where it is installed.

sqlacodegen is found on the PATH, or by SCHEMASYNC_SQLACODEGEN: it may have an environment of its own.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measures import Row
from benchmarks.process_measures import ENVIRONMENT, command_environment, our_command
from benchmarks.timing import median, processes, ratio
from benchmarks.workload import workload

# What SQLAlchemy costs is not what the mirrors cost.
_IMPORT = """
import sys, time
import sqlalchemy.dialects.postgresql, sqlalchemy.orm
sys.path.insert(0, {folder!r})
started = time.process_time()
import {module}
{module}.Base.registry.configure()
print((time.process_time() - started) * 1000)
"""
# Minutes for a peer, or for files that are edited one by one, are no measurement.
_LARGEST_PEER = 1000
_LARGEST_UPDATE = 1000


def sqlacodegen() -> str | None:
    """The program, if there is one."""
    return os.environ.get("SCHEMASYNC_SQLACODEGEN") or shutil.which("sqlacodegen")


def mirror_rows(path: Path, url: str, size: int, rounds: int) -> list[Row]:
    """One file and a module each, against sqlacodegen; checks by bytes; imports."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        return [*_written(path, url, size, rounds, folder), *_imported(path, size, rounds, folder)]


def _mirror(path: Path, output: Path, *arguments: str) -> Sequence[str]:
    places = ("--prisma", str(path), "--output", str(output))
    return [*our_command("mirror"), *places, "--style", "declarative", *arguments]


def write_models(path: Path, output: Path) -> None:
    """Write the mirrors of a schema."""
    subprocess.run(_mirror(path, output), env=command_environment(), capture_output=True, check=True)


def _written(path: Path, url: str, size: int, rounds: int, folder: Path) -> list[Row]:
    one, package = folder / "one.py", folder / "package"
    commands: dict[str, Sequence[str]] = {
        "mirror, one file": _mirror(path, one, "--force"),
        "mirror, a module each": _mirror(path, package, "--force"),
    }
    program = sqlacodegen()
    if program is not None and size <= _LARGEST_PEER:
        peer = url.replace("postgresql://", "postgresql+psycopg2://")
        commands["sqlacodegen"] = [program, "--outfile", str(folder / "peer.py"), peer]
    _, wall = processes(_removing(commands, folder), rounds, ENVIRONMENT)
    subprocess.run(_mirror(path, one, "--force"), env=command_environment(), capture_output=True, check=True)
    checks = {"mirror --check": _mirror(path, one, "--check")}
    _, checked = processes(checks, rounds, ENVIRONMENT)
    rows = []
    for name in ("mirror, one file", "mirror, a module each"):
        ours, theirs = median(wall[name]), wall.get("sqlacodegen")
        if theirs is None:
            rows.append(Row(name, "", size, ours))
        else:
            faster = ratio(wall, "sqlacodegen", name)
            rows.append(Row(name, "sqlacodegen", size, ours, median(theirs), faster, 40, more_is_better=True))
    return [*rows, Row("mirror --check", "", size, median(checked["mirror --check"]))]


def _removing(commands: dict[str, Sequence[str]], folder: Path) -> dict[str, Sequence[str]]:
    """The same, each run after its output is gone: files that are up to date would not be written again."""
    script = 'rm -rf "$0"/one.py "$0"/package; exec "$@"'
    return {name: ["sh", "-c", script, str(folder), *command] for name, command in commands.items()}


def _imported(path: Path, size: int, rounds: int, folder: Path) -> list[Row]:
    write_models(path, folder / "whole.py")
    write_models(path, folder / "modules")
    rows = []
    for name, module in (("import of one file", "whole"), ("import of a module each", "modules")):
        program = [sys.executable, "-c", _IMPORT.format(folder=str(folder), module=module)]
        # The first import also compiles.
        runs = [
            subprocess.run(program, env=command_environment(), capture_output=True, text=True, check=True)
            for _ in range(min(rounds, 3) + 1)
        ]
        rows.append(Row(name, "", size, median([float(one.stdout) for one in runs[1:]])))
    return rows


def update_rows(folder: Path, size: int, rounds: int) -> list[Row]:
    """What an update takes longer than the import of the models: of files that each have a column that differs."""
    if size > _LARGEST_UPDATE:
        return []
    place = folder / f"update_{size}"
    place.mkdir()
    now, before = place / "schema.prisma", place / "before.prisma"
    now.write_text(workload(size)[0])
    before.write_text(re.sub(r"(?m)^( +createdAt .*)$", r"\1 @db.Timestamptz(3)", now.read_text()))
    write_models(before, place / "models")
    update = [*_mirror(now, place / "models", "--update", "--diff"), "--metadata", "models:Base", "--path", str(place)]
    imported = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(place)!r}); import models"]
    _, wall = processes({"update": update, "import": imported}, rounds, ENVIRONMENT, differing=["update"])
    beside = [ours - theirs for ours, theirs in zip(wall["update"], wall["import"], strict=True)]
    return [Row("mirror --update, beside the import", "", size, median(beside))]
