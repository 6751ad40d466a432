"""What is measured of whole processes: checks against other tools', and what starting costs."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measures import Row, oracle
from benchmarks.timing import median, processes, ratio
from schemasync.scratch.binaries import packaged_binaries
from schemasync.witnesses.catalog_connection import connected

# Compiled modules are kept, as an installation has them; the first run writes those of a checkout.
ENVIRONMENT = {
    "PYTHONPATH": str(Path(__file__).parents[1]),
    "PYTHONDONTWRITEBYTECODE": "",
    # `prisma validate` does all by its WASM, yet fetches an engine first where none is named.
    "PRISMA_SCHEMA_ENGINE_BINARY": shutil.which("true") or "",
}

_DRIFTS = "check, a drift a table"


def our_command(name: str) -> list[str]:
    """A command of ours, as the console script starts it."""
    return [sys.executable, "-c", "from schemasync.cli.main import run; run()", name]


def command_environment() -> dict[str, str]:
    """The environment of a process that is only to prepare something."""
    return {**os.environ, **ENVIRONMENT}


def process_rows(path: Path, url: str, size: int, rounds: int) -> list[Row]:
    """Whole processes: checks, a dump, and what starting costs."""
    python = sys.executable
    check = [*our_command("check"), "--prisma", str(path), "--database", url]
    drifted = path.with_name("drifted.prisma")
    drifted.write_text(re.sub(r"(?m)^model .*$", r"\g<0>\n  notInTheDatabase Int?", path.read_text()))
    commands: dict[str, Sequence[str]] = {
        "check": check,
        _DRIFTS: [*our_command("check"), "--prisma", str(drifted), "--database", url],
        "read_prisma": [python, "-c", f"import schemasync; schemasync.read_prisma({str(path)!r})"],
        "read_database": [python, "-c", f"import schemasync; schemasync.read_database({url!r})"],
        "--version": our_command("--version"),
        "--help": our_command("--help"),
        "bare Python": [python, "-c", "pass"],
        "import click": [python, "-c", "import click"],
    }
    folder = oracle()
    if folder is not None:
        schema = f"schema:{path}"
        tool = str(folder.resolve() / "migrate.mjs")
        modules = folder.resolve() / "prisma7" / "node_modules"
        wasm = [str(modules / "@prisma" / "prisma-schema-wasm"), "1", str(path)]
        commands["prisma validate"] = [
            "node",
            str(modules / "prisma" / "build" / "index.js"),
            "validate",
            "--schema",
            str(path),
        ]
        commands["Prisma's WASM alone"] = ["node", str(Path(__file__).parent / "wasm_validate.cjs"), *wasm]
        commands["Prisma's diff"] = ["node", tool, "diff", "--from", "db", "--to", schema, "--url", url, "--exit-code"]
    dump = _pg_dump(url)
    if dump is not None:
        commands["pg_dump -s, until it ends"] = [dump, "-s", "--dbname", url]
    with _empty_folder():
        cpu, wall = processes(commands, rounds, ENVIRONMENT, differing=[_DRIFTS])
        peak = _peak_megabytes(check)
    if "check" not in wall:
        return []
    rows = [Row("check, peak MB", "", size, peak, limit=100)]
    rows += [Row(_DRIFTS, "", size, median(wall[_DRIFTS]))] if _DRIFTS in wall else []
    for work, ours, name, times, target in (
        ("check", "check", "Prisma's diff", wall, 8.0),
        ("read_prisma, whole process", "read_prisma", "prisma validate", cpu, 8.0),
        ("read_prisma, whole process", "read_prisma", "Prisma's WASM alone", cpu, 2.5),
        # A runtime with several threads uses more than the clock shows, and on one core would take as much.
        ("read_prisma, by the clock", "read_prisma", "prisma validate", wall, None),
        ("read_prisma, by the clock", "read_prisma", "Prisma's WASM alone", wall, None),
        ("read_database, whole process", "read_database", "pg_dump -s, until it ends", wall, 3.0),
    ):
        if name in times:
            taken, theirs, faster = median(times[ours]), median(times[name]), ratio(times, name, ours)
            rows.append(Row(work, name, size, taken, theirs, faster, target, more_is_better=True))
    for name, other in (("--version", "bare Python"), ("--help", "import click")):
        rows.append(Row(name, other, size, median(cpu[name]), median(cpu[other]), ratio(cpu, name, other), 1.3))
    return rows


def _pg_dump(url: str) -> str | None:
    """A pg_dump that reads the server: it refuses servers newer than itself (PostgreSQL manual, "pg_dump")."""
    packaged = packaged_binaries()
    found = [str(packaged / "bin" / "pg_dump")] if packaged is not None else []
    with connected(url) as connection:
        server = connection.info.server_version // 10000
    for program in (*found, shutil.which("pg_dump")):
        if program is not None and Path(program).exists():
            said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
            if int(re.findall(r"\d+", said)[0]) >= server:
                return program
    print(f"pg_dump is not measured, for none of PostgreSQL {server} or later was found")
    return None


class _empty_folder:  # noqa: N801 - reads as a context manager
    """Away from any configuration of a project."""

    def __enter__(self) -> None:
        import tempfile

        self.before, self.folder = Path.cwd(), tempfile.TemporaryDirectory()
        os.chdir(self.folder.name)

    def __exit__(self, *_: object) -> None:
        os.chdir(self.before)
        self.folder.cleanup()


def _peak_megabytes(command: Sequence[str]) -> float:
    """The most memory that a process had at once."""
    program = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], capture_output=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *command],
        capture_output=True,
        text=True,
        env={**os.environ, **ENVIRONMENT},
        check=True,
    )
    return int(done.stdout) / 1024
