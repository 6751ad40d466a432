"""`pytest --schemasync` in a project of its own."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import environment_with_sources

from schemasync.demo import LEFT_BEHIND, example_folder

REVISION = '''\
"""{name}"""
import sqlalchemy as sa
from alembic import op

revision = "{name}"
down_revision = {down}


def upgrade():
    op.execute("CREATE TYPE mood AS ENUM ('good')") if "{name}" == "one" else None
    op.create_table("{name}", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("{name}")
    {after}
'''
MODELS = """\
from sqlalchemy import Column, Enum, Integer, MetaData, Table

metadata = MetaData()
Table("users", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
Table("one", metadata, Column("id", Integer, primary_key=True))
"""


def run(folder: Path, *arguments: str) -> tuple[int, dict[str, str], str]:
    """The exit code, each test's outcome, and all that pytest says."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "schemasync.integrations.pytest_plugin", "-v", "-rs", *arguments],
        cwd=folder,
        env=environment_with_sources(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", DATABASE_URL=""),
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    found = re.findall(r"^\S*::(test_\w+) (PASSED|FAILED|SKIPPED)", done.stdout, re.MULTILINE)
    return done.returncode, dict(found), done.stdout + done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A table of Prisma's and one of Alembic's, and histories that build both."""
    files = {
        "pytest.ini": "[pytest]\n",
        "models.py": MODELS,
        "schema.prisma": 'datasource db {\n  provider = "postgresql"\n}\n\nmodel users {\n  id Int @id\n}\n',
        "migrations/1_users/migration.sql": (
            "CREATE TABLE users (id INTEGER NOT NULL, CONSTRAINT users_pkey PRIMARY KEY (id));"
        ),
        "schemasync.toml": (
            '[prisma]\nschema = "schema.prisma"\n\n[sqlalchemy]\nmetadata = "models:metadata"\n\n'
            '[alembic]\nconfig = "alembic/alembic.ini"\n'
        ),
        "alembic/alembic.ini": "[alembic]\nscript_location = %(here)s\n",
        "alembic/env.py": "raise RuntimeError('the project itself is not needed')\n",
        "alembic/versions/one.py": REVISION.format(name="one", down=None, after="op.execute('DROP TYPE mood')"),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_a_project_that_agrees(project: Path) -> None:
    code, outcomes, said = run(project, "--schemasync")
    assert outcomes == dict.fromkeys(
        [
            "test_no_drift",
            "test_migrations_build_what_is_declared",
            "test_alembic_has_one_head",
            "test_alembic_goes_up_down_and_up_again",
        ],
        "PASSED",
    ), said
    assert code == 0


def test_nothing_without_the_option(project: Path) -> None:
    assert run(project)[:2] == (5, {})


def test_each_test_fails_for_its_own_reason(project: Path) -> None:
    models = MODELS.replace('"users", metadata', '"users", metadata, Column("extra", Integer)')
    (project / "models.py").write_text(models.replace('"one", metadata', '"one", metadata, Column("more", Integer)'))
    (project / "alembic/versions/one.py").write_text(REVISION.format(name="one", down=None, after="pass"))
    (project / "alembic/versions/two.py").write_text(REVISION.format(name="two", down=None, after="pass"))
    code, outcomes, said = run(project, "--schemasync")
    assert code == 1
    assert set(outcomes.values()) == {"FAILED"}, said
    assert "column-extra  behind: sqlalchemy" in said
    assert "Alembic has 2 heads: one: one; two: two." in said
    assert "alembic-history" in said
    assert "after a downgrade to the base the upgrade fails" in said
    assert 'type "mood" already exists' in said
    assert "schemasync/project.py" not in said  # no frames of Schemasync's


def test_imported_tests_run_once(project: Path) -> None:
    (project / "test_gate.py").write_text(
        "from schemasync.integrations.testing import test_alembic_has_one_head, test_no_drift\n"
    )
    code, outcomes, said = run(project)
    assert (code, outcomes) == (0, {"test_alembic_has_one_head": "PASSED", "test_no_drift": "PASSED"}), said
    assert run(project, "--schemasync")[2].count("test_no_drift PASSED") == 1


def test_what_a_project_does_not_have_is_skipped(project: Path) -> None:
    configuration = (project / "schemasync.toml").read_text().partition("[alembic]")[0]
    (project / "schemasync.toml").write_text(configuration)
    shutil.rmtree(project / "migrations")
    (project / "models.py").write_text(MODELS.rpartition("Table(")[0])
    code, outcomes, said = run(project, "--schemasync")
    assert (code, outcomes.pop("test_no_drift")) == (0, "PASSED"), said
    assert set(outcomes.values()) == {"SKIPPED"}


def test_a_mistake_in_the_configuration_is_shown_as_such(project: Path) -> None:
    (project / "schemasync.toml").write_text("[prisma]\nshema = 1\n")
    code, _, said = run(project, "--schemasync")
    assert code == 1
    assert "schemasync.toml:2:1: error: unknown setting 'shema' in [prisma]" in said
    assert "Traceback" not in said


def test_the_example_project(tmp_path: Path) -> None:
    folder = tmp_path / "invoices"
    shutil.copytree(example_folder(), folder, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    (folder / "pytest.ini").write_text("[pytest]\n")
    _, outcomes, said = run(folder, "--schemasync")
    assert outcomes["test_no_drift"] == "FAILED"
    assert "access_codes  owned by Prisma" in said
    assert outcomes["test_alembic_has_one_head"] == "PASSED"


def test_the_summary_says_what_was_found(project: Path) -> None:
    models = (project / "models.py").read_text()
    text = models.replace("Column, Enum, Integer", "BigInteger, Column, Integer").replace(
        '"users", metadata, Column("id", Integer', '"users", metadata, Column("id", BigInteger'
    )
    (project / "models.py").write_text(text)
    _, _, said = run(project, "--schemasync", "-k", "no_drift", "-rf")
    assert re.search(r"^FAILED schemasync::test_no_drift - 1 \w+ in 1 of \d tables?$", said, re.MULTILINE), said


def test_a_project_without_a_configuration(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    code, outcomes, said = run(tmp_path, "--schemasync", "-k", "no_drift")
    assert (code, outcomes) == (1, {"test_no_drift": "FAILED"})
    assert f"error: there is no schemasync.toml in {tmp_path} or above it" in said
    assert "hint: write one: schemasync init" in said
