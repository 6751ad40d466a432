"""What the plan looks like, and what it says of the rows."""

from command_line import schemasync
from release_project import SECOND, SHOP, USER, USERS, Release


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
