"""A project that has been deployed once, and is about to be released again."""

from pathlib import Path

import pytest
from databases import Database
from release_project import Release


@pytest.fixture
def release(
    tmp_path: Path,
    prisma_tools: Path,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Release:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELEASE_URL", database.url)
    (tmp_path / "prisma").mkdir()
    made = Release(tmp_path, prisma_tools, database, capsys)
    made.deploy()
    return made
