"""What the fence's tests share."""

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psycopg2
import pytest
from databases import Database
from fence_project import Project, migrated_database

from schemasync.scratch import ScratchDatabase, ScratchServer


@pytest.fixture(scope="session")
def template(server: ScratchServer) -> Iterator[ScratchDatabase]:
    """A database that both sides have migrated, to be copied."""
    with migrated_database(server) as made:
        yield made
    # Tests that run at the same time on one server share the role.
    with suppress(psycopg2.Error), server.create_database() as last, closing(last.connect()) as connection:
        connection.cursor().execute("DROP ROLE IF EXISTS fence_application")


@pytest.fixture
def migrated(server: ScratchServer, template: ScratchDatabase) -> Iterator[Database]:
    """A copy of that database."""
    fresh = Database(server.create_database(template=template.name))
    yield fresh
    fresh.close()


@pytest.fixture
def project(tmp_path: Path, migrated: Database, server: ScratchServer) -> Project:
    """An Alembic project on it."""
    return Project(tmp_path / "alembic", migrated, server)
