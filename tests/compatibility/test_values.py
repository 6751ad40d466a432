"""Values that one service writes and another reads: those of enums, and those of types."""

import itertools
from dataclasses import replace

import pytest

from schemasync.compatibility import Service, can_run
from schemasync.schema.model import Column, Schema, Table
from schemasync.schema.model import Enum as EnumType
from schemasync.schema.types import parse_type


def enum_service(name: str, *values: str) -> Service:
    column = Column("role", parse_type('public."role"'), nullable=False)
    return Service(
        name, "prisma", Schema("prisma", tables=(Table("users", columns=(column,)),), enums=(EnumType("role", values),))
    )


def test_an_enum_value_fails_its_reader_only_once_somebody_may_write_it() -> None:
    old, new = enum_service("old", "USER"), enum_service("new", "USER", "ADMIN")
    before = replace(old.facts, witness="database")
    after = replace(new.facts, witness="database")
    assert can_run(old, after)
    assert not can_run(old, after, writers=[new])
    assert can_run(new, after, writers=[old])
    assert not can_run(new, before)
    reading = replace(new, read_only=frozenset({("public", "users")}))
    assert can_run(old, after, writers=[reading])
    assert can_run(reading, before)


@pytest.mark.parametrize(
    ("known", "actual", "runs"),
    [
        (
            known,
            actual,
            known == actual or {known, actual} <= {"text", "varchar(5)"} or {known, actual} == {"json", "jsonb"},
        )
        for known, actual in itertools.product(
            ["text", "varchar(5)", "uuid", "boolean", "json", "jsonb", "text[]"], repeat=2
        )
    ],
)
def test_kinds_of_values(known: str, actual: str, runs: bool) -> None:
    def facts(text: str) -> Schema:
        return Schema("database", tables=(Table("t", columns=(Column("c", parse_type(text)),)),))

    assert can_run(Service("one", "sqlalchemy", facts(known)), facts(actual)) is runs
