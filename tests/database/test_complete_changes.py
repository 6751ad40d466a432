"""A complete reading sees every change, and sees none once it is undone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from databases import Database

from schemasync.schema.model import Schema
from schemasync.scratch import ScratchServer
from schemasync.witnesses.database import read_database

HERE = Path(__file__).parent


class Change(NamedTuple):
    """One change, its reverse, and the first version of PostgreSQL that has it."""

    name: str
    forward: list[str]
    back: list[str]
    since: int


def changes() -> list[Change]:
    """The changes of changes.sql."""
    found = []
    for block in (HERE / "changes.sql").read_text().split("\n\n")[1:]:
        title, body = block.split("\n", 1)
        forward, back = (part.strip().split(";\n") for part in (body + "\n").split("-- back\n"))
        since = re.search(r"\(PostgreSQL (\d+)\)", title)
        found.append(Change(title.removeprefix("-- "), forward, back, int(since[1]) if since else 13))
    return found


CHANGES = changes()


class Prepared:
    """A database with one of everything, and what a complete reading finds in it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.role = f"role_of_{database.name}"
        self.run([(HERE / "one_of_everything.sql").read_text()])
        self.schema = self.read()

    def run(self, statements: list[str]) -> None:
        for statement in statements:
            self.database.execute(statement.replace("{role}", self.role))

    def read(self) -> Schema:
        return read_database(self.database.url, complete=True)


@pytest.fixture(scope="module")
def prepared(server: ScratchServer) -> Iterator[Prepared]:
    database = Database(server.create_database())
    found = Prepared(database)
    yield found
    database.execute(f"DROP OWNED BY {found.role} CASCADE; DROP ROLE {found.role}")
    database.close()


@pytest.mark.parametrize("change", CHANGES, ids=[change.name for change in CHANGES])
def test_a_change_is_seen_and_its_reverse_is_seen_as_none(prepared: Prepared, change: Change) -> None:
    if prepared.database.version < change.since * 10000:
        pytest.skip(f"PostgreSQL {change.since} and later")
    prepared.run(change.forward)
    changed = prepared.read()
    prepared.run(change.back)
    assert changed != prepared.schema
    assert prepared.read() == prepared.schema


def test_changes_have_different_names() -> None:
    assert len({change.name for change in CHANGES}) == len(CHANGES) >= 60


def test_every_object_has_a_key_of_its_own(prepared: Prepared) -> None:
    keys = [item.key for item in prepared.schema.objects]
    assert len(set(keys)) == len(keys)


def test_no_password_is_read(prepared: Prepared) -> None:
    prepared.run(["CREATE USER MAPPING FOR CURRENT_USER SERVER remote OPTIONS (user 'u', password 'hunter2')"])
    text = prepared.read().to_json()
    prepared.run(["DROP USER MAPPING FOR CURRENT_USER SERVER remote"])
    assert "hunter2" not in text


def test_a_snapshot_keeps_a_complete_reading(prepared: Prepared) -> None:
    assert Schema.from_json(prepared.schema.to_json()) == prepared.schema
