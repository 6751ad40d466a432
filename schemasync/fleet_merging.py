"""The comparisons of a fleet's different states, as one."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from schemasync.compare.drift import Comparison, Drift, DriftLocation
from schemasync.compare.engine import report_order
from schemasync.compare.kinds import catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemasync.errors import SchemasyncError
    from schemasync.fleet_file import FleetDatabase

NAMED_AT_MOST = 5
# The findings about databases that could not be compared.
LOST = ("database-unreachable", "database-unrelated")


def few(names: Sequence[str], most: int = NAMED_AT_MOST) -> str:
    """The first names, and the number of the others."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1:,} more"


def merged(
    found: Sequence[tuple[tuple[FleetDatabase, ...] | None, Comparison]],
    lost: Sequence[Drift],
    names: tuple[str, ...],
) -> Comparison:
    """Comparisons of different databases as one: every different drift once, with the databases that have it.

    Args:
        found: each with the databases that it is of; None for what all of them share.
        lost: the databases that could not be compared, as findings.
        names: the databases that could, in the order in which they were given.
    """
    drifts: dict[tuple[object, ...], tuple[Drift, set[str]]] = {}
    sentences: dict[str, set[str]] = {}
    for members, comparison in found:
        having = set(names) if members is None else {database.name for database in members}
        for drift in comparison.drifts:
            drifts.setdefault(_identity(drift), (drift, set()))[1].update(having)
        for sentence in comparison.not_compared:
            sentences.setdefault(sentence, set()).update(having)
    in_order = {name: place for place, name in enumerate(names)}
    shared: dict[frozenset[str], tuple[str, ...]] = {}

    def listed(having: set[str]) -> tuple[str, ...]:
        key = frozenset(having)
        if key not in shared:
            shared[key] = tuple(sorted(having, key=in_order.__getitem__))
        return shared[key]

    merged = [dataclasses.replace(drift, databases=listed(having)) for drift, having in drifts.values()]
    merged.sort(key=lambda drift: (catalogue()[drift.kind].group == "histories", *report_order(drift)))
    notes = [
        sentence if len(having) == len(names) else f"{sentence} (in {few(listed(having))})"
        for sentence, having in sentences.items()
    ]
    counted = [(len(members), comparison) for members, comparison in found if members is not None]
    return Comparison(
        (*merged, *lost),
        max(comparison.tables for _, comparison in counted),
        sum(number * comparison.facts for number, comparison in counted),
        tuple(notes),
    )


def _identity(drift: Drift) -> tuple[object, ...]:
    """What makes two databases' drifts the same one.

    A drift between the declarations alone is the same whether a database agrees with the owner or lacks the table.
    """
    about = (drift.fingerprint, drift.severity, drift.explained_by)
    if drift.owner is None or "database" in drift.behind or catalogue()[drift.kind].group == "histories":
        return (*about, drift.message, drift.breaks, drift.fix, *drift.values.items())
    return (*about, *(item for item in drift.values.items() if item[0] != "database"))


def database_finding(name: str, database: FleetDatabase, error: SchemasyncError) -> Drift:
    """A database that could not be compared, as a finding of its own: of the kind that is named, at its line."""
    kind = catalogue()[name]
    place = (DriftLocation(database.path, database.line, 1, "database"),) if database.path else ()
    return Drift(
        kind=name,
        severity="error",
        owner=None,
        schema="public",
        table=None,
        object=database.name,
        values={},
        behind=("database",),
        message=f"{database.name}: {error.message}",
        breaks=kind.breaks,
        fix=kind.fix,
        locations=place,
        databases=(database.name,),
    )
