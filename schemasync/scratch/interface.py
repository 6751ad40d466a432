"""What every scratch server and every scratch database can do, whatever it runs on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, Self

from schemasync.passwords import hide_password

if TYPE_CHECKING:
    from types import TracebackType

    from psycopg2.extensions import connection


class ScratchServer(Protocol):
    """A PostgreSQL server on which databases may be created and dropped; started by the first of them."""

    @property
    def kind(self) -> str:
        """`embedded`, `container` or `server`."""
        ...

    @property
    def version(self) -> int:
        """PostgreSQL's `server_version_num`, 180006 for 18.6. Starts the server.

        Raises:
            ScratchError: the server could not be started or reached.
        """
        ...

    def create_database(self, *, template: str | None = None) -> ScratchDatabase:
        """Create a database with a name that nobody has.

        Args:
            template: the name of a database of this server to copy, to which nobody may be connected;
                without one the database is as empty as PostgreSQL itself makes it (`template0`).

        Raises:
            ScratchError: the server could not be started or reached, or refused.
        """
        ...

    def connect(self, name: str) -> connection:
        """Open a psycopg2 connection to one of the server's databases.

        Raises:
            ScratchError: the server could not be reached, or refused.
        """
        ...

    def drop_database(self, name: str) -> None:
        """Drop a database that this object created, with whoever is connected; a second call does nothing.

        Raises:
            ScratchError: the server could not be reached, or refused.
        """
        ...

    def close(self) -> None:
        """Drop what is left and stop what was started; a second call does nothing."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...


@dataclass(frozen=True, slots=True, repr=False)
class ScratchDatabase:
    """A database that is dropped when it is closed, or with its server.

    Args:
        url: its `postgresql://` URL, password included.
        name: its name on the server.
        server: the server that it belongs to.
    """

    url: str
    name: str
    server: ScratchServer = field(compare=False)

    def __repr__(self) -> str:
        return f"ScratchDatabase({hide_password(self.url)!r})"

    def connect(self) -> connection:
        """Open a psycopg2 connection; that of a server which was started here heeds no `PG…` variable.

        Raises:
            ScratchError: the database is gone or refuses.
        """
        return self.server.connect(self.name)

    def close(self) -> None:
        """Drop the database, with whoever is connected to it; a second call does nothing.

        Raises:
            ScratchError: the server could not be reached, or refused.
        """
        self.server.drop_database(self.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
