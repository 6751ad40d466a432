"""Every kind's bad example shows that kind, and its good example does not."""

import datetime
import uuid
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.orm
from databases import Database
from sqlalchemy.dialects.postgresql import INT4RANGE, TIMESTAMP, ExcludeConstraint

import schemasync
from schemasync.compare.examples import Example, examples
from schemasync.compare.kinds import catalogue
from schemasync.schema.model import Schema

# What neither a database nor models alone can show: the files of a history; a provider that must be compiled in C.
NOT_RUN = {"histories", "fences", "gate", "fleet"}
WITHOUT_EXAMPLE = {"security-label"}
SINCE = {"not-null": 180000}
DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n\n'


def models(source: str) -> sqlalchemy.MetaData:
    base: Any = type("Base", (sqlalchemy.orm.DeclarativeBase,), {})
    known = {name: getattr(sqlalchemy, name) for name in dir(sqlalchemy)}
    known |= {name: getattr(sqlalchemy.orm, name) for name in dir(sqlalchemy.orm)}
    known |= {"INT4RANGE": INT4RANGE, "TIMESTAMP": TIMESTAMP, "ExcludeConstraint": ExcludeConstraint}
    known |= {"Base": base, "datetime": datetime.datetime, "uuid4": uuid.uuid4, "__name__": __name__}
    exec(source, known)
    found: sqlalchemy.MetaData = base.metadata
    return found


def kinds_of(example: Example, database: Database, folder: Path) -> set[str]:
    witnesses: dict[str, Schema] = {}
    if example.before:
        database.execute(example.before)
        witnesses["snapshot"] = schemasync.read_database(database.url, complete=True)
    if example.prisma:
        path = folder / "schema.prisma"
        path.write_text(DATASOURCE + example.prisma)
        witnesses["prisma"] = schemasync.read_prisma(path)
    if example.python:
        witnesses["sqlalchemy"] = schemasync.read_metadata(models(example.python))
    if example.sql:
        for statement in filter(str.strip, example.sql.split(";\n")):
            database.execute(statement)
        witnesses["database"] = schemasync.read_database(database.url, complete=bool(example.before))
    return {drift.kind for drift in schemasync.compare(witnesses)}


def test_every_kind_has_examples() -> None:
    wanted = {kind.name for kind in catalogue().values() if kind.group not in NOT_RUN} - WITHOUT_EXAMPLE
    assert set(examples()) == wanted


@pytest.mark.parametrize("kind", examples())
def test_the_bad_example_shows_the_kind_and_the_good_one_does_not(
    kind: str, database: Database, tmp_path: Path
) -> None:
    if database.version < SINCE.get(kind, 0):
        pytest.skip(f"needs PostgreSQL {SINCE[kind] // 10000}")
    pair = examples()[kind]
    assert kind in kinds_of(pair.bad, database, tmp_path)
    database.execute(
        "DROP SCHEMA public CASCADE; CREATE SCHEMA public; COMMENT ON SCHEMA public IS 'standard public schema'"
    )
    for leftover in (
        "EXTENSION citext",
        "PUBLICATION changes",
        "SUBSCRIPTION feed",
        "FOREIGN DATA WRAPPER files",
        "ACCESS METHOD own",
        "LANGUAGE own",
    ):
        database.execute(f"DROP {leftover.rpartition(' ')[0]} IF EXISTS {leftover.rpartition(' ')[2]} CASCADE")
    database.execute(f"ALTER DATABASE {database.name} RESET ALL")
    good = kinds_of(pair.good, database, tmp_path)
    assert kind not in good
