"""One run of an Alembic environment within a fence, around the user's unedited env.py.

Alembic does not commit on a connection that is already in a transaction when env.py configures it (Alembic
documentation, "Sharing a Connection across one or more programmatic migration commands"), so the transaction stays
the fence's. It is committed beneath SQLAlchemy, whose own idea of it env.py may keep.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemasync.errors import SchemasyncError
from schemasync.migrate.adoption import Trailing, adopt
from schemasync.migrate.autocommit import autocommit_block
from schemasync.migrate.layers import Executed
from schemasync.migrate.refusals import FenceBreachError, LockUnavailableError, MigrationError, Place, shortened
from schemasync.migrate.runs import RevisionRun, Run, Target
from schemasync.migrate.theirs import is_answer_to_signal
from schemasync.paths import shown

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory


def run_environment(config: "Config", target: Target, run: Run, scripts: "ScriptDirectory | None" = None) -> None:
    """Run env.py once, within the fence.

    Args:
        config: Alembic's settings.
        target: where to.
        run: what is told of everything.
        scripts: the chain, where it has been loaded.

    Raises:
        FenceBreachError: the fence refused; everything was rolled back that could be.
        LockUnavailableError: a lock was not to be had.
        MigrationError: a revision or env.py failed by itself.
    """
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        chain = scripts or ScriptDirectory.from_config(config)
        run.fence.places = places_of(chain, run)

        def steps(heads: Any, _context: Any) -> Iterator[Any]:
            return _followed(target.steps(chain, heads), run)

        environment = EnvironmentContext(
            config, chain, fn=steps, as_sql=False, destination_rev=target.revision, starting_rev=None, tag=None
        )
        engines = _override(environment, run)
        run.connections.outside = lambda driver: Trailing(run, driver)
        try:
            with environment:
                chain.run_env()
        finally:
            # An application's pool would hand this run's connection to the next one: the clone's to the live run.
            run.connections.outside = None
            for engine in engines:
                engine.dispose()
    except SchemasyncError:
        raise
    except CommandError as error:
        raise MigrationError(str(error), hint="see: schemasync history") from error
    except SystemExit as error:
        if is_answer_to_signal(error):
            raise
        raise _failure(error, run) from error
    except Exception as error:
        raise _failure(error, run) from error
    if not run.finished:
        raise MigrationError(
            "env.py ended without running the migrations", hint="it must call context.run_migrations()"
        )


def _override(environment: Any, run: Run) -> list[Any]:
    """Stand between env.py and Alembic, whose `context` calls the methods of this very object; env.py's engines."""
    configure, run_migrations = environment.configure, environment.run_migrations
    adopted: list[Any] = []
    engines: list[Any] = []

    def configured(connection: Any = None, *arguments: Any, **options: Any) -> None:
        if connection is None:
            raise MigrationError("env.py configures no connection", hint="it must run its online part")
        own = adopt(connection, run)
        engines.append(connection.engine)
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
    return engines


@contextmanager
def _transaction(run: Run, driver: Any) -> Iterator[None]:
    """The fence's transaction: checked and committed at the end, rolled back where anything goes wrong."""
    fence, connections = run.fence, run.connections
    with fence.own_work():
        if driver.is_really_autocommitting:
            driver.really_autocommit(False)
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
                run.commit(driver)
    except BaseException as error:
        connections.running = False
        with fence.own_work():
            _roll_back(driver)
        if fence.refusals:
            mending = error.mending if isinstance(error, FenceBreachError) else ()
            raise FenceBreachError(tuple(fence.refusals), committed=run.committed, mending=mending) from None
        raise
    finally:
        connections.running = False
        driver.watcher = Trailing(run, driver)


def _roll_back(driver: Any) -> None:
    if not driver.closed:
        driver.really_autocommit(False)
        driver.really_roll_back()


def _followed(steps: Any, run: Run) -> Iterator[Any]:
    """Alembic's steps, each noted when it begins and when it is done."""
    for step in steps:
        script = getattr(step, "revision", None)
        started = RevisionRun(
            getattr(script, "revision", None) or "stamp",
            getattr(script, "doc", None) or "",
            shown(Path(script.path), run.start) if script is not None else "",
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
    names: dict[str, str] = {}

    def place(frame: Any) -> Place | None:
        while frame is not None:
            file = frame.f_code.co_filename
            if file.startswith(folders) or file == environment:
                current = run.current
                revision = current.revision if current is not None and file != environment else None
                name = names.get(file) or names.setdefault(file, shown(file, run.start))
                return Place(name, frame.f_lineno, revision)
            frame = frame.f_back
        return None

    return place


def _failure(error: BaseException, run: Run) -> SchemasyncError:
    """What a revision or env.py raised, with its place and statement."""
    if run.fence.refusals:
        return FenceBreachError(tuple(run.fence.refusals), committed=run.committed)
    cause = getattr(error, "orig", None) or error
    code = getattr(cause, "pgcode", None)
    place = _place_in(error, run)
    where = f"{place}: " if place else ""
    revision = f"revision {place.revision} " if place and place.revision else "env.py " if place else "the migration "
    statement = getattr(error, "statement", None)
    current = run.current
    run.stopped = Executed(place, statement or "", current.revision if current is not None else None)
    sql = f"\n    statement: {shortened(statement)}" if statement else ""
    state = run.committed or "the database is as it was"
    reason = " ".join(str(cause).split())
    kind = "" if code and reason else f"{type(cause).__name__}: " if reason else type(cause).__name__
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
