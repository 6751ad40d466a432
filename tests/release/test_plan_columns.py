"""What happens to a column, and the order or the split that is found for it."""

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
