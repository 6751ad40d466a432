"""Facts side by side: schemas in, drifts out. The package can be called: `schemasync.compare({…})`."""

import sys
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemasync.compare.drift import Drift
    from schemasync.ownership import Ownership
    from schemasync.schema.model import Schema


def compare(witnesses: "Mapping[str, Schema]", ownership: "Ownership | None" = None) -> "list[Drift]":
    """The drifts between two or more witnesses, in a fixed order.

    Args:
        witnesses: schemas by the witness's name: `prisma`, `sqlalchemy`, `database`, `snapshot`,
            `prisma-migrations` or `alembic`.
        ownership: who owns which table where the default rule does not do: Prisma owns what schema.prisma declares,
            SQLAlchemy the rest of its metadata.

    Expressions that only PostgreSQL can tell apart are spelled by a scratch database, started for the first of them.

    Raises:
        NothingComparedError: a witness has no table in common with any other.
        ConfigurationError: the ownership contradicts itself on one of the tables.
        SchemasyncError: fewer than two witnesses, or an unknown name.
    """
    from schemasync.compare.engine import compare_witnesses
    from schemasync.witnesses.spelling import ScratchSpeller

    with ScratchSpeller("auto", witnesses.values()) as speller:
        return list(compare_witnesses(witnesses, ownership, speller=speller).drifts)


class _CallablePackage(ModuleType):
    """Lets the package's name also be its main function's, whichever of the two was imported first."""

    __call__ = staticmethod(compare)


sys.modules[__name__].__class__ = _CallablePackage
