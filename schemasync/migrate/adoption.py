"""The connection that a migration gets, and what becomes of it after the migrations."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from schemasync.migrate.connections import exempted
from schemasync.migrate.driver import FencedConnection
from schemasync.migrate.refusals import MigrationError
from schemasync.migrate.runs import Run


class Trailing:
    """Watches what env.py does on a connection before and after the migrations: fenced as they are."""

    def __init__(self, run: Run, driver: Any) -> None:
        self.run = run
        self.driver = driver
        self.busy = False

    @contextmanager
    def statement(self, sql: str) -> Iterator[None]:
        """Stand the fence up again around the first statement that comes."""
        fence = self.run.fence
        if fence.is_at_work:
            yield
            return
        self.run.connections.demand_idle(sql)
        if not self.busy:
            self.busy = True
            with fence.own_work():
                fence.begin(self.driver)
            self.driver.watcher = self
        with fence.statement(sql):
            yield
        if self.driver.wishes_autocommit and self.commit("autocommit"):
            self.driver.really_commit()

    def commit(self, _what: str) -> bool:
        """Commit what has been checked; in a dry run it stays in the transaction, and is rolled back with it."""
        if self.busy:
            fence = self.run.fence
            with fence.own_work():
                fence.check()
                if self.run.dry:
                    return False
                fence.commit_checked()
            self.busy = False
            self.driver.watcher = self
        return True

    def session(self, _what: str) -> None:
        """Nothing is to be said against it: what follows is checked."""

    def rollback(self) -> None:
        """Nothing is left of it."""
        self.busy = False


def adopt(connection: Any, run: Run) -> Any:
    """The connection that the migration gets: env.py's own, or one of the fence's in its place.

    An asynchronous driver, psycopg 3, or a connection that was in a pool before the fence stood cannot be watched
    closely enough; then the migration gets a connection of psycopg2 with the same session settings.
    """
    driver = connection.connection.driver_connection
    connections = run.connections
    if isinstance(driver, FencedConnection):
        if connections.is_right(driver):
            return connection
        if driver not in connections.opened:
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
    if not run.connections.is_right(connection.connection.driver_connection):
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
