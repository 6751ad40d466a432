"""A drift: one fact on which witnesses disagree; and a comparison: all drifts, and what was not compared."""

from collections.abc import Mapping
from typing import Any, Literal

from schemasync.records import record, replace

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@record(frozen=True, slots=True)
class DriftLocation:
    """Where a witness states the fact, or would: a file, a line and a column from 1."""

    path: str
    line: int
    column: int
    witness: str


@record(frozen=True, slots=True)
class Drift:
    """One fact on which witnesses disagree.

    Args:
        kind: the name of an entry in the catalogue of kinds.
        owner: the side whose migrations may change the table; None where no witness declares it.
        schema, table: names in the database; for an enum `table` is None.
        object: the column, constraint, index or value concerned, by the owner's name; None for a whole table.
        values: what each witness says; None where it lacks the object, left out where it is silent.
        behind: the witnesses that differ from the owner.
        breaks: what fails at run time because of it, or what acts on it next.
        explained_by: the pending migration that explains it.
        fingerprint: the same as long as kind, object and sides are the same, wherever the lines move.
        databases: where many databases were held against the same schema, the names of those that have the drift.
    """

    kind: str
    severity: Severity
    owner: str | None
    schema: str
    table: str | None
    object: str | None
    values: Mapping[str, str | None]
    behind: tuple[str, ...]
    message: str
    breaks: str
    fix: str
    explained_by: str | None = None
    locations: tuple[DriftLocation, ...] = ()
    fingerprint: str = ""
    databases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.fingerprint:
            parts = (self.kind, self.schema, self.table or "", self.object or "", *self.behind)
            from hashlib import sha256

            digest = sha256("\0".join(parts).encode()).hexdigest()
            object.__setattr__(self, "fingerprint", digest[:16])

    def of_enum(self) -> "Drift":
        """The same drift about an object that belongs to no table, such as an enum type."""
        return replace(self, table=None, fingerprint="")

    def to_dict(self) -> dict[str, Any]:
        """The drift as the command line's JSON has it; `databases` only where there were many."""
        content: dict[str, Any] = {
            "kind": self.kind,
            "severity": self.severity,
            "owner": self.owner,
            "schema": self.schema,
            "table": self.table,
            "object": self.object,
            "values": dict(self.values),
            "behind": list(self.behind),
            "message": self.message,
            "breaks": self.breaks,
            "fix": self.fix,
            "explained_by": self.explained_by,
            "locations": [
                {"path": place.path, "line": place.line, "column": place.column, "witness": place.witness}
                for place in self.locations
            ],
            "fingerprint": self.fingerprint,
        }
        if self.databases:
            content["databases"] = list(self.databases)
        return content


@record(frozen=True, slots=True)
class Suppression:
    """A drift that somebody has accepted: it is kept, but no longer counted.

    Args:
        place: where that is written: `inSource`, a comment beside the declaration, or `external`, the baseline.
        justification: why, in a sentence.
    """

    drift: Drift
    place: Literal["inSource", "external"]
    justification: str


@record(frozen=True, slots=True)
class Comparison:
    """The outcome of a comparison.

    Args:
        drifts: in a fixed order: by schema, table, kind's place in the catalogue, object.
        tables: how many tables at least two witnesses state.
        facts: how many facts at least two witnesses state and were compared.
        not_compared: what was left out and why, in sentences.
        suppressed: drifts that a baseline or a comment accepts; they are not among `drifts`.
    """

    drifts: tuple[Drift, ...]
    tables: int
    facts: int
    not_compared: tuple[str, ...] = ()
    suppressed: tuple[Suppression, ...] = ()

    @property
    def severities(self) -> dict[str, int]:
        """How many drifts there are by severity."""
        return {severity: sum(drift.severity == severity for drift in self.drifts) for severity in SEVERITIES}
