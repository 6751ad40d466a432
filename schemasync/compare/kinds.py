"""The catalogue of kinds: every kind of drift by name, with what it means, what breaks and what to do."""

from functools import cache
from typing import Literal

from schemasync.records import record

Group = Literal[
    "tables", "columns", "keys", "indexes", "enums", "mirrors", "histories", "fences", "gate", "fleet", "postgresql"
]


@record(frozen=True, slots=True)
class Kind:
    """One kind of drift.

    Args:
        name: as reports, configuration and `schemasync explain` name it.
        group: what it is about.
        meaning: the condition, in a sentence.
        breaks: why it matters.
        fix: what to do.
    """

    name: str
    group: Group
    meaning: str
    breaks: str
    fix: str


@cache
def catalogue() -> dict[str, Kind]:
    """Every kind by name, in the order of reports.

    Raises:
        ValueError: a name is given twice.
    """
    from schemasync.compare.catalogue import (
        columns,
        enums,
        fences,
        fleet,
        gate,
        histories,
        indexes,
        keys,
        mirrors,
        postgresql,
        tables,
    )

    found: dict[str, Kind] = {}
    for room in (tables, columns, keys, indexes, enums, mirrors, histories, fences, gate, fleet, postgresql):
        for kind in room.KINDS:
            if kind.name in found:
                raise ValueError(f"the kind {kind.name} is in the catalogue twice")
            found[kind.name] = kind
    return found


@cache
def _positions() -> dict[str, int]:
    return {name: index for index, name in enumerate(catalogue())}


def position(kind: str) -> int:
    """A kind's place in reports; whatever PostgreSQL alone knows comes last."""
    return _positions().get(kind, len(_positions()))
