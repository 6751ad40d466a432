"""`python -m benchmarks.upgrade`: what the fence costs beside plain Alembic, as medians of ratios within this run.

Whole processes, taken in turns, each on a fresh copy of its database: CPU of the process, its children and the
server's processes together, since a busy machine slows all of them alike. The database is the workload's, so that it
has as many protected tables as the line says.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.measures import Row
from benchmarks.process_measures import ENVIRONMENT as COMPILED
from benchmarks.process_measures import our_command
from benchmarks.timing import Samples, ratio, server_tree_seconds, tree_seconds
from benchmarks.workload import workload
from schemasync.scratch import ScratchDatabase, ScratchServer, scratch_server
from schemasync.scratch.binaries import packaged_binaries

ENVIRONMENT = """\
import os

from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(os.environ["BENCH_URL"].replace("postgresql:", "postgresql+psycopg2:"), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""
REVISION = """\
import sqlalchemy as sa
from alembic import op

revision = "r{number:03}"
down_revision = {down}


def upgrade():
    op.create_table("made_{number}", sa.Column("id", sa.Integer, primary_key=True), sa.Column("body", sa.Text),
                    sa.Column("user_id", sa.Integer, sa.ForeignKey("people.id")))
    op.create_index("made_{number}_idx", "made_{number}", ["body"])
"""
CONFIGURATION = """\
[prisma]
schema = "schema.prisma"

[alembic]
config = "alembic.ini"

[database]
url = "$BENCH_URL"

[scratch]
server = "{server}"
"""
# Prisma's, as the workload's tables are; the revisions' tables refer to it.
PEOPLE = "CREATE TABLE people (id integer PRIMARY KEY)"
PEOPLE_MODEL = "\nmodel people {\n  id Int @id\n}\n"
HISTORY = """CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL,
finished_at timestamptz, migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)"""

ALEMBIC = (sys.executable, "-m", "alembic", "upgrade", "heads")
OURS = our_command("upgrade")
LIVE = (*OURS, "--no-rehearsal")

HEADING = "## Cost"
INTRODUCTION = """Medians of ratios within one run, of the CPU of whole processes and of the server together: `python -m
benchmarks.upgrade --page docs/fence.md`. All tables but those of the revisions are protected."""

Work = Callable[[str], None]


def main() -> None:
    parser = argparse.ArgumentParser(description="Print what the fence costs.")
    parser.add_argument("--tables", type=int, nargs="*", default=[20, 1000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--page", type=Path, help="a page whose last section, Cost, is written anew")
    arguments = parser.parse_args()
    rows: list[Row] = []
    with scratch_server("embedded") as server:
        for size in arguments.tables:
            for row in upgrade_rows(server, size, arguments.rounds):
                print(row.text(), flush=True)
                rows.append(row)
    if arguments.page is not None:
        before = arguments.page.read_text(encoding="utf-8").partition(HEADING)[0].rstrip()
        arguments.page.write_text(f"{before}\n\n{_section(rows)}", encoding="utf-8")


def _section(rows: Sequence[Row]) -> str:
    lines = [
        HEADING,
        "",
        INTRODUCTION,
        "",
        "| work | tables | beside | ratio | to reach |",
        "| --- | ---: | --- | ---: | ---: |",
    ]
    for row in rows:
        target = f"{row.target:.2f}" if row.target else ""
        lines.append(
            f"| {row.work} | {row.size} | {row.other.replace('|', '&#124;')} | {row.ratio or 0:.2f} | {target} |"
        )
    return "\n".join([*lines, ""])


def upgrade_rows(server: ScratchServer, size: int, rounds: int) -> Iterator[Row]:
    """A run of 100 revisions, one of none, and a rehearsal, each beside what it is held against."""
    with tempfile.TemporaryDirectory() as name, _database(server, size) as made:
        folder = Path(name)
        _project(folder, 100, made, size)
        works = {"alembic": _process(ALEMBIC, folder), "live": _process(LIVE, folder)}
        samples = _turns(server, made, works, rounds)
        yield _row("upgrade, 100 revisions, live", "alembic upgrade", size, samples, "live", "alembic", 1.4)
        with server.create_database(template=made.name) as done:
            _process(ALEMBIC, folder)(done.url)
            works = {"alembic": _process(ALEMBIC, folder), "ours": _process(OURS, folder)}
            samples = _turns(server, done, works, rounds)
            yield _row("upgrade, nothing to do", "alembic upgrade", size, samples, "ours", "alembic", 1 / 3)
        _project(folder, 1, made, size)
        works = {"alembic": _process(ALEMBIC, folder), "live": _process(LIVE, folder)}
        samples = _turns(server, made, works, rounds)
        yield _row("upgrade, 1 revision, live", "alembic upgrade", size, samples, "live", "alembic", None)
        if programs := _programs():
            works = {
                "rehearsed": _process(OURS, folder),
                "live": _process(LIVE, folder),
                "dumped": _dumped(server, *programs),
            }
            samples = _turns(server, made, works, rounds)
            samples["rehearsal"] = [
                both - live for both, live in zip(samples["rehearsed"], samples["live"], strict=True)
            ]
            yield _row("rehearsal and guard, 1 revision", "pg_dump -s | psql", size, samples, "rehearsal", "dumped", 5)


@contextmanager
def _database(server: ScratchServer, size: int) -> Iterator[ScratchDatabase]:
    with server.create_database() as made:
        with closing(made.connect()) as connection, connection.cursor() as cursor:
            for statement in (*workload(size)[1].split(";\n"), PEOPLE, HISTORY, "VACUUM ANALYZE"):
                if statement.strip():
                    cursor.execute(statement)
        yield made


def _project(folder: Path, revisions: int, made: ScratchDatabase, size: int) -> None:
    shutil.rmtree(folder / "versions", ignore_errors=True)
    (folder / "versions").mkdir()
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s\n")
    (folder / "env.py").write_text(ENVIRONMENT)
    (folder / "schema.prisma").write_text(workload(size)[0] + PEOPLE_MODEL)
    (folder / "schemasync.toml").write_text(CONFIGURATION.format(server=made.url))
    for number in range(revisions):
        down = repr(f"r{number - 1:03}") if number else None
        (folder / "versions" / f"r{number:03}.py").write_text(REVISION.format(number=number, down=down))


def _process(command: Sequence[str], folder: Path) -> Work:
    def run(url: str) -> None:
        environment = {
            **os.environ,
            "BENCH_URL": url,
            **COMPILED,
            "XDG_STATE_HOME": str(folder),
        }
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} failed: {done.stderr[-2000:]}")

    return run


def _programs() -> tuple[str, str] | None:
    folder = packaged_binaries()
    here = None if folder is None else folder / "bin" / "pg_dump"
    dump, psql = str(here) if here is not None and here.is_file() else shutil.which("pg_dump"), shutil.which("psql")
    return (dump, psql) if dump and psql else None


def _dumped(server: ScratchServer, dump: str, psql: str) -> Work:
    def run(url: str) -> None:
        with server.create_database() as empty:
            script = subprocess.run([dump, "-s", "--dbname", url], capture_output=True, check=True).stdout
            subprocess.run([psql, "-q", "--dbname", empty.url], input=script, capture_output=True, check=True)

    return run


def _turns(server: ScratchServer, made: ScratchDatabase, works: dict[str, Work], rounds: int) -> Samples:
    """Milliseconds of CPU, of the processes and the server's, the first turn left out: it warms up."""
    samples: Samples = {name: [] for name in works}
    with closing(made.connect()) as connection:
        postmaster = _parent(connection.info.backend_pid)
    for turn in range(rounds + 1):
        for name, work in works.items():
            with server.create_database(template=made.name) as database:
                before = tree_seconds() + server_tree_seconds(postmaster)
                work(database.url)
                if turn:
                    samples[name].append((tree_seconds() + server_tree_seconds(postmaster) - before) * 1000)
    return samples


def _parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def _row(work: str, other: str, size: int, samples: Samples, ours: str, theirs: str, target: float | None) -> Row:
    mine, peer = statistics.median(samples[ours]), statistics.median(samples[theirs])
    return Row(work, other, size, mine, peer, ratio(samples, ours, theirs), target)


if __name__ == "__main__":
    main()
