"""Mirrors: SQLAlchemy models of the tables that Prisma owns. The package can be called: `schemasync.mirror(schema)`."""

import sys
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from schemasync.mirror.styles import Style
    from schemasync.ownership import Ownership
    from schemasync.schema.model import Schema


def mirror(
    schema: "Schema",
    style: "Style" = "declarative",
    base: "str | None" = None,
    *,
    ownership: "Ownership | None" = None,
    names: "Mapping[str, str] | None" = None,
    path: "Sequence[Path]" = (),
    line_length: int = 88,
) -> str:
    """The mirrors of a schema's tables as the source of one module.

    Args:
        schema: what `read_prisma` gives; any other schema will do too.
        style: `declarative` (SQLAlchemy 2, typed), `flask-sqlalchemy`, or `table` (Core).
        base: `module:attribute` of the base class, of a Flask-SQLAlchemy `db`, or in the style `table` of a MetaData.
            Without it the module defines its own: `Base`, `db` and its `Model`, or `metadata`.
        ownership: which tables are Prisma's, and which of them are mirrored; all by default.
        names: classes and attributes by other names than the rule's: `{"User.name": "full_name"}`. The key is
            `Model`, `Model.field`, `table` or `table.column`.
        path: the folders where the base's module is looked for: columns that the base has are not written again.
        line_length: how long a line may be; 88 is the formatters' own default.

    Raises:
        ConfigurationError: the style is unknown, the base no reference, or a name no Python identifier.
        SchemasyncError: there is no table to mirror.
    """
    from schemasync.mirror.plan import planned
    from schemasync.mirror.writing import one_module

    return one_module(planned(schema, style, base, ownership=ownership, names=names, path=path, width=line_length))


def mirror_modules(
    schema: "Schema",
    style: "Style" = "declarative",
    base: "str | None" = None,
    *,
    ownership: "Ownership | None" = None,
    names: "Mapping[str, str] | None" = None,
    path: "Sequence[Path]" = (),
    package: "str | None" = None,
    line_length: int = 88,
) -> "dict[str, str]":
    """The mirrors of a schema's tables as a package: a module a model, by file name, and a registry `__init__.py`.

    Args:
        schema, style, base, ownership, names, path, line_length: as for `mirror`.
        package: the package's full name, for absolute imports; without it the modules import each other relatively.

    Raises:
        ConfigurationError: the style is unknown, the base no reference, or a name no Python identifier.
        SchemasyncError: there is no table to mirror.
    """
    from schemasync.mirror.plan import planned
    from schemasync.mirror.writing import package as written

    return written(
        planned(schema, style, base, ownership=ownership, names=names, path=path, width=line_length), package
    )


class _CallablePackage(ModuleType):
    """Lets the package's name also be its main function's, whichever of the two was imported first."""

    __call__ = staticmethod(mirror)


sys.modules[__name__].__class__ = _CallablePackage
