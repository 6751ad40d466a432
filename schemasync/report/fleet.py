"""How reports speak of many databases: which of them have a drift, and what became of each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from schemasync.fleet_merging import LOST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemasync.compare.drift import Drift
    from schemasync.report import Report

NAMED, MISSED = 8, 3


def compared_databases(report: Report) -> tuple[str, ...]:
    """The names of the databases that were compared."""
    return tuple(member.name for member in report.members if member.state == "compared")


def having_in_words(databases: Sequence[str], report: Report, *, most: int = NAMED) -> str:
    """Which databases: `all 12 databases`, `all 12 databases but berlin`, `2 of 12 databases: berlin, rome`.

    Args:
        most: how many names are spelled out; the rest is a number.
    """
    compared = compared_databases(report)
    if not set(databases) <= set(compared):
        return ", ".join(databases)
    if len(databases) == len(compared):
        return f"all {len(compared):,} databases" if len(compared) > 1 else f"the database {compared[0]}"
    number = f"{len(compared):,} databases"
    if len(compared) - len(databases) <= MISSED and len(databases) > 2 * MISSED:
        having = set(databases)
        return f"all {number} but {', '.join(name for name in compared if name not in having)}"
    named = list(databases[:most])
    more = len(databases) - len(named)
    return f"{len(databases):,} of {number}: {', '.join(named)}" + (f" and {more:,} more" if more else "")


def by_databases(report: Report) -> list[tuple[tuple[str, ...], list[Drift]]]:
    """Drifts by the databases that share them, those of most databases first; databases that were lost are left out."""
    found: dict[tuple[str, ...], list[Drift]] = {}
    for drift in report.comparison.drifts:
        if drift.kind not in LOST:
            found.setdefault(drift.databases, []).append(drift)
    return sorted(found.items(), key=lambda item: (-len(item[0] or report.members), item[0]))


def lost_databases(report: Report) -> list[Drift]:
    """The databases that could not be compared, as findings."""
    return [drift for drift in report.comparison.drifts if drift.kind in LOST]


def fleet_verdict(report: Report) -> str:
    """How the databases fared, in a sentence without its full stop; empty for one database."""
    if not report.members:
        return ""
    compared = compared_databases(report)
    parts = [f"{len(compared):,} of {len(report.members):,} databases compared"]
    unlike = len(compared) - max(Counter(_drifts_of(report).values()).values())
    parts.append(f"{unlike:,} of them unlike the others" if unlike else "all alike")
    for state in ("unreachable", "unrelated"):
        number = sum(member.state == state for member in report.members)
        if number:
            parts.append(f"{number:,} {state}")
    return ", ".join(parts)


def _drifts_of(report: Report) -> dict[str, tuple[int, ...]]:
    """For each database that was compared the numbers of the sets of databases that it shares drifts with."""
    found: dict[str, tuple[int, ...]] = dict.fromkeys(compared_databases(report), ())
    for number, (databases, _) in enumerate(by_databases(report)):
        for name in databases:
            found[name] += (number,)
    return found


def where_in_words(drift: Drift, report: Report) -> str:
    """A sentence on which databases have a drift; empty for one database, and where the drift names its own."""
    if not report.members or not drift.databases or drift.kind in LOST:
        return ""
    return f"In {having_in_words(drift.databases, report)}."
