"""One run of an Alembic environment within a fence, around the user's unedited env.py.

Alembic does not commit on a connection that is already in a transaction when env.py configures it (Alembic
documentation, "Sharing a Connection across one or more programmatic migration commands"), so the transaction stays
the fence's. It is committed beneath SQLAlchemy, whose own idea of it env.py may keep.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from schemasync.errors import SchemasyncError
from schemasync.migrate.autocommit import autocommit_block
from schemasync.migrate.connections import Connections, exempted
from schemasync.migrate.driver import FencedConnection
from schemasync.migrate.fence import Fence
from schemasync.migrate.refusals import FenceBreachError, LockUnavailableError, MigrationError, Place, shortened
from schemasync.paths import shown

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

Direction = Literal["upgrade", "downgrade", "stamp"]


@dataclass(frozen=True, slots=True)
class Target:
    """Where to: `upgrade` to `heads`, `downgrade` to `-1`, `stamp` `head`."""

    direction: Direction
    revision: str

    def steps(self, scripts: "ScriptDirectory", heads: Any) -> Any:
        """The steps from the database's heads, as Alembic's own commands find them."""
        if self.direction == "upgrade":
            return scripts._upgrade_revs(self.revision, heads)
        if self.direction == "downgrade":
            return scripts._downgrade_revs(self.revision, heads)
        return scripts._stamp_revs(tuple(self.revision.split(",")), heads)


@dataclass(slots=True)
class RevisionRun:
    """One revision that ran."""

    revision: str
    message: str
    path: str
    seconds: float = 0.0
    statements: int = 0
    done: bool = False


@dataclass(slots=True)
class Run:
    """A run in progress, and what it has done.

    Args:
        fence: the fence.
        connections: what this process may connect to.
        on_revision: is told each revision when it is done.
        dry: whether everything is rolled back at the end.
        committed: the revisions that were committed before an `autocommit_block`, which nothing can undo.
    """

    fence: Fence
    connections: Connections
    on_revision: Callable[[RevisionRun], None] = lambda _run: None
    on_commit: Callable[[], None] = lambda: None
    dry: bool = False
    revisions: list[RevisionRun] = field(default_factory=list)
    committed: str = ""
    finished: bool = False

    @property
    def current(self) -> RevisionRun | None:
        """The revision that is running."""
        return self.revisions[-1] if self.revisions and not self.revisions[-1].done else None


def run_environment(config: "Config", target: Target, run: Run) -> None:
    """Run env.py once, within the fence.

    Raises:
        FenceBreachError: the fence refused; everything was rolled back that could be.
        LockUnavailableError: a lock was not to be had.
        MigrationError: a revision or env.py failed by itself.
    """
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        scripts = ScriptDirectory.from_config(config)
        run.fence.places = places_of(scripts, run)

        def steps(heads: Any, _context: Any) -> Iterator[Any]:
            return _followed(target.steps(scripts, heads), run)

        environment = EnvironmentContext(
            config, scripts, fn=steps, as_sql=False, destination_rev=target.revision, starting_rev=None, tag=None
        )
        _override(environment, run)
        with environment:
            scripts.run_env()
    except SchemasyncError:
        raise
    except CommandError as error:
        raise MigrationError(str(error), hint="see: schemasync history") from error
    except Exception as error:
        raise _failure(error, run) from error
    if not run.finished:
        raise MigrationError(
            "env.py ended without running the migrations", hint="it must call context.run_migrations()"
        )


def _override(environment: Any, run: Run) -> None:
    """Alembic's `context` calls the methods of this very object."""
    configure, run_migrations = environment.configure, environment.run_migrations
    adopted: list[Any] = []

    def configured(connection: Any = None, *arguments: Any, **options: Any) -> None:
        if connection is None:
            raise MigrationError("env.py configures no connection", hint="it must run its online part")
        own = _adopt(connection, run)
        adopted.append(own)
        if not own.in_transaction():
            own.begin()
        configure(own, *arguments, **options)

    def fenced(**options: Any) -> None:
        driver = adopted[-1].connection.driver_connection
        context = environment.get_context()
        context.autocommit_block = lambda: autocommit_block(run, driver)
        with _transaction(run, driver):
            run_migrations(**options)
        run.finished = True

    environment.configure = configured
    environment.run_migrations = fenced


@contextmanager
def _transaction(run: Run, driver: Any) -> Iterator[None]:
    """The fence's transaction: checked and committed at the end, rolled back where anything goes wrong."""
    fence, connections = run.fence, run.connections
    with fence.own_work():
        fence.begin(driver)
    connections.adopted = driver
    connections.running = fence.layers.connections
    try:
        yield
        connections.running = False
        with fence.own_work():
            fence.check()
            if run.dry:
                driver.really_roll_back()
            else:
                fence.commit_checked()
                run.on_commit()
                driver.really_commit()
    except BaseException:
        connections.running = False
        with fence.own_work():
            _roll_back(driver)
        if fence.refusals:
            raise FenceBreachError(tuple(fence.refusals), committed=run.committed) from None
        raise
    finally:
        connections.running = False
        driver.watcher = Trailing(run, driver)


def _roll_back(driver: Any) -> None:
    if not driver.closed:
        if driver.autocommit:
            driver.autocommit = False
        driver.really_roll_back()


class Trailing:
    """Watches what env.py still does on the connection after the migrations: fenced as they were."""

    def __init__(self, run: Run, driver: Any) -> None:
        self.run = run
        self.driver = driver
        self.busy = False

    @contextmanager
    def statement(self, sql: str) -> Iterator[None]:
        """Stand the fence up again around the first statement that comes."""
        fence = self.run.fence
        if not self.busy:
            self.busy = True
            with fence.own_work():
                fence.begin(self.driver)
            self.driver.watcher = self
        with fence.statement(sql):
            yield

    def commit(self, _what: str) -> bool:
        """Commit what has been checked."""
        if self.busy:
            self.busy = False
            fence = self.run.fence
            with fence.own_work():
                fence.check()
                fence.commit_checked()
            self.driver.watcher = self
        return True

    def rollback(self) -> None:
        """Nothing is left of it."""
        self.busy = False


def _adopt(connection: Any, run: Run) -> Any:
    """The connection that the migration gets: env.py's own, or one of the fence's in its place.

    An asynchronous driver, psycopg 3, or a connection that was in a pool before the fence stood cannot be watched
    closely enough; then the migration gets a connection of psycopg2 with the same session settings.
    """
    driver = connection.connection.driver_connection
    connections = run.connections
    if isinstance(driver, FencedConnection):
        if driver in connections.opened:
            return connection
        raise MigrationError(
            f"env.py connects to {connection.engine.url.render_as_string()}, "
            "which is another database than the one planned",
            hint="make [database] url and env.py name the same database",
        )
    settings = connection.exec_driver_sql(
        "SELECT name, setting FROM pg_catalog.pg_settings WHERE source = 'session' AND context = 'user'"
    ).fetchall()
    url = connection.engine.url.render_as_string(hide_password=False)
    return _substitute(url, settings, run)


def _substitute(url: str, settings: Any, run: Run) -> Any:
    import psycopg2
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    from schemasync.urls import connection_parameters

    parameters: dict[str, Any] = dict(connection_parameters(url))
    with exempted(run.connections):
        connections = run.connections
        connections.exempt = False  # it passes like env.py's own, so that it is known and led to the clone
        engine = create_engine(
            "postgresql+psycopg2://", creator=lambda: psycopg2.connect(**parameters), poolclass=NullPool
        )
        connection = engine.connect()
    if connection.connection.driver_connection not in run.connections.opened:
        raise MigrationError(
            "env.py connects to another database than the one planned",
            hint="make [database] url and env.py name the same database",
        )
    left_alone = ("lock_timeout", "statement_timeout", "client_encoding", "application_name")
    for name, value in settings:
        if name not in left_alone:
            connection.exec_driver_sql("SELECT pg_catalog.set_config(%s, %s, false)", (name, value))
    connection.commit()
    return connection


def _followed(steps: Any, run: Run) -> Iterator[Any]:
    """Alembic's steps, each noted when it begins and when it is done."""
    for step in steps:
        script = getattr(step, "revision", None)
        started = RevisionRun(
            getattr(script, "revision", None) or "stamp",
            getattr(script, "doc", None) or "",
            shown(Path(script.path)) if script is not None else "",
        )
        run.revisions.append(started)
        run.fence.revision = started.revision
        before = len(run.fence.executed)
        start = time.perf_counter()
        yield step
        started.seconds = time.perf_counter() - start
        started.statements = len(run.fence.executed) - before
        started.done = True
        run.fence.revision = None
        run.on_revision(started)


def places_of(scripts: Any, run: Run) -> Callable[[Any], Place | None]:
    """Finds the innermost frame of a call stack that is a revision's or env.py's."""
    folders = tuple(str(Path(folder).absolute()) for folder in scripts._version_locations)
    environment = str(Path(scripts.dir, "env.py").absolute())

    def place(frame: Any) -> Place | None:
        while frame is not None:
            file = frame.f_code.co_filename
            if file.startswith(folders) or file == environment:
                current = run.current
                revision = current.revision if current is not None and file != environment else None
                return Place(shown(Path(file)), frame.f_lineno, revision)
            frame = frame.f_back
        return None

    return place


def _failure(error: Exception, run: Run) -> SchemasyncError:
    """What a revision or env.py raised, with its place and statement."""
    if run.fence.refusals:
        return FenceBreachError(tuple(run.fence.refusals), committed=run.committed)
    cause = getattr(error, "orig", None) or error
    code = getattr(cause, "pgcode", None)
    place = _place_in(error, run)
    where = f"{place}: " if place else ""
    revision = f"revision {place.revision} " if place and place.revision else "the migration "
    statement = getattr(error, "statement", None)
    sql = f"\n    statement: {shortened(statement)}" if statement else ""
    state = run.committed or "the database is as it was"
    reason = " ".join(str(cause).split()) or type(cause).__name__
    kind = "" if code else f"{type(cause).__name__}: "
    if code == "55P03":
        return LockUnavailableError(
            f"{where}{revision}could not get a lock: {reason}; {state}{sql}",
            hint="somebody uses the table; try again, or give --lock-timeout",
        )
    return MigrationError(f"{where}{revision}failed: {kind}{reason}; {state}{sql}")


def _place_in(error: BaseException, run: Run) -> Place | None:
    found = None
    traceback = error.__traceback__
    while traceback is not None:
        place = run.fence.places(traceback.tb_frame)
        if place is not None:
            found = Place(place.path, traceback.tb_lineno, place.revision) if _is_here(place, traceback) else found
        traceback = traceback.tb_next
    return found


def _is_here(place: Place, traceback: Any) -> bool:
    return Path(traceback.tb_frame.f_code.co_filename).name == Path(place.path).name
