"""Releases, rehearsed: on real PostgreSQL, by real Alembic and SQLAlchemy, with Prisma's own SQL."""

import json
from typing import Any

from command_line import Result, schemasync
from release_project import BACK, FRONT, PRISMA, SECOND, SHOP, USER, USERS, Release, commit, demand_valid

MANIFESTS = ("--deployed-manifest", "prisma.json", "--deployed-manifest", "sqlalchemy.json")
MAIL = "  mail String?\n"
MAIL_MIRROR = "    mail: Mapped[str | None] = mapped_column(Text)\n"
WITHOUT_NICK = USER.replace("    nick: Mapped[str | None] = mapped_column(Text)\n", "")


def rehearse(release: Release, *options: str) -> Result:
    return schemasync(release.capsys, "rehearse", *(options or MANIFESTS))


def rehearsed(release: Release, *options: str) -> dict[str, Any]:
    result = rehearse(release, "--format", "json", *(options or MANIFESTS))
    assert result.code in (0, 1), result.err
    found: dict[str, Any] = json.loads(result.out)
    demand_valid("rehearsal", found)
    assert found["sound"] is (result.code == 0)
    return found


def steps(found: dict[str, Any]) -> list[str | None]:
    return [stage["step"] and stage["step"]["id"] for stage in found["stages"]]


def add_mail(release: Release) -> None:
    release.prisma.write(SECOND, "ALTER TABLE users ADD mail text;")
    release.declare(USERS % MAIL, USER + MAIL_MIRROR + SHOP)


def test_a_release_that_goes_as_planned(release: Release) -> None:
    add_mail(release)
    release.database.execute("INSERT INTO users SELECT n, 'x' FROM generate_series(1, 1000) n; ANALYZE users")
    release.database.execute("UPDATE pg_class SET reltuples = 12e6, relpages = 406500 WHERE relname = 'users'")
    result = rehearse(release)
    assert (result.code, result.out) == (
        0,
        """\
Rehearsed on what the histories built, with 20 made-up rows in 2 tables.

0  what is deployed
   front end (old), back end (old): 14 of 14 statements pass

1  prisma migrate deploy (20240201000000_next)
   front end (old), back end (old): 14 of 14 statements pass
   • ACCESS EXCLUSIVE for a moment on users (12 M rows, 3.1 GB)

2  deploy the front end
   front end (old), back end (old), front end (new): 5 of 5 statements pass

3  deploy the back end
   back end (old), front end (new), back end (new): 9 of 9 statements pass

Proved:
  • front end (old): as Prisma's client sends them, 10 statements to 1 table at
    2 states of the database, and PostgreSQL took them
  • back end (old): SQLAlchemy sent 18 statements to 2 tables at 2 states of the
    database, and PostgreSQL took them
  • front end (new): as Prisma's client sends them, 5 statements to 1 table at 1
    state of the database, and PostgreSQL took them
  • back end (new): SQLAlchemy sent 9 statements to 2 tables at 1 state of the
    database, and PostgreSQL took them
  • the migrations of 1 step ran on 20 made-up rows; after each step the
    database stated what the plan expects

Not proved:
  • back end (old): its own models; its statements were those of models written
    from what is known of it
  • how Prisma's client decodes what it gets, but for enum values: the plan held
    the types against it
  • SQL that services write by hand
  • what the live rows hold beyond what the plan counted there, and how long a
    step takes on them

The release went as planned.
""",
    )
    assert result.err == ""


def test_what_no_declaration_tells(release: Release) -> None:
    """A trigger that uses a column which nobody maps: the plan cannot see it, and real statements fail."""
    release.alembic.write(
        "b2",
        "a1",
        "op.execute('''CREATE FUNCTION tidy() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.nick := lower(NEW.nick); RETURN NEW; END $$''');"
        " op.execute('CREATE TRIGGER tidy BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION tidy()')",
    )
    release.declare((USERS % "").replace("  nick String?\n", ""), WITHOUT_NICK + SHOP)
    release.deploy()
    release.prisma.write(SECOND, "ALTER TABLE users DROP nick;")
    found = rehearsed(release)
    stage = next(one for one in found["stages"] if one["step"] and one["step"]["id"] == PRISMA)
    assert not found["sound"]
    failed = {(one["service"], one["statement"], one["reason"]) for one in stage["not_passed"]}
    assert failed == {
        (service, "INSERT", 'record "new" has no field "nick"') for service in ("front end (old)", "back end (old)")
    }


def test_old_and_new_models_from_git(release: Release) -> None:
    """The deployed revision's own models run beside this tree's."""
    commit(release.folder)
    release.prisma.write(SECOND, "ALTER TABLE users DROP nick;")
    release.declare((USERS % "").replace("  nick String?\n", ""), WITHOUT_NICK + SHOP)
    found = rehearsed(release, "--deployed", "HEAD")
    assert steps(found) == [None, FRONT, BACK, PRISMA]
    assert found["stages"][2]["running"] == ["back end (old)", "front end (new)", "back end (new)"]
    assert not any("its own models" in one for one in found["unproved"])
    assert found["stages"][3]["statements"] == {"passed": 12, "failed": 0, "known": 0, "depends": 0}


def test_what_failed_before_is_known(release: Release) -> None:
    release.declare(USERS % "", USER + "    gone: Mapped[str | None] = mapped_column(Text)\n" + SHOP)
    done = schemasync(release.capsys, "snapshot", "--witness", "sqlalchemy", "--output", "sqlalchemy.json")
    assert done.code == 0
    found = rehearsed(release)
    assert found["sound"]
    assert found["stages"][0]["statements"]["known"] == 5
    assert {one["reason"] for one in found["stages"][0]["not_passed"]} == {
        "column users.gone does not exist",
        'column "gone" of relation "users" does not exist',
    }
    # The new version has the same mistake.
    assert found["stages"][-1]["statements"]["known"] == 5


def demand_nick(release: Release) -> None:
    release.prisma.write(SECOND, "ALTER TABLE users ALTER nick SET NOT NULL;")
    required = USER.replace("Mapped[str | None]", "Mapped[str]")
    release.declare((USERS % "").replace("nick String?", "nick String"), required + SHOP)
    release.database.execute("INSERT INTO users VALUES (1, 'ann')")
    # Services that always give it run already.
    for witness in ("prisma", "sqlalchemy"):
        assert schemasync(release.capsys, "snapshot", "--witness", witness, "--output", f"{witness}.json").code == 0


def test_a_step_that_live_nulls_would_stop(release: Release) -> None:
    demand_nick(release)
    release.database.execute("INSERT INTO users VALUES (2, NULL)")
    result = rehearse(release)
    assert result.code == 1
    text = " ".join(result.out.split())
    assert 'migration failed: column "nick" of relation "users" contains null values' in text
    assert "steps after the one that failed" in text
    assert text.endswith("The release did not go as planned: 1 failure.")


def test_a_step_that_no_live_null_stops(release: Release) -> None:
    demand_nick(release)
    found = rehearsed(release)
    assert found["sound"]
    (hazard,) = next(stage["hazards"] for stage in found["stages"] if stage["hazards"])
    assert (hazard["lock"], hazard["work"], hazard["table"]) == ("ACCESS EXCLUSIVE", "read through", "users")


def test_made_up_rows_that_a_migration_takes(release: Release) -> None:
    release.prisma.write(SECOND, "DELETE FROM users WHERE id > 3;")
    found = rehearsed(release)
    stage = next(one for one in found["stages"] if one["step"] and one["step"]["id"] == PRISMA)
    assert stage["lost"] == ["users has 4 of its 10 made-up rows left"]


def test_alembic_runs_itself(release: Release) -> None:
    script = release.alembic.write(
        "b2", "a1", "op.add_column('shops', sa.Column('name', sa.Text(), server_default='x', nullable=False))"
    )
    release.declare(USERS % "", USER + SHOP + "    name: Mapped[str] = mapped_column(Text, server_default='x')\n")
    found = rehearsed(release)
    (stage,) = [one for one in found["stages"] if one["hazards"]]
    (hazard,) = stage["hazards"]
    line = script.read_text().splitlines().index("def upgrade():") + 2
    assert (stage["step"]["id"], hazard["place"]) == ("alembic:b2", f"alembic/versions/b2.py:{line}")
    assert hazard["sql"].startswith("ALTER TABLE shops ADD COLUMN name TEXT DEFAULT 'x' NOT NULL")
    assert (
        "1 revision ran by env.py too, within the fence of schemasync upgrade, which refused none of its statements"
        in found["proved"]
    )


def test_what_upgrade_would_refuse_and_an_env_py_that_fails(release: Release) -> None:
    script = release.alembic.write("b2", "a1", "op.add_column('users', sa.Column('mail', sa.Text()))")
    release.declare(USERS % MAIL, USER + MAIL_MIRROR + SHOP)
    line = script.read_text().splitlines().index("def upgrade():") + 2

    def failure(*options: str) -> str | None:
        found = rehearsed(release, *MANIFESTS, *options)
        assert found["safe"]
        failures: list[str] = [stage["failure"] for stage in found["stages"] if stage["failure"]]
        return failures[0] if failures else None

    told = f"alembic/versions/b2.py:{line}: schemasync upgrade refuses it: it alters table public.users"
    assert failure() == told
    environment = release.folder / "alembic" / "env.py"
    environment.write_text("import os\nos.environ['NOT_SET_HERE']\n" + environment.read_text())
    assert "env.py failed: alembic/env.py:2: KeyError: 'NOT_SET_HERE'" in (failure() or "")
    # Alembic itself would do both.
    assert failure("--without-env") is None


def test_a_revision_outside_of_a_transaction(release: Release) -> None:
    release.alembic.write(
        "b2",
        "a1",
        "with op.get_context().autocommit_block():\n"
        "        op.create_index('shops_id', 'shops', ['id'], postgresql_concurrently=True)",
    )
    found = rehearsed(release)
    (hazard,) = [hazard for stage in found["stages"] for hazard in stage["hazards"]]
    assert hazard["sentence"] == (
        "SHARE UPDATE EXCLUSIVE on shops (empty) while it is read through: reads and writes go on"
    )


def test_from_the_live_catalogue(release: Release) -> None:
    """What was done by hand is there, and what a step makes of it is found out."""
    release.database.execute("CREATE VIEW nicks AS SELECT nick FROM users")
    release.prisma.write(SECOND, "ALTER TABLE users ALTER nick TYPE varchar(50);")
    release.declare((USERS % "").replace("nick String?", "nick String? @db.VarChar(50)"), USER + SHOP)
    assert rehearsed(release)["sound"]
    found = rehearsed(release, "--from", "database", *MANIFESTS)
    assert found["start"] == "a copy of the live database's definitions"
    stage = found["stages"][-1]
    assert "cannot alter type of a column used by a view or rule" in stage["failure"]


def test_the_live_catalogue_with_alembic(release: Release) -> None:
    release.alembic.write("b2", "a1", "op.add_column('shops', sa.Column('name', sa.Text()))")
    found = rehearsed(release, "--from", "database", *MANIFESTS)
    assert found["sound"]
    assert "alembic:b2" in steps(found)


def test_a_table_of_which_no_row_can_be_made(release: Release) -> None:
    release.prisma.write(SECOND, "ALTER TABLE users ADD CONSTRAINT odd CHECK (md5(nick) = 'x' AND nick IS NOT NULL);")
    release.deploy()
    found = rehearsed(release)
    assert found["rows"]["none"] == {"users": 'new row for relation "users" violates check constraint "odd"'}
    assert found["sound"]
    assert any(one.startswith("users had no rows: ") for one in found["unproved"])


def test_there_is_no_order_to_rehearse(release: Release) -> None:
    release.prisma.write(SECOND, "ALTER TABLE users RENAME nick TO handle;")
    release.declare((USERS % "").replace("nick", "handle"), USER.replace("nick", "handle") + SHOP)
    result = rehearse(release)
    assert result.code == 1
    assert result.out.startswith("There is no safe order.")
    assert not rehearsed(release)["safe"]


def test_few_rows(release: Release) -> None:
    commit(release.folder)
    found = rehearsed(release, "--deployed", "HEAD", "--rows", "3")
    assert set(found["rows"]["made"].values()) == {3}
    assert found["sound"]


def test_an_enum_value_that_is_held_back(release: Release) -> None:
    """Old models do not know the new value, and no made-up row has it while they run."""
    enum = '\nenum Role {\n  USER\n%s\n  @@map("role")\n}\n'
    field = "  role  Role @default(USER)\n"
    mirror = "    role: Mapped[Role] = mapped_column(Enum(Role, name='role'), server_default='USER')\n"
    role = "\n\nclass Role(enum.Enum):\n    USER = 'USER'\n"
    release.prisma.write(
        SECOND, "CREATE TYPE role AS ENUM ('USER'); ALTER TABLE users ADD role role NOT NULL DEFAULT 'USER';"
    )
    release.declare(USERS % field + enum % "", role + USER + mirror + SHOP)
    release.deploy()
    commit(release.folder)
    release.prisma.write("20240301000000_admin", "ALTER TYPE role ADD VALUE 'ADMIN';")
    release.declare(USERS % field + enum % "  ADMIN", role + "    ADMIN = 'ADMIN'\n" + USER + mirror + SHOP)
    found = rehearsed(release, "--deployed", "HEAD")
    assert found["safe"]
    assert found["sound"], found["stages"]
