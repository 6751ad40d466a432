"""The baseline: drifts that somebody has accepted, kept in a file, each for a time if wanted."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from schemasync.compare.drift import Comparison, Drift, DriftLocation, Suppression
from schemasync.compare.kinds import catalogue
from schemasync.errors import SchemasyncError
from schemasync.paths import shown
from schemasync.records import record

if TYPE_CHECKING:
    from pathlib import Path

VERSION = 1
FILE_NAME = "schemasync-baseline.json"
TEXTS = ("kind", "schema", "table", "object")
# Only a comparison that replays the migrations finds these, so that another cannot know that they are gone.
REPLAYED = frozenset({"prisma-history", "alembic-history"})


class BaselineError(SchemasyncError):
    """The baseline cannot be read, or is none."""


@record(frozen=True, slots=True)
class Entry:
    """An accepted drift, known by what it is about, not by its values or lines.

    Args:
        behind: the sides that may be behind; a comparison of fewer witnesses finds fewer of them.
        witnesses: those that were compared when it was accepted; only a comparison of all of them can tell that it is
            gone.
        expires: the last day on which it is accepted; None is for good.
        reason: why, for those who read the file.
    """

    kind: str
    schema: str
    table: str | None
    object: str | None
    behind: tuple[str, ...]
    witnesses: tuple[str, ...]
    expires: date | None = None
    reason: str = ""
    line: int = 1

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What it is about."""
        return (self.kind, self.schema, self.table or "", self.object or "")

    def accepts(self, drift: Drift) -> bool:
        """Whether it is about this drift."""
        about = (drift.kind, drift.schema, drift.table or "", drift.object or "")
        return about == self.identity and set(drift.behind) <= set(self.behind)


def read_baseline(path: Path) -> tuple[Entry, ...]:
    """The entries of a file.

    Raises:
        BaselineError: it cannot be read, or is no baseline of this version.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text)
    except OSError as error:
        raise BaselineError(f"cannot read the baseline {shown(path)}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"the baseline {shown(path)} is no JSON: {error}") from error
    if (
        not isinstance(content, dict)
        or content.get("version") != VERSION
        or not isinstance(content.get("drifts"), list)
    ):
        raise BaselineError(
            f"{shown(path)} is no baseline of version {VERSION}",
            hint="write it anew: schemasync check --write-baseline",
        )
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if '"kind":' in line]
    places = lines if len(lines) == len(content["drifts"]) else [1] * len(content["drifts"])
    return tuple(_entry(item, line, path) for item, line in zip(content["drifts"], places, strict=True))


def _entry(item: Any, line: int, path: Path) -> Entry:
    where = f"{shown(path)}:{line}"
    if not isinstance(item, dict) or not isinstance(item.get("kind"), str):
        raise BaselineError(f"{where}: an entry of the baseline names no kind")
    if any(not isinstance(item.get(name), str | None) for name in (*TEXTS, "expires", "reason")):
        raise BaselineError(f"{where}: an entry of the baseline has a value that is no text")
    sides = [item.get(name, []) for name in ("behind", "witnesses")]
    if not all(isinstance(side, list) and all(isinstance(name, str) for name in side) for side in sides):
        raise BaselineError(f"{where}: behind and witnesses are lists of names")
    try:
        expires = date.fromisoformat(item["expires"]) if item.get("expires") else None
    except ValueError as error:
        raise BaselineError(
            f"{where}: expires is no date: {item['expires']!r}", hint="write it as YYYY-MM-DD"
        ) from error
    return Entry(
        item["kind"],
        item.get("schema") or "public",
        item.get("table"),
        item.get("object"),
        tuple(sides[0]),
        tuple(sides[1]),
        expires,
        item.get("reason") or "",
        line,
    )


def accepted(
    comparison: Comparison, entries: Iterable[Entry], path: Path, witnesses: Iterable[str], today: date
) -> Comparison:
    """A comparison without the drifts that the baseline accepts; entries that accept none are drifts themselves.

    Args:
        entries: the baseline's.
        path: its file, for the places of stale entries.
        witnesses: those that were compared.
        today: an entry that expired before is void, and its drift counts again.
    """
    listed = tuple(entries)
    compared = set(witnesses)
    kept: list[Drift] = []
    suppressed: list[Suppression] = []
    used: set[Entry] = set()
    for drift in comparison.drifts:
        entry = next((entry for entry in listed if entry.accepts(drift)), None)
        if entry is None:
            kept.append(drift)
            continue
        used.add(entry)
        if entry.expires is not None and entry.expires < today:
            kept.append(dataclasses.replace(drift, message=f"{drift.message} (accepted until {entry.expires})"))
            continue
        until = f" until {entry.expires}" if entry.expires else ""
        reason = f": {entry.reason}" if entry.reason else ""
        suppressed.append(Suppression(drift, "external", f"accepted in {shown(path)}{until}{reason}"))
    gone = [entry for entry in listed if entry not in used and entry.kind not in REPLAYED]
    stale = [_stale(entry, path) for entry in gone if set(entry.witnesses) <= compared]
    return dataclasses.replace(comparison, drifts=(*kept, *stale), suppressed=(*comparison.suppressed, *suppressed))


def _stale(entry: Entry, path: Path) -> Drift:
    kind = catalogue()["baseline-stale"]
    name = ".".join(part for part in (entry.table, entry.object) if part)
    about = f"{entry.kind} of {name}" if name else entry.kind
    return Drift(
        kind.name,
        "error",
        None,
        entry.schema,
        entry.table,
        f"{entry.kind} {entry.object}" if entry.object else entry.kind,
        {},
        (),
        f"the baseline accepts {about}, and there is no such drift",
        kind.breaks,
        "take the entry out: schemasync check --write-baseline",
        locations=(DriftLocation(str(path), entry.line, 1, "baseline"),),
    )


def rewritten(
    drifts: Iterable[Drift], before: Iterable[Entry], witnesses: Iterable[str], expires: date | None, today: date
) -> str:
    """A baseline's text that accepts exactly these drifts.

    What an entry said of its drift (its reason, an expiry that has not passed) stays. Entries that this comparison
    cannot judge, since it lacks one of their witnesses, stay too.

    Args:
        expires: for drifts that were not accepted before.
    """
    compared = tuple(witnesses)
    earlier = list(before)
    entries = [entry for entry in earlier if not set(entry.witnesses) <= set(compared) or entry.kind in REPLAYED]
    for drift in drifts:
        old = next((entry for entry in earlier if entry.accepts(drift)), None)
        if old is not None and old in entries:
            continue
        if old is not None and old.expires is not None and old.expires < today:
            old = None
        entries.append(
            Entry(
                drift.kind,
                drift.schema,
                drift.table,
                drift.object,
                drift.behind,
                compared,
                old.expires if old else expires,
                old.reason if old else "",
            )
        )
    content = {
        "version": VERSION,
        "drifts": [_as_json(entry) for entry in sorted(entries, key=lambda one: one.identity)],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _as_json(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "schema": entry.schema,
        "table": entry.table,
        "object": entry.object,
        "behind": list(entry.behind),
        "witnesses": list(entry.witnesses),
        "expires": entry.expires.isoformat() if entry.expires else None,
        "reason": entry.reason,
    }
