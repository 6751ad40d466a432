"""Keeps one PostgreSQL database honest between Prisma and SQLAlchemy.

    import schemasync

    prisma = schemasync.read_prisma("frontend/prisma/schema.prisma")
    models = schemasync.read_metadata(db.metadata)
    live = schemasync.read_database(url)
    drifts = schemasync.compare({"prisma": prisma, "sqlalchemy": models, "database": live})
    source = schemasync.mirror(prisma)

Importing this package imports nothing else: each name below is loaded when it is first used.
"""

# Type checkers know this name; importing `typing` for it would cost more than the rest of this module.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from schemasync.compare import compare
    from schemasync.compare.drift import Drift, DriftLocation
    from schemasync.errors import (
        ConfigurationError,
        DatabaseError,
        Diagnostic,
        ModelImportError,
        NothingComparedError,
        PrismaSchemaError,
        PrismaSchemaWarning,
        SchemasyncError,
        ScratchError,
        SnapshotError,
    )
    from schemasync.mirror import mirror, mirror_modules
    from schemasync.mirror.prisma_side import prisma_models
    from schemasync.mirror.update.updating import MirrorUpdate, update_mirrors
    from schemasync.ownership import Ownership
    from schemasync.schema.model import Schema
    from schemasync.witnesses.database import read_database
    from schemasync.witnesses.metadata import read_metadata
    from schemasync.witnesses.prisma.read import read_prisma

__version__ = "0.1.0"

__all__ = [
    "ConfigurationError",
    "DatabaseError",
    "Diagnostic",
    "Drift",
    "DriftLocation",
    "MirrorUpdate",
    "ModelImportError",
    "NothingComparedError",
    "Ownership",
    "PrismaSchemaError",
    "PrismaSchemaWarning",
    "Schema",
    "SchemasyncError",
    "ScratchError",
    "SnapshotError",
    "__version__",
    "compare",
    "mirror",
    "mirror_modules",
    "prisma_models",
    "read_database",
    "read_metadata",
    "read_prisma",
    "update_mirrors",
]

_ERRORS = "schemasync.errors"
_MODULES = {
    "ConfigurationError": _ERRORS,
    "DatabaseError": _ERRORS,
    "Diagnostic": _ERRORS,
    "Drift": "schemasync.compare.drift",
    "DriftLocation": "schemasync.compare.drift",
    "MirrorUpdate": "schemasync.mirror.update.updating",
    "ModelImportError": _ERRORS,
    "NothingComparedError": _ERRORS,
    "Ownership": "schemasync.ownership",
    "PrismaSchemaError": _ERRORS,
    "PrismaSchemaWarning": _ERRORS,
    "Schema": "schemasync.schema.model",
    "SchemasyncError": _ERRORS,
    "ScratchError": _ERRORS,
    "SnapshotError": _ERRORS,
    "mirror_modules": "schemasync.mirror",
    "prisma_models": "schemasync.mirror.prisma_side",
    "read_database": "schemasync.witnesses.database",
    "read_metadata": "schemasync.witnesses.metadata",
    "read_prisma": "schemasync.witnesses.prisma.read",
    "update_mirrors": "schemasync.mirror.update.updating",
}


# Type checkers must not take every name for one that is there.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name in ("compare", "mirror"):
            return import_module(f"schemasync.{name}")  # a package that can be called
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_MODULES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
