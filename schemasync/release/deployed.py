"""Both histories as a database must have seen them that runs a certain build: for a plan without that database."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from schemasync.errors import ConfigurationError
from schemasync.release.replayed import Places
from schemasync.witnesses.alembic_history import AlembicHistory, read_revisions
from schemasync.witnesses.histories import Histories
from schemasync.witnesses.prisma_history import PrismaRow, prisma_history
from schemasync.witnesses.replay import migration_names

# When they were applied is not known, and Prisma's order is that of their names.
_MOMENT = "2000-01-01 00:00:00+00"


@dataclass(frozen=True, slots=True)
class DeployedMigrations:
    """The migrations that a build came with.

    Args:
        prisma: Prisma's by name, each with its checksum, which is empty where it is not known; None where not known.
        alembic: Alembic's revisions; None where not known.
    """

    prisma: Mapping[str, str] | None = None
    alembic: tuple[str, ...] | None = None


def migrations_in(places: Places) -> DeployedMigrations:
    """The migrations in a tree.

    Raises:
        DatabaseError: a folder or a script cannot be read.
    """
    prisma = None
    if places.migrations is not None:
        prisma = {name: _checksum(places.migrations / name) for name in migration_names(places.migrations)}
    alembic = None if places.alembic is None else tuple(one.id for one in read_revisions(places.alembic))
    return DeployedMigrations(prisma, alembic)


def deployed_histories(places: Places, deployed: DeployedMigrations) -> Histories:
    """The histories of this tree beside a database that has seen just the deployed migrations.

    Args:
        places: where this tree's histories are.
        deployed: what the database has seen.

    Raises:
        ConfigurationError: a history of this tree has no counterpart there.
        DatabaseError: a folder or a script cannot be read.
    """
    prisma = alembic = None
    if places.migrations is not None:
        if deployed.prisma is None:
            raise _unknown("of Prisma's migrations")
        known = _known(places.migrations)
        rows = [
            PrismaRow(name, checksum or known.get(name, ""), _MOMENT, _MOMENT)
            for name, checksum in deployed.prisma.items()
        ]
        prisma = prisma_history(places.migrations, rows)
    if places.alembic is not None:
        if deployed.alembic is None:
            raise _unknown("of Alembic's revisions")
        revisions = read_revisions(places.alembic)
        have = set(deployed.alembic)
        followed = {need for one in revisions if one.id in have for need in one.needs}
        at = tuple(one for one in deployed.alembic if one not in followed)
        alembic = AlembicHistory(places.alembic, revisions, at, has_table=True)
    return Histories("", prisma, alembic)


def _known(folder: Path) -> dict[str, str]:
    return {name: _checksum(folder / name) for name in migration_names(folder)}


def _checksum(migration: Path) -> str:
    """Prisma's own: of the script's bytes."""
    script = migration / "migration.sql"
    return hashlib.sha256(script.read_bytes()).hexdigest() if script.is_file() else ""


def _unknown(which: str) -> ConfigurationError:
    return ConfigurationError(
        f"without a database it is not known which {which} are deployed",
        hint="give --deployed REVISION, --database, or snapshots that this version of schemasync wrote",
    )
