"""`schemasync wait`: until the database states what a build relies on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import environment_with_sources, schemasync
from databases import Database

from schemasync.compatibility import Service
from schemasync.errors import DatabaseError
from schemasync.release.waiting import wait_until_ready
from schemasync.schema.model import Column, Schema, Table
from schemasync.schema.types import parse_type
from schemasync.witnesses.database import read_database

MODELS = """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
"""
TABLE = "CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL)"
SERVICE = Service(
    "back end",
    "sqlalchemy",
    Schema("sqlalchemy", tables=(Table("users", columns=(Column("name", parse_type("text"), nullable=False),)),)),
)


class Clock:
    """Time that passes only while somebody sleeps, and what happens then."""

    def __init__(self, *events: str) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.events = list(events)

    def __call__(self) -> float:
        return self.now


def test_it_ends_when_the_last_fact_is_there(database: Database) -> None:
    clock = Clock("CREATE TABLE users (id int)", "SELECT 1", "ALTER TABLE users ADD name text")
    told: list[str] = []

    def sleep(seconds: float) -> None:
        clock.now += seconds
        clock.slept.append(seconds)
        database.execute(clock.events.pop(0))

    outcome = wait_until_ready(
        [SERVICE], lambda: read_database(database.url), timeout=60, tell=told.append, clock=clock, sleep=sleep
    )
    assert (outcome.ready, outcome.attempts) == (True, 4)
    assert told == [
        "back end: SELECT on users fails: the database has no such table",
        "back end: SELECT on users fails: it names the column name, which is not there",
    ]
    assert clock.slept == sorted(clock.slept)
    assert len(set(clock.slept)) == 3, "it backs off"


def test_it_gives_up_in_time() -> None:
    clock = Clock()

    def sleep(seconds: float) -> None:
        clock.now += seconds
        clock.slept.append(seconds)

    def read() -> Schema:
        raise DatabaseError("cannot connect")

    told: list[str] = []
    outcome = wait_until_ready([SERVICE], read, timeout=30, tell=told.append, clock=clock, sleep=sleep)
    assert (outcome.ready, told) == (False, ["cannot connect"])
    assert clock.now == 30
    assert max(clock.slept) <= 5


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models.py").write_text(MODELS)
    return tmp_path


def test_a_manifest_of_the_build(folder: Path, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    written = schemasync(
        capsys, "snapshot", "--metadata", "models:Base", "--witness", "sqlalchemy", "--output", "manifest.json"
    )
    assert written.code == 0, written.err
    (folder / "models.py").unlink()
    once = ("wait", "--manifest", "manifest.json", "--database", database.url, "--timeout", "0")
    result = schemasync(capsys, *once)
    assert (result.code, result.out) == (1, "back end: SELECT on users fails: the database has no such table\n")
    database.execute(TABLE)
    result = schemasync(capsys, *once)
    assert (result.code, result.out) == (0, "ready: back end can run\n")
    # What another service needs is no obstacle.
    database.execute("CREATE TABLE other (id int); ALTER TABLE users ADD mail text")
    assert schemasync(capsys, *once).code == 0
    database.execute("ALTER TABLE users ALTER mail SET NOT NULL")
    assert schemasync(capsys, *once).code == 1


def test_this_trees_own_declarations(folder: Path, database: Database) -> None:
    """A process that waits while another one migrates."""
    command = [sys.executable, "-m", "schemasync", "wait", "--metadata", "models:Base", "--timeout", "60"]
    process = subprocess.Popen(
        [*command, "--database", database.url],
        cwd=folder,
        env={**os.environ, **environment_with_sources()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "waiting: back end: SELECT on users fails: the database has no such table\n"
    database.execute(TABLE)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "ready: back end can run\n")


def test_what_cannot_be_waited_for(folder: Path, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    result = schemasync(capsys, "wait", "--database", database.url)
    assert (result.code, "nothing to wait for" in result.err) == (2, True)
    dead = "postgresql://ann:s3cret@127.0.0.1:1/shop"
    result = schemasync(capsys, "wait", "--metadata", "models:Base", "--database", dead, "--timeout", "0")
    assert (result.code, "cannot connect" in result.err, "s3cret" in result.err) == (2, True, False)
    database.execute(TABLE)
    schemasync(capsys, "snapshot", "--witness", "database", "--database", database.url, "--output", "database.json")
    result = schemasync(capsys, "wait", "--manifest", "database.json", "--database", database.url)
    assert (result.code, "is a snapshot of the witness database" in result.err) == (2, True)
    result = schemasync(capsys, "wait", "--manifest", "gone.json", "--database", database.url)
    assert (result.code, "cannot read the manifest gone.json" in result.err) == (2, True)
