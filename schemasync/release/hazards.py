"""What a step does to a database that is in use, from what was measured and the live tables' sizes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schemasync.ownership import HISTORY_TABLES
from schemasync.release.hazards_meter import MODES, Effect, Measured
from schemasync.schema.names import qualified

Key = tuple[str, str]
# What others have to wait for while somebody holds the lock (PostgreSQL manual, "Table-Level Locks").
_BLOCKS = {
    "ShareLock": "writes",
    "ShareRowExclusiveLock": "writes",
    "ExclusiveLock": "writes",
    "AccessExclusiveLock": "reads and writes",
}
_SPELLED = {
    mode: "".join(f" {letter}" if letter.isupper() else letter for letter in mode.removesuffix("Lock")).strip().upper()
    for mode in MODES
}

# A table that was never analysed has reltuples -1, before PostgreSQL 14 no pages either; its file tells its size.
_SIZES = """
SELECT n.nspname, c.relname, pg_catalog.sum(leaf.reltuples)::bigint, pg_catalog.bool_or(leaf.unknown),
    pg_catalog.sum(leaf.bytes)::bigint
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN LATERAL (
    SELECT part.reltuples, unknown,
        CASE WHEN unknown THEN pg_catalog.pg_relation_size(part.oid)
        ELSE part.relpages::bigint * pg_catalog.current_setting('block_size')::bigint END AS bytes
    FROM pg_catalog.pg_class part, LATERAL (SELECT part.reltuples <= 0 AND part.relpages = 0) AS has(unknown)
    WHERE part.relkind <> 'p' AND (part.oid = c.oid
        OR c.relkind = 'p' AND part.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(c.oid)))
) AS leaf ON true
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_|^information_schema$'
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Size:
    """A live table's size by the catalogue's own estimate: `pg_class.reltuples` and `relpages`.

    Args:
        rows: None where the table was never analysed.
        bytes: of the table alone, without indexes.
    """

    rows: int | None
    bytes: int

    def __str__(self) -> str:
        if not self.bytes:
            return "empty"
        space = _scaled(self.bytes, 1024, ("bytes", "kB", "MB", "GB", "TB"))
        if self.rows is None:
            return f"rows never counted, {space}"
        return f"{_scaled(self.rows, 1000, ('', 'k', 'M', 'G'))} row{'' if self.rows == 1 else 's'}, {space}"


@dataclass(frozen=True, slots=True)
class Hazard:
    """What a statement does to a table that services use.

    Args:
        step: the step's id.
        migration: the migration's name, or the revision's identifier.
        place: `path:line`.
        sql: the statement.
        schema, table: the table.
        lock: as PostgreSQL's manual spells it: `ACCESS EXCLUSIVE`.
        blocks: what others wait for meanwhile; empty for nothing.
        work: what is done to the table: `rewritten`, `emptied`, `read through`, `written`; None for nothing that lasts.
        held: what the same transaction does to other tables while it holds the lock, as sentences' ends.
        size: the live table's; None where it is not known.
    """

    step: str
    migration: str
    place: str
    sql: str
    schema: str
    table: str
    lock: str | None
    blocks: str
    work: str | None
    held: tuple[str, ...]
    size: Size | None

    @property
    def lasts(self) -> bool:
        """Whether the lock is held for as long as a table is worked through."""
        return self.work is not None or bool(self.held)

    @property
    def sentence(self) -> str:
        """Lock, table, size and work in one sentence."""
        parts = [f"{self.lock or 'no lock'} on {_sized(self.schema, self.table, self.size)}"]
        if self.work is not None:
            parts.append(f"while {_WORK[self.work]}")
        if self.held:
            parts.append(("and " if self.work else "") + f"held while {' and '.join(self.held)}")
        parts.append(f"blocks {self.blocks}" if self.blocks else "reads and writes go on")
        first, *rest = parts
        return first + "".join((" " if one.startswith(("while", "and", "held")) else ": ") + one for one in rest)


_WORK = {
    "rewritten": "it is rewritten",
    "emptied": "it is emptied",
    "read through": "it is read through",
    "written": "every row is written",
}


def hazards(
    step: str,
    migration: str,
    measured: Sequence[Measured],
    sizes: Mapping[Key, Size],
    rows: Mapping[Key, int],
) -> tuple[Hazard, ...]:
    """What a migration's statements do to tables that were there before, the worst first.

    Args:
        step, migration: which it is.
        measured: its statements.
        sizes: of the live tables.
        rows: how many rows the scratch database's tables had.
    """
    found = []
    measured = [_without_bookkeeping(one) for one in measured]
    for number, one in enumerate(measured):
        later = [other for other in measured[number + 1 :] if other.transaction == one.transaction]
        for effect in one.effects:
            key = (effect.schema, effect.table)
            work = _work(effect, rows.get(key, 0))
            blocks = _BLOCKS.get(effect.lock or "", "")
            held = _held(key, later, sizes, rows) if effect.taken and blocks else ()
            # What is gone is worked on no more, and whoever waits for it fails: that is told by the plan.
            if not (work or (effect.taken and blocks)):
                continue
            lock = _SPELLED.get(effect.lock or "")
            blocks = "writes to the same rows" if work == "written" and not blocks else blocks
            found.append(Hazard(step, migration, one.place, one.sql, *key, lock, blocks, work, held, sizes.get(key)))
    return worst_first(found)


def _without_bookkeeping(one: Measured) -> Measured:
    """A statement without what it does to the tables in which the tools keep their histories."""
    return replace(one, effects=tuple(effect for effect in one.effects if effect.table not in HISTORY_TABLES))


def worst_first(found: Iterable[Hazard]) -> tuple[Hazard, ...]:
    """Hazards by what they cost: those that last first, of these the ones on the largest tables."""
    return tuple(sorted(found, key=lambda one: (not one.lasts, not one.blocks, -(one.size.bytes if one.size else 0))))


def live_sizes(rows: Callable[[str], Iterable[Any]]) -> dict[Key, Size]:
    """The sizes of a live database's tables, partitions counted into their parents.

    Args:
        rows: runs a SELECT there.
    """
    return {
        (row[0], row[1]): Size(None if row[3] in (True, "t", "true") else int(row[2]), int(row[4]))
        for row in rows(_SIZES)
    }


def _work(effect: Effect, rows: int) -> str | None:
    if effect.emptied:
        return "emptied"
    if effect.rewritten:
        return "rewritten"
    if rows and effect.written >= rows:
        return "written"
    return "read through" if effect.scanned else None


def _held(key: Key, later: Sequence[Measured], sizes: Mapping[Key, Size], rows: Mapping[Key, int]) -> tuple[str, ...]:
    """The work on other tables that follows in the same transaction."""
    told: dict[str, None] = {}
    for one in later:
        for effect in one.effects:
            other = (effect.schema, effect.table)
            work = _work(effect, rows.get(other, 0))
            if other != key and work is not None:
                what = (
                    _WORK[work].replace("it is ", "is ").replace("every row", "has every row").replace("row is", "row")
                )
                told[f"{_sized(*other, sizes.get(other))} {what}"] = None
    return tuple(told)


def _sized(schema: str, table: str, size: Size | None) -> str:
    name = qualified(schema, table)
    return f"{name} ({size})" if size is not None else name


def _scaled(number: int, base: int, units: Sequence[str]) -> str:
    value = float(number)
    for unit in units:
        if value < base or unit == units[-1]:
            shown = f"{value:.1f}" if value < 10 and unit != units[0] else f"{value:.0f}"
            return f"{shown.removesuffix('.0')} {unit}".strip()
        value /= base
    raise AssertionError
