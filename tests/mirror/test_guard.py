"""`create_all()` and `drop_all()` leave Prisma's tables out, and say so."""

import logging

import pytest
from flask_sqlalchemy import SQLAlchemy
from proof import engine_of
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, inspect

from schemasync.integrations.sqlalchemy import guard

MARK = {"schemasync": {"owner": "prisma"}}


@pytest.fixture
def metadata() -> MetaData:
    found = MetaData()
    Table("users", found, Column("id", Integer, primary_key=True), info=MARK)
    Table("sessions", found, Column("id", Integer, primary_key=True), info=MARK)
    Table("invoices", found, Column("id", Integer, primary_key=True), Column("user_id", ForeignKey("users.id")))
    return found


def test_create_all_creates_no_mirror(metadata, database, caplog):
    database.execute("CREATE TABLE users (id int PRIMARY KEY)")
    guard(metadata)
    engine = engine_of(database)
    with caplog.at_level(logging.INFO, "schemasync"):
        metadata.create_all(engine)
    assert inspect(engine).get_table_names() == ["users", "invoices"] or sorted(inspect(engine).get_table_names()) == [
        "invoices",
        "users",
    ]
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.getMessage() == (
        "create_all() leaves 1 table to Prisma, which the database lacks: sessions. Run: prisma migrate deploy"
    )


def test_nothing_is_warned_of_when_prisma_has_run(metadata, database, caplog):
    database.execute("CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE sessions (id int PRIMARY KEY)")
    guard(metadata)
    with caplog.at_level(logging.INFO, "schemasync"):
        metadata.create_all(engine_of(database))
    (record,) = caplog.records
    assert (record.levelname, record.getMessage()) == (
        "INFO",
        "create_all() leaves 2 tables to Prisma: sessions, users",
    )


def test_drop_all_drops_no_mirror(metadata, database):
    database.execute("CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE sessions (id int PRIMARY KEY)")
    guard(metadata)
    engine = engine_of(database)
    metadata.create_all(engine)
    metadata.drop_all(engine)
    assert sorted(inspect(engine).get_table_names()) == ["sessions", "users"]


def test_tables_that_are_named_are_left_out_too(metadata, database):
    guard(metadata)
    engine = engine_of(database)
    metadata.create_all(engine, tables=[metadata.tables["users"]])
    assert inspect(engine).get_table_names() == []


def test_without_the_guard_mirrors_are_created(metadata, database):
    engine = engine_of(database)
    metadata.create_all(engine)
    assert sorted(inspect(engine).get_table_names()) == ["invoices", "sessions", "users"]


def test_a_second_guard_changes_nothing(metadata, database, caplog):
    guard(metadata)
    guard(metadata)
    with caplog.at_level(logging.INFO, "schemasync"):
        metadata.create_all(engine_of(database), tables=[metadata.tables["users"]])
    assert len(caplog.records) == 1


def test_a_flask_sqlalchemy_db_is_guarded(metadata):
    db = SQLAlchemy(metadata=metadata)
    guard(db)
    assert "create_all" in vars(db.metadata)


def test_what_has_no_metadata_is_refused():
    with pytest.raises(TypeError, match="int has no MetaData"):
        guard(3)
