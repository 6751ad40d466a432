"""Both histories in one release: what the one needs of the other, and what stops them."""

from pathlib import Path

from command_line import schemasync
from release_project import BACK, FIRST, FRONT, PRISMA, SECOND, SHOP, USER, USERS, Release


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


def test_a_cycle_of_three_has_no_order(release: Release) -> None:
    """Prisma drops what the old back end maps; the new one needs Alembic's column, and that needs Prisma's table."""
    release.prisma.write(SECOND, "CREATE TABLE tags (id int NOT NULL PRIMARY KEY); ALTER TABLE users DROP nick;")
    release.alembic.write(
        "b2", "a1", "op.add_column('shops', sa.Column('tag_id', sa.Integer(), sa.ForeignKey('tags.id')))"
    )
    tag = SHOP.replace("Shop", "Tag").replace("shops", "tags").replace("=True", "=True, autoincrement=False")
    release.declare(
        (USERS % "").replace("  nick String?\n", "") + '\nmodel Tag {\n  id Int @id\n  @@map("tags")\n}\n',
        USER.replace("    nick: Mapped[str | None] = mapped_column(Text)\n", "")
        + SHOP
        + "    tag_id: Mapped[int | None] = mapped_column(ForeignKey('tags.id'))\n"
        + tag,
    )
    found = release.plan()
    assert found["conflict"]["together"] == [[PRISMA], ["alembic:b2"], [FRONT], [BACK]]
    reasons: dict[str, list[str]] = {}
    for one in found["conflict"]["objections"]:
        reasons.setdefault(one["step"], []).append(one["reason"])
    # Each waits for the next one, and the last for the first.
    assert "back end (old): SELECT on users fails: it names the column nick, which is not there" in reasons[PRISMA]
    assert "back end (new): SELECT on shops fails: it names the column tag_id, which is not there" in reasons[BACK]
    assert any('relation "tags" does not exist' in reason for reason in reasons["alembic:b2"])
    # Prisma's block cannot be cut by deploy; in two releases, or two blocks, it goes.
    assert ("users.nick", "drop the column") in [(split["subject"], split["change"]) for split in found["splits"]]
    release.prisma.write(SECOND, "CREATE TABLE tags (id int NOT NULL PRIMARY KEY);")
    assert release.order() == [PRISMA, "alembic:b2", FRONT, BACK]
