"""Options that several commands share, and the configuration that they override."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schemasync.records import replace

if TYPE_CHECKING:
    from schemasync.config import Configuration

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _quiet(_context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        from schemasync.cli.progress import silence

        silence()


config_option: Decorator = click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration; by default schemasync.toml or pyproject.toml, looked for upwards.",
)
output_option: Decorator = click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file, in one go."
)


def format_option(*names: str, of: str = "The report's.") -> Decorator:
    """The option that chooses a format, the first by default."""
    return click.option(
        "--format", "format_name", type=click.Choice(names), default=names[0], show_default=True, help=of
    )


def fail_on_option(what: str) -> Decorator:
    """The option that says which severity fails a command.

    Args:
        what: that which is found, with its article.
    """
    from schemasync.compare.drift import SEVERITIES

    return click.option(
        "--fail-on",
        type=click.Choice(SEVERITIES),
        default="warning",
        show_default=True,
        help=f"Exit with 1 for {what} of this severity or worse.",
    )


def deployed_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what the deployed services rely on."""
    revision = click.option(
        "--deployed", metavar="REVISION", help="The git revision that the deployed services were built from."
    )
    manifests = click.option(
        "--deployed-manifest",
        "manifests",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="What a deployed service relies on, as schemasync snapshot wrote it; repeatable.",
    )
    return revision(manifests(function))


def kinds_beginning(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """The kinds of drift that a shell may complete a word to."""
    from schemasync.compare.kinds import catalogue

    return [name for name in catalogue() if name.startswith(incomplete)]


quiet_option: Decorator = click.option(
    "--quiet", is_flag=True, expose_value=False, is_eager=True, callback=_quiet, help="Show no progress."
)
_DATABASE: Decorator = click.option("--database", metavar="URL", help="The live database.")
_DATABASES: Decorator = click.option(
    "--database",
    "databases",
    multiple=True,
    metavar="URL",
    help="The live database; several, each a URL or NAME=URL, are held against the same schema.",
)
_SOURCES: tuple[Decorator, ...] = (
    config_option,
    click.option("--prisma", metavar="PATH", help="Prisma's schema: a file, or a folder of .prisma files."),
    click.option("--metadata", metavar="MODULE:ATTRIBUTE", help="The models' MetaData, declarative base or db."),
    click.option(
        "--path", "folders", multiple=True, metavar="FOLDER", help="Where the models are imported from; repeatable."
    ),
    _DATABASE,
    click.option(
        "--schema",
        "schemas",
        multiple=True,
        metavar="NAME",
        help="A PostgreSQL schema to look at; repeatable; * is all but the system's.",
    ),
    click.option("--stub-missing", is_flag=True, help="Stand-ins for packages of the models that are not installed."),
    quiet_option,
)


def source_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say where the witnesses are."""
    for option in reversed(_SOURCES):
        function = option(function)
    return function


def fleet_source_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say where the witnesses are, of which the database may be many."""
    for option in reversed(_SOURCES):
        function = (_DATABASES if option is _DATABASE else option)(function)
    return function


def configured(
    config_file: Path | None,
    *,
    prisma: str | None = None,
    metadata: str | None = None,
    folders: tuple[str, ...] = (),
    database: str | None = None,
    schemas: tuple[str, ...] = (),
) -> Configuration:
    """The configuration, with what the command line gave in its place; the shell has filled in variables there.

    Raises:
        ConfigurationError: the configuration cannot be read.
    """
    from schemasync.config import literal, load

    configuration = load(config_file)
    changed: dict[str, Any] = {}
    if prisma is not None:
        changed["prisma"] = replace(configuration.prisma, schema=_absolute(prisma))
    if metadata is not None or folders:
        changed["sqlalchemy"] = replace(
            configuration.sqlalchemy,
            metadata=literal(metadata) if metadata is not None else configuration.sqlalchemy.metadata,
            path=tuple(_absolute(folder) for folder in folders) or configuration.sqlalchemy.path,
        )
    if database is not None or schemas:
        changed["database"] = replace(
            configuration.database,
            url=literal(database) if database is not None else configuration.database.url,
            schemas=schemas or configuration.database.schemas,
        )
    return replace(configuration, **changed)


def _absolute(path: str) -> str:
    from schemasync.config import literal

    return literal(str(Path(path).expanduser().absolute()))
