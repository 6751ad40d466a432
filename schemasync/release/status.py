"""Both histories beside the database: what has been applied, what waits, what is in the way, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from schemasync.compare.drift import Drift
from schemasync.compare.histories import history_drifts
from schemasync.errors import ConfigurationError
from schemasync.witnesses.histories import Histories, read_histories


@dataclass(frozen=True, slots=True)
class Status:
    """What `schemasync status` tells.

    Args:
        histories: every migration and revision with its state.
        drifts: what is to be said of them.
        next_steps: what to do now, as commands where there is one.
    """

    histories: Histories
    drifts: tuple[Drift, ...]
    next_steps: tuple[str, ...]


def read_status(
    url: str, *, migrations: Path | None, alembic: Path | None, schemas: Sequence[str] = ("public",)
) -> Status:
    """Both histories beside a database.

    Args:
        url: the database.
        migrations: Prisma's folder of migrations; None where Prisma takes no part.
        alembic: an `alembic.ini`, or Flask-Migrate's folder; None where Alembic takes no part.
        schemas: the PostgreSQL schemas to look for the histories' tables in.

    Raises:
        ConfigurationError: neither history is configured.
        DatabaseError: the database, a folder or a script cannot be read.
    """
    if migrations is None and alembic is None:
        raise ConfigurationError(
            "no migration history is configured", hint="set [prisma] migrations or [alembic] config"
        )
    histories = read_histories(url, migrations=migrations, alembic=alembic, schemas=schemas)
    return Status(histories, history_drifts(histories), next_steps(histories))


def next_steps(histories: Histories) -> tuple[str, ...]:
    """What to do next, the first thing first; nothing where all has been applied."""
    return (*_prisma_steps(histories), *_alembic_steps(histories))


def _prisma_steps(histories: Histories) -> list[str]:
    history = histories.prisma
    if history is None:
        return []
    if history.refuses_first_deploy:
        return ["prisma migrate resolve --applied NAME, for each migration whose tables the database has"]
    steps = []
    for migration in history.stopped_by:
        if not migration.has_script and migration.state in ("pending", "rolled back"):
            steps.append(f"restore {migration.name}/migration.sql")
        elif migration.state == "running":
            steps.append(f"wait until {migration.name} has finished")
        else:
            steps.append(f"mend what {migration.name} left, then prisma migrate resolve --rolled-back {migration.name}")
    again = any(migration.state in ("failed", "interrupted") for migration in history.stopped_by)
    return [*steps, *(["prisma migrate deploy"] if history.pending or again else [])]


def _alembic_steps(histories: Histories) -> list[str]:
    history = histories.alembic
    if history is None:
        return []
    if history.unknown:
        return ["deploy the tree that has the revision " + ", ".join(history.unknown)]
    if len(history.heads) > 1:
        return ["alembic merge heads"]
    return ["schemasync upgrade"] if history.pending else []
