"""Compatibility against the real thing: changes of a database, and whether the services' own statements then fail."""

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from enum import Enum as PythonEnum
from typing import Any

import psycopg2
import pytest
from databases import Database
from sqlalchemy import DateTime, Enum, Integer, Numeric, String, Text, Uuid, create_engine, func, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from schemasync.compatibility import Breakage, Service, breakages, can_run
from schemasync.schema.defaults import Default
from schemasync.schema.model import Schema
from schemasync.witnesses.database import read_database
from schemasync.witnesses.metadata import read_metadata

DATABASE = """
CREATE TYPE role AS ENUM ('USER', 'ADMIN');
CREATE TABLE users (
  id uuid PRIMARY KEY,
  name varchar(50) NOT NULL,
  nick text,
  age integer,
  score numeric(8, 2) NOT NULL DEFAULT 0,
  role role NOT NULL DEFAULT 'USER',
  settings jsonb,
  seen timestamp(3) NOT NULL DEFAULT now()
);
INSERT INTO users (id, name, nick, age) VALUES ('00000000-0000-0000-0000-000000000001', 'ann', 'a', 7);
"""


class Role(PythonEnum):
    USER = "USER"
    ADMIN = "ADMIN"


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(50))
    nick: Mapped[str | None] = mapped_column(Text)
    age: Mapped[int | None] = mapped_column(Integer)
    score: Mapped[Decimal] = mapped_column(Numeric(8, 2), server_default="0")
    role: Mapped[Role] = mapped_column(Enum(Role, name="role"), server_default="USER")
    settings: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    seen: Mapped[datetime.datetime] = mapped_column(DateTime, server_default=func.now())


# What a migration may do, and the statement that then fails; None where nothing does.
CHANGES: list[tuple[str, tuple[str, str | None] | None]] = [
    ("SELECT 1", None),
    ("ALTER TABLE users ADD city text", None),
    ("ALTER TABLE users ADD city text NOT NULL DEFAULT 'x'", None),
    ("ALTER TABLE users ADD city text GENERATED ALWAYS AS (upper(nick)) STORED", None),
    ("ALTER TABLE users ADD number int GENERATED ALWAYS AS IDENTITY", None),
    (
        "ALTER TABLE users ADD city text NOT NULL DEFAULT 'x'; ALTER TABLE users ALTER city DROP DEFAULT",
        ("INSERT", "city"),
    ),
    ("ALTER TABLE users DROP nick", ("SELECT", "nick")),
    ("ALTER TABLE users RENAME nick TO nickname", ("SELECT", "nick")),
    ("ALTER TABLE users RENAME TO people", ("SELECT", None)),
    ("DROP TABLE users", ("SELECT", None)),
    ("ALTER TABLE users ALTER nick SET NOT NULL", ("INSERT", "nick")),
    ("ALTER TABLE users ALTER nick SET DEFAULT 'x', ALTER nick SET NOT NULL", ("INSERT", "nick")),
    ("ALTER TABLE users ALTER name DROP NOT NULL", None),
    ("ALTER TABLE users ALTER name TYPE text", None),
    ("ALTER TABLE users ALTER age TYPE bigint", None),
    ("ALTER TABLE users ALTER id TYPE text", ("SELECT", "id")),
    ("ALTER TABLE users ALTER age TYPE text", ("SELECT", "age")),
    ("ALTER TABLE users ALTER age TYPE boolean USING true", ("SELECT", "age")),
    ("ALTER TABLE users ALTER nick TYPE integer USING 1", ("SELECT", "nick")),
    ("ALTER TABLE users ALTER settings TYPE json", None),
    ("ALTER TABLE users ALTER seen TYPE timestamptz", None),
    ("ALTER TABLE users ALTER seen DROP DEFAULT", ("INSERT", "seen")),
    ("ALTER TABLE users ALTER score DROP DEFAULT", ("INSERT", "score")),
    ("ALTER TABLE users ALTER score DROP DEFAULT, ALTER score DROP NOT NULL", None),
    ("ALTER TYPE role RENAME VALUE 'ADMIN' TO 'ROOT'", ("INSERT", "role")),
    ("ALTER TYPE role ADD VALUE 'ROOT'", None),
    ("ALTER TABLE users DROP age, ADD age int GENERATED ALWAYS AS (1) STORED", ("INSERT", "age")),
    ("CREATE INDEX ON users (nick); COMMENT ON TABLE users IS 'x'", None),
]
IDS = [change[:60] for change, _ in CHANGES]


@pytest.fixture
def users(database: Database) -> Database:
    database.execute(DATABASE)
    return database


def states(database: Database) -> Schema:
    return read_database(database.url)


def certain(found: tuple[Breakage, ...]) -> list[tuple[str, str | None]]:
    return [(one.statement, one.object) for one in found if one.certain]


def run_mapped_statements(url: str) -> list[str]:
    """The mapped SELECT, INSERT and UPDATE, with all values and with as few as the mapping allows; what failed."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg2://"))
    failed = []

    def read(session: Session) -> None:
        rows = session.scalars(select(User)).all()
        for row in rows:
            assert row.age is None or type(row.age) is int, "a value of another kind"
            assert row.nick is None or type(row.nick) is str, "a value of another kind"
            assert type(row.id) is uuid.UUID, "a value of another kind"
        session.get(User, uuid.UUID(int=1))

    def insert(session: Session) -> None:
        session.add(User(name="ben"))
        session.flush()
        session.add(User(name="cat", nick="c", age=3, score=Decimal("1.50"), role=Role.ADMIN, settings={"a": 1}))
        session.flush()

    def change(session: Session) -> None:
        session.execute(update(User).where(User.id == uuid.UUID(int=1)).values(name="dan", role=Role.ADMIN))

    for name, statement in (("SELECT", read), ("INSERT", insert), ("UPDATE", change)):
        with Session(engine) as session:
            try:
                statement(session)
            except (DBAPIError, AssertionError, LookupError):
                failed.append(name)
    engine.dispose()
    return failed


def prisma_facts() -> Schema:
    """The table as Prisma's schema has it: what the client fills in by itself is no default of the database."""
    found = read_metadata(Base)
    (table,) = found.tables
    columns = [
        replace(one, default=Default("CURRENT_TIMESTAMP")) if one.name == "seen" else one for one in table.columns
    ]
    return replace(found, witness="prisma", tables=(replace(table, columns=tuple(columns)),))


def prisma_statements(columns: list[str]) -> Iterator[tuple[str, str]]:
    """What Prisma's client sends, its parameters as literals of no type, as its PostgreSQL adapter binds them."""
    names = ", ".join(f'"public"."users"."{name}"' for name in columns)
    yield "SELECT", f'SELECT {names} FROM "public"."users" WHERE 1=1 OFFSET 0'
    key = "'00000000-0000-0000-0000-000000000001'"
    yield "SELECT", f'SELECT {names} FROM "public"."users" WHERE ("public"."users"."id" = {key} AND 1=1) LIMIT 1'
    new = "'00000000-0000-0000-0000-000000000002'"
    role = 'CAST(\'ADMIN\'::text AS "public"."role")'
    few = f'INSERT INTO "public"."users" ("id","name","score","role","seen") VALUES ({new},\'b\',\'0\',{role},now())'
    yield "INSERT", f"{few} RETURNING {names}"


def run_prisma_statements(database: Database) -> list[str]:
    columns = [column.name for column in prisma_facts().tables[0].columns]
    failed = []
    for name, sql in prisma_statements(columns):
        try:
            database.execute(sql)
        except psycopg2.Error:
            failed.append(name)
    return failed


@pytest.mark.parametrize(("change", "expected"), CHANGES, ids=IDS)
def test_sqlalchemy(users: Database, change: str, expected: tuple[str, str | None] | None) -> None:
    service = Service("back end", "sqlalchemy", read_metadata(Base))
    assert run_mapped_statements(users.url) == []
    assert breakages(service, states(users)) == ()
    users.execute(change)
    found = certain(breakages(service, states(users)))
    failed = run_mapped_statements(users.url)
    assert bool(found) == bool(failed), failed
    assert found[:1] == ([expected] if expected else [])
    if expected is not None:
        assert expected[0] in failed


# Where Prisma's client and SQLAlchemy differ: it leaves out what it is not given, and fills in literals by itself.
PRISMA_DIFFERS = {
    "ALTER TABLE users ALTER nick SET DEFAULT 'x', ALTER nick SET NOT NULL": None,
    "ALTER TABLE users ALTER seen DROP DEFAULT": None,
    "ALTER TABLE users ALTER score DROP DEFAULT": None,
}
# No statement of PostgreSQL fails: the client does, when it decodes the row.
DECODING = ("ALTER age TYPE text", "ALTER age TYPE boolean", "ALTER nick TYPE integer", "ALTER id TYPE text")
# Fails when the client is asked to write it, which the statements above do not.
GENERATED = "ADD age int GENERATED"


@pytest.mark.parametrize(("change", "expected"), CHANGES, ids=IDS)
def test_prisma(users: Database, change: str, expected: tuple[str, str | None] | None) -> None:
    service = Service("front end", "prisma", prisma_facts())
    expected = PRISMA_DIFFERS.get(change, expected)
    users.execute(change)
    found = certain(breakages(service, states(users)))
    assert found[:1] == ([expected] if expected else [])
    if not any(part in change for part in (*DECODING, GENERATED)):
        assert bool(found) == bool(run_prisma_statements(users))


def test_sentences(users: Database) -> None:
    service = Service("back end (old)", "sqlalchemy", read_metadata(Base))
    users.execute(
        "ALTER TABLE users DROP nick, ADD city text NOT NULL DEFAULT ''; ALTER TABLE users ALTER city DROP DEFAULT"
    )
    assert [one.sentence for one in breakages(service, states(users))] == [
        "back end (old): SELECT on users fails: it names the column nick, which is not there",
        "back end (old): INSERT on users fails: city is NOT NULL without a default, and its mapping does not know it",
    ]
    reader = replace(service, read_only=frozenset({("public", "users")}))
    assert [one.object for one in breakages(reader, states(users))] == ["nick"]


def test_risks_depend_on_the_rows(users: Database) -> None:
    back = Service("back end", "sqlalchemy", read_metadata(Base))
    front = Service("front end", "prisma", prisma_facts())
    users.execute("ALTER TABLE users ALTER name DROP NOT NULL, ALTER name TYPE varchar(9)")
    assert [(one.statement, one.certain) for one in breakages(back, states(users))] == [("INSERT", False)]
    assert [(one.statement, one.certain) for one in breakages(front, states(users))] == [
        ("SELECT", False),
        ("INSERT", False),
    ]
    assert can_run(back, states(users))
    assert can_run(front, states(users))
    assert (
        "can fail: name is varchar(9), which does not hold every varchar(50)"
        in breakages(back, states(users))[0].sentence
    )
