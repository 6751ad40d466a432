"""Damaged input for everything that is read from files. `make input-fuzz` runs for as long as it is told.

PYTHONPATH=.:tests python tests/reliability/damage.py --seconds 3600 --seed 1
"""

import argparse
import json
import os
import random
import shutil
import signal
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from damaged import (
    BASELINE,
    COMMENTED,
    CONFIGURATION,
    FLEET,
    INI,
    REVISION,
    SNAPSHOT,
    SPICE,
    damaged_text,
    damaged_value,
)

from schemasync.baseline import read_baseline
from schemasync.compare.engine import compare_witnesses
from schemasync.config import load
from schemasync.errors import SchemasyncError
from schemasync.fleet_file import read_fleet_file
from schemasync.inline_ignores import comments_of
from schemasync.passwords import hide_password, scrub
from schemasync.report import FORMATS, Terminal, render, report_on
from schemasync.schema.model import Schema
from schemasync.urls import build_url, connection_parameters
from schemasync.witnesses.alembic_history import read_revisions
from schemasync.witnesses.prisma_history import prisma_history

# No input of these sizes may take longer, in seconds.
PATIENCE = 20


def snapshots(folder: Path, luck: random.Random) -> Iterator[str]:
    """A damaged snapshot; one that can still be read is compared and reported on in every format."""
    text = SNAPSHOT.to_json()
    if luck.random() < 0.8:
        content = json.loads(text)
        for _ in range(luck.randrange(1, 4)):
            content = damaged_value(content, luck)
        text = json.dumps(content)
    else:
        text = damaged_text(text, luck)
    yield text
    schema = Schema.from_json(text)
    witnesses = {"snapshot": schema, "database": SNAPSHOT}
    comparison = compare_witnesses(witnesses)
    for name in FORMATS:
        render(report_on(witnesses, comparison), name, Terminal())


def configurations(folder: Path, luck: random.Random) -> Iterator[str]:
    """A damaged configuration."""
    text = damaged_text(CONFIGURATION, luck)
    path = folder / "schemasync.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    yield text
    load(path)


def alembic_environments(folder: Path, luck: random.Random) -> Iterator[str]:
    """A damaged alembic.ini and damaged revisions."""
    versions = folder / "alembic" / "versions"
    shutil.rmtree(folder / "alembic", ignore_errors=True)
    versions.mkdir(parents=True)
    ini = damaged_text(INI, luck) if luck.random() < 0.4 else INI
    (folder / "alembic.ini").write_text(ini, errors="replace")
    (folder / "alembic" / "env.py").write_text("")
    yield ini
    for number in range(luck.randrange(4)):
        text = REVISION.replace('"a1"', f'"a{number}"').replace(
            "None", luck.choice(["None", '"a0"', '("a1", "a2")', "x"])
        )
        text = damaged_text(text, luck) if luck.random() < 0.7 else text
        (versions / f"a{number}.py").write_text(text, errors="replace")
        yield text
    read_revisions(folder / "alembic.ini")


def migration_folders(folder: Path, luck: random.Random) -> Iterator[str]:
    """A folder of Prisma's migrations with anything in it."""
    migrations = folder / "migrations"
    shutil.rmtree(migrations, ignore_errors=True)
    migrations.mkdir()
    for _ in range(luck.randrange(5)):
        name = damaged_text("20240101_first", luck).replace("/", "_").replace("\0", "")[:80].strip(".") or "x"
        with suppress(OSError, UnicodeError):
            (migrations / name).mkdir()
            draw = luck.random()
            if draw < 0.7:
                script = damaged_text("SELECT 1;", luck)
                (migrations / name / "migration.sql").write_text(script, errors="replace")
                yield script
            elif draw < 0.8:
                (migrations / name / "migration.sql").mkdir()
            yield name
    prisma_history(migrations, None)


def baselines(folder: Path, luck: random.Random) -> Iterator[str]:
    """A damaged file of accepted drifts."""
    text = damaged_text(BASELINE, luck)
    if luck.random() < 0.6:
        text = json.dumps(damaged_value(json.loads(BASELINE), luck))
    path = folder / "baseline.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    yield text
    read_baseline(path)


def fleets(folder: Path, luck: random.Random) -> Iterator[str]:
    """A damaged list of databases; what is said of it does not hold the password."""
    text = damaged_text(FLEET, luck)
    path = folder / "tenants.txt"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    yield text
    try:
        read_fleet_file(path)
    except SchemasyncError as error:
        assert "ann:s3cret@" not in error.render()
        raise


def urls(folder: Path, luck: random.Random) -> Iterator[str]:
    """A URL with any password, encoded as it has to be or not; it comes through whole, or is refused without it."""
    letters = "".join(one for one in SPICE if len(one) < 10) + "@:/?#%&=+ ,[]é"
    password = "Hemlock7" + "".join(luck.choice(letters) for _ in range(luck.randrange(8))) + "Quartz3"
    given = quote(password, safe="") if luck.random() < 0.6 else password
    url = f"postgresql://ann:{given}@db.example.org:5432/shop?sslmode=require"
    if luck.random() < 0.3:
        url = f"postgresql://ann@db.example.org/shop?password={given}&connect_timeout=1"
    yield url
    assert "Hemlock7" not in hide_password(url), url
    assert "Hemlock7" not in scrub(f"no route to {url}: {password!s}", url), url
    try:
        parameters = connection_parameters(url)
    except SchemasyncError as error:
        assert "Hemlock7" not in error.render(), url
        raise
    if given != password:
        assert parameters["password"] == password, url
        assert connection_parameters(build_url(parameters)) == parameters, url


def comments(folder: Path, luck: random.Random) -> Iterator[str]:
    """Models and schemas with comments that ignore drifts, damaged; each comment stands where it is said to stand."""
    text = damaged_text(COMMENTED, luck)
    path = folder / luck.choice(["models.py", "schema.prisma"])
    if path.suffix == ".prisma":
        text = text.replace("#", "//")
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    yield text
    lines = path.read_bytes().decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for comment in comments_of(str(path)):
        assert "schemasync:" in lines[comment.line - 1][comment.column - 1 :], (comment, lines)
        assert comment.line <= comment.target <= len(lines), (comment, lines)


# A target yields each text before it is read.
Target = Callable[[Path, random.Random], Iterator[str]]
TARGETS: dict[str, Target] = {
    target.__name__: target
    for target in (
        snapshots,
        configurations,
        alembic_environments,
        migration_folders,
        baselines,
        fleets,
        urls,
        comments,
    )
}


class Outcome(NamedTuple):
    """What many damaged inputs led to: how many, how many were refused, of how many bytes, and what went wrong."""

    tried: Counter[str]
    refused: Counter[str]
    size: int
    faults: list[str]


@contextmanager
def patience() -> Iterator[None]:
    """No more than so many seconds."""

    def late(number: int, frame: object) -> None:
        raise TimeoutError(f"longer than {PATIENCE} s")

    # By the processor's clock, so that a busy machine is no hang; by the wall's for what waits and never ends.
    before = [signal.signal(number, late) for number in (signal.SIGPROF, signal.SIGALRM)]
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    signal.alarm(30 * PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        for number, handler in zip((signal.SIGPROF, signal.SIGALRM), before, strict=True):
            signal.signal(number, handler)


def attempt(seed: int, seconds: float, most: int | None = None) -> Outcome:
    """Damage and read, each input from a seed of its own, until the time is up."""
    outcome = Outcome(Counter(), Counter(), 0, [])
    size, number = 0, 0
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="schemasync-fuzz-") as temporary:
        here = Path.cwd()
        os.chdir(temporary)
        try:
            while time.monotonic() < end and (most is None or number < most):
                name = list(TARGETS)[number % len(TARGETS)]
                one = f"{name} {seed + number}"
                number += 1
                outcome.tried[name] += 1
                try:
                    with patience(), warnings.catch_warnings(action="ignore"):
                        for text in TARGETS[name](Path(temporary), random.Random(one)):
                            size += len(text.encode("utf-8", "surrogatepass"))
                except SchemasyncError as error:
                    outcome.refused[name] += 1
                    if not error.message:
                        outcome.faults.append(f"{one}: an error without a message")
                except BaseException as error:
                    if isinstance(error, KeyboardInterrupt):
                        raise
                    outcome.faults.append(f"{one}: {''.join(traceback.format_exception(error)[-3:])}")
        finally:
            os.chdir(here)
    return outcome._replace(size=size)


def main() -> int:
    """Run, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    outcome = attempt(given.seed, given.seconds)
    for fault in outcome.faults[:20]:
        print(fault)
    told = ", ".join(f"{count} {name} ({outcome.refused[name]} refused)" for name, count in outcome.tried.items())
    print(f"{told}; {outcome.size:,} bytes; {len(outcome.faults)} faults")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
