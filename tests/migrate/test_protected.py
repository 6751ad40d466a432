"""What is protected and what is owned, and what a chain's own revisions tell about it."""

from pathlib import Path

from databases import Database
from fence_project import DECLARED

from schemasync.migrate.history import Created, created_by
from schemasync.migrate.inventory import read_inventory
from schemasync.migrate.protected import Protection, protection
from schemasync.ownership import Ownership

REVISION = """\
def upgrade():
    op.create_table("tags", sa.Column("kind", sa.Enum("a", name="kind")))
    op.create_table("billed", schema="money")
    op.rename_table("tags", "labels")
    op.execute("CREATE TABLE raw (id int); CREATE VIEW seen AS SELECT 1; CREATE EXTENSION citext")
    op.execute(sa.text("CREATE OR REPLACE FUNCTION util.f(a int) RETURNS int LANGUAGE sql AS 'select 1'"))
    op.execute(f"CREATE TABLE {name} (id int)")
    op.create_table(name)
"""


def test_a_revisions_text_tells_what_it_created(tmp_path: Path) -> None:
    file = tmp_path / "r.py"
    file.write_text(REVISION)
    assert created_by([file, tmp_path / "gone.py"]) == {
        Created("table", "tags"),
        Created("enum", "kind"),
        Created("table", "billed", "money"),
        Created("table", "labels"),
        Created("table", "raw"),
        Created("table", "seen"),
        Created("extension", "citext"),
        Created("function", "f", "util"),
    }


def divided(database: Database, created: frozenset[Created] = frozenset(), **ownership: tuple[str, ...]) -> Protection:
    return protection(read_inventory(database.connect()), DECLARED, Ownership(**ownership), created)


def names(found: Protection) -> set[str]:
    return {str(thing) for thing in found.protected}


def test_a_table_takes_its_indexes_sequences_and_types_along(migrated: Database) -> None:
    protected = names(divided(migrated))
    assert {"table public.users", "index public.users_role_idx", "sequence public.users_id_seq"} <= protected
    assert {"enum public.Role", "domain public.short_text", "function public.touch()", "schema public"} <= protected
    assert not protected & {
        "table public.teams",
        "sequence public.teams_id_seq",
        "enum public.mood",
        "index public.teams_pkey",
    }


def test_what_nobody_declared_is_protected_until_somebody_claims_it(migrated: Database) -> None:
    assert {"table public.legacy", "view public.active_users"} <= names(divided(migrated))
    assert "table public.legacy" not in names(divided(migrated, frozenset({Created("table", "legacy")})))
    assert "table public.legacy" not in names(divided(migrated, sqlalchemy=("legacy",)))


def test_a_chain_that_claims_prismas_table_does_not_get_it(migrated: Database) -> None:
    claims = frozenset({Created("table", "users"), Created("table", "_prisma_migrations"), Created("enum", "Role")})
    assert {"table public.users", "table public._prisma_migrations", "enum public.Role"} <= names(
        divided(migrated, claims)
    )


def test_a_type_that_both_sides_use_is_protected(migrated: Database) -> None:
    migrated.execute('ALTER TABLE notes ADD COLUMN role "Role"; ALTER TABLE users ADD COLUMN mood mood')
    assert {"enum public.Role", "enum public.mood"} <= names(divided(migrated))


def test_a_schema_is_owned_where_all_in_it_is(migrated: Database) -> None:
    migrated.execute(
        "CREATE SCHEMA mine; CREATE TABLE mine.things (id int); CREATE SCHEMA other; CREATE TABLE other.x ()"
    )
    protected = names(divided(migrated, frozenset({Created("table", "things", "mine")})))
    assert ("schema mine" in protected, "schema other" in protected) == (False, True)
