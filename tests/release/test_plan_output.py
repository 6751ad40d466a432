"""What the plan looks like, and what it says of the rows."""

import shutil

from command_line import schemasync
from release_project import SECOND, SHOP, USER, USERS, Release

MANIFESTS = ("--deployed-manifest", "prisma.json", "--deployed-manifest", "sqlalchemy.json")


def add_mail(release: Release) -> None:
    release.prisma.write(SECOND, "ALTER TABLE users ADD mail text;")
    release.declare(USERS % "  mail String?\n", USER + SHOP)


def test_text_and_mermaid(release: Release) -> None:
    add_mail(release)
    assert (
        schemasync(release.capsys, "plan", *MANIFESTS).out
        == """\
1  prisma migrate deploy (20240201000000_next)
2  deploy the front end
   not before 1: front end (new): SELECT on users fails: it names the column
     mail, which is not there
3  deploy the back end

A safe order, with 2 switches: at every moment all that runs can run.
"""
    )
    drawn = schemasync(release.capsys, "plan", "--format", "mermaid", *MANIFESTS).out
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


BASE = "The database is not what the plan starts from: the migrations that it has seen build something else."


def test_a_database_that_is_not_what_its_migrations_build(release: Release) -> None:
    add_mail(release)
    assert release.plan()["base"] == {"differences": [], "elsewhere": 0}
    release.database.execute(
        "ALTER TABLE users ALTER nick TYPE varchar(9); CREATE INDEX by_hand ON shops (id);CREATE TABLE strange (id int)"
    )
    found = release.plan()
    # The plan is of what the histories build, and stands as it is.
    assert found["safe"]
    kinds = [one.partition(":")[0] for one in found["base"]["differences"]]
    assert (sorted(kinds), found["base"]["elsewhere"]) == (["column-type", "index-extra"], 1)
    text = schemasync(release.capsys, "plan", *MANIFESTS).out
    told, _, rest = text.partition("\n\n")
    lines = " ".join(told.split())
    assert lines.startswith(BASE)
    assert lines.endswith(
        "and 1 more, in what this release does not touch schemasync check --at-applied tells them all; schemasync "
        "rehearse --from database tries what is there."
    )
    assert rest.startswith("1  prisma migrate deploy")
    assert max(map(len, text.splitlines())) <= 80
    # What the user ignores is not told here either.
    config = release.folder / "schemasync.toml"
    config.write_text(config.read_text() + '[check]\nignore = ["index-extra", "column-*:users.nick", "table-extra"]\n')
    assert release.plan()["base"] == {"differences": [], "elsewhere": 0}


def test_a_database_that_no_migration_has_built(release: Release) -> None:
    release.database.execute("DROP TABLE _prisma_migrations; DROP TABLE users; DELETE FROM alembic_version")
    (release.folder / "prisma.json").unlink()
    shutil.rmtree(release.folder / "prisma")
    config = release.folder / "schemasync.toml"
    config.write_text(config.read_text().replace('[prisma]\nschema = "prisma/schema.prisma"\n', ""))
    found = release.plan("--deployed-manifest", "sqlalchemy.json")
    assert found["base"]["differences"] == ["the database has 1 table, and the migrations that it has seen build none"]


def test_cautions_in_mermaid(release: Release) -> None:
    """What each step of the order does to rows and locks stands in a note beside the state that it leads to."""
    release.database.execute("INSERT INTO users VALUES (1, 'b'), (2, 'b'); INSERT INTO shops DEFAULT VALUES")
    release.prisma.write(SECOND, "ALTER TABLE users ADD mail text;\nCREATE INDEX users_nick ON users (nick);")
    release.alembic.write("b2", "a1", "op.drop_table('shops')")
    release.declare(USERS % '  mail String?\n  @@index([nick], map: "users_nick")\n', USER)
    lines = schemasync(release.capsys, "plan", "--format", "mermaid", *MANIFESTS).out.splitlines()
    notes = [line.strip() for line in lines if ":::note" in line]
    assert notes == ['n4["• shops goes, with 1 row"]:::note']
    path = [line.split("==>")[1].split("|")[2].strip() for line in lines if "==>" in line]
    assert f"    {path[-1]} -.- n4" in lines
    assert lines[-1].strip().startswith("classDef note ")
    lines = schemasync(release.capsys, "plan", "--format", "mermaid", "--rehearse", *MANIFESTS).out.splitlines()
    (lock, rows) = [line.strip() for line in lines if ":::note" in line]
    assert lock.startswith('n1["• ACCESS EXCLUSIVE on users (')
    assert "while it is read through: blocks reads and writes" in lock.replace("<br/>", " ")
    assert rows == notes[0]


def test_a_note_tells_no_more_than_can_be_read(release: Release) -> None:
    release.database.execute("INSERT INTO users VALUES (1, NULL), (2, 'b'), (3, 'b'), (4, 'long enough')")
    release.prisma.write(
        SECOND,
        "ALTER TABLE users ALTER nick TYPE varchar(5) USING 'x'; UPDATE users SET nick = '';"
        "ALTER TABLE users ALTER nick SET NOT NULL; CREATE UNIQUE INDEX ON users (nick);"
        "ALTER TABLE users ADD age int NOT NULL;",
    )
    drawn = schemasync(release.capsys, "plan", "--format", "mermaid", *MANIFESTS).out
    # There is no order: it stands beside what is deployed.
    assert "    s0 -.- n0\n" in drawn
    (note,) = [line for line in drawn.splitlines() if ":::note" in line]
    assert note.count("• ") == 3
    assert note.endswith('• and 2 more"]:::note')
