"""`schemasync verify`: what a step should leave behind, against what the database states."""

import json
from typing import Any

import pytest
from command_line import schemasync
from release_project import BACK, FIRST, FRONT, PRISMA, SECOND, SHOP, USER, USERS, Release, demand_valid

MAIL = "    mail: Mapped[str | None] = mapped_column(Text)\n"


def verify(release: Release, step: str, *options: str) -> dict[str, Any]:
    result = schemasync(release.capsys, "verify", step, "--format", "json", *options)
    assert result.code in (0, 1), result.err
    found: dict[str, Any] = json.loads(result.out)
    demand_valid("verification", found)
    assert found["done"] is (result.code == 0)
    return found


@pytest.fixture
def half_way(release: Release) -> Release:
    """Prisma's step of a release has been taken, Alembic's has not."""
    release.prisma.write(SECOND, "ALTER TABLE users ADD mail text; CREATE INDEX users_mail ON users (mail);")
    release.alembic.write("b2", "a1", "op.add_column('shops', sa.Column('name', sa.Text()))")
    release.declare(USERS % "  mail String?\n", USER + MAIL + SHOP)
    assert "error" not in release.prisma.deploy()
    return release


def test_done_and_not_done(half_way: Release) -> None:
    found = verify(half_way, PRISMA, "--migration", SECOND)
    assert found == {
        "version": 1,
        "step": PRISMA,
        "done": True,
        "missing": [],
        "migrations": [SECOND],
        "objects": 2,
        "notes": [],
    }
    assert verify(half_way, "alembic:b2")["missing"] == ["b2 is pending"]
    # All that the folder has; the table counts with each of its objects.
    assert verify(half_way, PRISMA)["migrations"] == [FIRST, SECOND]
    assert verify(half_way, FRONT)["done"]
    assert verify(half_way, BACK)["done"]


def test_only_what_the_step_changes_counts(half_way: Release) -> None:
    half_way.database.execute("ALTER TABLE users ALTER nick TYPE varchar(9); DROP INDEX users_mail")
    second = verify(half_way, PRISMA, "--migration", SECOND)
    assert [one.partition(":")[0] for one in second["missing"]] == ["index-missing"]
    assert "1 other drift has nothing to do with this step" in second["notes"][0]
    first = verify(half_way, PRISMA, "--migration", FIRST)
    assert [one.partition(":")[0] for one in first["missing"]] == ["column-type"]
    assert verify(half_way, "alembic:a1")["missing"] == []


def test_a_table_that_should_be_gone(release: Release) -> None:
    release.alembic.write("b2", "a1", "op.drop_table('shops')")
    release.alembic.upgrade()
    assert verify(release, "alembic:b2")["done"]
    release.database.execute("CREATE TABLE shops (id int)")
    assert [one.partition(":")[0] for one in verify(release, "alembic:b2")["missing"]] == ["table-extra"]
    # What a later revision undid is no fault of the one that did it.
    release.database.execute("DROP TABLE shops")
    assert verify(release, "alembic:a1")["done"]


def test_rows_alone(release: Release) -> None:
    release.alembic.write("b2", "a1", "op.execute('INSERT INTO shops DEFAULT VALUES')")
    release.alembic.upgrade()
    found = verify(release, "alembic:b2")
    assert (found["done"], found["objects"]) == (True, 0)
    assert found["notes"] == ["the step changes nothing that a schema states; the history alone says that it ran"]


def test_histories_that_had_to_take_turns(release: Release) -> None:
    """Prisma dropped a table only after Alembic had let go of it: neither history runs through on its own."""
    release.prisma.write(SECOND, "CREATE TABLE old_tags (id int PRIMARY KEY);")
    release.alembic.write(
        "b2", "a1", "op.add_column('shops', sa.Column('tag', sa.Integer(), sa.ForeignKey('old_tags.id')))"
    )
    release.deploy()
    release.alembic.write("c3", "b2", "op.drop_constraint('shops_tag_fkey', 'shops')")
    release.alembic.upgrade()
    release.prisma.write("20240301000000_tags", "DROP TABLE old_tags; CREATE TABLE tags (id int PRIMARY KEY);")
    assert "error" not in release.prisma.deploy()
    release.alembic.write("d4", "c3", "op.create_foreign_key('shops_tag_fkey', 'shops', 'tags', ['tag'], ['id'])")
    release.alembic.upgrade()
    assert verify(release, PRISMA, "--migration", "20240301000000_tags")["done"]
    assert verify(release, "alembic:d4")["done"]
    release.database.execute("ALTER TABLE shops DROP CONSTRAINT shops_tag_fkey")
    assert not verify(release, "alembic:d4")["done"]
    # And the next release can be planned from there.
    assert release.order() == [FRONT, BACK]


def test_what_cannot_be_told(release: Release) -> None:
    for step in ("nonsense", "alembic:zz", "service:side end"):
        result = schemasync(release.capsys, "verify", step)
        assert result.code == 2
        assert "there is no" in result.err
    result = schemasync(release.capsys, "verify", PRISMA, "--migration", "zz")
    assert (result.code, "no migration of Prisma's called zz" in result.err) == (2, True)
    url = "postgresql://nobody:secret@127.0.0.1:1/none"
    result = schemasync(release.capsys, "verify", PRISMA, "--database", url)
    assert (result.code, "secret" in result.err) == (2, False)


def test_text(half_way: Release) -> None:
    result = schemasync(half_way.capsys, "verify", PRISMA, "--migration", SECOND)
    assert result.out == "prisma: done (1 migration, 2 objects verified)\n"
    assert schemasync(half_way.capsys, "verify", "alembic:b2").out == "alembic:b2: not done\n  • b2 is pending\n"
    result = schemasync(half_way.capsys, "verify", "alembic:b2", "--before")
    assert (result.code, result.out) == (
        1,
        "alembic:b2: must not be taken now\n"
        "  • alembic:b2 is pending, and is no later step of this release: plan again\n"
        "  note: nothing keeps another release out: schemasync lock does\n",
    )
