"""Tables in which the witnesses agree on everything: told quickly, so that only the others are looked at closely.

Nearly every table of a real project is one. What is told here follows from what the comparison of each part does with
equal values; a test holds both ways against each other.
"""

from collections.abc import Mapping

from schemasync.compare.attributes import same_rarities
from schemasync.compare.column_defaults import same_in_database
from schemasync.compare.counting import facts_of_equals
from schemasync.compare.sides import reference_among
from schemasync.schema.defaults import Default
from schemasync.schema.model import Column, Schema, Table
from schemasync.schema.types import DataType, same_type

# Others judge a table by more than its parts: whether it is mapped, and by whom.
_WITNESSES = frozenset({"prisma", "database", "snapshot", "prisma-migrations"})

_UNKNOWN = (None, None, None)


class Agreement:
    """Tells of a table whether a comparison of the same witnesses can find anything in it.

    Args:
        witnesses: that are compared.
    """

    def __init__(self, witnesses: Mapping[str, Schema]) -> None:
        self._names = list(witnesses)
        self._possible = _WITNESSES.issuperset(witnesses)
        # Complete witnesses are also compared to the letter.
        self._to_the_letter = sum(schema.complete for schema in witnesses.values()) > 1
        self._silent = tuple([schema.silent for schema in witnesses.values()])
        # Witnesses share equal types and defaults, which live as long as they do: each pair is judged once. The
        # database shares equal columns too: by its identity, what one agreed with it last.
        self._pairs: set[tuple[int, ...]] = set()
        self._known: dict[int, tuple[DataType | None, Default | None, bool | None]] = {}

    def facts(self, tables: Mapping[str, Table], owner: str | None) -> int | None:
        """How many facts the witnesses agree on; None where the table must be looked at closely.

        Args:
            tables: what the witnesses state of it, in their order.
            owner: the owning side; None where nobody declares the table.
        """
        if not self._possible or len(tables) < len(self._names):
            return None
        if owner == "sqlalchemy":
            return None
        reference = tables[reference_among(owner, tables)]
        for table in tables.values():
            if table is not reference and not (
                _parts_agree(reference, table) and self._columns_agree(reference, table)
            ):
                return None
        return facts_of_equals(reference, self._silent)

    def _columns_agree(self, reference: Table, table: Table) -> bool:
        """Whether the columns are the same, in the same order, and types and defaults that differ mean the same.

        What only clients know of a column (what they fill in, which class they read) is a mirror's affair.
        """
        if len(reference.columns) != len(table.columns):
            return False
        known = self._known
        for one, other in zip(reference.columns, table.columns, strict=True):
            if one.name != other.name:
                return False
            is_plain = (
                one.identity is None
                and one.generated is None
                and one.collation is None
                and one.comment is None
                and not one.options
            )
            type_, default, nullable = known.get(id(other), _UNKNOWN)
            if is_plain and type_ is one.type and default is one.default and nullable is one.nullable:
                continue
            if one.nullable is not other.nullable or not same_rarities(one, other) or not self._alike(one, other):
                return False
            if is_plain:
                known[id(other)] = (one.type, one.default, one.nullable)
        return True

    def _alike(self, one: Column, other: Column) -> bool:
        pair = (id(one.type), id(other.type), id(one.default), id(other.default))
        if pair not in self._pairs:
            if not self._same(one, other):
                return False
            if one.identity is None:  # of a column that a sequence fills, the default need not be the same
                self._pairs.add(pair)
        return True

    def _same(self, one: Column, other: Column) -> bool:
        if self._to_the_letter:
            return one.type == other.type and one.default == other.default
        return same_type(one.type, other.type) and same_in_database(one, other) is True


def _parts_agree(one: Table, other: Table) -> bool:
    """Whether everything is the same but the columns."""
    return (
        one.kind == other.kind
        and one.comment == other.comment
        and one.primary_key == other.primary_key
        and one.foreign_keys == other.foreign_keys
        and one.indexes == other.indexes
        and one.uniques == other.uniques
        and one.checks == other.checks
        and one.exclusions == other.exclusions
    )
