"""`autocommit_block()`: what is refused in it, and the SQL that mends what nothing could refuse."""

from dataclasses import replace

import pytest
from attack_runs import protected_state
from fence_project import Project

from schemasync.migrate.layers import Layers
from schemasync.migrate.refusals import FenceBreachError, MigrationError
from schemasync.migrate.runs import Target
from schemasync.migrate.upgrade import migrate

# What runs outside of transactions on an object whose name tells nothing is refused by the parser alone.
WITHOUT_PARSER = Layers(parser=False, guard=False, rehearsal=False)

BREACHES = {
    "an index more": "CREATE INDEX CONCURRENTLY sneaky ON users (score)",
    "an index less": "DROP INDEX CONCURRENTLY users_role_idx",
}


def plain_facts(project: Project) -> object:
    """The protected facts, but for the identities that building something again changes."""
    facts = protected_state(project.database)["facts"]
    kept = (item for item in facts.objects if not item.name.startswith("identity"))
    return replace(facts, objects=tuple(kept))


@pytest.mark.parametrize("name", BREACHES)
def test_the_sql_that_is_printed_mends(project: Project, name: str) -> None:
    before = plain_facts(project)
    project.add(f"with op.get_context().autocommit_block():\n    op.execute({BREACHES[name]!r})")
    with pytest.raises(FenceBreachError) as caught:
        project.upgrade(layers=WITHOUT_PARSER)
    assert "This mends it:" in caught.value.render()
    assert "what stands before the autocommit_block of revision rev1 was committed" in caught.value.render()
    assert plain_facts(project) != before
    for statement in caught.value.mending:
        project.database.execute(statement)
    assert plain_facts(project) == before


def test_a_change_that_a_function_hides_is_undone(project: Project) -> None:
    question = "SELECT relacl::text FROM pg_class WHERE relname = 'users'"
    before = project.database.execute(question)
    project.add("""
        op.execute("CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
                   "EXECUTE 'GRANT ALL ON users TO PUB' || 'LIC'; END $$")
        with op.get_context().autocommit_block():
            op.execute("SELECT f()")
    """)
    with pytest.raises(FenceBreachError):
        project.upgrade()
    assert project.database.execute(question) == before


def test_a_dry_run_goes_up_to_the_block_and_rehearses_the_rest(project: Project) -> None:
    project.add("""
        op.execute("CREATE TABLE fine (id int)")
        with op.get_context().autocommit_block():
            op.execute("CREATE INDEX CONCURRENTLY notes_idx ON notes (body)")
    """)
    said: list[str] = []
    settings = replace(project.settings(Layers()))
    record = migrate(settings, Target("upgrade", "heads"), dry_run=True, say=said.append)
    assert (record.state, project.version()) == ("dry", ["base0"])
    assert "The block, and what comes after it, ran on the clone only" in " ".join(said)
    with pytest.raises(MigrationError, match="which a dry run could not roll back"):
        project.upgrade(dry_run=True)
    assert project.database.execute("SELECT to_regclass('fine'), to_regclass('notes_idx')") == [(None, None)]
