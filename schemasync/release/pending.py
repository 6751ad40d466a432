"""Which drifts a pending migration explains: those that are there at the applied versions, and gone after it."""

import dataclasses
from collections.abc import Mapping, Sequence

from schemasync.compare.drift import Comparison, Drift
from schemasync.compare.engine import compare_witnesses
from schemasync.compare.sides import Speller
from schemasync.errors import NothingComparedError, SchemasyncError
from schemasync.ownership import Ownership
from schemasync.release.replayed import ALEMBIC, PRISMA, Places, Replay, Step, replayed, steps_of
from schemasync.schema.model import Schema
from schemasync.scratch.interface import ScratchServer
from schemasync.witnesses.histories import Histories

_OWNER = {PRISMA: "prisma", ALEMBIC: "sqlalchemy"}
_Subject = tuple[str, str, str | None, str | None]


def explained(
    comparison: Comparison,
    witnesses: Mapping[str, Schema],
    ownership: Ownership,
    histories: Histories,
    places: Places,
    server: ScratchServer,
    *,
    speller: Speller | None = None,
) -> Comparison:
    """The comparison, with the drifts that a pending migration of the owner will end marked by its name.

    The histories are replayed up to what the database has seen. A drift that is the same there, and that is gone once
    a pending migration has run, is explained by it; it is then no more than an information.

    Args:
        comparison: of the witnesses.
        witnesses: what was compared, the live database among them.
        ownership: as it was compared with.
        histories: what the database has seen, and what is pending.
        places: where the histories are.
        server: where to replay them.
        speller: as it was compared with.
    """
    pending = steps_of(histories, pending=True)
    if not pending or not any(_may_be_explained(drift) for drift in comparison.drifts):
        return comparison
    try:
        replay = replayed(server, places, steps_of(histories, pending=False))
    except SchemasyncError as error:
        return _noted(comparison, f"which drifts the pending migrations explain could not be told: {error.message}")
    with replay.database:
        before = _drifts(replay.schema(), witnesses, ownership, speller)
        enders, failure = _enders(replay, pending, before, witnesses, ownership, speller)
    drifts = []
    for drift in comparison.drifts:
        step = enders.get(_subject(drift))
        same = before.get(_subject(drift))
        is_owners = step is not None and _OWNER[step.side] == drift.owner
        if step is None or same is None or not is_owners or same.values.get("database") != drift.values.get("database"):
            drifts.append(drift)
        else:
            drifts.append(dataclasses.replace(drift, severity="info", explained_by=step.name))
    marked = dataclasses.replace(comparison, drifts=tuple(drifts))
    return _noted(marked, failure) if failure else marked


def _enders(
    replay: Replay,
    pending: Sequence[Step],
    before: Mapping[_Subject, Drift],
    witnesses: Mapping[str, Schema],
    ownership: Ownership,
    speller: Speller | None,
) -> tuple[dict[_Subject, Step], str]:
    """For each drift the pending migration that ends it, and why the rest could not be run."""
    enders: dict[_Subject, Step] = {}
    current = before
    failure = ""
    for step in pending:
        try:
            after = _drifts(replay.run(step), witnesses, ownership, speller)
        except SchemasyncError as error:
            failure = f"the pending migration {step.name} fails in a scratch database: {error.message}"
            break
        for subject in current.keys() - after.keys():
            enders.setdefault(subject, step)
        current = after
    # What comes back later was not ended.
    return {subject: step for subject, step in enders.items() if subject not in current}, failure


def _drifts(
    state: Schema, witnesses: Mapping[str, Schema], ownership: Ownership, speller: Speller | None
) -> dict[_Subject, Drift]:
    """The drifts there would be if the database stated this, by what they are about."""
    try:
        found = compare_witnesses({**witnesses, "database": state}, ownership, speller=speller).drifts
    except NothingComparedError:
        return {}
    return {_subject(drift): drift for drift in found}


def _subject(drift: Drift) -> _Subject:
    return (drift.kind, drift.schema, drift.table, drift.object)


def _may_be_explained(drift: Drift) -> bool:
    return "database" in drift.values or "database" in drift.behind


def _noted(comparison: Comparison, note: str) -> Comparison:
    return dataclasses.replace(comparison, not_compared=(*comparison.not_compared, note))
