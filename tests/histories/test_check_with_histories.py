"""What the histories add to a check: pending migrations explain their drifts, and must build what is declared."""

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Result, schemasync
from databases import Database
from real_tools import AlembicProject, PrismaProject

FIRST, SECOND, THIRD = "20240101000000_users", "20240201000000_names", "20240301000000_mail"
SCHEMA = """\
datasource db {
  provider = "postgresql"
}

model User {
  id   Int     @id
FIELDS

  @@map("users")
}
"""
MODELS = """\
from sqlalchemy import ForeignKey, Integer, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
USER


class Shop(Base):
    __tablename__ = "shops"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
SHOP
"""
CREATE_SHOPS = """op.create_table('shops', sa.Column('id', sa.Integer(), primary_key=True),
        sa.Column('owner_id', sa.Integer(), sa.ForeignKey('users.id'), nullable=False))"""


class Tree:
    """Both applications, and their histories; the first migration of each has been applied."""

    def __init__(self, folder: Path, prisma_tools: Path, database: Database) -> None:
        self.folder, self.database = folder, database
        self.prisma = PrismaProject(folder / "prisma/migrations", prisma_tools, database.url)
        self.alembic = AlembicProject(folder / "alembic", database.url)
        self.declare()
        (folder / "schemasync.toml").write_text(
            '[prisma]\nschema = "prisma/schema.prisma"\n[alembic]\nconfig = "alembic/alembic.ini"\n'
            '[sqlalchemy]\nmetadata = "models:Base"\n[database]\nurl = "$TREE_URL"\n'
        )
        self.prisma.write(FIRST, 'CREATE TABLE users (id int NOT NULL, CONSTRAINT "users_pkey" PRIMARY KEY (id));')
        self.alembic.write("a1", None, CREATE_SHOPS, message="shops")
        self.prisma.deploy()
        self.alembic.upgrade()

    def declare(self, fields: str = "", user: str = "", shop: str = "") -> None:
        (self.folder / "prisma" / "schema.prisma").write_text(SCHEMA.replace("FIELDS", fields))
        indented = "".join(f"    {line}\n" for line in user.splitlines())
        models = MODELS.replace("USER\n", indented)
        (self.folder / "models.py").write_text(models.replace("SHOP\n", f"    {shop}\n" if shop else ""))


@pytest.fixture
def tree(tmp_path: Path, prisma_tools: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> Tree:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TREE_URL", database.url)
    (tmp_path / "prisma").mkdir()
    return Tree(tmp_path, prisma_tools, database)


def drifts(result: Result) -> list[tuple[Any, ...]]:
    assert result.code in (0, 1), result.err
    found = json.loads(result.out)["drifts"]
    return [(one["kind"], one["severity"], one["table"], one["object"], one["explained_by"]) for one in found]


def checked(capsys: pytest.CaptureFixture[str], *options: str) -> Result:
    return schemasync(capsys, "check", "--format", "json", *options)


def test_nothing_pending(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    result = checked(capsys)
    assert (drifts(result), result.code) == ([], 0)


def test_pending_migrations_explain_their_drifts(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree.prisma.write(SECOND, "ALTER TABLE users ADD name text;")
    tree.prisma.write(THIRD, "ALTER TABLE users ADD mail text;")
    tree.alembic.write("b2", "a1", "op.add_column('shops', sa.Column('size', sa.Integer()))", message="sizes")
    tree.declare(
        "  name String?\n  mail String?\n  age Int?",
        "name: Mapped[str | None] = mapped_column(Text)\nmail: Mapped[str | None] = mapped_column(Text)\n"
        "age: Mapped[int | None]",
        "size: Mapped[int | None]",
    )
    result = checked(capsys)
    assert sorted(drifts(result), key=str) == sorted(
        [
            ("column-missing", "info", "shops", "size", "b2"),
            ("column-missing", "error", "users", "age", None),
            ("column-missing", "info", "users", "mail", THIRD),
            ("column-missing", "info", "users", "name", SECOND),
            ("prisma-pending", "warning", "_prisma_migrations", SECOND, None),
            ("prisma-pending", "warning", "_prisma_migrations", THIRD, None),
            ("alembic-pending", "warning", "alembic_version", "b2", None),
        ],
        key=str,
    )
    text = schemasync(capsys, "check").out
    assert f"Pending: {SECOND} explains it." in text


def test_a_mirror_that_lags_too_is_not_explained(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree.prisma.write(SECOND, "ALTER TABLE users ADD name text;")
    tree.declare("  name String?")
    assert ("column-missing", "info", "users", "name", SECOND) not in drifts(checked(capsys))


def test_what_the_owners_migration_does_not_end_stays(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    """A revision of Alembic's that changes Prisma's table explains nothing; nor does one that another undoes."""
    tree.alembic.write("b2", "a1", "op.add_column('users', sa.Column('name', sa.Text()))")
    tree.prisma.write(SECOND, "ALTER TABLE users ADD mail text;")
    tree.prisma.write(THIRD, "ALTER TABLE users DROP mail;")
    tree.declare(
        "  name String?\n  mail String?",
        "name: Mapped[str | None] = mapped_column(Text)\nmail: Mapped[str | None] = mapped_column(Text)",
    )
    columns = [drift for drift in drifts(checked(capsys)) if drift[0] == "column-missing"]
    assert [(subject, by) for *_, subject, by in columns] == [("mail", None), ("name", None)]


def test_a_pending_migration_that_fails_says_so(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree.prisma.write(SECOND, "ALTER TABLE users ADD name text NOT NULL DEFAULT 1/0;")
    tree.declare("  name String", "name: Mapped[str] = mapped_column(Text)")
    result = checked(capsys)
    assert ("column-missing", "error", "users", "name", None) in drifts(result)
    notes = json.loads(result.out)["not_compared"]
    assert any(f"the pending migration {SECOND} fails" in note and "division by zero" in note for note in notes)


def test_a_change_by_hand_is_not_explained(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    """The pending migration makes the column; a database in which somebody made another one is no mere pending."""
    tree.prisma.write(SECOND, "ALTER TABLE users ADD name text;")
    tree.declare("  name String?", "name: Mapped[str | None] = mapped_column(Text)")
    tree.database.execute("ALTER TABLE users ADD name integer")
    assert ("column-type", "error", "users", "name", None) in drifts(checked(capsys))


def test_at_applied_pending_is_no_drift(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree.prisma.write(SECOND, "ALTER TABLE users ADD name text;")
    tree.alembic.write("b2", "a1", "op.add_column('shops', sa.Column('size', sa.Integer()))")
    tree.declare("  name String?", "", "size: Mapped[int | None]")
    assert (drifts(checked(capsys, "--at-applied")), checked(capsys).code) == ([], 1)
    tree.database.execute("ALTER TABLE users ADD by_hand text; ALTER TABLE shops DROP owner_id; CREATE TABLE x (y int)")
    found = drifts(checked(capsys, "--at-applied"))
    assert {(kind, table, subject) for kind, _, table, subject, _ in found} >= {
        ("column-extra", "users", "by_hand"),
        ("column-missing", "shops", "owner_id"),
        ("table-extra", "x", None),
    }


def test_at_applied_is_a_comparison_of_its_own(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    result = checked(capsys, "--at-applied", "--witness", "prisma")
    assert (result.code, "--at-applied is a comparison of its own" in result.err) == (2, True)


def test_histories_that_build_what_is_declared(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    assert drifts(checked(capsys, "--replay")) == []


def test_histories_that_build_something_else(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree.declare("  name String?", "name: Mapped[str | None] = mapped_column(Text)", "size: Mapped[int | None]")
    tree.database.execute("ALTER TABLE users ADD name text; ALTER TABLE shops ADD size int")
    found = drifts(checked(capsys, "--replay"))
    assert [(kind, table, subject) for kind, _, table, subject, _ in found] == [
        ("alembic-history", "shops", "size"),
        ("prisma-history", "users", "name"),
    ]
    assert drifts(checked(capsys)) == []


def test_a_history_that_does_not_run_through(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree.alembic.write("b2", "a1", "op.execute('SELECT 1/0')")
    found = [drift for drift in drifts(checked(capsys, "--replay")) if drift[0] == "alembic-history"]
    assert found == [("alembic-history", "error", "alembic_version", None, None)]


def test_histories_that_grew_into_each_other(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    """Prisma's second migration needs Alembic's first: neither history runs through before the other."""
    tree.prisma.write(SECOND, "ALTER TABLE users ADD shop_id int REFERENCES shops (id);")
    tree.prisma.deploy()
    tree.alembic.write("b2", "a1", "op.execute('ALTER TABLE users ALTER shop_id DROP NOT NULL')")
    tree.alembic.upgrade()
    assert {drift[0] for drift in drifts(checked(capsys, "--at-applied"))} == set()


def test_at_applied_with_a_history_that_has_built_nothing(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree.database.execute("DROP TABLE shops, alembic_version")
    (tree.alembic.folder / "versions" / "a1.py").unlink()
    result = schemasync(capsys, "check", "--at-applied")
    assert (result.code, "no drift in 1 table" in result.out) == (0, True), result.err


def test_at_applied_needs_to_know_what_was_applied(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree.database.execute("DROP TABLE _prisma_migrations")
    result = checked(capsys, "--at-applied")
    assert (result.code, "the database has no _prisma_migrations" in result.err) == (2, True)
    result = checked(capsys)
    assert (result.code, drifts(result)) == (0, [])
    assert any("the database has no _prisma_migrations" in note for note in json.loads(result.out)["not_compared"])
