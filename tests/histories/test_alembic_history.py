"""`alembic_version` as Alembic itself writes it, and the revisions as Alembic itself orders them."""

import subprocess
import sys
from pathlib import Path

import pytest
from command_line import environment_with_sources
from databases import Database
from real_tools import ENVIRONMENT, AlembicProject

from schemasync.demo import example_folder
from schemasync.errors import DatabaseError
from schemasync.witnesses.alembic_history import AlembicHistory, _from_alembic, read_revisions, version_table
from schemasync.witnesses.histories import read_histories

CREATE = "op.create_table('shops', sa.Column('id', sa.Integer(), primary_key=True))"


@pytest.fixture
def project(tmp_path: Path, database: Database) -> AlembicProject:
    return AlembicProject(tmp_path / "alembic", database.url)


def history(project: AlembicProject) -> AlembicHistory:
    found = read_histories(project.url, alembic=project.config).alembic
    assert found is not None
    return found


def test_applied_and_pending(project: AlembicProject) -> None:
    project.write("a", None, CREATE)
    project.write("b", "a", "op.add_column('shops', sa.Column('name', sa.Text()))", message="shops have names")
    project.write("c", "b")
    found = history(project)
    assert (found.has_table, found.applied, found.pending) == (False, (), ("a", "b", "c"))
    project.upgrade("b")
    found = history(project)
    assert (found.has_table, found.at, found.applied, found.pending) == (True, ("b",), ("a", "b"), ("c",))
    assert found.revision("b").message == "shops have names"
    assert (found.heads, found.unknown) == (("c",), ())
    project.upgrade()
    assert history(project).pending == ()


def test_a_failed_revision_leaves_no_trace(project: AlembicProject) -> None:
    project.write("a", None, CREATE)
    project.write("b", "a", "op.execute('SELECT 1/0')")
    with pytest.raises(Exception, match="division by zero"):
        project.upgrade()
    found = history(project)
    # One transaction for the whole run is Alembic's default: not even the version table is there.
    assert (found.has_table, found.at, found.pending) == (False, (), ("a", "b"))


def test_two_heads_and_their_merge(project: AlembicProject) -> None:
    project.write("a", None, CREATE)
    project.write("b", "a")
    project.write("c", "a")
    assert history(project).heads == ("b", "c")
    project.upgrade("b")
    assert (history(project).applied, history(project).pending) == (("a", "b"), ("c",))
    project.upgrade()
    assert (history(project).at, history(project).pending) == (("b", "c"), ())
    project.write("d", ("b", "c"))
    assert (history(project).heads, history(project).pending) == (("d",), ("d",))
    project.upgrade()
    assert history(project).at == ("d",)
    assert history(project).applied == ("a", "b", "c", "d")


def test_depends_on_another_branch(project: AlembicProject) -> None:
    project.write("a", None, CREATE, label=("shops",))
    project.write("x", None, label=("people",))
    project.write("y", "x", depends="a")
    assert history(project).revision("y").needs == ("x", "a")
    project.upgrade("y")
    assert history(project).applied == ("a", "x", "y")
    # A label stands for a revision: only Alembic knows which.
    project.write("z", "y", depends="shops")
    assert history(project).revision("z").needs == ("y", "a")


def test_unknown_revision_and_stamp(project: AlembicProject) -> None:
    project.write("a", None, CREATE)
    script = project.write("b", "a")
    project.stamp("b")
    assert history(project).applied == ("a", "b"), "a stamp looks like an upgrade"
    script.unlink()
    found = history(project)
    assert (found.unknown, found.applied, found.pending) == (("b",), (), ("a",))


def test_a_version_table_of_another_name(tmp_path: Path, database: Database) -> None:
    database.execute("CREATE SCHEMA bookkeeping")
    named = "target_metadata=None, version_table='versions', version_table_schema='bookkeeping'"
    project = AlembicProject(tmp_path / "alembic", database.url, ENVIRONMENT.replace("target_metadata=None", named))
    project.write("a", None, CREATE)
    project.upgrade()
    assert version_table(project.config) == ("bookkeeping", "versions")
    assert history(project).applied == ("a",)


def test_the_text_says_what_alembic_says(project: AlembicProject) -> None:
    for config in (project.config, example_folder() / "backend/api/migrations"):
        project.write("a", None, CREATE)
        project.write("b", "a")
        project.write("m", ("b",), depends=("a",))
        by_text = {(one.id, frozenset(one.needs), one.down, one.message) for one in read_revisions(config)}
        by_alembic = {(one.id, frozenset(one.needs), one.down, one.message) for one in _from_alembic(config)}
        assert by_text == by_alembic
        assert len(by_text) >= 3


def test_computed_identifiers_are_left_to_alembic(project: AlembicProject) -> None:
    script = project.write("a", None, CREATE)
    script.write_text(script.read_text().replace("revision = 'a'", "revision = 'a' * 3"))
    project.write("b", "aaa")
    assert [one.id for one in read_revisions(project.config)] == ["aaa", "b"]


def test_reading_imports_neither_alembic_nor_sqlalchemy(project: AlembicProject) -> None:
    project.write("a", None, "raise RuntimeError('a revision ran')")
    code = (
        "import sys; from pathlib import Path; from schemasync.witnesses.histories import read_histories\n"
        f"found = read_histories({project.url!r}, alembic=Path({str(project.config)!r}))\n"
        "assert found.alembic.pending == ('a',)\n"
        "assert not {'alembic', 'sqlalchemy'} & set(sys.modules), sorted(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment_with_sources(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.filterwarnings("ignore:Revision gone referenced from:UserWarning")  # Alembic says it before it fails
def test_what_cannot_be_read(project: AlembicProject, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"there is no .*nowhere"):
        read_revisions(tmp_path / "nowhere")
    project.write("a", "b")
    project.write("b", "a")
    with pytest.raises(DatabaseError, match=r"need each other in a circle: a, b"):
        read_revisions(project.config)
    project.write("b", "gone")
    with pytest.raises(DatabaseError, match=r"cannot be loaded: .*gone"):
        read_revisions(project.config)
    script = project.write("b", None)
    script.with_name("c.py").write_text(script.read_text())
    with pytest.raises(DatabaseError, match="two Alembic revisions are called b"):
        read_revisions(project.config)
    script.write_text("revision = (")
    with pytest.raises(DatabaseError, match=r"cannot read the Alembic revision .*b\.py"):
        read_revisions(project.config)
