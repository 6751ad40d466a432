"""What a project's env.py adds to its check: would autogenerate touch tables that it does not own?"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from schemasync.errors import SchemasyncError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemasync.compare.drift import Comparison, Drift
    from schemasync.config import Configuration
    from schemasync.schema.model import Schema


def with_environment(
    configuration: Configuration, witnesses: Mapping[str, Schema], comparison: Comparison
) -> Comparison:
    """A comparison with what Alembic itself says that autogenerate would do.

    Only where Prisma's schema and the database take part and an Alembic project is configured. An env.py that cannot
    be asked is no finding; the report's end says so.
    """
    if not {"prisma", "database"} <= witnesses.keys() or configuration.alembic.config is None:
        return comparison
    from schemasync.migrate.revision import foreign_operations
    from schemasync.project_migration import environment_settings

    try:
        settings = environment_settings(configuration, witnesses)
        found = foreign_operations(settings)
    except Exception as error:  # noqa: BLE001 - the application that env.py belongs to may raise anything
        said = error.message if isinstance(error, SchemasyncError) else f"{type(error).__name__}: {error}"
        reason = said.partition("\n")[0]
        sentence = f"Alembic could not be asked what autogenerate would do: {reason}"
        return dataclasses.replace(comparison, not_compared=(*comparison.not_compared, sentence))
    if not found:
        return comparison
    drift = _drift(str(settings.project.file.parent / "env.py"), found)
    return dataclasses.replace(comparison, drifts=(*comparison.drifts, drift))


def _drift(path: str, found: tuple[str, ...]) -> Drift:
    from schemasync.compare.drift import Drift, DriftLocation

    shown = ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
    return Drift(
        kind="unfiltered-env",
        severity="error",
        owner="prisma",
        schema="public",
        table=None,
        object="env.py",
        values={"sqlalchemy": shown},
        behind=("sqlalchemy",),
        message=f"autogenerate, with this env.py, would do what is not Alembic's: {shown}",
        breaks="The next alembic revision --autogenerate writes that into a revision.",
        fix="from schemasync.integrations.alembic import include_object, and give it to context.configure()",
        locations=(DriftLocation(path, 1, 1, "sqlalchemy"),),
    )
