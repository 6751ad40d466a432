"""What the commands that run Alembic share: their options, and the settings that follow from the configuration."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schemasync.cli.options import Decorator, config_option, quiet_option
from schemasync.cli.output import deliver, remark

if TYPE_CHECKING:
    from schemasync.config import Configuration
    from schemasync.migrate.environment import AlembicProject
    from schemasync.migrate.prepared import Settings
    from schemasync.migrate.runs import Direction

_PROJECT: tuple[Decorator, ...] = (
    config_option,
    click.option("--database", metavar="URL", help="The live database."),
    click.option("--alembic", metavar="PATH", help="An alembic.ini, or Flask-Migrate's folder."),
    click.option("-x", "x", multiple=True, metavar="NAME=VALUE", help="Handed to env.py; repeatable."),
)
_RUN: tuple[Decorator, ...] = (
    click.option("--sql", "as_sql", is_flag=True, help="Show what would run, told by a rehearsal on a clone."),
    click.option("--dry-run", is_flag=True, help="Run it all on the database and roll back."),
    click.option(
        "--no-rehearsal",
        is_flag=True,
        help="Run on the database at once: hidden writes are then undone, not foreseen; no guard stands.",
    ),
    click.option("--no-prisma-lock", is_flag=True, help="Do not take Prisma's lock: for poolers in transaction mode."),
    click.option("--lock-wait", type=float, default=10.0, show_default=True, metavar="S", help="For Prisma's lock."),
    click.option(
        "--lock-timeout", default="3s", show_default=True, help="For each statement, as PostgreSQL writes it."
    ),
    click.option("--statement-timeout", help="For each statement; by default the session's."),
    click.option("--retries", type=int, default=3, show_default=True, help="When a lock is not to be had."),
    click.option("--scratch", metavar="SERVER", help="The rehearsal's scratch server; by default as configured."),
    quiet_option,
    click.option("--record", type=click.Path(path_type=Path), metavar="FILE", help="The JSON record of the run."),
)

BREACH = 1


def project_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say where Alembic's project and the database are."""
    for option in reversed(_PROJECT):
        function = option(function)
    return function


def run_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a run within the fence, the project's first."""
    for option in reversed((*_PROJECT, *_RUN)):
        function = option(function)
    return function


def alembic_project(
    config_file: Path | None, alembic: str | None, x: tuple[str, ...]
) -> tuple[Configuration, AlembicProject]:
    """The configuration, and the Alembic project that it or the command line names.

    Raises:
        ConfigurationError: neither names one.
    """
    from schemasync.config import load
    from schemasync.project_migration import alembic_project as project_of

    configuration = load(config_file)
    return configuration, project_of(configuration, Path(alembic).absolute() if alembic is not None else None, x)


def database_url(configuration: Configuration, database: str | None) -> str:
    """The live database's URL.

    Raises:
        ConfigurationError: none is configured, or it names a variable that is not set.
    """
    from schemasync.errors import ConfigurationError

    if database is not None:
        return database
    if configuration.database.url is None:
        raise ConfigurationError("no database is configured", hint="set [database] url, or give --database")
    return configuration.text(configuration.database.url, "[database] url")


def fence_settings(
    config_file: Path | None,
    *,
    database: str | None,
    alembic: str | None,
    x: tuple[str, ...],
    no_rehearsal: bool = False,
    no_prisma_lock: bool = False,
    lock_wait: float = 10.0,
    lock_timeout: str = "3s",
    statement_timeout: str | None = None,
    retries: int = 3,
    scratch: str | None = None,
    record: Path | None = None,
) -> Settings:
    """The settings of a run.

    Raises:
        SchemasyncError: the configuration is incomplete, or a witness cannot be read.
    """
    from schemasync.migrate.layers import Layers, Timeouts
    from schemasync.migrate.prepared import Settings
    from schemasync.project import configured_witnesses, witness_schemas

    configuration, project = alembic_project(config_file, alembic, x)
    url = database_url(configuration, database)
    if record is None:
        record = default_record(url, project)
    wanted = [name for name in configured_witnesses(configuration) if name in ("prisma", "sqlalchemy")]
    return Settings(
        url=url,
        project=project,
        declared=witness_schemas(configuration, wanted),
        ownership=configuration.table_ownership(),
        schemas=tuple(one for one in configuration.database.schemas if one != "*") or ("public",),
        layers=Layers(rehearsal=not no_rehearsal, guard=not no_rehearsal),
        timeouts=Timeouts(lock_timeout, statement_timeout),
        prisma_lock=not no_prisma_lock,
        lock_wait=lock_wait,
        retries=retries,
        scratch=scratch or configuration.text(configuration.scratch.server, "[scratch] server"),
        record=record,
    )


def default_record(url: str, project: AlembicProject) -> Path:
    """Where a run's record is kept unless the command line says otherwise: one for each database and project."""
    from schemasync.migrate.record import state_folder

    name = hashlib.sha256(f"{url} {project.file}".encode()).hexdigest()[:16]
    return state_folder() / f"{name}.json"


def _with_record(settings: Settings, *, asked: bool) -> Settings:
    """The settings without a record where its usual place cannot be written, as on a read-only disk.

    Raises:
        RecordError: the record that was asked for cannot be kept.
    """
    from schemasync.migrate.record import RecordError, demand_writable

    try:
        if settings.record is not None:
            demand_writable(settings.record)
    except RecordError as error:
        if asked:
            raise
        remark(f"{error.message}; were this run killed, the next one could not say what became of it")
        return dataclasses.replace(settings, record=None)
    return settings


def _nothing_to_do(
    revision: str,
    config_file: Path | None,
    *,
    database: str | None,
    alembic: str | None,
    x: tuple[str, ...],
    record: Path | None,
    no_prisma_lock: bool,
    **_options: Any,
) -> bool:
    """Whether the database is where an upgrade leads; the run is told of then.

    A record that is asked for, or that a killed run has left, wants the whole run.
    """
    from schemasync.migrate.record import unfinished
    from schemasync.migrate.standing import standing

    configuration, project = alembic_project(config_file, alembic, x)
    url = database_url(configuration, database)
    if record is not None or unfinished(default_record(url, project)) is not None:
        return False
    schemas = tuple(one for one in configuration.database.schemas if one != "*") or ("public",)
    at = standing(
        url,
        project.file,
        revision,
        schemas,
        prisma=configuration.prisma.schema is not None,
        prisma_lock=not no_prisma_lock,
    )
    if at is None:
        return False
    remark(f"nothing to do; the database is at {', '.join(at)}")
    return True


def run_within_fence(
    direction: Direction, revision: str, config_file: Path | None, *, as_sql: bool, dry_run: bool, **options: Any
) -> int:
    """Run revisions and report; 0 when they ran, 1 when the fence refused."""
    if direction == "upgrade" and not as_sql and _nothing_to_do(revision, config_file, **options):
        return 0
    from schemasync.schema.collection import collection_put_off

    with collection_put_off():
        from schemasync.migrate.refusals import FenceBreachError
        from schemasync.migrate.runs import Target
        from schemasync.migrate.upgrade import migrate

        settings = _with_record(fence_settings(config_file, **options), asked=options["record"] is not None)
    target = Target(direction, revision)
    try:
        if as_sql:
            from schemasync.migrate.sql import planned_sql

            deliver(planned_sql(settings, target), None)
            return 0
        record = migrate(settings, target, dry_run=dry_run, say=remark)
    except FenceBreachError as error:
        remark(error.render())
        return BREACH
    at = ", ".join(record.heads_after) or "no revision"
    count = len(record.revisions)
    if not count:
        remark(f"nothing to do; the database is at {at}")
        return 0
    ending = " (rolled back: dry run)" if dry_run else ""
    remark(f"{count} revision{'s' * (count != 1)} in {record.seconds:.2f} s; the database is at {at}{ending}")
    return 0
