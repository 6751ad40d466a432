"""How many facts a comparison looked at: those that at least two witnesses state."""

from collections import Counter
from functools import lru_cache

from schemasync.compare.sides import TableSides
from schemasync.schema.model import Silence, Table

# A column's facts, and what a witness must be able to express to state one.
_COLUMN_FACTS: tuple[Silence | None, ...] = (
    None,  # that it is there
    None,  # its type
    None,  # its nullability
    None,  # its default
    "client-default",
    "identity",
    "generated",
    "collation",
    "comment",
)


def facts_of(sides: TableSides) -> int:
    """The facts about one table that at least two witnesses state.

    A column counts once for each attribute that two of the witnesses that have it can express; a key, constraint or
    index counts once, where the reference states it and another witness speaks of its kind.
    """
    if len(sides.tables) < 2:
        return 0
    spoken = _spoken(tuple([sides.witnesses[name].silent for name in sides.tables]))
    return 1 + spoken * _shared_columns(sides) + _constraints(sides.tables[sides.reference])


def facts_of_equals(table: Table, silent: tuple[frozenset[Silence], ...]) -> int:
    """The facts about a table of which all witnesses state the same columns, keys, constraints and indexes.

    Args:
        table: as any of them states it.
        silent: what each of them cannot express.
    """
    return 1 + _spoken(silent) * len(table.columns) + _constraints(table)


def _shared_columns(sides: TableSides) -> int:
    """How many columns at least two witnesses have."""
    first, *others = [[column.name for column in table.columns] for table in sides.tables.values()]
    if all(names == first for names in others):
        return len(first)
    holders = Counter(first)
    for names in others:
        holders.update(names)
    return sum(count > 1 for count in holders.values())


def _constraints(table: Table) -> int:
    return (
        (table.primary_key is not None)
        + len(table.uniques)
        + len(table.indexes)
        + len(table.foreign_keys)
        + len(table.checks)
        + len(table.exclusions)
    )


@lru_cache(maxsize=64)
def _spoken(silent: tuple[frozenset[Silence], ...]) -> int:
    """How many facts of a column at least two witnesses can express, by what each is silent on."""
    return sum(silence is None or sum(silence not in quiet for quiet in silent) > 1 for silence in _COLUMN_FACTS)
