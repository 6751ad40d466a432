"""Enum values: a safe order as long as nobody writes a value that not every running version can handle."""

from typing import Any

from command_line import schemasync
from release_pieces import TAKE_ADMIN_AWAY
from release_project import BACK, FRONT, PRISMA, SECOND, SHOP, USER, USERS, Release

THIRD = "20240301000000_role"
FIELD = "  role  Role @default(USER)\n"
ENUM = '\nenum Role {\n  USER\n%s\n  @@map("role")\n}\n'
PYTHON_ENUM = "\n\nclass Role(enum.Enum):\n    USER = 'USER'\n"
ADMIN = "    ADMIN = 'ADMIN'\n"
MIRROR = USER + "    role: Mapped[Role] = mapped_column(Enum(Role, name='role'), server_default='USER')\n"
ADDED = "ALTER TABLE users ADD role role NOT NULL DEFAULT 'USER'"
KIND = "op.execute(\"ALTER TYPE shop_kind ADD VALUE 'online'\")"


def prismas_enum(release: Release, *, has_admin: bool = False) -> None:
    """Deploy a release in which both services know Prisma's enum."""
    values = "'USER', 'ADMIN'" if has_admin else "'USER'"
    release.prisma.write(SECOND, f"CREATE TYPE role AS ENUM ({values}); {ADDED};")
    declare(release, prisma=has_admin, models=has_admin)
    release.deploy()


def declare(release: Release, *, prisma: bool, models: bool) -> None:
    """Who knows the value ADMIN."""
    python = PYTHON_ENUM + (ADMIN if models else "")
    release.declare(USERS % FIELD + ENUM % ("  ADMIN" if prisma else ""), python + MIRROR + SHOP)


def told(found: dict[str, Any]) -> list[tuple[str, str, bool, str, str]]:
    return [
        (f"{one['table']}.{one['column']}", one["value"], one["is_new"], one["since"], one["until"])
        for one in found["cautions"]
    ]


def test_prisma_adds_a_value(release: Release) -> None:
    """The database has it first; it is written only once the last reader knows it."""
    prismas_enum(release)
    release.prisma.write(THIRD, "ALTER TYPE role ADD VALUE 'ADMIN';")
    declare(release, prisma=True, models=True)
    found = release.plan()
    assert [step["id"] for step in found["order"]] == [PRISMA, FRONT, BACK]
    assert told(found) == [("users.role", "ADMIN", True, FRONT, BACK)]
    assert found["cautions"][0]["because"] == [
        "front end (old): SELECT on users fails: role can be 'ADMIN', which its Prisma client does not know and front "
        "end (new) may write",
        "back end (old): SELECT on users fails: role can be 'ADMIN', which its mapping does not know and front end "
        "(new) may write",
    ]
    assert found["order"][1]["because"] == [
        "front end (new): INSERT on users fails: role cannot be 'ADMIN', which its Prisma client knows and the "
        "database does not"
    ]
    result = schemasync(
        release.capsys, "plan", "--deployed-manifest", "prisma.json", "--deployed-manifest", "sqlalchemy.json"
    )
    assert "as long as nobody writes what is to be held back." in " ".join(result.out.split())
    assert "• users.role: nobody may write 'ADMIN' until 3 (deploy the back end) is done\n" in result.out


def test_a_caution_says_what_really_happens(release: Release) -> None:
    """On the real database, in mid-release: the old mapping reads all rows until somebody writes the value."""
    from sqlalchemy import Column, Enum, Integer, MetaData, Table, create_engine, select
    from sqlalchemy.exc import SQLAlchemyError

    prismas_enum(release)
    release.prisma.write(THIRD, "ALTER TYPE role ADD VALUE 'ADMIN';")
    old = Table("users", MetaData(), Column("id", Integer, primary_key=True), Column("role", Enum("USER", name="role")))
    engine = create_engine(release.database.url.replace("postgresql://", "postgresql+psycopg2://"))

    def read() -> str:
        with engine.connect() as connection:
            try:
                return str(connection.execute(select(old.c.role)).scalars().all())
            except (SQLAlchemyError, LookupError) as error:
                return type(error).__name__

    release.database.execute("INSERT INTO users (id) VALUES (1)")
    assert "error" not in release.prisma.deploy()
    assert read() == "['USER']"
    release.database.execute("INSERT INTO users (id, role) VALUES (2, 'ADMIN')")
    assert read() == "LookupError"
    engine.dispose()


def test_alembic_adds_a_value(release: Release) -> None:
    release.alembic.write(
        "b2",
        "a1",
        "op.execute(\"CREATE TYPE shop_kind AS ENUM ('street')\")\n"
        "    op.execute('ALTER TABLE shops ADD kind shop_kind')",
    )
    kind = "\n\nclass Kind(enum.Enum):\n    street = 'street'\n"
    shop = SHOP + "    kind: Mapped[Kind | None] = mapped_column(Enum(Kind, name='shop_kind'))\n"
    release.declare(USERS % "", kind + USER + shop)
    release.deploy()
    release.alembic.write("c3", "b2", KIND)
    release.declare(USERS % "", kind + "    online = 'online'\n" + USER + shop)
    found = release.plan()
    assert [step["id"] for step in found["order"]] == ["alembic:c3", FRONT, BACK]
    # Only the back end knows the table: while it rolls, its old version cannot read what its new one may write.
    assert told(found) == [("shops.kind", "online", True, BACK, BACK)]
    assert found["order"][2]["follows"] == "alembic:c3"


def test_a_value_that_no_service_knows_needs_no_caution(release: Release) -> None:
    """Nobody who runs writes it; a row may hold it all the same."""
    prismas_enum(release)
    release.prisma.write(THIRD, "ALTER TYPE role ADD VALUE 'ADMIN';")
    declare(release, prisma=False, models=False)
    found = release.plan()
    assert [step["id"] for step in found["order"]] == [PRISMA, FRONT, BACK]
    assert found["cautions"] == []
    assert "can be 'ADMIN', which its mapping does not know" in " ".join(found["risks"])


def test_a_value_that_the_other_service_never_learns_has_no_order(release: Release) -> None:
    """To hold it back would have no end."""
    prismas_enum(release)
    release.prisma.write(THIRD, "ALTER TYPE role ADD VALUE 'ADMIN';")
    declare(release, prisma=True, models=False)
    found = release.plan()
    assert found["conflict"]["together"] == [[FRONT]]
    assert any("back end (new): SELECT on users fails" in one["reason"] for one in found["conflict"]["objections"])
    (split,) = found["splits"]
    assert (split["subject"], split["change"]) == ("users.role", "a new value, 'ADMIN'")


def test_a_value_that_no_migration_adds_has_no_order(release: Release) -> None:
    prismas_enum(release)
    declare(release, prisma=True, models=True)
    found = release.plan()
    assert found["conflict"]["together"] == [[FRONT], [BACK]]
    assert {one["reason"].partition(": ")[2] for one in found["conflict"]["objections"]} >= {
        "INSERT on users fails: role cannot be 'ADMIN', which its Prisma client knows and the database does not"
    }
    (split,) = found["splits"]
    assert split["releases"][0].endswith(": ALTER TYPE role ADD VALUE 'ADMIN'")


def test_prisma_takes_a_value_away(release: Release) -> None:
    """The services let go of it first: the running versions may write it, and nothing could hold them back."""
    prismas_enum(release, has_admin=True)
    release.database.execute("INSERT INTO users (id, role) VALUES (1, 'ADMIN'), (2, 'USER')")
    release.prisma.write(THIRD, TAKE_ADMIN_AWAY)
    declare(release, prisma=False, models=False)
    found = release.plan()
    assert [step["id"] for step in found["order"]] == [FRONT, BACK, PRISMA]
    assert told(found) == [("users.role", "ADMIN", False, FRONT, BACK)]
    assert found["rows"] == ["users.role loses the value 'ADMIN', and holds it in 1 row"]
    reason = "INSERT on users fails: role cannot be 'ADMIN', which its mapping knows and the database does not"
    assert found["order"][2]["because"] == [f"back end (old): {reason}"]
