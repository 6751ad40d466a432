"""Autogenerate within the boundary: the include_object of an env.py, the revision command, and who lacks a filter."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fence_project import ENVIRONMENT, Project

from schemasync.migrate.refusals import MigrationError
from schemasync.migrate.revision import RevisionOptions, foreign_operations, write_revision

MODELS = """\
import sqlalchemy as sa

metadata = sa.MetaData()
sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("nickname", sa.Text))
sa.Table("teams", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text, nullable=False),
         sa.Column("mood", sa.Enum("happy", "calm", "sad", name="mood")),
         sa.Column("owner_id", sa.Integer, sa.ForeignKey("users.id")), sa.Column("colour", sa.Text),
         sa.CheckConstraint("length(name) > 2", name="teams_name_long"))
sa.Table("members", metadata, sa.Column("id", sa.Integer), sa.Column("team_id", sa.Integer,
         sa.ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True),
         sa.Column("user_id", sa.Integer, primary_key=True))
sa.Table("notes", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("body", sa.Text))
sa.Table("measurements", metadata, sa.Column("at", sa.Date, nullable=False), sa.Column("value", sa.Integer))
"""
WITH_MODELS = "import sys\nsys.path.insert(0, {folder!r})\nfrom fence_models import metadata\n" + ENVIRONMENT.replace(
    "target_metadata=None", "target_metadata=metadata"
)
SCHEMA = """\
datasource db {
  provider = "postgresql"
}
model users {
  id Int @id
}
model sessions {
  id Int @id
}
model badges {
  id Int @id
}
"""


@pytest.fixture
def modelled(project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """The project, with models that differ from the database."""
    import sys

    (project.folder / "fence_models.py").write_text(MODELS)
    (project.folder / "env.py").write_text(WITH_MODELS.format(folder=str(project.folder)))
    project.add('op.create_table("gone", sa.Column("id", sa.Integer))')
    project.upgrade()
    yield project
    sys.modules.pop("fence_models", None)
    sys.path[:] = [folder for folder in sys.path if folder != str(project.folder)]


def written(project: Project) -> str:
    """The revision that is written, or nothing."""
    from fence_project import DECLARED

    settings = replace(project.settings(), declared={"prisma": DECLARED["prisma"]}, scratch=project.database.url)
    paths = write_revision(settings, RevisionOptions("change"))
    return "".join(path.read_text() for path in paths)


def test_a_revision_covers_what_alembic_misses(modelled: Project) -> None:
    text = written(modelled)
    assert "op.add_column('teams', sa.Column('colour'" in text
    assert "ALTER TYPE \"public\".\"mood\" ADD VALUE IF NOT EXISTS 'calm' BEFORE 'sad'" in text.replace("\\'", "'")
    assert "op.create_check_constraint('teams_name_long', 'teams', 'length(name) > 2'" in text
    assert "op.drop_constraint('members_pkey', 'members', type_='primary')" in text
    assert "op.create_primary_key(" in text


def test_it_leaves_mirrors_and_undeclared_tables_alone_and_drops_what_the_chain_created(modelled: Project) -> None:
    text = written(modelled)
    assert "op.drop_table('gone')" in text
    for name in ("users", "nickname", "sessions", "legacy", "_prisma_migrations", "badges"):
        assert f"'{name}'" not in text.replace("['users']", "")


def test_what_is_written_runs_and_then_nothing_is_left_to_write(modelled: Project) -> None:
    assert written(modelled)
    modelled.upgrade()
    assert written(modelled) == ""


def test_an_env_without_a_filter_is_found_out_by_asking_alembic(modelled: Project) -> None:
    found = foreign_operations(modelled.settings())
    assert "drop table sessions" in found
    assert "add column on users" in found
    assert not [sentence for sentence in found if "teams" in sentence or "gone" in sentence]


def test_the_one_line_filters_an_existing_env(modelled: Project) -> None:
    environment = modelled.folder / "env.py"
    environment.write_text(
        "from schemasync.integrations.alembic import include_object\n"
        + environment.read_text().replace(
            "target_metadata=metadata", "target_metadata=metadata, include_object=include_object"
        )
    )
    (modelled.folder / "schema.prisma").write_text(SCHEMA)
    (modelled.folder / "schemasync.toml").write_text('[prisma]\nschema = "schema.prisma"\n')
    assert foreign_operations(modelled.settings()) == ()


def test_the_one_line_says_so_where_nobody_says_what_prisma_owns(modelled: Project, tmp_path: Path) -> None:
    environment = modelled.folder / "env.py"
    environment.write_text(
        "from schemasync.integrations.alembic import include_object\n"
        + environment.read_text().replace(
            "target_metadata=metadata", "target_metadata=metadata, include_object=include_object"
        )
    )
    from schemasync.errors import ConfigurationError

    with pytest.raises((ConfigurationError, MigrationError), match="nobody says what Prisma owns"):
        foreign_operations(modelled.settings())
