"""A project with a release before it: real Prisma migrations, real Alembic revisions, a real database."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from command_line import schemasync
from databases import Database
from real_tools import AlembicProject, PrismaProject

from schemasync.demo import deploy
from schemasync.errors import DatabaseError

SCHEMAS = Path(__file__).resolve().parents[1] / "docs" / "schemas"
FIRST, SECOND = "20240101000000_users", "20240201000000_next"
SCHEMA = """\
datasource db {
  provider = "postgresql"
}
"""
USERS = """
model User {
  id   Int     @id
  nick String?
%s
  @@map("users")
}
"""
CREATE_USERS = 'CREATE TABLE users (id int NOT NULL, nick text, CONSTRAINT "users_pkey" PRIMARY KEY (id));'
MODELS = """\
import enum

from sqlalchemy import Enum, ForeignKey, Integer, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass
"""
USER = """

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    nick: Mapped[str | None] = mapped_column(Text)
"""
SHOP = """

class Shop(Base):
    __tablename__ = "shops"
    id: Mapped[int] = mapped_column(primary_key=True)
"""
CREATE_SHOPS = "op.create_table('shops', sa.Column('id', sa.Integer(), primary_key=True))"
PRISMA, FRONT, BACK = "prisma", "service:front end", "service:back end"


class StandIn(PrismaProject):
    """What deploys Prisma's migrations where Prisma is not: the same scripts, the same rows of its history."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder, folder, url)

    def deploy(self) -> dict[str, Any]:
        try:
            return {"applied": deploy(self.folder, self.url)}
        except DatabaseError:
            pytest.skip("only Prisma itself keeps a failure, and there is none")

    def resolve(self, how: str, name: str) -> dict[str, Any]:
        pytest.skip("only Prisma itself resolves, and there is none")


def prisma_deploy_command(tools: Path | None) -> str:
    """The command that deploys the migrations in MIGRATIONS to RELEASE_URL: Prisma's own, or what stands in for it."""
    if tools is None:
        program = "import os; from pathlib import Path; from schemasync.demo import deploy; "
        program += "deploy(Path(os.environ['MIGRATIONS']), os.environ['RELEASE_URL'])"
        return f'{sys.executable} -c "{program}"'
    return f'node {tools}/migrate.mjs deploy --migrations "$MIGRATIONS" --url "$RELEASE_URL"'


def demand_valid(name: str, content: Any) -> None:
    """Demand that JSON is as its published schema has it."""
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(content)


def commit(folder: Path) -> None:
    """Keep a tree as a revision of git, which is what is deployed."""
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-qm", "deployed")):
        subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


class Release:
    """What is deployed, and the tree that is to be released.

    Args:
        tools: the real Prisma; None where there is none.
        capsys: catches what the command line says; None where it is not used.
    """

    def __init__(
        self, folder: Path, tools: Path | None, database: Database, capsys: pytest.CaptureFixture[str] | None = None
    ) -> None:
        self.folder, self.database = folder, database
        self.capsys: Any = capsys
        migrations = folder / "prisma/migrations"
        self.prisma = (
            StandIn(migrations, database.url) if tools is None else PrismaProject(migrations, tools, database.url)
        )
        self.alembic = AlembicProject(folder / "alembic", database.url)
        # Another revision's tree has its own scripts.
        ini = self.alembic.config
        ini.write_text(ini.read_text().replace(self.alembic.folder.as_posix(), "%(here)s"))
        (folder / "schemasync.toml").write_text(
            '[prisma]\nschema = "prisma/schema.prisma"\n[alembic]\nconfig = "alembic/alembic.ini"\n'
            '[sqlalchemy]\nmetadata = "models:Base"\n[database]\nurl = "$RELEASE_URL"\n'
            # A server that runs already, rather than one more for each command.
            '[scratch]\nserver = "$RELEASE_URL"\n'
        )
        self.prisma.write(FIRST, CREATE_USERS)
        self.alembic.write("a1", None, CREATE_SHOPS, message="shops")
        self.declare(USERS % "", USER + SHOP)

    @property
    def prisma_deploy(self) -> str:
        """The command that deploys Prisma's migrations."""
        return prisma_deploy_command(None if isinstance(self.prisma, StandIn) else self.prisma.tools)

    def declare(self, schema: str, models: str) -> None:
        (self.folder / "prisma" / "schema.prisma").write_text(SCHEMA + schema)
        (self.folder / "models.py").write_text(MODELS + models)

    def carry_out(self) -> None:
        """Run all migrations."""
        assert "error" not in self.prisma.deploy()
        self.alembic.upgrade()

    def deploy(self) -> None:
        """Carry out all migrations, and keep what the services rely on."""
        self.carry_out()
        for witness in ("prisma", "sqlalchemy"):
            done = schemasync(self.capsys, "snapshot", "--witness", witness, "--output", f"{witness}.json")
            assert done.code == 0, done.err

    def plan(self, *options: str) -> dict[str, Any]:
        given = options or ("--deployed-manifest", "prisma.json", "--deployed-manifest", "sqlalchemy.json")
        result = schemasync(self.capsys, "plan", "--format", "json", *given)
        assert result.code in (0, 1), result.err
        found: dict[str, Any] = json.loads(result.out)
        demand_valid("plan", found)
        assert found["safe"] is (result.code == 0)
        return found

    def order(self, *options: str) -> list[str]:
        found = self.plan(*options)
        assert found["order"] is not None, found["conflict"]
        return [step["id"] for step in found["order"]]
