"""Models in a process of their own: what real SQLAlchemy does with a database that is not what they say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import Database

from schemasync.compatibility import Service
from schemasync.errors import ModelImportError
from schemasync.release.rehearsal_services import Troupe
from schemasync.release.rehearsal_trials import Trial
from schemasync.release.rehearsal_worker import ModelProcess, Models
from schemasync.release.synthetic_rows import RowMaker, fill
from schemasync.witnesses.database import read_database
from schemasync.witnesses.loader import load_schema

MODELS = """\
import enum
import uuid
from typing import Any

from sqlalchemy import Column, Enum, ForeignKey, Integer, String, Table, Text, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, validates

print("models print")


class Base(DeclarativeBase):
    pass


class Role(enum.Enum):
    USER = "USER"
    ADMIN = "ADMIN"


class User(Base):
    __tablename__ = "users"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(40))
    age: Mapped[int | None]
    role: Mapped[Role] = mapped_column(Enum(Role, name="role"), server_default="USER")
    settings: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    shown: Mapped[str] = mapped_column(default=lambda: "shown")
    posts: Mapped[list["Post"]] = relationship(back_populates="author")

    def __init__(self, required: str) -> None:
        raise AssertionError("nobody here knows what it wants")

    @validates("name")
    def fits(self, _key: str, name: str) -> str:
        assert "@" in name
        return name


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(Text)
    author: Mapped[User] = relationship(back_populates="posts")
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "post"}


class Video(Post):
    __tablename__ = "videos"
    id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    length: Mapped[int]
    __mapper_args__ = {"polymorphic_identity": "video"}


tags = Table("tags", Base.metadata, Column("name", Text, primary_key=True), Column("weight", Integer, nullable=False))
"""
TABLES = """
CREATE TYPE role AS ENUM ('USER', 'ADMIN');
CREATE TABLE users (id uuid PRIMARY KEY, name varchar(40) NOT NULL, age int, role role NOT NULL DEFAULT 'USER',
    settings jsonb, shown text NOT NULL);
CREATE TABLE posts (id serial PRIMARY KEY, author_id uuid NOT NULL REFERENCES users, kind text NOT NULL);
CREATE TABLE videos (id int PRIMARY KEY REFERENCES posts, length int NOT NULL);
CREATE TABLE tags (name text PRIMARY KEY, weight int NOT NULL);
"""


@pytest.fixture
def models(tmp_path: Path) -> Iterator[ModelProcess]:
    (tmp_path / "models.py").write_text(MODELS)
    process = ModelProcess("back end", Models("models:Base", (str(tmp_path),), str(tmp_path)))
    yield process
    process.close()


def trials(models: ModelProcess, database: Database, *changes: str) -> list[Trial]:
    database.execute(TABLES)
    opened = database.connect()
    before = read_database(database.url)
    assert fill(opened, before, 5).reasons == {}
    for change in changes:
        database.execute(change)
    facts = load_schema("models:Base", path=[Path(models.models.working_folder)])
    troupe = Troupe({"back end": Service("back end", "sqlalchemy", facts)}, {"back end": models})
    return troupe.trials("back end", database.url, RowMaker(opened, read_database(database.url)))


def not_passed(found: list[Trial]) -> set[tuple[str, str, str, str]]:
    return {(one.table, one.statement, one.outcome, one.reason) for one in found if one.outcome != "passed"}


def test_all_pass_and_leave_nothing(models: ModelProcess, database: Database) -> None:
    found = trials(models, database)
    assert not_passed(found) == set()
    sent = {(one.table, one.statement) for one in found}
    assert len(sent) == 12
    assert {(table, "UPDATE") for table in ("users", "posts", "videos", "tags")} <= sent
    assert database.execute("SELECT count(*) FROM users") == [(5,)]


CHANGES = [
    (("ALTER TABLE users DROP age",), {("users", "SELECT"), ("users", "INSERT"), ("users", "UPDATE")}),
    (("ALTER TABLE users ALTER age SET NOT NULL",), set()),
    (("ALTER TABLE users ALTER name TYPE text, ALTER age TYPE bigint",), set()),
    (("ALTER TABLE posts RENAME TO articles",), {("posts", "SELECT"), ("videos", "SELECT")}),
    (("ALTER TABLE tags ADD colour text NOT NULL DEFAULT '', ALTER weight DROP NOT NULL",), set()),
    (
        ("ALTER TABLE tags ADD colour text NOT NULL DEFAULT ''", "ALTER TABLE tags ALTER colour DROP DEFAULT"),
        {("tags", "INSERT")},
    ),
]


@pytest.mark.parametrize(("changes", "fails"), CHANGES)
def test_a_change(
    models: ModelProcess, database: Database, changes: tuple[str, ...], fails: set[tuple[str, str]]
) -> None:
    if "SET NOT NULL" in changes[0]:
        changes = ("UPDATE users SET age = 1", *changes)
        fails = {("users", "INSERT")}  # the mapping may leave it NULL
    found = trials(models, database, *changes)
    assert {(one.table, one.statement) for one in found if one.outcome == "failed"} == fails


def test_a_value_of_another_type(models: ModelProcess, database: Database) -> None:
    found = trials(models, database, "ALTER TABLE users ALTER age TYPE text")
    assert ("users", "SELECT", "failed", "age came as str, and its mapping takes it for int") in not_passed(found)


def test_an_enum_value_that_the_mapping_does_not_know(models: ModelProcess, database: Database) -> None:
    found = trials(models, database, "ALTER TYPE role ADD VALUE 'ROOT'", "UPDATE users SET role = 'ROOT'")
    reasons = {one.reason for one in found if one.outcome == "failed" and one.statement == "SELECT"}
    assert any("'ROOT' is not among the defined enum values" in reason for reason in reasons)


def test_a_constraint_that_a_made_up_row_cannot_meet(models: ModelProcess, database: Database) -> None:
    found = trials(models, database, "ALTER TABLE tags ADD CHECK (md5(name) = 'x') NOT VALID")
    outcomes = {(one.statement, one.outcome) for one in found if one.table == "tags" and one.outcome != "passed"}
    assert outcomes == {("INSERT", "depends"), ("UPDATE", "depends")}


def test_models_that_cannot_be_imported(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text("import nothing_there\n")
    with pytest.raises(ModelImportError, match="nothing_there"):
        ModelProcess("back end", Models("models:Base", (str(tmp_path),), str(tmp_path))).demand_imported()


def test_models_whose_process_ends(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text("import os\nos._exit(3)\n")
    with pytest.raises(ModelImportError, match="ended by itself"):
        ModelProcess("back end", Models("models:Base", (str(tmp_path),), str(tmp_path))).demand_imported()
