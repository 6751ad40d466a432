"""What tests share: databases, the corpus, and Prisma itself."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from prisma_oracle import Oracle, OracleMissing, find_oracle

from schemasync.scratch import ScratchDatabase, ScratchServer, scratch_server

if TYPE_CHECKING:
    from psycopg2.extensions import connection

REPOSITORY = Path(__file__).resolve().parents[1]


class Database:
    """A fresh database of one test.

    Args:
        scratch: the scratch database.
    """

    def __init__(self, scratch: ScratchDatabase) -> None:
        self._scratch = scratch
        self._connections: list[connection] = []

    @property
    def url(self) -> str:
        """Its URL, password included."""
        return self._scratch.url

    @property
    def name(self) -> str:
        """Its name on the server."""
        return self._scratch.name

    @property
    def version(self) -> int:
        """PostgreSQL's `server_version_num`."""
        return self._scratch.server.version

    def connect(self) -> "connection":
        """A new autocommit connection; closed with the test."""
        opened = self._scratch.connect()
        self._connections.append(opened)
        return opened

    def execute(self, sql: str) -> list[tuple[Any, ...]]:
        """Run SQL, one statement or many; the rows of the last one."""
        opened = self._connections[0] if self._connections else self.connect()
        with opened.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        """Drop it."""
        for opened in self._connections:
            opened.close()
        self._scratch.close()


@pytest.fixture(scope="session")
def server() -> Iterator[ScratchServer]:
    """The server named by SCHEMASYNC_TEST_DATABASE_URL, else a container if asked for, else an embedded one."""
    choice = os.environ.get("SCHEMASYNC_TEST_DATABASE_URL")
    if not choice:
        choice = "container" if os.environ.get("SCHEMASYNC_TEST_CONTAINER") == "1" else "embedded"
    with scratch_server(choice) as chosen:
        yield chosen


@pytest.fixture
def database(server: ScratchServer) -> Iterator[Database]:
    """A fresh, empty database."""
    fresh = Database(server.create_database())
    yield fresh
    fresh.close()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real schemas and migrations."""
    named = os.environ.get("SCHEMASYNC_CORPUS")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip(f"no corpus: {'SCHEMASYNC_CORPUS' if named else 'shared/corpus beside the clone'} is no folder")
    return folder


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    """Prisma itself."""
    try:
        judge = Oracle(find_oracle())
    except OracleMissing as reason:
        pytest.skip(f"no oracle: {reason}")
    yield judge
    judge.close()
