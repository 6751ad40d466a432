"""The database that a test gets."""

from typing import TYPE_CHECKING, Any

from schemasync.scratch import ScratchDatabase

if TYPE_CHECKING:
    from psycopg2.extensions import connection


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
