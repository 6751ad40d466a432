"""The rehearsal on a clone: what it refuses before the live database is touched, and what it tells the live run."""

import json
from pathlib import Path

import pytest
from fence_project import Project

from schemasync.migrate.layers import Layers
from schemasync.migrate.refusals import FenceBreachError, MigrationError

ALL = Layers()
REHEARSAL_ALONE = Layers(parser=False, connections=False, guard=False, gate=False, counters=False, facts=False)


def test_a_legitimate_revision_passes_rehearsal_guard_and_live_run(project: Project) -> None:
    project.add("""
        op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True),
                        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id")))
        op.drop_constraint("teams_owner_id_fkey", "teams")
    """)
    record = project.upgrade(layers=ALL)
    assert (record.state, record.rehearsed, project.version()) == ("done", True, ["rev1"])


def test_the_record_tells_what_was_rehearsed_and_where_it_stopped(project: Project, tmp_path: Path) -> None:
    project.add('op.execute("CREATE TABLE fine (id int)")')
    path = project.add("""
        op.execute("CREATE TABLE fine2 (id int)")
        op.execute("DO $$ BEGIN EXECUTE 'DEL' || 'ETE FROM sessions'; END $$")
    """)
    with pytest.raises(FenceBreachError):
        project.upgrade(layers=ALL, record=tmp_path / "record.json")
    record = json.loads((tmp_path / "record.json").read_text())
    assert (record["state"], record["rehearsed"], record["attempts"], record["revisions"]) == ("refused", False, 0, [])
    rehearsal = record["rehearsal"]
    assert rehearsal["state"] == "refused"
    assert [(item["revision"], item["done"]) for item in rehearsal["revisions"]] == [("rev1", True), ("rev2", False)]
    assert rehearsal["stopped"]["revision"] == "rev2"
    assert rehearsal["stopped"]["place"].endswith(f"{path.name}:12")
    assert rehearsal["stopped"]["sql"] == "DO $$ BEGIN EXECUTE 'DEL' || 'ETE FROM sessions'; END $$"
    assert (rehearsal["statements"] > 2, rehearsal["seconds"] > 0) == (True, True)


def test_the_record_tells_where_a_rehearsal_failed_by_itself(project: Project, tmp_path: Path) -> None:
    path = project.add('op.execute("CREATE TABLE fine (id int)")\nop.execute("SELECT 1/0")')
    with pytest.raises(MigrationError):
        project.upgrade(layers=ALL, record=tmp_path / "record.json")
    record = json.loads((tmp_path / "record.json").read_text())
    stopped = record["rehearsal"]["stopped"]
    assert (record["state"], record["rehearsal"]["state"]) == ("failed", "failed")
    assert (stopped["revision"], stopped["sql"]) == ("rev1", "SELECT 1/0")
    assert stopped["place"].endswith(f"{path.name}:12")


def test_the_record_tells_what_passed_the_rehearsal(project: Project, tmp_path: Path) -> None:
    project.add('op.execute("CREATE TABLE fine (id int)")')
    project.upgrade(layers=ALL, record=tmp_path / "record.json")
    record = json.loads((tmp_path / "record.json").read_text())
    assert (record["rehearsed"], record["rehearsal"]["state"], record["rehearsal"]["stopped"]) == (True, "passed", None)
    assert [item["done"] for item in record["rehearsal"]["revisions"]] == [True]


def test_a_tripwire_catches_a_write_of_no_row_hidden_in_dynamic_sql(project: Project) -> None:
    project.add("""op.execute("DO $$ BEGIN EXECUTE 'DEL' || 'ETE FROM sessions WHERE false'; END $$")""")
    with pytest.raises(FenceBreachError, match=r"delete on public\.sessions"):
        project.upgrade(layers=REHEARSAL_ALONE)


def test_a_hidden_change_is_laid_to_the_statement_that_made_it(project: Project) -> None:
    path = project.add("""
        op.execute("CREATE TABLE fine (id int)")
        op.execute("DO $$ BEGIN EXECUTE 'COMMENT ON TYPE \\"Role\\" IS ''x'''; END $$")
        op.execute("CREATE TABLE fine2 (id int)")
    """)
    with pytest.raises(FenceBreachError) as caught:
        project.upgrade(layers=ALL)
    place = caught.value.refusals[0].place
    assert place is not None
    assert (place.path.endswith(path.name), place.line) == (True, 12)


def test_what_breaks_on_the_clone_does_not_begin_on_the_database(project: Project) -> None:
    project.add('op.execute("SELECT no_such_function()")')
    with pytest.raises(MigrationError, match="the live run was not begun"):
        project.upgrade(layers=ALL)
    assert project.version() == ["base0"]
