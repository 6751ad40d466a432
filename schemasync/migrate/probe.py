"""What env.py tells Alembic, found out by running it without running a migration."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from schemasync.migrate.connections import Connections
from schemasync.migrate.environment import AlembicProject, quiet
from schemasync.migrate.locks import Anchor
from schemasync.migrate.refusals import MigrationError
from schemasync.migrate.theirs import their_errors
from schemasync.records import record
from schemasync.schema.model import Schema

if TYPE_CHECKING:
    from alembic.config import Config


@record(frozen=True, slots=True)
class Probe:
    """What env.py configures.

    Args:
        version_table, version_schema: where Alembic keeps its versions; the schema is None for the search path's.
        models: the metadata that it compares with, read; None where it configures none.
    """

    version_table: str = "alembic_version"
    version_schema: str | None = None
    models: Schema | None = None


def probe(config: "Config", project: AlembicProject, anchor: Anchor, connections: Connections) -> Probe:
    """Run env.py up to its call of `run_migrations`.

    Args:
        config: Alembic's settings.
        project: where env.py is.
        anchor: names the database.
        connections: what may be connected to.

    Raises:
        MigrationError: it fails, configures no connection, or one to another database.
    """
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    found: list[dict[str, Any]] = []
    engines: list[Any] = []
    try:
        scripts = ScriptDirectory.from_config(config)
        environment = EnvironmentContext(config, scripts, fn=lambda *_heads: [], dont_mutate=True, destination_rev=None)
        configure = environment.configure

        def configured(connection: Any = None, *arguments: Any, **options: Any) -> None:
            if connection is not None:
                engines.append(connection.engine)
                _demand_database(connection, anchor)
            found.append(options)
            configure(connection, *arguments, **options)

        environment.configure = configured  # type: ignore[method-assign]  # Alembic's context calls this very object
        environment.run_migrations = _stop  # type: ignore[method-assign]
        connections.looking = True
        try:
            with their_errors(project, "env.py failed"), environment, quiet(), suppress(_Seen):
                scripts.run_env()
        finally:
            connections.looking = False
            for engine in engines:
                engine.dispose()
    except CommandError as error:
        raise MigrationError(str(error)) from error
    if not found:
        raise MigrationError("env.py configures nothing", hint="it must call context.configure(connection=…)")
    options = found[-1]
    return Probe(
        options.get("version_table") or "alembic_version",
        options.get("version_table_schema"),
        read_models(options.get("target_metadata")),
    )


class _Seen(BaseException):
    """env.py has called `run_migrations`."""


def _stop(**_options: Any) -> None:
    raise _Seen


def _demand_database(connection: Any, anchor: Anchor) -> None:
    from psycopg2.extensions import connection as psycopg2_connection

    from schemasync.migrate.locks import SEES_TOKEN, TOKEN_CLASS

    driver = connection.connection.driver_connection
    if isinstance(driver, psycopg2_connection):
        same = anchor.is_same_database(driver)
    else:
        question = SEES_TOKEN.replace("%s", str(TOKEN_CLASS), 1).replace("%s", str(anchor.token), 1)
        same = bool(connection.exec_driver_sql(question).scalar())
        connection.rollback()
    if not same:
        raise MigrationError(
            f"env.py connects to {connection.engine.url.render_as_string()}, which is another database than the one "
            "planned; nothing has changed",
            hint="make [database] url and env.py name the same database",
        )


def read_models(metadata: Any) -> Schema | None:
    """The metadata that env.py configures, one or several, as one schema; None where there is none."""
    if metadata is None:
        return None
    from schemasync.witnesses.metadata import read_metadata

    if isinstance(metadata, (list, tuple)):
        import dataclasses

        read = [read_metadata(item) for item in metadata]
        if not read:
            return None
        return dataclasses.replace(
            read[0],
            tables=tuple(table for one in read for table in one.tables),
            enums=tuple({enum.key: enum for one in read for enum in one.enums}.values()),
        )
    found: Schema = read_metadata(metadata)
    return found
