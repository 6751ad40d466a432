"""Releases: real Prisma migrations, real Alembic revisions, a real database, and the order that is found."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from command_line import schemasync
from databases import Database
from real_tools import AlembicProject, PrismaProject

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


class Release:
    """What is deployed, and the tree that is to be released."""

    def __init__(self, folder: Path, tools: Path, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.database, self.capsys = folder, database, capsys
        self.prisma = PrismaProject(folder / "prisma/migrations", tools, database.url)
        self.alembic = AlembicProject(folder / "alembic", database.url)
        (folder / "schemasync.toml").write_text(
            '[prisma]\nschema = "prisma/schema.prisma"\n[alembic]\nconfig = "alembic/alembic.ini"\n'
            '[sqlalchemy]\nmetadata = "models:Base"\n[database]\nurl = "$RELEASE_URL"\n'
        )
        self.prisma.write(FIRST, CREATE_USERS)
        self.alembic.write("a1", None, CREATE_SHOPS, message="shops")
        self.declare(USERS % "", USER + SHOP)

    def declare(self, schema: str, models: str) -> None:
        (self.folder / "prisma" / "schema.prisma").write_text(SCHEMA + schema)
        (self.folder / "models.py").write_text(MODELS + models)

    def deploy(self) -> None:
        """Carry out all migrations, and keep what the services rely on."""
        assert "error" not in self.prisma.deploy()
        self.alembic.upgrade()
        for witness in ("prisma", "sqlalchemy"):
            done = schemasync(self.capsys, "snapshot", "--witness", witness, "--output", f"{witness}.json")
            assert done.code == 0, done.err

    def plan(self, *options: str) -> dict[str, Any]:
        given = options or ("--deployed-manifest", "prisma.json", "--deployed-manifest", "sqlalchemy.json")
        result = schemasync(self.capsys, "plan", "--format", "json", *given)
        assert result.code in (0, 1), result.err
        found: dict[str, Any] = json.loads(result.out)
        assert found["safe"] is (result.code == 0)
        return found

    def order(self, *options: str) -> list[str]:
        found = self.plan(*options)
        assert found["order"] is not None, found["conflict"]
        return [step["id"] for step in found["order"]]


@pytest.fixture
def release(
    tmp_path: Path,
    prisma_tools: Path,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Release:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELEASE_URL", database.url)
    (tmp_path / "prisma").mkdir()
    made = Release(tmp_path, prisma_tools, database, capsys)
    made.deploy()
    return made


def test_nothing_to_migrate(release: Release) -> None:
    assert release.order() == [FRONT, BACK]


def test_a_nullable_column(release: Release) -> None:
    release.prisma.write(SECOND, "ALTER TABLE users ADD mail text;")
    release.declare(USERS % "  mail String?\n", USER + "    mail: Mapped[str | None] = mapped_column(Text)\n" + SHOP)
    found = release.plan()
    assert [step["id"] for step in found["order"]] == [PRISMA, FRONT, BACK]
    assert found["order"][1]["because"] == [
        "front end (new): SELECT on users fails: it names the column mail, which is not there"
    ]
    assert found["order"][1]["follows"] == PRISMA


def test_a_required_column_must_be_split(release: Release) -> None:
    release.prisma.write(SECOND, "ALTER TABLE users ADD mail text NOT NULL;")
    release.declare(USERS % "  mail String\n", USER + "    mail: Mapped[str] = mapped_column(Text)\n" + SHOP)
    found = release.plan()
    assert found["conflict"]["together"] == [[PRISMA], [FRONT], [BACK]]
    assert found["conflict"]["objections"][0]["reason"] == (
        "front end (old): INSERT on users fails: mail is NOT NULL without a default, and its Prisma client does not "
        "know it"
    )
    (split,) = found["splits"]
    assert (split["subject"], split["change"]) == ("users.mail", "add a required column")
    assert split["releases"][0].endswith("ALTER TABLE users ADD COLUMN mail text")


def test_the_split_works(release: Release) -> None:
    """What is advised for the required column has a safe order, release by release."""
    release.prisma.write(SECOND, "ALTER TABLE users ADD COLUMN mail text;")
    release.declare(USERS % "  mail String?\n", USER + "    mail: Mapped[str | None] = mapped_column(Text)\n" + SHOP)
    assert release.order() == [PRISMA, FRONT, BACK]
    release.deploy()
    release.prisma.write("20240301000000_demand", "ALTER TABLE users ALTER mail SET NOT NULL;")
    release.declare(USERS % "  mail String\n", USER + "    mail: Mapped[str] = mapped_column(Text)\n" + SHOP)
    found = release.plan()
    assert [step["id"] for step in found["order"]] == [FRONT, BACK, PRISMA]
    assert found["risks"] == [
        "front end (new): SELECT on users can fail: mail may be NULL, and its Prisma client takes it for a value"
    ]


def test_a_rename_must_be_split(release: Release) -> None:
    release.prisma.write(SECOND, "ALTER TABLE users RENAME nick TO handle;")
    release.declare((USERS % "").replace("nick", "handle"), USER.replace("nick", "handle") + SHOP)
    found = release.plan()
    assert found["order"] is None
    (split,) = found["splits"]
    assert (split["subject"], split["change"]) == ("users.nick", "rename the column to handle")
    assert len(split["releases"]) == 3


def test_a_change_of_type_must_be_split(release: Release) -> None:
    release.prisma.write(SECOND, "ALTER TABLE users ALTER nick TYPE integer USING 1;")
    release.declare(
        (USERS % "").replace("nick String?", "nick Int?"),
        USER.replace("str | None] = mapped_column(Text)", "int | None]") + SHOP,
    )
    found = release.plan()
    assert found["order"] is None
    assert [split["change"] for split in found["splits"]] == ["change the type from text to integer"]


def test_drop_a_column_that_is_still_mirrored(release: Release) -> None:
    release.prisma.write(SECOND, "ALTER TABLE users DROP nick;")
    release.declare((USERS % "").replace("  nick String?\n", ""), USER + SHOP)
    found = release.plan()
    reasons = [one["reason"] for one in found["conflict"]["objections"]]
    assert reasons == ["back end (new): SELECT on users fails: it names the column nick, which is not there"]
    assert found["conflict"]["together"] == [[PRISMA]]
    assert [split["change"] for split in found["splits"]] == ["drop the column"]


def test_drop_a_column_that_is_no_longer_mirrored(release: Release) -> None:
    release.prisma.write(SECOND, "ALTER TABLE users DROP nick;")
    without = USER.replace("    nick: Mapped[str | None] = mapped_column(Text)\n", "")
    release.declare((USERS % "").replace("  nick String?\n", ""), without + SHOP)
    found = release.plan()
    assert [step["id"] for step in found["order"]] == [FRONT, BACK, PRISMA]
    assert found["order"][2]["because"] == [
        "back end (old): SELECT on users fails: it names the column nick, which is not there"
    ]


def test_a_new_prisma_table_that_alembic_refers_to(release: Release) -> None:
    release.prisma.write(SECOND, 'CREATE TABLE tags (id int NOT NULL, CONSTRAINT "tags_pkey" PRIMARY KEY (id));')
    release.alembic.write(
        "b2", "a1", "op.add_column('shops', sa.Column('tag_id', sa.Integer(), sa.ForeignKey('tags.id')))"
    )
    tag = SHOP.replace("Shop", "Tag").replace("shops", "tags").replace("=True", "=True, autoincrement=False")
    release.declare(
        USERS % "" + '\nmodel Tag {\n  id Int @id\n  @@map("tags")\n}\n',
        USER + SHOP + "    tag_id: Mapped[int | None] = mapped_column(ForeignKey('tags.id'))\n" + tag,
    )
    found = release.plan()
    assert [step["id"] for step in found["order"]] == [PRISMA, "alembic:b2", FRONT, BACK]
    assert 'relation "tags" does not exist' in found["order"][1]["because"][0]


def test_alembic_must_be_cut_in_two(release: Release) -> None:
    """Alembic lets go of one of Prisma's tables, which Prisma then replaces by another, to which Alembic refers."""
    release.prisma.write(SECOND, "CREATE TABLE old_tags (id int PRIMARY KEY);")
    release.alembic.write(
        "b2", "a1", "op.add_column('shops', sa.Column('tag', sa.Integer(), sa.ForeignKey('old_tags.id')))"
    )
    release.deploy()
    release.prisma.write("20240301000000_tags", "DROP TABLE old_tags; CREATE TABLE tags (id int PRIMARY KEY);")
    release.alembic.write("c3", "b2", "op.drop_constraint('shops_tag_fkey', 'shops')")
    release.alembic.write("d4", "c3", "op.create_foreign_key('shops_tag_fkey', 'shops', 'tags', ['tag'], ['id'])")
    found = release.plan()
    migrations = [step["id"] for step in found["order"] if step["actor"] in ("prisma", "alembic")]
    assert migrations == ["alembic:c3", PRISMA, "alembic:d4"]
    because = {step["id"]: step["because"] for step in found["order"]}
    assert "cannot drop table old_tags because other objects depend on it" in because[PRISMA][0]
    assert 'relation "tags" does not exist' in because["alembic:d4"][0]


def test_an_enum_value_reaches_its_readers_before_its_writer(release: Release) -> None:
    field = "  role  Role @default(USER)\n"
    enum = '\nenum Role {\n  USER\n%s\n  @@map("role")\n}\n'
    mirror = "    role: Mapped[Role] = mapped_column(Enum(Role, name='role'), server_default='USER')\n"
    role = "\n\nclass Role(enum.Enum):\n    USER = 'USER'\n"
    release.prisma.write(
        SECOND, "CREATE TYPE role AS ENUM ('USER'); ALTER TABLE users ADD role role NOT NULL DEFAULT 'USER';"
    )
    release.declare(USERS % field + enum % "", role + USER + mirror + SHOP)
    release.deploy()
    release.prisma.write("20240301000000_admin", "ALTER TYPE role ADD VALUE 'ADMIN';")
    release.declare(USERS % field + enum % "  ADMIN", role + "    ADMIN = 'ADMIN'\n" + USER + mirror + SHOP)
    found = release.plan()
    reasons = " ".join(one["reason"] for one in (found["conflict"] or {"objections": []})["objections"])
    # Old and new version of one service run beside each other, and the new one may write what the old cannot read.
    assert found["order"] is None
    assert "role can be 'ADMIN', which its Prisma client does not know and front end (new) may write" in reasons


def test_a_fresh_database(tmp_path: Path, release: Release) -> None:
    release.database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    found = release.plan("--stub-missing")
    assert [step["id"] for step in found["order"]] == [PRISMA, "alembic:a1", FRONT, BACK]
    assert found["order"][1]["because"] == [f"it needs prisma migrate deploy ({FIRST})"]


def test_a_failed_migration_and_its_recovery(release: Release) -> None:
    script = release.prisma.write(SECOND, "ALTER TABLE users ADD mail text; SELECT 1/0;")
    release.declare(USERS % "  mail String?\n", USER + SHOP)
    assert "error" in release.prisma.deploy()
    result = schemasync(release.capsys, "plan")
    assert (result.code, f"Prisma's migration {SECOND} is failed" in result.err) == (2, True)
    release.prisma.resolve("rolled-back", SECOND)
    found = release.plan()
    assert "division by zero" in found["conflict"]["objections"][0]["reason"]
    script.write_text("ALTER TABLE users ADD mail text;")
    assert release.order() == [PRISMA, FRONT, BACK]


def test_what_failed_before_is_not_held_against_the_release(release: Release) -> None:
    release.declare(USERS % "", USER + "    gone: Mapped[str | None] = mapped_column(Text)\n" + SHOP)
    done = schemasync(release.capsys, "snapshot", "--witness", "sqlalchemy", "--output", "sqlalchemy.json")
    assert done.code == 0
    found = release.plan()
    assert found["safe"]
    assert found["known"] == ["back end (old): SELECT on users fails: it names the column gone, which is not there"]


def test_from_a_git_revision(release: Release) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=release.folder, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "deployed")
    release.prisma.write(SECOND, "ALTER TABLE users DROP nick;")
    without = USER.replace("    nick: Mapped[str | None] = mapped_column(Text)\n", "")
    release.declare((USERS % "").replace("  nick String?\n", ""), without + SHOP)
    assert release.order("--deployed", "HEAD") == [FRONT, BACK, PRISMA]
    result = schemasync(release.capsys, "plan", "--deployed", "nonsense")
    assert (result.code, "git rev-parse failed" in result.err) == (2, True)
    # Without it the deployed services are taken to rely on all that is there.
    found = release.plan("--stub-missing")
    assert [step["id"] for step in found["order"]] == [FRONT, BACK, PRISMA]
    assert "is not known" in found["notes"][0]


def test_text_and_mermaid(release: Release) -> None:
    release.prisma.write(SECOND, "ALTER TABLE users ADD mail text;")
    release.declare(USERS % "  mail String?\n", USER + SHOP)
    manifests = ("--deployed-manifest", "prisma.json", "--deployed-manifest", "sqlalchemy.json")
    assert (
        schemasync(release.capsys, "plan", *manifests).out
        == """\
1  prisma migrate deploy (20240201000000_next)
2  deploy the front end
   not before 1: front end (new): SELECT on users fails: it names the column
     mail, which is not there
3  deploy the back end

A safe order, with 2 switches: at every moment all that runs can run.
"""
    )
    drawn = schemasync(release.capsys, "plan", "--format", "mermaid", *manifests).out
    lines = drawn.splitlines()
    assert lines[:2] == ["flowchart TD", '    s0["deployed"]']
    assert [line.split("|")[1] for line in lines if "==>" in line] == [
        '"prisma migrate deploy (20240201000000_next)"',
        '"deploy the front end"',
        '"deploy the back end"',
    ]
    assert any("-.->" in line and "front end" in line for line in lines)


def test_no_order_as_text(release: Release) -> None:
    release.prisma.write(SECOND, "ALTER TABLE users ADD mail text NOT NULL;")
    release.declare(USERS % "  mail String\n", USER + SHOP)
    result = schemasync(
        release.capsys, "plan", "--deployed-manifest", "prisma.json", "--deployed-manifest", "sqlalchemy.json"
    )
    assert result.code == 1
    assert result.out.startswith("There is no safe order. Never safe in this release:\n  • prisma migrate deploy")
    assert "users.mail: add a required column, in 2 releases" in result.out
    assert max(map(len, result.out.splitlines())) <= 80


def test_what_happens_to_the_rows(release: Release) -> None:
    release.database.execute(
        "INSERT INTO users VALUES (1, NULL), (2, 'b'), (3, 'b'), (4, 'long enough'); CREATE TABLE left_alone (id int)"
    )
    release.prisma.write(
        SECOND,
        "ALTER TABLE users ALTER nick TYPE varchar(5) USING 'x'; UPDATE users SET nick = '';"
        "ALTER TABLE users ALTER nick SET NOT NULL; CREATE UNIQUE INDEX ON users (nick);"
        "ALTER TABLE users ADD age int NOT NULL;",
    )
    release.alembic.write("b2", "a1", "op.drop_table('shops')")
    assert release.plan()["rows"] == [
        "users.age comes as NOT NULL without a default, and there are 4 rows",
        "users.nick becomes NOT NULL, and is NULL in 1 row",
        "users.nick becomes varchar(5), and is longer in 1 row",
        "users becomes unique on nick, and has 1 duplicate",
    ]
    release.database.execute("INSERT INTO shops DEFAULT VALUES")
    release.prisma.write(SECOND, "ALTER TABLE users DROP nick, ALTER id TYPE text;")
    rows = release.plan()["rows"]
    assert rows == [
        "shops goes, with 1 row",
        "users.nick goes, with 3 values",
        "users.id becomes text, and 4 values of integer must be converted",
    ]


def test_prisma_drops_a_table_that_alembic_refers_to(release: Release) -> None:
    release.prisma.write(SECOND, 'CREATE TABLE tags (id int NOT NULL, CONSTRAINT "tags_pkey" PRIMARY KEY (id));')
    add = "op.add_column('shops', sa.Column('tag', sa.Integer(), sa.ForeignKey('tags.id')))"
    release.alembic.write("b2", "a1", add)
    tag = SHOP.replace("Shop", "Tag").replace("shops", "tags").replace("=True", "=True, autoincrement=False")
    field = "    tag: Mapped[int | None] = mapped_column(ForeignKey('tags.id'))\n"
    release.declare(USERS % "" + '\nmodel Tag {\n  id Int @id\n  @@map("tags")\n}\n', USER + SHOP + field + tag)
    release.deploy()
    release.prisma.write("20240301000000_drop", "DROP TABLE tags;")
    release.alembic.write("c3", "b2", "op.drop_column('shops', 'tag')")
    release.declare(USERS % "", USER + SHOP)
    found = release.plan()
    assert [step["id"] for step in found["order"]] == [FRONT, BACK, "alembic:c3", PRISMA]
    because = {step["id"]: step["because"] for step in found["order"]}
    assert because["alembic:c3"] == [
        "back end (old): SELECT on shops fails: it names the column tag, which is not there"
    ]
