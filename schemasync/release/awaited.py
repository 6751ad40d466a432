"""The migrations that a release waits for, told apart by name and content, and what is in the way of a step."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemasync.errors import DatabaseError
from schemasync.paths import shown
from schemasync.release.replayed import ALEMBIC, PRISMA
from schemasync.release.world import PRISMA_STEP
from schemasync.witnesses.histories import Histories

_DIGITS = 12


@dataclass(frozen=True, slots=True)
class AwaitedMigration:
    """A migration that the database has not seen.

    Args:
        step: the release's step that runs it.
        name: its side and its name: `prisma:20240201000000_next`, `alembic:b2`.
        digest: of its script, whatever its line ends; empty where it has none.
    """

    step: str
    name: str
    digest: str

    @property
    def token(self) -> str:
        """Name and content in one word, as `schemasync verify --pending` takes it."""
        return f"{self.name}@{self.digest}"


def awaited(histories: Histories) -> tuple[AwaitedMigration, ...]:
    """The pending migrations of both sides, each side's in order.

    Raises:
        DatabaseError: a script cannot be read.
    """
    found = []
    if histories.prisma is not None:
        for name in histories.prisma.pending:
            script = histories.prisma.folder / name / "migration.sql"
            digest = _digest(script) if script.is_file() else ""
            found.append(AwaitedMigration(PRISMA_STEP, f"{PRISMA}:{name}", digest))
    if histories.alembic is not None:
        for identifier in histories.alembic.pending:
            name = f"{ALEMBIC}:{identifier}"
            found.append(AwaitedMigration(name, name, _digest(histories.alembic.revision(identifier).path)))
    return tuple(found)


def unknown(histories: Histories) -> tuple[str, ...]:
    """What the database has seen and no folder has: `prisma:NAME`, `alembic:REVISION`."""
    found = []
    if histories.prisma is not None:
        found += [f"{PRISMA}:{one.name}" for one in histories.prisma.migrations if one.is_unknown]
    if histories.alembic is not None:
        found += [f"{ALEMBIC}:{identifier}" for identifier in histories.alembic.unknown]
    return tuple(found)


def obstacles(
    step: str, histories: Histories, pending: Sequence[str], own: Collection[str], accepted: Collection[str]
) -> tuple[str, ...]:
    """Why a step of a planned release must not be taken now, as sentences; nothing where it may.

    Args:
        step: the step.
        histories: what the database has seen.
        pending: the tokens of the migrations that may be pending before the step, by the plan.
        own: the names of those that the step itself runs; some may have run, where it was interrupted.
        accepted: what the database had seen and no folder had when the release was planned.

    Raises:
        DatabaseError: a script cannot be read.
    """
    return tuple(dict.fromkeys(_obstacles(step, histories, pending, own, accepted)))


def _obstacles(
    step: str, histories: Histories, pending: Sequence[str], own: Collection[str], accepted: Collection[str]
) -> Iterator[str]:
    if histories.prisma is not None:
        for migration in histories.prisma.stopped_by:
            yield f"Prisma's migration {migration.name} is {migration.state}: schemasync status says what to do"
        if step == PRISMA_STEP and histories.prisma.refuses_first_deploy:
            yield "the database has tables and no history of Prisma's: its first prisma migrate deploy refuses (P3005)"
    for name in unknown(histories):
        if name not in accepted:
            yield f"the database has seen {name}, which this tree lacks: another release has been there"
    planned = dict(token.rpartition("@")[::2] for token in pending)
    actual = {one.name: one.digest for one in awaited(histories)}
    for name, digest in actual.items():
        if name not in planned:
            yield f"{name} is pending, and is no later step of this release: plan again"
        elif planned[name] != digest:
            yield f"{name} was changed after the release had been planned: plan again"
    if step.startswith("service:"):
        return  # what comes after its first deployment may have run when it is deployed again
    for name in planned:
        if name not in actual and name not in own:
            yield f"{name} has been applied already, though it comes after {step}: plan again"


def _digest(script: Path) -> str:
    try:
        content = script.read_bytes()
    except OSError as error:
        raise DatabaseError(f"cannot read {shown(script)}: {error.strerror}") from error
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()[:_DIGITS]
