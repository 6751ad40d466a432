"""Columns side by side: which are missing or extra; what each says of the ones in common is for `attributes`."""

from collections.abc import Iterator

from schemasync.compare.attributes import alike, attribute_findings
from schemasync.compare.fixes import PRUNE, differing, fix, fix_extra
from schemasync.compare.sides import Consequence, Finding, TableSides
from schemasync.schema.model import Column


def column_findings(sides: TableSides) -> Iterator[Finding]:
    """Every drift of the table's columns, in the owner's order of columns, then the extra ones by name."""
    reference = sides.reference
    stated = {name: {column.name: column for column in table.columns} for name, table in sides.tables.items()}
    mapped = "sqlalchemy" in sides.tables  # the only witness that a column's equal facts do not settle
    others = [columns for name, columns in stated.items() if name != reference]
    for column in sides.tables[reference].columns:
        if not mapped and all((other := columns.get(column.name)) and alike(column, other) for columns in others):
            continue
        held = {name: columns.get(column.name) for name, columns in stated.items()}
        having = {name: other for name, other in held.items() if other is not None}
        if len(having) < len(held):
            yield _missing(sides, column, held)
        yield from attribute_findings(sides, having)
    extra = sorted(set().union(*stated.values()) - stated[reference].keys())
    for column_name in extra:
        yield _extra(sides, column_name, {name: columns.get(column_name) for name, columns in stated.items()})


def describe(column: Column | None) -> str | None:
    """A column as a value of a drift: type, NOT NULL and default; None where it is absent."""
    if column is None:
        return None
    return str(column.type)


def needs_value(column: Column) -> bool:
    """Whether an INSERT that leaves the column out fails in the database."""
    return not column.nullable and column.default is None and column.identity is None and column.generated is None


def _missing(sides: TableSides, column: Column, held: dict[str, Column | None]) -> Finding:
    behind = {}
    for name in [name for name, other in held.items() if other is None]:
        role = sides.role(name)
        if role == "database":
            consequence = Consequence("error", "Every SELECT, INSERT and UPDATE that names it fails (UndefinedColumn).")
        elif needs_value(column) and _in_database(held) is not False:
            who = "the mirror" if role == "mirror" else "Prisma Client"
            consequence = Consequence("error", f"Every INSERT through {who} fails: it is NOT NULL and has no default.")
        else:
            who = "the back end" if role == "mirror" else "the front end"
            consequence = Consequence("warning", f"Nothing fails now, but {who} can neither read nor write it.")
        behind[name] = consequence
    lacking = list(behind)
    return sides.drift(
        "column-missing",
        column.name,
        {name: describe(other) for name, other in held.items()},
        behind,
        f"{sides.name}.{column.name} is missing from {differing(sides, lacking)}",
        fix(sides, lacking, f"add the column {column.name}, {column.type}{'' if column.nullable else ', NOT NULL'}"),
        {name: other.location if other else None for name, other in held.items()},
    )


def _in_database(held: dict[str, Column | None]) -> bool | None:
    """Whether the database has the column; None where it was not asked."""
    return None if "database" not in held else held["database"] is not None


def _extra(sides: TableSides, column_name: str, held: dict[str, Column | None]) -> Finding:
    having = {name: other for name, other in held.items() if other is not None}
    behind = {}
    for name, column in having.items():
        role = sides.role(name)
        if role != "database":
            if _in_database(held):
                consequence = Consequence("warning", "It works only as long as the database keeps the column.")
            else:
                who = "the mirror" if role == "mirror" else "Prisma Client"
                consequence = Consequence(
                    "error", f"Every SELECT and INSERT through {who} names a column that does not exist."
                )
        elif needs_value(column):
            consequence = Consequence(
                "error",
                "Every INSERT by the owning side fails: it is NOT NULL, has no default, and the owner "
                "does not know it.",
            )
        else:
            consequence = Consequence("warning", "Nothing fails now; the owner's next migration would drop it.")
        behind[name] = consequence
    owner = sides.where(sides.reference)
    return sides.drift(
        "column-extra",
        column_name,
        {name: describe(other) for name, other in held.items()},
        behind,
        f"{sides.name}.{column_name} is in {differing(sides, list(having))} but not in {owner}",
        fix_extra(sides, list(having), f"drop the column {column_name}", "declare it", update=PRUNE),
        {name: other.location if other else None for name, other in held.items()},
    )
