"""Do the migrations build what is declared, and is the database what its applied migrations build?"""

import dataclasses
from collections.abc import Mapping

from schemasync.compare.drift import Comparison, Drift
from schemasync.compare.engine import compare_witnesses
from schemasync.compare.kinds import catalogue
from schemasync.compare.sides import LABELS, Speller
from schemasync.errors import SchemasyncError
from schemasync.ownership import Ownership
from schemasync.release.replayed import ALEMBIC, PRISMA, Places, replayed, steps_of
from schemasync.schema.model import Schema
from schemasync.scratch.interface import ScratchServer
from schemasync.witnesses.histories import Histories

_WITNESS = {PRISMA: "prisma-migrations", ALEMBIC: "alembic"}
_KIND = {"prisma-migrations": "prisma-history", "alembic": "alembic-history"}
_DECLARED = {"prisma-migrations": "prisma", "alembic": "sqlalchemy"}


def applied_witnesses(histories: Histories, places: Places, server: ScratchServer) -> dict[str, Schema]:
    """What the applied migrations build on an empty database, as the witnesses `prisma-migrations` and `alembic`.

    A side whose migrations have built nothing yet is left out where the other's have.

    Raises:
        SchemasyncError: a migration failed, or no scratch database could be had.
    """
    built = _built(histories, places, server, pending=(False,))
    return {name: schema for name, schema in built.items() if schema.tables} or built


def held_against_applied(
    witnesses: Mapping[str, Schema], ownership: Ownership, *, speller: Speller | None = None
) -> Comparison:
    """The database against what its applied migrations build.

    Args:
        witnesses: `database`, and what `applied_witnesses` gave.
        ownership: who owns which table.
        speller: settles expressions that the text alone cannot.
    """
    found = compare_witnesses(witnesses, ownership, speller=speller)
    return dataclasses.replace(found, drifts=tuple(drift for drift in found.drifts if differs_in_the_database(drift)))


def differs_in_the_database(drift: Drift) -> bool:
    """Whether the database is what differs, and not one history from the other: each builds its own part alone."""
    values = dict(drift.values)
    has = values.pop("database", None)
    return "database" in drift.behind or (not drift.behind and has not in values.values())


def history_gaps(
    witnesses: Mapping[str, Schema],
    ownership: Ownership,
    histories: Histories,
    places: Places,
    server: ScratchServer,
    *,
    speller: Speller | None = None,
) -> Comparison:
    """Where all the migrations together, run on an empty database, do not build what is declared.

    Args:
        witnesses: what was read; `prisma` and `sqlalchemy` are held against the migrations.
        ownership: who owns which table.
        histories: the migrations.
        places: where they are.
        server: where to run them.
        speller: settles expressions that the text alone cannot.

    Raises:
        SchemasyncError: no scratch database could be had.
    """
    declared = {name: witnesses[name] for name in ("prisma", "sqlalchemy") if name in witnesses}
    try:
        built = _built(histories, places, server, pending=(False, True))
    except SchemasyncError as error:
        side = "prisma" if "migration.sql" in error.message else "sqlalchemy"
        return Comparison((_failure(side, error),), 0, 0)
    compared = {**declared, **{name: schema for name, schema in built.items() if _DECLARED[name] in declared}}
    found = compare_witnesses(compared, ownership, speller=speller)
    gaps = []
    for drift in found.drifts:
        mine = next((name for name in _KIND if _DECLARED[name] == drift.owner), None)
        if mine in drift.behind and mine is not None:
            gaps.append(_gap(drift, mine))
    return dataclasses.replace(found, drifts=tuple(gaps))


def _built(
    histories: Histories, places: Places, server: ScratchServer, *, pending: tuple[bool, ...]
) -> dict[str, Schema]:
    steps = [step for which in pending for step in steps_of(histories, pending=which)]
    replay = replayed(server, places, steps)
    with replay.database:
        state = replay.schema()
        sides = {PRISMA: histories.prisma, ALEMBIC: histories.alembic}
        return {_WITNESS[side]: replay.of(state, side) for side, history in sides.items() if history is not None}


def _gap(drift: Drift, witness: str) -> Drift:
    kind = catalogue()[_KIND[witness]]
    message = f"{drift.kind}: {drift.message} ({LABELS[witness]})"
    return dataclasses.replace(
        drift, kind=kind.name, message=message, breaks=kind.breaks, fix=kind.fix, behind=(witness,), fingerprint=""
    )


def _failure(owner: str, error: SchemasyncError) -> Drift:
    witness = next(name for name in _KIND if _DECLARED[name] == owner)
    kind = catalogue()[_KIND[witness]]
    table = "_prisma_migrations" if owner == "prisma" else "alembic_version"
    message = f"{LABELS[witness]} do not run through on an empty database: {error.message}"
    return Drift(
        kind.name, "error", owner, "public", table, None, {}, (witness,), message, kind.breaks, "Mend the migration."
    )
