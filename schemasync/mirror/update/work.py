"""What there is to do: the models as they would be with all tables and columns, held against the owner's facts."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field, replace

from schemasync.compare.drift import Drift
from schemasync.compare.engine import compare_witnesses
from schemasync.compare.sides import Speller
from schemasync.mirror.naming import Key
from schemasync.mirror.plan import Plan
from schemasync.ownership import Ownership
from schemasync.schema.model import Column, Schema, Table

# A relationship: its table's schema and name, and Prisma's name for it.
End = tuple[str | None, str | None, str | None]


@dataclass(slots=True)
class TableWork:
    """What one mirror lacks or says otherwise.

    Args:
        expected: the owner's table.
        model: the mirror as it is; None where there is none.
        missing: the columns that it lacks.
        drifts: everything else.
    """

    expected: Table
    model: Table | None
    missing: tuple[Column, ...] = ()
    drifts: list[Drift] = field(default_factory=list)

    def new_ends(self) -> Iterable[End]:
        """The relationships that are to be written."""
        lacking = {drift.object for drift in self.drifts if drift.kind == "relationship-missing"}
        for one in self.expected.relationships:
            if self.model is None or one.name in lacking:
                yield *self.expected.key, one.name

    def touches(self, ends: Set[End]) -> bool:
        """Whether a relationship of this table is the other end of one of those."""
        return any((one.target_schema, one.target_table, one.reverse) in ends for one in self.expected.relationships)

    @property
    def is_marked(self) -> bool:
        """Whether the mirror says that it is Prisma's."""
        return self.model is not None and self.model.marked_owner == "prisma"


def work_of(
    prisma: Schema, models: Schema, ownership: Ownership, plan: Plan, speller: Speller | None
) -> tuple[dict[Key, TableWork], list[Drift]]:
    """What to do for each table that is to be mirrored, and what differs of enums and join tables.

    A key, index or relationship on a column that the mirror lacks is part of that column's drift. So missing columns
    and tables are taken as added first, and what then still differs is added to them.
    """
    work = {}
    extended = {table.key: table for table in models.tables}
    for expected in plan.models:
        key = expected.key
        model = models.table_by_key.get(key)
        have = {column.name for column in model.columns} if model is not None else set()
        missing = tuple(column for column in expected.columns if column.name not in have)
        work[key] = TableWork(expected, model, missing if model is not None else ())
        if model is None:
            extended[key] = replace(expected, marked_owner="prisma")
        elif missing:
            extended[key] = replace(model, columns=(*model.columns, *missing))
    tables = tuple(extended[key] for key in sorted(extended))
    as_added = replace(models, tables=tables)
    comparison = compare_witnesses({"prisma": prisma, "sqlalchemy": as_added}, ownership, speller=speller)
    others = []
    for drift in comparison.drifts:
        key = (drift.schema, drift.table or "")
        if "sqlalchemy" not in drift.behind:
            continue
        if key in work:
            if work[key].model is not None:
                work[key].drifts.append(drift)
        elif drift.table is None or (key in plan.join_tables and drift.kind != "mirror-missing"):
            others.append(drift)
    return work, others
