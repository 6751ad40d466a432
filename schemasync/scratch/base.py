"""What the three kinds of scratch server share: databases created, connected to, and dropped again."""

from __future__ import annotations

import os
import secrets
import threading
import weakref
from abc import ABC, abstractmethod
from contextlib import closing, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, ClassVar, Self

from schemasync.errors import ScratchError
from schemasync.passwords import scrub
from schemasync.progress import step
from schemasync.scratch.interface import ScratchDatabase
from schemasync.urls import connection_parameters, with_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from psycopg2.extensions import connection

PREFIX = "schemasync_scratch_"
FIRST_VERSION_THAT_DROPS_WITH_FORCE = 130000
FIRST_VERSION_WITH_STRATEGIES = 150000
_environment_lock = threading.Lock()


class DatabaseServer(ABC):
    """A scratch server, but for how it is started and stopped."""

    kind: ClassVar[str]
    # Libpq's PG… variables speak of the user's servers. One that we start ourselves must not heed them.
    heeds_environment: ClassVar[bool] = False
    # To copy a template's files takes half the time of logging its pages, where the checkpoints that a copy needs flush
    # nothing (manual, "CREATE DATABASE"). Elsewhere they can take seconds.
    flushes: ClassVar[bool] = True

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._url: str | None = None
        self._version = 0
        self._names: set[str] = set()
        self._closed = False
        self._finalizer: weakref.finalize[..., DatabaseServer] | None = None

    @abstractmethod
    def _start(self) -> str:
        """Start the server and return the URL of its maintenance database.

        What must be undone is given to `_at_end` as soon as there is something to undo.
        """

    @property
    def version(self) -> int:
        """PostgreSQL's `server_version_num`; starts the server."""
        self._started()
        return self._version

    def create_database(self, *, template: str | None = None) -> ScratchDatabase:
        """Create a database with a name that nobody has; starts the server when it is the first."""
        with self._lock:
            url = self._started()
            name = PREFIX + secrets.token_hex(6)
            with closing(self._connect(url)) as administration:
                self._create(administration, name, template or "template0")
            return ScratchDatabase(with_database(url, name), name, self)

    def connect(self, name: str) -> connection:
        """Open a psycopg2 connection to one of the server's databases."""
        return self._connect(with_database(self._started(), name))

    def drop_database(self, name: str) -> None:
        """Drop a database that this object created, with whoever is connected; a second call does nothing."""
        with self._lock:
            if name not in self._names or self._closed or self._url is None:
                return
            with closing(self._connect(self._url)) as administration:
                drop(administration, name)
            self._names.discard(name)

    def close(self) -> None:
        """Drop what is left and stop what was started; a second call does nothing."""
        with self._lock:
            self._closed = True
            if self._finalizer is not None:
                self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _started(self) -> str:
        with self._lock:
            if self._closed:
                raise ScratchError("the scratch server is closed")
            if self._url is None:
                try:
                    with step("Starting a scratch PostgreSQL"):
                        url = self._start()
                    with closing(self._connect(url)) as administration:
                        self._version = administration.server_version
                        self._prepare(administration)
                except BaseException:
                    if self._finalizer is not None:
                        self._finalizer()
                    raise
                self._url = url
            return self._url

    def _prepare(self, administration: connection) -> None:  # noqa: B027 - most kinds need nothing
        """Look at a server that has just answered for the first time."""

    def _create(self, administration: connection, name: str, template: str) -> None:
        self._names.add(name)
        statement = f"CREATE DATABASE {quoted(name)} TEMPLATE {quoted(template)} ENCODING 'UTF8'"
        if not self.flushes and administration.server_version >= FIRST_VERSION_WITH_STRATEGIES:
            statement += " STRATEGY FILE_COPY"
        execute(administration, statement)

    def _connect(self, url: str) -> connection:
        return connect(url, heed_environment=self.heeds_environment)

    def _at_end(self, action: Callable[..., object], *arguments: Any) -> None:
        """Have something undone by `close`, or else when this object or the process ends.

        The action must not hold a reference to this object. A forked child undoes nothing of its parent's.
        """
        if self._finalizer is not None:
            self._finalizer.detach()
        self._finalizer = weakref.finalize(self, _in_process, os.getpid(), action, *arguments)


def connect(url: str, *, heed_environment: bool = False) -> connection:
    """Open an autocommit connection.

    Args:
        url: a PostgreSQL URL.
        heed_environment: whether libpq's environment variables fill in what the URL leaves open.

    Raises:
        ScratchError: the server could not be reached, or refused; without the password.
    """
    import psycopg2

    parameters: dict[str, Any] = dict(connection_parameters(url))
    if not heed_environment:
        # Neither TLS nor GSSAPI on the loopback interface: asking for them costs a round trip each.
        parameters |= {"sslmode": "disable", "gssencmode": "disable"}
    try:
        with nullcontext() if heed_environment else _without_libpq_variables():
            opened: connection = psycopg2.connect(**parameters)
    except psycopg2.Error as error:
        raise ScratchError(f"no connection to the scratch server: {scrub(str(error).strip(), url)}") from None
    opened.autocommit = True
    return opened


def execute(administration: connection, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows.

    Raises:
        ScratchError: the server refused it.
    """
    import psycopg2

    try:
        with administration.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []
    except psycopg2.Error as error:
        raise ScratchError(f"the scratch server refused: {str(error).strip()}") from None


def drop(administration: connection, name: str) -> None:
    """Drop a database with whoever is connected to it; one that is gone already is no error.

    Raises:
        ScratchError: the server refused.
    """
    if administration.server_version >= FIRST_VERSION_THAT_DROPS_WITH_FORCE:
        execute(administration, f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")
        return
    execute(administration, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name)
    execute(administration, f"DROP DATABASE IF EXISTS {quoted(name)}")


def quoted(identifier: str) -> str:
    """An identifier in quotation marks."""
    return '"' + identifier.replace('"', '""') + '"'


def _in_process(process: int, action: Callable[..., object], *arguments: Any) -> None:
    if os.getpid() == process:
        action(*arguments)


@contextmanager
def _without_libpq_variables() -> Iterator[None]:
    """Hide libpq's variables for a moment: `PGHOSTADDR` and `PGSERVICE` win over the arguments of a call."""
    with _environment_lock:
        hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("PG")}
        try:
            yield
        finally:
            os.environ.update(hidden)
