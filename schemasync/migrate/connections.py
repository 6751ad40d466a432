"""Connections of this process while a migration runs: one to the database, the fence's; no second, and no process.

psycopg2's are opened by a fenced factory; one that leads to the database (it sees the anchor's token) is let through
before the migration starts, led to the clone during a rehearsal, and refused while the migration runs. Drivers that
speak the protocol in Python are refused at the socket; further processes are refused altogether, since nobody sees
what they connect to. This holds off mistakes, not Python that means to get around it: the login role does.
"""

import sys
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from schemasync.migrate import other_drivers
from schemasync.migrate.driver import FencedConnection, fenced_connection
from schemasync.migrate.locks import Anchor, is_own
from schemasync.migrate.refusals import Refusal

_PROCESSES = frozenset(
    {
        "subprocess.Popen",
        "os.system",
        "os.posix_spawn",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.spawn",
        "os.startfile",
        "pty.spawn",
    }
)
_INSTEAD = "use op.execute() or op.get_bind(): the one connection that the fence watches"


class Connections:
    """What may be connected to, and by whom.

    Args:
        anchor: names the database.
        redirect: opens a connection to the clone instead, during a rehearsal.
        refuse: is given a refusal, and raises.
    """

    def __init__(
        self, anchor: Anchor, refuse: Callable[[Refusal], None], redirect: Callable[[Any], Any] | None = None
    ) -> None:
        self.anchor = anchor
        self.refuse = refuse
        self.redirect = redirect
        self.running = False
        self.looking = False
        self.outside: Callable[[Any], Any] | None = None
        self.exempt = False
        self.adopted: Any = None
        self.opened: weakref.WeakSet[Any] = weakref.WeakSet()
        self.led: weakref.WeakSet[Any] = weakref.WeakSet()

    def open(self, real: Callable[..., Any], dsn: str, connection_factory: Any, options: dict[str, Any]) -> Any:
        """A connection as a caller asks for it."""
        if self.exempt or is_own():
            return real(dsn, connection_factory=connection_factory, **options)
        if options.get("async_") or options.get("async"):
            self._refuse_connection("an asynchronous connection of psycopg2")
        factory = fenced_connection(connection_factory)
        connection = real(dsn, connection_factory=factory, **options)
        try:
            same = self.anchor.is_same_database(connection)
            connection.rollback()
        except BaseException:
            connection.close()
            raise
        if same and self.running:
            connection.close()
            self._refuse_connection("a further connection to this database")
        if same and self.redirect is not None:
            connection.close()
            connection = self.redirect(factory)
            self.led.add(connection)
        if same:
            self.opened.add(connection)
            connection.watcher = _Bystander(self, weakref.ref(connection))
        return connection

    def is_right(self, connection: Any) -> bool:
        """Whether a connection leads to the database, or during a rehearsal to the clone."""
        return connection in self.opened and (connection in self.led) == (self.redirect is not None)

    def demand_idle(self, sql: str) -> None:
        """Refuse a statement on any but the migration's connection while that runs."""
        if self.running:
            what = "it uses another connection to this database, whose writes the fence could not take back"
            self.refuse(Refusal("connections", what, statement=sql, instead=_INSTEAD))

    def _refuse_connection(self, what: str) -> None:
        self.refuse(
            Refusal("connections", f"it opens {what}, whose writes the fence could not take back", instead=_INSTEAD)
        )

    def audited(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Look at what Python's runtime reports (Python documentation, "Audit events")."""
        if not self.running or self.exempt or is_own():
            return
        if event in _PROCESSES:
            self.exempt = True
            try:
                self.refuse(
                    Refusal(
                        "connections",
                        "it starts another process, and nobody sees what that connects to",
                        instead="do it before or after the migration",
                    )
                )
            finally:
                self.exempt = False
        elif event == "socket.connect" and self._is_server(arguments[1]):
            self._refuse_connection("a further connection to this database's server")

    def demand_port(self, port: Any) -> None:
        """Refuse to connect to the server's port while the migration runs."""
        if self.running and not self.exempt and not is_own() and str(port) == self._port:
            self._refuse_connection("a further connection to this database's server")

    @property
    def _port(self) -> str:
        return str(self.anchor.connection.info.dsn_parameters.get("port", "5432"))

    def _is_server(self, address: Any) -> bool:
        port = self._port
        if isinstance(address, str):
            return address.endswith(f".s.PGSQL.{port}")
        return isinstance(address, tuple) and len(address) > 1 and str(address[1]) == port

    def other_engine(self, connection: Any) -> None:
        """Look at a statement that some SQLAlchemy engine of this process is about to send."""
        if not self.running or self.exempt:
            return
        with suppress(AttributeError):
            used = connection.connection.driver_connection
            if used is self.adopted or isinstance(used, FencedConnection):
                return
        if connection.engine.url.database == self.anchor.connection.info.dbname:
            self._refuse_connection("another engine's connection to this database")


class _Bystander:
    """Watches a connection to the database that is not the migration's.

    While env.py is only looked at, nothing that it does is committed; while the migration runs it must be idle; at
    other times what it does is fenced as the migration is.
    """

    def __init__(self, connections: Connections, connection: Any) -> None:
        self.connections = connections
        self.connection = connection
        self.fenced: Any = None

    @contextmanager
    def statement(self, sql: str) -> Iterator[None]:
        """Refuse every statement while the migration runs."""
        if not self.connections.running and self.connections.outside is not None:
            if self.fenced is None:
                self.fenced = self.connections.outside(self.connection())
            with self.fenced.statement(sql):
                yield
            return
        self.connections.demand_idle(sql)
        if self.connections.looking:
            self._demand_no_end(sql)
        yield
        if self.connection().wishes_autocommit and not self.connections.looking:
            self.connection().really_commit()

    def commit(self, what: str) -> bool:
        """Commit what has been checked; roll back what env.py does while it is only looked at."""
        if self.connections.looking:
            self.connection().really_roll_back()
            return False
        return self.fenced is None or bool(self.fenced.commit(what))

    def session(self, what: str) -> None:
        """Nothing is to be said against it while no migration runs: autocommit is not granted, only noted."""
        self.connections.demand_idle(what)

    def _demand_no_end(self, sql: str) -> None:
        """Refuse what would be done for good although env.py is only looked at."""
        from schemasync.migrate.statements import read_statement

        reading = read_statement(sql)
        for denial in reading.denials if reading is not None else ():
            self.connections.refuse(
                Refusal("connections", f"env.py is only looked at: {denial}", statement=sql, instead="leave it out")
            )

    def rollback(self) -> None:
        """Nothing is left of it."""
        if self.fenced is not None:
            self.fenced.rollback()


_active: list[Connections] = []
_psycopg_imported: list[Callable[[], None]] = []
_hooked = False


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not _active:
        return
    if event in _PROCESSES or event == "socket.connect":
        _active[-1].audited(event, arguments)
    elif event == "import" and arguments[0] == other_drivers.NAME:
        for tell in _psycopg_imported:
            tell()


@contextmanager
def watched(connections: Connections) -> Iterator[None]:
    """Have every new connection of this process pass, until the end."""
    global _hooked
    import psycopg2

    if not _hooked:
        sys.addaudithook(_audit)
        _hooked = True
    # What psycopg2.connect calls, however it was imported.
    real = psycopg2._connect  # type: ignore[attr-defined]

    def opened(dsn: str, connection_factory: Any = None, **options: Any) -> Any:
        return connections.open(real, dsn, connection_factory, options)

    places: tuple[Any, ...] = (psycopg2, psycopg2._psycopg)
    for place in places:
        place._connect = opened
    with other_drivers.engines_watched(connections), other_drivers.psycopg_watched(connections.demand_port) as tell:
        _active.append(connections)
        _psycopg_imported.append(tell)
        try:
            yield
        finally:
            _psycopg_imported.remove(tell)
            _active.remove(connections)
            for place in places:
                place._connect = real
            for connection in list(connections.opened):
                connection.watcher = None


@contextmanager
def exempted(connections: Connections) -> Iterator[None]:
    """Let the fence itself connect."""
    before, connections.exempt = connections.exempt, True
    try:
        yield
    finally:
        connections.exempt = before
