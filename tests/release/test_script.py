"""The script of a release, run by bash against a real database: killed, run again, run twice, run against another."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from command_line import schemasync
from release_project import FIRST, MODELS, SCHEMA, SECOND, SHOP, USER, USERS, Release, StandIn
from release_script import Script

MANIFESTS = ("--deployed-manifest", "prisma.json", "--deployed-manifest", "sqlalchemy.json")
PLACES = ("before-prisma", "after-prisma", "before-b2", "after-b2", "front", "back")
# Each place is one more run of the whole script.
EVERY = os.environ.get("SCHEMASYNC_TEST_EVERY_KILL") == "1"
MAIL = "    mail: Mapped[str | None] = mapped_column(Text)\n"
NAME = "    name: Mapped[str | None] = mapped_column(Text)\n"


def script_of(release: Release, *options: str) -> Script:
    done = schemasync(release.capsys, "plan", "--format", "shell", *MANIFESTS, *options)
    assert done.code == 0, done.err
    return Script(release, done.out)


@pytest.fixture
def expanding(release: Release) -> Release:
    """A release of all four actors: prisma, alembic:b2, the front end, the back end."""
    release.prisma.write(SECOND, "ALTER TABLE users ADD mail text;")
    release.alembic.write("b2", "a1", "op.add_column('shops', sa.Column('name', sa.Text()))")
    release.declare(USERS % "  mail String?\n", USER + MAIL + SHOP + NAME)
    return release


def test_killed_at_every_step_and_run_again(expanding: Release) -> None:
    script = script_of(expanding)
    killed = [place for place in PLACES if EVERY or place in ("after-prisma", "front")]
    for place in killed:
        code, said = script.run(KILL_AT=place)
        assert code == 137, said
        assert script.called[-1] == place
    code, said = script.run()
    assert code == 0, said
    assert "== The release is complete." in said
    # What the database shows to be done was not done again; what it cannot show was.
    assert [place for place in script.called if place.startswith("after")] == ["after-prisma", "after-b2"]
    assert script.called.count("before-prisma") == 1 + ("before-prisma" in killed)
    assert script.called.count("front") == 2
    rows = expanding.database.execute("SELECT migration_name, finished_at IS NULL FROM _prisma_migrations ORDER BY 1")
    assert rows == [(FIRST, False), (SECOND, False)]
    assert expanding.database.execute("SELECT version_num FROM alembic_version") == [("b2",)]
    before = script.called
    code, said = script.run()
    assert (code, said.count("skipped: it has been done")) == (0, 3), said
    assert script.called[len(before) :] == ["back"], "a hook that has no is_..._deployed is called again"


def test_it_stops_where_a_step_did_not_leave_what_it_should(expanding: Release) -> None:
    script = script_of(expanding)
    # Prisma's history says that the migration was applied, and the database has nothing of it.
    expanding.prisma.resolve("applied", SECOND)
    code, said = script.run()
    assert code == 1, said
    assert "column-missing: users.mail is missing from the database" in said
    assert "must not be taken now" not in said
    assert "front" not in script.called


def test_it_stops_before_a_step_that_is_not_as_planned(expanding: Release) -> None:
    script = script_of(expanding)
    expanding.alembic.upgrade()
    code, said = script.run()
    assert (code, script.called) == (1, [])
    assert "alembic:b2 has been applied already, though it comes after prisma: plan again" in " ".join(said.split())


def test_it_stops_when_a_script_was_changed_or_added(expanding: Release) -> None:
    script = script_of(expanding)
    original = expanding.prisma.write(SECOND, "ALTER TABLE users ADD mail text; DROP TABLE shops;")
    code, said = script.run()
    assert (code, script.called) == (1, [])
    assert f"prisma:{SECOND} was changed after the release had been planned" in " ".join(said.split())
    original.write_text("ALTER TABLE users ADD mail text;")
    expanding.prisma.write("20240202000000_more", "SELECT 1;")
    code, said = script.run()
    assert (code, script.called) == (1, [])
    assert "prisma:20240202000000_more is pending, and is no later step of this release" in " ".join(said.split())


def test_a_failed_migration_in_mid_release_and_its_recovery(expanding: Release) -> None:
    """It fails in production alone: the rows are not what the scratch database had."""
    expanding.prisma.write(SECOND, "ALTER TABLE users ADD mail text; CREATE UNIQUE INDEX users_nick ON users (nick);")
    expanding.database.execute("INSERT INTO users VALUES (1, 'a'), (2, 'a')")
    if isinstance(expanding.prisma, StandIn):
        pytest.skip("only Prisma itself keeps a failure, and there is none")
    script = script_of(expanding)
    code, said = script.run()
    assert code != 0, said
    assert script.called == ["before-prisma"]
    code, said = script.run()
    assert code == 1, said
    assert f"Prisma's migration {SECOND} is failed: schemasync status says what to do" in " ".join(said.split())
    expanding.database.execute("DELETE FROM users WHERE id = 2")
    expanding.prisma.resolve("rolled-back", SECOND)
    code, said = script.run()
    assert code == 0, said
    assert script.called[-4:] == ["before-b2", "after-b2", "front", "back"]


def other_tree(release: Release) -> Script:
    """A second release, planned from the same base in a clone of its own."""
    folder = release.folder / "other"
    shutil.copytree(release.folder, folder, ignore=shutil.ignore_patterns("other", SECOND, "b2.py", "__pycache__"))
    migration = folder / "prisma/migrations/20240202000000_other/migration.sql"
    migration.parent.mkdir()
    migration.write_text("ALTER TABLE users ADD phone text;")
    (folder / "prisma/schema.prisma").write_text(SCHEMA + USERS % "")
    (folder / "models.py").write_text(MODELS + USER + SHOP)
    config = ("--config", str(folder / "schemasync.toml"))
    done = schemasync(release.capsys, "plan", "--format", "shell", "--stub-missing", *config)
    assert done.code == 0, done.err
    text = done.out.replace("other/schemasync.toml", "schemasync.toml").replace(
        "prisma_folder=other", "prisma_folder=."
    )
    return Script(release, text, folder)


def test_two_releases_at_once(expanding: Release) -> None:
    first, second = script_of(expanding), other_tree(expanding)
    running = first.start(WAIT_AT="front")
    deadline = time.monotonic() + 120
    while not (first.folder / "waiting").exists():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    code, said = second.run()
    assert (code, second.called) == (2, [])
    assert "another release is under way: process " in said
    # The same script twice at once is no better.
    code, said = first.run()
    assert code == 2, said
    (first.folder / "go-on").touch()
    said, _ = running.communicate(timeout=120)
    assert running.returncode == 0, said
    # The first is through, and the second was planned for another base.
    code, said = second.run()
    assert (code, second.called) == (1, [])
    assert f"the database has seen prisma:{SECOND}, which this tree lacks: another release has been there" in " ".join(
        said.split()
    )
    result = schemasync(expanding.capsys, "plan", "--config", second.folder / "schemasync.toml")
    assert (result.code, "Alembic's revision b2, which this tree lacks" in result.err) == (2, True)


def test_a_missing_hook_is_told_before_anything_is_done(expanding: Release) -> None:
    script = script_of(expanding)
    code, said = script.run(RELEASE_HOOKS="", DEPLOY_FRONT_END="true")
    assert code == 2
    assert "neither the function deploy_back_end nor the variable DEPLOY_BACK_END says how to deploy" in said
    assert expanding.database.execute("SELECT count(*) FROM _prisma_migrations") == [(1,)]


def test_commands_in_variables(expanding: Release) -> None:
    script = script_of(expanding)
    code, said = script.run(
        RELEASE_HOOKS="",
        PRISMA_MIGRATE_DEPLOY=expanding.prisma_deploy,
        DEPLOY_FRONT_END="echo the front end is new",
        DEPLOY_BACK_END="echo the back end is new",
        IS_BACK_END_DEPLOYED="true",
    )
    assert code == 0, said
    assert "the front end is new" in said
    assert "the back end is new" not in said
    assert "1 revision in" in said, "schemasync upgrade is what runs Alembic's revisions by default"


def test_no_password_and_no_absolute_path(expanding: Release) -> None:
    script = script_of(expanding, "--database", expanding.database.url)
    text = script.file.read_text()
    assert '--database "${DATABASE_URL:?}"' in text
    assert expanding.database.url not in text
    assert str(Path.home()) not in re.sub(str(expanding.folder), "", text)


def test_no_order_gives_a_script_that_refuses(release: Release) -> None:
    release.prisma.write(SECOND, "ALTER TABLE users ADD mail text NOT NULL;")
    release.declare(USERS % "  mail String\n", USER + "    mail: Mapped[str] = mapped_column(Text)\n" + SHOP)
    result = schemasync(release.capsys, "plan", "--format", "shell", *MANIFESTS)
    assert result.code == 1
    script = Script(release, result.out)
    assert script.run() == (1, "There is no safe order for this release.\n")


def test_shellcheck(expanding: Release) -> None:
    shellcheck = shutil.which("shellcheck")
    if shellcheck is None:
        pytest.skip("shellcheck is not installed")
    script = script_of(expanding)
    done = subprocess.run([shellcheck, script.file], capture_output=True, text=True, check=False)
    assert done.stdout == ""
