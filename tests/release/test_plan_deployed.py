"""What is deployed: as the database says, as a git revision has it, as the last release's snapshots say."""

import json
import subprocess

import pytest
from command_line import schemasync
from release_project import BACK, FIRST, FRONT, PRISMA, SECOND, SHOP, USER, USERS, Release

WITHOUT = USER.replace("    nick: Mapped[str | None] = mapped_column(Text)\n", "")
MANIFESTS = ("--deployed-manifest", "prisma.json", "--deployed-manifest", "sqlalchemy.json")


def git(release: Release, *arguments: str) -> None:
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=release.folder, check=True, capture_output=True)


@pytest.fixture
def dropping(release: Release) -> Release:
    """What is deployed is committed; the new tree drops a column, and adds one by Alembic."""
    git(release, "init", "-q")
    git(release, "add", ".")
    git(release, "commit", "-qm", "deployed")
    release.prisma.write(SECOND, "ALTER TABLE users DROP nick;")
    release.alembic.write("b2", "a1", "op.add_column('shops', sa.Column('name', sa.Text()))")
    name = "    name: Mapped[str | None] = mapped_column(Text)\n"
    release.declare((USERS % "").replace("  nick String?\n", ""), WITHOUT + SHOP + name)
    return release


ORDER = ["alembic:b2", FRONT, BACK, PRISMA]


def test_from_a_git_revision(dropping: Release) -> None:
    found = dropping.plan("--deployed", "HEAD")
    assert ([step["id"] for step in found["order"]], found["notes"]) == (ORDER, [])
    result = schemasync(dropping.capsys, "plan", "--deployed", "nonsense")
    assert (result.code, "git does not know the revision nonsense here" in result.err) == (2, True)
    # Without it the deployed services are taken to rely on all that is there.
    found = dropping.plan("--stub-missing")
    assert [step["id"] for step in found["order"]] == ORDER
    assert "is not known" in found["notes"][0]


@pytest.mark.parametrize("given", [("--deployed", "HEAD"), MANIFESTS])
def test_without_a_database(dropping: Release, given: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same plan, by what the deployed builds came with; the rows are left out, and that is said."""
    dropping.database.execute("INSERT INTO users VALUES (1, 'a')")
    asked = dropping.plan(*given)
    assert asked["rows"] == ["users.nick goes, with 1 value"]
    config = dropping.folder / "schemasync.toml"
    config.write_text(config.read_text().replace('[database]\nurl = "$RELEASE_URL"', '[database]\nurl = "$NOT_SET"'))
    found = dropping.plan(*given)
    assert [step["id"] for step in found["order"]] == ORDER
    assert found["rows"] == []
    (note,) = found["notes"]
    assert note.startswith("The live database was not asked (")
    assert "NOT_SET" in note
    assert note.endswith("no rows were counted.")
    # One that cannot be reached is as good as none, and its password is not told.
    found = dropping.plan(*given, "--database", "postgresql://ann:secret@127.0.0.1:1/none")
    assert [step["id"] for step in found["order"]] == ORDER
    assert "secret" not in found["notes"][0]
    result = schemasync(dropping.capsys, "plan")
    assert (result.code, "NOT_SET" in result.err) == (2, True)


def test_a_deployed_build_that_this_tree_has_left_behind(dropping: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's release is what is deployed, and this tree does not have it."""
    git(dropping, "add", ".")
    git(dropping, "commit", "-qm", "another release")
    (dropping.folder / "alembic/versions/b2.py").unlink()
    monkeypatch.setenv("RELEASE_URL", "postgresql://ann@127.0.0.1:1/none")
    config = dropping.folder / "schemasync.toml"
    text = config.read_text()
    config.write_text(text.replace('server = "$RELEASE_URL"', f'server = "{dropping.database.url}"'))
    result = schemasync(dropping.capsys, "plan", "--deployed", "HEAD")
    assert (result.code, "Alembic's revision b2, which this tree lacks" in result.err) == (2, True)


def test_snapshots_name_the_migrations_of_their_build(release: Release) -> None:
    named = {name: json.loads((release.folder / f"{name}.json").read_text()) for name in ("prisma", "sqlalchemy")}
    assert named["prisma"]["migrations"] == [FIRST]
    assert named["sqlalchemy"]["migrations"] == ["a1"]
    done = schemasync(release.capsys, "snapshot", "--witness", "database")
    assert "migrations" not in json.loads(done.out)
    # They are snapshots like any other.
    done = schemasync(
        release.capsys, "check", "--snapshot", "prisma.json", "--witness", "snapshot", "--witness", "prisma"
    )
    assert done.code == 0, done.out + done.err


def test_a_snapshot_that_names_none_cannot_stand_in_for_the_database(release: Release) -> None:
    for name in ("prisma", "sqlalchemy"):
        file = release.folder / f"{name}.json"
        content = json.loads(file.read_text())
        del content["migrations"]
        file.write_text(json.dumps(content))
    assert release.order() == [FRONT, BACK]
    result = schemasync(release.capsys, "plan", *MANIFESTS, "--database", "postgresql://ann@127.0.0.1:1/none")
    assert result.code == 2
    assert "without a database it is not known which of Prisma's migrations are deployed" in result.err
