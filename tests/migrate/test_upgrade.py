"""A run within the fence: what it applies, what it refuses, and that the database is then as it was."""

import pytest
from fence_project import Project

from schemasync.migrate.refusals import FenceBreachError, MigrationError


def test_an_owned_table_with_a_foreign_key_to_prismas_is_applied(project: Project) -> None:
    project.add("""
        op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True),
                        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id")))
    """)
    record = project.upgrade()
    assert record.state == "done"
    assert [item.revision for item in record.revisions] == ["rev1"]
    assert project.version() == ["rev1"]
    assert project.database.execute("SELECT to_regclass('tags') IS NOT NULL") == [(True,)]


def test_a_refusal_names_file_line_statement_object_owner_and_what_to_do(project: Project) -> None:
    path = project.add('op.execute("CREATE TABLE fine (id int)")\nop.execute("UPDATE users SET score = 9")')
    with pytest.raises(FenceBreachError) as caught:
        project.upgrade()
    refusal = caught.value.refusals[0]
    assert refusal.place is not None
    assert (refusal.place.path.endswith(path.name), refusal.place.line, refusal.place.revision) == (True, 12, "rev1")
    assert (refusal.statement, refusal.object, refusal.owner) == (
        "UPDATE users SET score = 9",
        "table public.users",
        "prisma",
    )
    assert "prisma migrate" in refusal.instead
    assert "The database is as it was." in caught.value.render()


def test_after_a_refusal_the_database_is_as_it_was(project: Project) -> None:
    project.add('op.execute("CREATE TABLE fine (id int)")')
    project.add('op.execute("ALTER TABLE users ADD COLUMN x int")')
    with pytest.raises(FenceBreachError):
        project.upgrade()
    assert project.version() == ["base0"]
    assert project.database.execute("SELECT to_regclass('fine')") == [(None,)]


def test_a_refusal_that_the_migration_swallows_is_one_all_the_same(project: Project) -> None:
    project.add("""
        try:
            op.execute("DELETE FROM sessions")
        except Exception:
            pass
    """)
    with pytest.raises(FenceBreachError):
        project.upgrade()


def test_a_failing_revision_says_where_and_leaves_nothing(project: Project) -> None:
    path = project.add('op.execute("CREATE TABLE fine (id int)")\nop.execute("SELECT 1/0")')
    with pytest.raises(MigrationError, match=f"{path.name}:12: revision rev1 failed: division by zero"):
        project.upgrade()
    assert project.version() == ["base0"]


def test_a_dry_run_rolls_back(project: Project) -> None:
    project.add('op.execute("CREATE TABLE fine (id int)")')
    record = project.upgrade(dry_run=True)
    assert [item.done for item in record.revisions] == [True]
    assert project.version() == ["base0"]


def test_downgrade_is_fenced_too(project: Project) -> None:
    project.add('op.create_table("tags", sa.Column("id", sa.Integer))', 'op.drop_table("users")')
    project.upgrade()
    with pytest.raises(FenceBreachError):
        project.downgrade("base0")
    assert project.version() == ["rev1"]


def test_a_table_that_this_chain_created_is_owned_without_a_model(project: Project) -> None:
    project.add('op.create_table("tags", sa.Column("id", sa.Integer))')
    project.upgrade()
    project.add('op.drop_table("tags")')
    project.upgrade()
    assert project.version() == ["rev2"]


def test_a_table_that_nobody_declared_is_protected(project: Project) -> None:
    project.add('op.drop_table("legacy")')
    with pytest.raises(FenceBreachError, match="nobody here declared"):
        project.upgrade()
