"""Every scenario of a release: its plan, and its rehearsal with the statements of every version at every state.

Where there is no safe order, orders are carried out all the same: each must fail, by a real statement or a migration,
at the very step that the plan objects to. `SCHEMASYNC_TEST_EVERY_ORDER=1` tries every order of every release, the
safe ones too; `SCHEMASYNC_SCENARIO_TABLE=1` writes what was found into the plan's page.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import Database
from prisma_tools import ToolsMissingError, find_tools
from release_pieces import MAIL, MAIL_FIELD, Scenario, Tree
from release_play import Cast, Play
from release_project import BACK, FRONT, PRISMA, SHOP, USER, USERS, Release
from release_scenarios import MIGRATE_FIRST, SCENARIOS
from release_table import ASKED, RESULTS, demand_row, write_page

from schemasync.errors import SchemasyncError
from schemasync.scratch import ScratchServer

# Every order of the steps of every release: minutes.
EVERY = os.environ.get("SCHEMASYNC_TEST_EVERY_ORDER") == "1"


def project(folder: Path, database: Database) -> Release:
    (folder / "prisma").mkdir()
    try:
        tools = find_tools()
    except ToolsMissingError:
        tools = None
    return Release(folder, tools, database)


@pytest.fixture(scope="module")
def deployed(server: ScratchServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database on which the first release has been carried out."""
    with server.create_database() as scratch:
        project(tmp_path_factory.mktemp("first"), Database(scratch)).carry_out()
        yield scratch.name


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    made = Cast(tmp_path_factory.mktemp("models"))
    yield made
    made.close()


@pytest.fixture
def play(
    deployed: str, cast: Cast, server: ScratchServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Play]:
    """A project whose first release is deployed."""
    with server.create_database(template=deployed) as scratch:
        database = Database(scratch)
        monkeypatch.setenv("RELEASE_URL", database.url)
        monkeypatch.chdir(tmp_path)
        yield Play(project(tmp_path, database), server, cast, every_order=EVERY)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_scenario(scenario: Scenario, play: Play) -> None:
    played = play.all_of(scenario)
    if not EVERY:
        demand_row(scenario.name, played)


def test_a_fresh_database(play: Play) -> None:
    play.release.database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    play.deployed, play.revisions = None, ["a1"]
    play.tree = Tree(order=(PRISMA, "a1", FRONT, BACK), tells=(("order", "it needs prisma migrate deploy"),))
    demand_row("a fresh database", [play.played()])


def test_a_failed_migration_and_its_recovery(play: Play) -> None:
    """It stops every release until it is resolved; then it has no order until it is mended."""
    script = "ALTER TABLE users ADD mail text;"
    play.write(Tree(USERS % MAIL_FIELD, USER + MAIL + SHOP, script + " SELECT 1/0;"))
    assert "error" in play.release.prisma.deploy()
    with pytest.raises(SchemasyncError, match="is failed: no release can start before that is mended"):
        play.played()
    play.release.prisma.resolve("rolled-back", play.files[0].name)
    broken = play.played()
    (play.files[0] / "migration.sql").write_text(script)
    play.tree = Tree(USERS % MAIL_FIELD, USER + MAIL + SHOP, script, order=MIGRATE_FIRST)
    mended = play.played()
    play.carry_out()
    play.release.database.execute("SELECT mail FROM users")
    if not EVERY:
        demand_row("a migration that failed, and its recovery", [broken, mended])


def test_two_releases_at_once(play: Play) -> None:
    """Both are sound as long as neither has begun; after the one the other must be merged with it."""
    number = "    number: Mapped[int | None]\n"
    one = Tree(
        USERS % MAIL_FIELD,
        USER + MAIL + SHOP,
        "ALTER TABLE users ADD mail text;",
        ("op.add_column('shops', sa.Column('name', sa.Text()))",),
        (PRISMA, "a1", FRONT, BACK),
    )
    other = Tree(models=USER + SHOP + number, alembic=("op.add_column('shops', sa.Column('number', sa.Integer()))",))
    other = Tree(other.schema, other.models, "", other.alembic, ("a1", FRONT, BACK))
    played = []
    for tree in (one, other):
        play.write(tree)
        played.append(play.played())
        play.take_back()
    play.write(one)
    play.carry_out()
    theirs = play.revisions[0]
    play.take_back()
    play.head = "a1"
    play.write(other)
    with pytest.raises(SchemasyncError, match=f"revision {theirs}, which this tree lacks: another release has been"):
        play.played()
    play.take_back()
    play.release.prisma.write("20240401000000_next", one.prisma)
    play.release.alembic.write(theirs, "a1", one.alembic[0])
    play.head = theirs
    play.write(Tree(one.schema, USER + MAIL + SHOP + number, "", other.alembic, ("a1", FRONT, BACK)))
    played.append(play.played())
    if not EVERY:
        demand_row("two releases at once, the second merged after the first", played)


@pytest.mark.skipif(not ASKED, reason="the page is written on demand: SCHEMASYNC_SCENARIO_TABLE=1")
def test_the_page_is_written() -> None:
    write_page(json.loads(RESULTS.read_text()))
    RESULTS.unlink()
