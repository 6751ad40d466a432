"""Primary keys side by side."""

from collections.abc import Iterator

from schemasync.compare.constraints import columns_exist, name_finding
from schemasync.compare.fixes import fix
from schemasync.compare.sides import Consequence, Finding, TableSides, grouped_by_value
from schemasync.schema.model import PrimaryKey


def primary_key_findings(sides: TableSides) -> Iterator[Finding]:
    """`primary-key` where the columns differ, `constraint-name` where only the name does."""
    if sides.agree("primary_key") or sides.tables[sides.reference].kind not in ("table", "partitioned table"):
        return
    held = {name: table.primary_key for name, table in sides.tables.items()}
    expected = held[sides.reference]
    behind = {}
    for name, key in held.items():
        if _columns(key) == _columns(expected) or not columns_exist(sides, name, expected.columns if expected else ()):
            continue
        if sides.role(name) == "mirror" and expected is None:
            # SQLAlchemy cannot map a table without one, so a mirror of a table that has none must name some.
            continue
        if expected is None and key is not None and not columns_exist(sides, sides.reference, key.columns):
            continue
        behind[name] = (
            Consequence("error", "Rows are identified by other columns: updates and upserts fail or hit others.")
            if key is not None
            else Consequence("error", "Duplicate and NULL keys can be stored; foreign keys cannot refer to the table.")
        )
    values = {name: _key_text(key) for name, key in held.items()}
    places = {name: key.location if key else None for name, key in held.items()}
    if behind:
        yield sides.drift(
            "primary-key",
            _key_name(sides, expected),
            values,
            behind,
            f"the primary key of {sides.name} is {values[sides.reference] or 'absent'} in "
            f"{sides.where(sides.reference)}, "
            + ", ".join(
                f"{value} in {' and '.join(where)}"
                for value, where in grouped_by_value(sides, {name: values[name] for name in behind})
            ),
            fix(sides, list(behind), f"make the primary key {values[sides.reference] or 'absent'}", update=None),
            places,
        )
    if expected is not None:
        yield from name_finding(
            sides,
            "constraint-name",
            "primary key",
            expected.name,
            {name: key.name for name, key in held.items() if key is not None and name not in behind},
            places,
        )


def _columns(key: PrimaryKey | None) -> tuple[str, ...] | None:
    return key.columns if key is not None else None


def _key_text(key: PrimaryKey | None) -> str | None:
    return f"({', '.join(key.columns)})" if key is not None else None


def _key_name(sides: TableSides, key: PrimaryKey | None) -> str:
    return key.name if key is not None and key.name is not None else f"{sides.name}_pkey"
