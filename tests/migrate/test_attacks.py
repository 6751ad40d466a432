"""Every hostile and every legitimate migration against all layers together: nothing missed, nothing refused wrongly."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attack_runs import HOSTILE, hostile_body, protected_state
from attacks.legitimate import LEGITIMATE
from databases import Database
from fence_project import Project

from schemasync.errors import SchemasyncError
from schemasync.migrate.layers import Layers
from schemasync.scratch import ScratchDatabase, ScratchServer

ALL = Layers()


@pytest.fixture(scope="module")
def shared(server: ScratchServer, template: ScratchDatabase) -> Iterator[dict[str, Any]]:
    """One database for all attacks: each must leave it as it was; a new one after one that did not."""
    kept: dict[str, Any] = {}

    def renew() -> None:
        kept["database"] = Database(server.create_database(template=template.name))
        kept["state"] = protected_state(kept["database"])

    kept["renew"] = renew
    renew()
    yield kept
    kept["database"].close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # of an attack by a thread, refused
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(tmp_path: Path, shared: dict[str, Any], server: ScratchServer, name: str) -> None:
    project = Project(tmp_path / "alembic", shared["database"], server)
    project.add(hostile_body(name, project.database))
    try:
        with pytest.raises(SchemasyncError):
            project.upgrade(layers=ALL)
        assert protected_state(project.database) == shared["state"]
        assert project.version() == ["base0"]
    except BaseException:
        shared["database"].close()
        shared["renew"]()
        raise


@pytest.mark.parametrize("name", LEGITIMATE)
def test_legitimate(project: Project, name: str) -> None:
    project.add(LEGITIMATE[name])
    project.upgrade(layers=ALL)
    assert project.version() == ["rev1"]
