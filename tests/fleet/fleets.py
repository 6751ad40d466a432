"""Fleets of small databases on one server."""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import psycopg2
import psycopg2.extensions
import pytest
from command_line import Result, schemasync
from psycopg2 import connect

from schemasync.report.schemas import report_schema
from schemasync.scratch import ScratchDatabase, ScratchServer

SCHEMA = """
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model User {
  id    Int     @id
  email String? @unique

  @@map("users")
}
"""
MODELS = """
from sqlalchemy import Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    email: Mapped[str | None] = mapped_column(Text, unique=True)
"""
TABLES = """
CREATE TABLE users (id integer PRIMARY KEY, email text);
CREATE UNIQUE INDEX users_email_key ON users (email);
"""
CONFIGURATION = """
[prisma]
schema = "schema.prisma"

[sqlalchemy]
metadata = "models:Base"
"""
SIZE = 12
JOBS = 4
SURPRISE = "ALTER TABLE users ADD surprise integer"
NOWHERE = "postgresql://ann:s3cret@127.0.0.1:1/gone"


@dataclass(frozen=True)
class Fleet:
    """A project, and databases that have its tables."""

    folder: Path
    databases: tuple[ScratchDatabase, ...]

    def change(self, number: int, sql: str) -> None:
        """Run SQL in one of the databases."""
        connection = connect(self.databases[number].url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
        connection.close()

    def listed(self, *more: str) -> Path:
        """A file that names all of them, and whatever else is given."""
        path = self.folder / "tenants.txt"
        lines = [f"tenant_{number:03} = {database.url}" for number, database in enumerate(self.databases)]
        path.write_text("\n".join([*lines, *more, ""]))
        return path


class Counter:
    """Counts the connections that are open at once, and how many were opened to each database."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.open = self.most = 0
        self.by_database: dict[str, int] = {}

    def connect(self, **parameters: Any) -> psycopg2.extensions.connection:
        counter = self

        class Counted(psycopg2.extensions.connection):
            def close(self) -> None:
                was_open = not self.closed
                super().close()
                with counter.lock:
                    counter.open -= was_open

        with self.lock:
            self.open += 1
            self.most = max(self.most, self.open)
            name = parameters["dbname"]
            self.by_database[name] = self.by_database.get(name, 0) + 1
        return self.original(**parameters, connection_factory=Counted)

    original = staticmethod(psycopg2.connect)


def fleet(server: ScratchServer, folder: Path, size: int) -> Fleet:
    """A project in a folder, and so many equal databases."""
    (folder / "schema.prisma").write_text(SCHEMA)
    (folder / "models.py").write_text(MODELS)
    (folder / "schemasync.toml").write_text(CONFIGURATION)
    template = server.create_database()
    connection = connect(template.url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
    connection.close()
    return Fleet(folder, tuple(server.create_database(template=template.name) for _ in range(size)))


def dropped(databases: Sequence[ScratchDatabase]) -> None:
    """Drop them all."""
    for database in databases:
        database.close()


def checked(capsys: pytest.CaptureFixture[str], *more: str | Path) -> Result:
    """`check` with so many connections; it says no password."""
    result = schemasync(capsys, "check", "--jobs", str(JOBS), *more)
    assert "s3cret" not in result.out + result.err
    return result


def report(capsys: pytest.CaptureFixture[str], *more: str | Path) -> dict[str, Any]:
    """The JSON report of a check that found something, valid by its schema."""
    result = checked(capsys, "--format", "json", *more)
    assert result.code == 1, result.err
    read: dict[str, Any] = json.loads(result.out)
    jsonschema.validate(read, report_schema())
    return read
