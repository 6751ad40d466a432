"""Databases that tests of fleets share."""

from collections.abc import Iterator

import pytest
from fleets import SIZE, SURPRISE, Fleet, dropped, fleet

from schemasync.scratch import ScratchServer


@pytest.fixture(scope="session")
def many(server: ScratchServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """A fleet of which two have a column of their own, and one has another."""
    made = fleet(server, tmp_path_factory.mktemp("fleet"), SIZE)
    made.change(1, SURPRISE)
    made.change(4, SURPRISE)
    made.change(2, "ALTER TABLE users DROP email")
    yield made
    dropped(made.databases)


@pytest.fixture
def project(many: Fleet, monkeypatch: pytest.MonkeyPatch) -> Fleet:
    monkeypatch.chdir(many.folder)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.delenv("CI_PROJECT_DIR", raising=False)
    return many
