"""A project that has been deployed once, and is about to be released again."""

from pathlib import Path

import pytest
from databases import Database
from prisma_tools import ToolsMissingError, find_tools
from release_project import Release


@pytest.fixture
def release(
    tmp_path: Path,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Release:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELEASE_URL", database.url)
    (tmp_path / "prisma").mkdir()
    try:
        tools = find_tools()
    except ToolsMissingError:
        tools = None
    made = Release(tmp_path, tools, database, capsys)
    made.deploy()
    return made
