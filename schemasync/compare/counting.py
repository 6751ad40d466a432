"""How many facts a comparison looked at: those that at least two witnesses state."""

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
    silent = [sides.witnesses[name].silent for name in sides.tables]
    spoken = sum(1 for silence in _COLUMN_FACTS if silence is None or sum(silence not in quiet for quiet in silent) > 1)
    holders: dict[str, int] = {}
    for table in sides.tables.values():
        for column in table.columns:
            holders[column.name] = holders.get(column.name, 0) + 1
    columns = sum(spoken for count in holders.values() if count > 1)
    return 1 + columns + _constraints(sides.tables[sides.reference])


def _constraints(table: Table) -> int:
    return (
        (table.primary_key is not None)
        + len(table.uniques)
        + len(table.indexes)
        + len(table.foreign_keys)
        + len(table.checks)
        + len(table.exclusions)
    )
