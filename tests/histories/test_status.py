"""`schemasync status` on databases that Prisma and Alembic themselves have migrated."""

import json
import re
from pathlib import Path

import pytest
from command_line import schemasync
from databases import Database
from real_tools import AlembicProject, PrismaProject
from release_project import demand_valid

FIRST, SECOND, THIRD = "20240101000000_users", "20240201000000_names", "20240301000000_mail"


MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
SCREEN = """
Prisma  migrations                                          1 applied, 1 pending
────────────────────────────────────────────────────────────────────────────────
edited       20240101000000_users                               YYYY-MM-DD hh:mm
failed       20240201000000_names                               YYYY-MM-DD hh:mm
             ERROR: division by zero
pending      20240301000000_mail

Alembic  alembic/alembic.ini                                1 applied, 2 pending
────────────────────────────────────────────────────────────────────────────────
applied      a1: shops
pending      b2: shops have names
pending      c3: shops have owners
heads        b2, c3

1 error, 5 warnings.
→ mend what 20240201000000_names left, then prisma migrate resolve --rolled-back
  20240201000000_names
→ prisma migrate deploy
→ alembic merge heads
"""


class Tree:
    """A project with both histories, and a configuration."""

    def __init__(self, folder: Path, prisma_tools: Path, database: Database) -> None:
        self.folder, self.database = folder, database
        self.prisma = PrismaProject(folder / "migrations", prisma_tools, database.url)
        self.alembic = AlembicProject(folder / "alembic", database.url)
        (folder / "schemasync.toml").write_text(
            '[prisma]\nmigrations = "migrations"\n[alembic]\nconfig = "alembic/alembic.ini"\n'
            '[database]\nurl = "$STATUS_URL"\n'
        )


@pytest.fixture
def tree(tmp_path: Path, prisma_tools: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> Tree:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STATUS_URL", database.url)
    made = Tree(tmp_path, prisma_tools, database)
    made.prisma.write(FIRST, "CREATE TABLE users (id int PRIMARY KEY);")
    made.alembic.write("a1", None, "op.create_table('shops', sa.Column('id', sa.Integer()))", message="shops")
    return made


def test_all_applied(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree.prisma.deploy()
    tree.alembic.upgrade()
    result = schemasync(capsys, "status")
    assert result.code == 0, result.err
    assert "The database has seen every migration, and nothing else." in result.out
    password = tree.database.url.split(":")[2].split("@")[0]
    assert password not in result.out
    assert max(map(len, result.out.splitlines()[1:])) <= 80


def test_one_of_everything(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree.prisma.deploy()
    tree.prisma.write(SECOND, "ALTER TABLE users ADD name text NOT NULL DEFAULT 1/0;")
    tree.prisma.deploy()
    tree.prisma.write(THIRD, "ALTER TABLE users ADD mail text;")
    tree.prisma.write(FIRST, "CREATE TABLE users (id bigint PRIMARY KEY);")
    tree.alembic.upgrade()
    tree.alembic.write("b2", "a1", message="shops have names")
    tree.alembic.write("c3", "a1", message="shops have owners")
    result = schemasync(capsys, "status")
    assert result.code == 1
    assert MOMENT.sub("YYYY-MM-DD hh:mm", "\n".join(result.out.splitlines()[1:])) == SCREEN.rstrip("\n")

    found = json.loads(schemasync(capsys, "status", "--format", "json").out)
    demand_valid("status", found)
    assert [(drift["kind"], drift["severity"], drift["object"]) for drift in found["drifts"]] == [
        ("prisma-edited", "warning", FIRST),
        ("prisma-failed", "error", SECOND),
        ("prisma-pending", "warning", THIRD),
        ("alembic-heads", "warning", None),
        ("alembic-pending", "warning", "b2"),
        ("alembic-pending", "warning", "c3"),
    ]
    assert [one["state"] for one in found["prisma"]["history"]] == ["applied", "failed", "pending"]
    assert found["prisma"]["history"][0]["edited"] is True
    assert found["alembic"]["at"] == ["a1"]
    assert found["summary"] == {"error": 1, "warning": 5, "info": 0}


def test_the_order_of_what_to_do(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    def steps() -> list[str]:
        found: list[str] = json.loads(schemasync(capsys, "status", "--format", "json").out)["next"]
        return found

    assert steps() == ["prisma migrate deploy", "schemasync upgrade"]
    tree.alembic.upgrade()
    assert steps() == ["prisma migrate resolve --applied NAME, for each migration whose tables the database has"]
    result = schemasync(capsys, "status")
    assert "no history   2 tables, but no _prisma_migrations: the first deploy refuses" in result.out
    assert result.code == 1
    tree.prisma.resolve("applied", FIRST)
    assert steps() == []
    (tree.alembic.folder / "versions" / "a1.py").unlink()
    assert steps() == ["deploy the tree that has the revision a1"]
    assert schemasync(capsys, "status", "--fail-on", "error").code == 1


def test_pending_is_a_warning(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    assert schemasync(capsys, "status").code == 1
    assert schemasync(capsys, "status", "--fail-on", "error").code == 0


def test_options_without_a_configuration(
    tree: Tree, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "schemasync.toml").unlink()
    result = schemasync(capsys, "status", "--database", tree.database.url)
    assert (result.code, "no migration history is configured" in result.err) == (2, True)
    result = schemasync(capsys, "status", "--migrations", "migrations")
    assert (result.code, "no database is configured" in result.err) == (2, True)
    result = schemasync(capsys, "status", "--migrations", "migrations", "--database", tree.database.url)
    assert (result.code, "Alembic" in result.out) == (1, False)
    result = schemasync(capsys, "status", "--alembic", "alembic", "--database", tree.database.url)
    assert (result.code, "Prisma  " in result.out) == (1, False)
    result = schemasync(capsys, "status", "--migrations", "nowhere", "--database", tree.database.url)
    assert (result.code, "cannot read Prisma's migrations in nowhere" in result.err) == (2, True)
