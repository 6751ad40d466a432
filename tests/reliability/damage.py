"""Damaged input for everything that is read from files. `make input-fuzz` runs for as long as it is told.

PYTHONPATH=tests python tests/reliability/damage.py --seconds 3600 --seed 1
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

from schemasync.compare.engine import compare_witnesses
from schemasync.config import load
from schemasync.errors import SchemasyncError
from schemasync.report import FORMATS, Terminal, render, report_on
from schemasync.schema.constraints import Check, ForeignKey, Index, IndexPart, PrimaryKey, Unique
from schemasync.schema.defaults import Default
from schemasync.schema.model import CatalogObject, Column, Enum, Identity, Schema, Table
from schemasync.schema.types import data_type
from schemasync.witnesses.alembic_history import read_revisions
from schemasync.witnesses.prisma_history import prisma_history

# No input of these sizes may take longer.
PATIENCE = 20

COLUMNS = (
    Column("id", data_type("integer"), nullable=False, identity=Identity(always=True, options=(("cache", 5),))),
    Column("t", data_type("varchar", (20,)), default=Default("'a'::character varying"), comment="a % b"),
    Column("m", data_type("mood", schema="public"), collation="C", options=(("storage", "external"),)),
)
SNAPSHOT = Schema(
    "database",
    "postgresql://h/d",
    tables=(
        Table(
            "a",
            columns=COLUMNS,
            primary_key=PrimaryKey(("id",), "a_pkey"),
            uniques=(Unique(("t",), "a_t_key", include=("m",)),),
            indexes=(
                Index((IndexPart("t", descending=True), IndexPart(expression="lower(t)")), "i", predicate="id > 0"),
            ),
            checks=(Check("id > 0", "c", validated=False),),
        ),
        Table(
            "b",
            columns=COLUMNS[:2],
            foreign_keys=(ForeignKey(("id",), "public", "a", ("id",), "b_fkey", "CASCADE"),),
        ),
    ),
    enums=(Enum("mood", ("sad", "glad"), comment="x"),),
    objects=(
        CatalogObject("column-order", "public", "a", "a", (("id", "1"), ("t", "2"), ("m", "3"))),
        CatalogObject("sequence", "public", "s", None, (("owned by", 'public."a".id'),)),
    ),
    complete=True,
)
CONFIGURATION = """
[prisma]
schema = "prisma/schema.prisma"
migrations = "prisma/migrations"
[sqlalchemy]
metadata = "app.models:db"
path = ["backend"]
[alembic]
config = "alembic.ini"
[database]
url = "$DATABASE_URL"
schemas = ["public", "other"]
[ownership]
prisma = ["a_*"]
sqlalchemy = ["b"]
ignore = ["spatial_ref_sys"]
mirror = "all"
[check]
ignore = ["column-comment:a.b"]
severity = { "index-name" = "info" }
baseline = "baseline.json"
[mirror]
output = "models"
style = "declarative"
"""
REVISION = '''"""A message

Revision ID: a1
"""
from alembic import op
revision: str = "a1"
down_revision: str | None = None
branch_labels = None
depends_on = ("b2",)


def upgrade() -> None:
    op.execute("SELECT 1")
'''
INI = "[alembic]\nscript_location = %(here)s/alembic\nfile_template = %%(rev)s\n\n[loggers]\nkeys = root\n"
SPICE = [
    *("", "\0", "\ufeff", "\u2028", "🦊", "%", "%%", "%(here)s", "$HOME", "${X", "'", '"', "\\", "]" * 200),
    *("[" * 200, "null", "-1", "1e999", "true", "{}", "[]", "..", "/", "~", "a" * 5000, "\r", "\t", "::error::"),
    *("<script>", "NaN", "; rm", "`id`"),
]
VALUES: list[object] = [None, True, -1, 1.5, 10**30, "", "x", "public", [], {}, [None], {"a": 1}, [[]], "\ud800"]


def damaged_text(text: str, luck: random.Random) -> str:
    """A text with some pieces too many, too few or in a wrong place."""
    for _ in range(luck.choice([1, 1, 2, 5])):
        place, other = sorted(luck.randrange(len(text) + 1) for _ in range(2))
        draw = luck.randrange(4)
        if draw == 0:
            text = text[:place] + text[min(other, place + 30) :]
        elif draw == 1:
            text = text[:place] + luck.choice(SPICE) + text[place:]
        elif draw == 2:
            text = text[:place] + text[place:other] + text[place:]
        else:
            text = text[:place] + chr(luck.randrange(1, 0x250)) + text[place + 1 :]
    return text[:20000]


def damaged_value(value: object, luck: random.Random) -> object:
    """JSON with one value somewhere in it replaced, removed or doubled."""
    if isinstance(value, dict) and value and luck.random() < 0.9:
        key = luck.choice(list(value))
        changed = dict(value)
        draw = luck.random()
        if draw < 0.1:
            del changed[key]
        elif draw < 0.2:
            changed[luck.choice(["x", "", "name", "kind"])] = luck.choice(VALUES)
        else:
            changed[key] = damaged_value(value[key], luck)
        return changed
    if isinstance(value, list) and value and luck.random() < 0.9:
        place = luck.randrange(len(value))
        if luck.random() < 0.2:
            return [*value, value[place]]
        return [*value[:place], damaged_value(value[place], luck), *value[place + 1 :]]
    if luck.random() < 0.7:
        if isinstance(value, bool):
            return not value
        if isinstance(value, str):
            return luck.choice(["x", "", "id", "table", "view", "CASCADE", "hash", "\ud800", damaged_text(value, luck)])
        if isinstance(value, int):
            return luck.choice([0, -1, 10**30])
    return luck.choice(VALUES)


def snapshots(folder: Path, luck: random.Random) -> int:
    """A damaged snapshot; one that can still be read is compared and reported on in every format."""
    text = SNAPSHOT.to_json()
    if luck.random() < 0.8:
        content = json.loads(text)
        for _ in range(luck.randrange(1, 4)):
            content = damaged_value(content, luck)
        text = json.dumps(content)
    else:
        text = damaged_text(text, luck)
    schema = Schema.from_json(text)
    witnesses = {"snapshot": schema, "database": SNAPSHOT}
    comparison = compare_witnesses(witnesses)
    for name in FORMATS:
        render(report_on(witnesses, comparison), name, Terminal())
    return len(text)


def configurations(folder: Path, luck: random.Random) -> int:
    """A damaged configuration."""
    text = damaged_text(CONFIGURATION, luck)
    path = folder / "schemasync.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    load(path)
    return len(text)


def alembic_environments(folder: Path, luck: random.Random) -> int:
    """A damaged alembic.ini and damaged revisions."""
    versions = folder / "alembic" / "versions"
    shutil.rmtree(folder / "alembic", ignore_errors=True)
    versions.mkdir(parents=True)
    ini = damaged_text(INI, luck) if luck.random() < 0.4 else INI
    (folder / "alembic.ini").write_text(ini, errors="replace")
    (folder / "alembic" / "env.py").write_text("")
    size = len(ini)
    for number in range(luck.randrange(4)):
        text = REVISION.replace('"a1"', f'"a{number}"').replace(
            "None", luck.choice(["None", '"a0"', '("a1", "a2")', "x"])
        )
        text = damaged_text(text, luck) if luck.random() < 0.7 else text
        (versions / f"a{number}.py").write_text(text, errors="replace")
        size += len(text)
    read_revisions(folder / "alembic.ini")
    return size


def migration_folders(folder: Path, luck: random.Random) -> int:
    """A folder of Prisma's migrations with anything in it."""
    migrations = folder / "migrations"
    shutil.rmtree(migrations, ignore_errors=True)
    migrations.mkdir()
    size = 0
    for _ in range(luck.randrange(5)):
        name = damaged_text("20240101_first", luck).replace("/", "_").replace("\0", "")[:80].strip(".") or "x"
        with suppress(OSError, UnicodeError):
            (migrations / name).mkdir()
            draw = luck.random()
            if draw < 0.7:
                (migrations / name / "migration.sql").write_text(damaged_text("SELECT 1;", luck), errors="replace")
            elif draw < 0.8:
                (migrations / name / "migration.sql").mkdir()
            size += len(name)
    prisma_history(migrations, None)
    return size


Target = Callable[[Path, random.Random], int]
TARGETS: dict[str, Target] = {
    target.__name__: target for target in (snapshots, configurations, alembic_environments, migration_folders)
}


class Outcome(NamedTuple):
    """What many damaged inputs led to: how many, how many were refused, how many bytes, and what went wrong."""

    tried: Counter[str]
    refused: Counter[str]
    size: int
    faults: list[str]


@contextmanager
def patience() -> Iterator[None]:
    """No more than so many seconds."""

    def late(number: int, frame: object) -> None:
        raise TimeoutError(f"longer than {PATIENCE} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


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
                        size += TARGETS[name](Path(temporary), random.Random(one))
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
    print(f"{told}; {outcome.size} bytes were read; {len(outcome.faults)} faults")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
