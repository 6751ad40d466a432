"""The settings of the fence that follow from a project's configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemasync.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from schemasync.config import Configuration
    from schemasync.migrate.environment import AlembicProject
    from schemasync.migrate.prepared import Settings
    from schemasync.schema.model import Schema


def alembic_project(
    configuration: Configuration, alembic: Path | None = None, x: tuple[str, ...] = ()
) -> AlembicProject:
    """The Alembic project that a configuration names.

    Args:
        configuration: the settings.
        alembic: an `alembic.ini` or folder that takes precedence.
        x: what env.py is handed.

    Raises:
        ConfigurationError: no project is named.
    """
    from schemasync.migrate.environment import AlembicProject

    named = configuration.alembic.config
    if alembic is None and named is None:
        raise ConfigurationError("no Alembic project is configured", hint="set [alembic] config, or give --alembic")
    path = alembic if alembic is not None else configuration.path(named or "", "[alembic] config")
    folders = tuple(configuration.path(folder, "[sqlalchemy] path") for folder in configuration.sqlalchemy.path)
    return AlembicProject(path, folders or (configuration.folder,), configuration.alembic.app, x)


def environment_settings(configuration: Configuration, witnesses: Mapping[str, Schema]) -> Settings:
    """Settings to ask env.py with, not to run anything: no lock of Prisma's is taken.

    Raises:
        ConfigurationError: no Alembic project or database is configured.
    """
    from schemasync.migrate.prepared import Settings

    url = configuration.database.url
    if url is None:
        raise ConfigurationError("no database is configured", hint="set [database] url, or give --database")
    return Settings(
        url=configuration.text(url, "[database] url"),
        project=alembic_project(configuration),
        declared={name: schema for name, schema in witnesses.items() if name in ("prisma", "sqlalchemy")},
        ownership=configuration.table_ownership(),
        schemas=tuple(one for one in configuration.database.schemas if one != "*") or ("public",),
        prisma_lock=False,
    )
