"""The one line for an existing env.py.

    from schemasync.integrations.alembic import include_object
    …
    context.configure(connection=connection, target_metadata=metadata, include_object=include_object)

Flask-Migrate takes it too: `Migrate(app, db, include_object=include_object)`.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from schemasync.config import Configuration
    from schemasync.migrate.filter import Filter
    from schemasync.migrate.history import Created

__all__ = ["include_object"]

_filters: dict[int, tuple[Any, "Filter"]] = {}


def include_object(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Alembic's hook: autogenerate compares owned tables only.

    Mirrors, Prisma's own tables, and what the database holds that nobody here declared are left alone; a removed
    owned model still yields its drop. Who owns what comes from the configuration, found upwards from `alembic.ini`.

    Raises:
        ConfigurationError: no configuration is found, or it names no Prisma schema.
    """
    from alembic import context

    migration = context.get_context()
    known = _filters.get(id(migration))
    if known is None or known[0] is not migration:
        _filters.clear()
        known = _filters[id(migration)] = (migration, _filter(migration, context.config, context.script))
    return known[1].include_object(item, name, kind, reflected, compare_to)


def _filter(migration: Any, config: Any, scripts: Any) -> "Filter":
    from schemasync.config import load
    from schemasync.migrate.history import created_by

    start = Path(config.config_file_name).absolute().parent if config.config_file_name else Path.cwd()
    heads = migration.get_current_heads()
    applied = scripts.iterate_revisions(heads, "base", implicit_base=True) if heads else ()
    created = created_by(Path(script.path) for script in applied)
    default = getattr(migration.dialect, "default_schema_name", None) or "public"
    return configured_filter(load(start=start), migration.opts.get("target_metadata"), created, default)


def configured_filter(
    configuration: "Configuration",
    metadata: Any,
    created: "frozenset[Created]" = frozenset(),
    default_schema: str = "public",
) -> "Filter":
    """Which tables are owned, by a configuration and the models' metadata.

    Args:
        configuration: names Prisma's schema.
        metadata: a MetaData, several, or None.
        created: what the applied revisions created.
        default_schema: what a table without a schema is in.

    Raises:
        ConfigurationError: the configuration names no Prisma schema.
    """
    from schemasync.errors import ConfigurationError
    from schemasync.migrate.filter import Filter
    from schemasync.migrate.probe import read_models
    from schemasync.project import witness_schemas

    if configuration.prisma.schema is None:
        raise ConfigurationError(
            f"nobody says what Prisma owns: no configuration in {configuration.folder} or above names its schema",
            hint="run schemasync init, or set [prisma] schema in schemasync.toml",
        )
    declared = dict(witness_schemas(configuration, ["prisma"]))
    models = read_models(metadata)
    if models is not None:
        declared["sqlalchemy"] = models
    return Filter(declared, configuration.table_ownership(), created, default_schema)
