"""What there is to do: the models as they would be with all tables and columns, held against the owner's facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from schemasync.compare.drift import Drift
from schemasync.compare.engine import compare_witnesses
from schemasync.compare.sides import Speller
from schemasync.ownership import Ownership
from schemasync.schema.model import Column, Schema, Table

Key = tuple[str, str]


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

    @property
    def is_marked(self) -> bool:
        """Whether the mirror says that it is Prisma's."""
        return self.model is not None and self.model.marked_owner == "prisma"


def work_of(
    prisma: Schema, models: Schema, ownership: Ownership, mirrored: Mapping[Key, Table], speller: Speller | None
) -> tuple[dict[Key, TableWork], list[Drift]]:
    """What to do for each table that is to be mirrored, and the drifts of enums.

    A key, index or relationship on a column that the mirror lacks is part of that column's drift. So missing columns
    and tables are taken as added first, and what then still differs is added to them.
    """
    work = {}
    extended = {table.key: table for table in models.tables}
    for key, expected in mirrored.items():
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
    owned = Ownership(
        (*ownership.prisma,), ownership.sqlalchemy, ownership.ignore, ownership.mirror, ownership.history_tables
    )
    comparison = compare_witnesses({"prisma": prisma, "sqlalchemy": as_added}, owned, speller=speller)
    of_enums = []
    for drift in comparison.drifts:
        if drift.table is None:
            of_enums.append(drift)
        elif (drift.schema, drift.table) in work and "sqlalchemy" in drift.behind:
            one = work[(drift.schema, drift.table)]
            if one.model is not None:
                one.drifts.append(drift)
    return work, of_enums
