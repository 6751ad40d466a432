"""The Prisma witness: a schema.prisma, or a folder of .prisma files, read by its project's version and settings."""

import warnings
from pathlib import Path

from schemasync.errors import PrismaSchemaError, PrismaSchemaWarning
from schemasync.own_process import kept
from schemasync.paths import shown
from schemasync.records import replace
from schemasync.schema.collection import collection_put_off
from schemasync.schema.model import Location, Schema
from schemasync.witnesses.prisma.project_files import find_config, version_file
from schemasync.witnesses.prisma.resolve import load
from schemasync.witnesses.prisma.resolved import ResolvedSchema
from schemasync.witnesses.prisma.tables import schema_of


def read_prisma(path: str | Path, version: int | None = None, *, default_schema: str = "public") -> Schema:
    """What a schema.prisma, or a folder of .prisma files, states.

    Args:
        path: the file or folder.
        version: the major version of Prisma whose rules hold, 6 or 7; None takes the one that a `package.json` beside
            or above the schema names, and without one accepts what either accepts.
        default_schema: the PostgreSQL schema of whatever has no `@@schema`.

    What Prisma warns of is a `PrismaSchemaWarning` of Python's `warnings`.

    Raises:
        PrismaSchemaError: Prisma would refuse it; carries every diagnostic.
    """
    place = Path(path)
    with collection_put_off():
        loaded = _load(place, version)
        schema = schema_of(loaded, str(path), default_schema)
        if not kept(loaded):
            loaded.release()
    for item in loaded.warnings:
        warnings.warn(PrismaSchemaWarning(item.render()), stacklevel=2)
    config = find_config(place)
    if config is None:
        return schema
    was_read = config.tables is not None and config.enums is not None
    return replace(
        schema,
        external=config.tables or (),
        external_enums=config.enums or (),
        external_place=Location(str(config.file), 1, 1) if was_read else None,
        notes=(*schema.notes, *config.notes),
    )


def _load(place: Path, version: int | None) -> ResolvedSchema:
    """The schema, judged by the version given, else by the one that a `package.json` names."""
    if version is not None or (found := version_file(place)) is None:
        return load(place, version)
    rules, file = found
    try:
        return load(place, rules)
    except PrismaSchemaError as error:
        which = f"by the rules of Prisma {rules}, which {shown(file)} names"
        raise PrismaSchemaError(error.diagnostics, which) from None
