"""A plan that shows what its rehearsal found."""

import json

from command_line import schemasync
from release_project import SECOND, SHOP, USER, USERS, Release

MANIFESTS = ("--deployed-manifest", "prisma.json", "--deployed-manifest", "sqlalchemy.json")


def add_mail(release: Release) -> None:
    release.prisma.write(SECOND, "ALTER TABLE users ADD mail text;\nCREATE INDEX users_nick ON users (nick);")
    release.declare(USERS % '  mail String?\n  @@index([nick], map: "users_nick")\n', USER + SHOP)
    release.database.execute("UPDATE pg_class SET reltuples = 12e6, relpages = 406500 WHERE relname = 'users'")


def test_with_a_rehearsal_made_now(release: Release) -> None:
    add_mail(release)
    result = schemasync(release.capsys, "plan", "--rehearse", *MANIFESTS)
    assert (result.code, result.out) == (
        0,
        """\
1  prisma migrate deploy (20240201000000_next)
   • ACCESS EXCLUSIVE on users (12 M rows, 3.1 GB) while it is read through:
     blocks reads and writes (20240201000000_next/migration.sql:2)
   • ACCESS EXCLUSIVE for a moment on users (12 M rows, 3.1 GB)
2  deploy the front end
   not before 1: front end (new): SELECT on users fails: it names the column
     mail, which is not there
3  deploy the back end

A safe order, with 2 switches: at every moment all that runs can run.
""",
    )


def test_with_a_rehearsal_that_was_kept(release: Release) -> None:
    add_mail(release)
    kept = release.folder / "rehearsal.json"
    result = schemasync(release.capsys, "rehearse", *MANIFESTS, "--format", "json", "--output", kept)
    assert result.code == 0, result.err
    result = schemasync(release.capsys, "plan", *MANIFESTS, "--rehearsal", kept)
    assert result.code == 0, result.err
    assert "ACCESS EXCLUSIVE on users (12 M rows, 3.1 GB) while it is read through" in result.out
    found = json.loads(schemasync(release.capsys, "plan", *MANIFESTS, "--rehearsal", kept, "--format", "json").out)
    assert [hazard["work"] for hazard in found["hazards"]] == ["read through", None]
    assert json.loads(schemasync(release.capsys, "plan", *MANIFESTS, "--format", "json").out)["hazards"] is None
    # Of another release it says nothing.
    release.prisma.write("20240301000000_more", "SELECT 1;")
    result = schemasync(release.capsys, "plan", *MANIFESTS, "--rehearsal", kept)
    assert (result.code, "is a rehearsal of another release" in result.err) == (2, True)


def test_a_file_that_is_no_rehearsal(release: Release) -> None:
    result = schemasync(release.capsys, "plan", *MANIFESTS, "--rehearsal", "prisma.json")
    assert (result.code, "prisma.json: it is no rehearsal of this version" in result.err) == (2, True)
    result = schemasync(release.capsys, "plan", *MANIFESTS, "--rehearsal", "none.json")
    assert (result.code, "No such file" in result.err) == (2, True)


def test_a_rehearsal_that_does_not_go_as_planned(release: Release) -> None:
    release.prisma.write(SECOND, "DO $$ BEGIN IF EXISTS (SELECT FROM users) THEN RAISE 'rows'; END IF; END $$;")
    result = schemasync(release.capsys, "plan", "--rehearse", *MANIFESTS)
    assert (result.code, "the rehearsal did not go as planned" in result.err) == (1, True)
    assert result.out.startswith("1  ")
