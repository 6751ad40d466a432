"""Where a report for a machine puts a drift: one file and line that exists, seen from the repository's root."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from schemasync.compare.drift import DriftLocation
from schemasync.report.fleet import where_in_words

if TYPE_CHECKING:
    from schemasync.compare.drift import Drift
    from schemasync.report import Report


def primary_place(drift: Drift, report: Report) -> DriftLocation | None:
    """The place where the drift is mended: of a witness that is behind, else of any that states it.

    A drift that only a database states has no place of its own; it gets the first line of the file that its owner
    would declare it in, because a reader such as GitHub's refuses a result without one. None where no witness is a
    file.
    """
    places = [place for place in drift.locations if place.witness in drift.behind] or list(drift.locations)
    if places:
        return from_root(places[0], report)
    files = [witness for witness in report.witnesses if witness.name in ("prisma", "snapshot")]
    files += [witness for witness in report.witnesses if witness.name == "sqlalchemy"]
    for witness in files:
        path = _file_of(witness.name, witness.source, report)
        if path:
            return from_root(DriftLocation(path, 1, 1, witness.name), report)
    return None


def other_places(drift: Drift, report: Report) -> list[DriftLocation]:
    """The places that are not the primary one, in the drift's order."""
    primary = primary_place(drift, report)
    places = [from_root(place, report) for place in drift.locations]
    return [place for place in places if place != primary]


def from_root(place: DriftLocation, report: Report) -> DriftLocation:
    """A place whose path starts from the repository's root; an absolute path stays as it is."""
    path = place.path
    if not path.startswith("/"):
        path = posixpath.normpath(posixpath.join(report.folder, path))
    return DriftLocation(path, max(place.line, 1), max(place.column, 1), place.witness)


def _file_of(name: str, source: str, report: Report) -> str | None:
    """A file of the witness: its source where that is one, else the first that one of its drifts names."""
    if source.endswith((".prisma", ".json")):
        return source
    named = (place.path for drift in report.comparison.drifts for place in drift.locations if place.witness == name)
    return next(named, None)


def subject(drift: Drift) -> str:
    """What the drift is about: `table.object`, an enum's name, with the schema where it is not public."""
    names = [name for name in (drift.table, drift.object) if name]
    if drift.schema and drift.schema != "public":
        names.insert(0, drift.schema)
    return ".".join(names)


def full_text(drift: Drift, report: Report) -> str:
    """What happened and in which of many databases, what breaks and what to do, as sentences."""
    parts = [sentence(drift.message)]
    where = where_in_words(drift, report)
    if where:
        parts.append(where)
    if drift.breaks:
        parts.append(sentence(drift.breaks))
    if drift.fix:
        parts.append("Fix: " + sentence(drift.fix))
    if drift.explained_by:
        parts.append(f"Pending: {drift.explained_by} explains it.")
    return " ".join(parts)


def sentence(text: str) -> str:
    """A text that ends as a sentence does."""
    return text if text.endswith((".", "!", "?", "…")) else text + "."


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 error`, `2 errors`; `info` is no noun that could be counted."""
    return f"{number} {noun}{'' if number == 1 or noun == 'info' else 's'}"


def severities_in_words(report: Report) -> str:
    """`2 errors, 1 warning`; `no drift` where there is none."""
    found = [count(number, name) for name, number in report.comparison.severities.items() if number]
    return ", ".join(found) or "no drift"


def tables_in_words(report: Report) -> str:
    """`4 of 27 tables`; only `27 tables` where there is no drift, or where some of their tables were not compared."""
    touched = len({(drift.schema, drift.table) for drift in report.comparison.drifts if drift.table is not None})
    tables = count(report.comparison.tables, "table")
    return f"{touched} of {tables}" if 0 < touched <= report.comparison.tables else tables
