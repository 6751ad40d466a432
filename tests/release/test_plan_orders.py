"""Orders as the command line tells them; `test_scenarios.py` has what they are found for."""

from command_line import schemasync
from release_project import BACK, FRONT, PRISMA, SECOND, SHOP, USER, USERS, Release


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


def test_what_failed_before_is_not_held_against_the_release(release: Release) -> None:
    release.declare(USERS % "", USER + "    gone: Mapped[str | None] = mapped_column(Text)\n" + SHOP)
    done = schemasync(release.capsys, "snapshot", "--witness", "sqlalchemy", "--output", "sqlalchemy.json")
    assert done.code == 0
    found = release.plan()
    assert found["safe"]
    assert found["known"] == ["back end (old): SELECT on users fails: it names the column gone, which is not there"]
