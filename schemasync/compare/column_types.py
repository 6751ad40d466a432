"""Types side by side: `column-type`, `column-length` and `python-type`."""

import re
from collections.abc import Iterator, Mapping

from schemasync.compare.fixes import UPDATE, fix, nothing_fails
from schemasync.compare.sides import Consequence, Finding, TableSides, grouped_by_value
from schemasync.schema.model import Column
from schemasync.schema.types import DataType, same_type, values_survive

# Types whose values Python reads as one class; a driver hands over nothing else without a converter.
_PYTHON_TYPES = {
    "character": {"str"},
    "integer": {"int"},
    "numeric": {"Decimal", "float", "int"},
    "float": {"float", "Decimal"},
    "boolean": {"bool"},
    "uuid": {"UUID", "str"},
    "date": {"date"},
    "time": {"time"},
    "timetz": {"time"},
    "timestamp": {"datetime"},
    "timestamptz": {"datetime"},
    "interval": {"timedelta"},
    "bytea": {"bytes", "bytearray", "memoryview"},
}
_BUILT_IN = {name for names in _PYTHON_TYPES.values() for name in names} | {"dict", "list", "tuple", "set"}


def column_type(sides: TableSides, held: Mapping[str, Column]) -> Iterator[Finding]:
    """`column-type`, or `column-length` where only length, precision or scale differ."""
    reference = sides.reference
    expected = held[reference].type
    for kind in ("column-type", "column-length"):
        behind = {}
        for name, column in held.items():
            if same_type(expected, column.type) or kind != _kind(expected, column.type):
                continue
            role = sides.role(name)
            judge = _database_consequence if role == "database" else _mirror_consequence
            behind[name] = judge(sides, name, expected, column.type)
        if not behind:
            continue
        values = {name: str(column.type) for name, column in held.items()}
        column_name = held[reference].name
        differing = grouped_by_value(sides, {name: values[name] for name in behind})
        yield sides.drift(
            kind,
            column_name,
            values,
            behind,
            f"{sides.name}.{column_name} is {expected} in {sides.where(reference)}, "
            + ", ".join(f"{value} in {' and '.join(where)}" for value, where in differing),
            fix(sides, list(behind), f"make {column_name} {expected}"),
            {name: column.location for name, column in held.items()},
        )


def _kind(one: DataType, other: DataType) -> str:
    same_name = one.name == other.name and one.dimensions == other.dimensions
    schemas_agree = one.schema == other.schema or None in (one.schema, other.schema)
    return "column-length" if same_name and schemas_agree else "column-type"


def _database_consequence(sides: TableSides, name: str, expected: DataType, actual: DataType) -> Consequence:
    survival = values_survive(expected, actual)
    if survival == "all":
        return Consequence("warning", nothing_fails(sides, name))
    if survival == "some":
        return Consequence("error", f"Values that {expected} holds are refused or rounded by {actual}.")
    return Consequence("error", f"The owner's side binds and reads {expected}, which {actual} does not take.")


def _mirror_consequence(sides: TableSides, name: str, expected: DataType, actual: DataType) -> Consequence:
    who = "the mirror" if sides.role(name) == "mirror" else "Prisma Client"
    names = {expected.name, actual.name}
    if expected.dimensions != actual.dimensions:
        return Consequence("error", f"A list and a single value are not the same: reads and writes through {who} fail.")
    if names == {"timestamp", "timestamptz"}:
        return Consequence(
            "error",
            f"Times shift: {who} binds {actual}, and PostgreSQL converts it by the session's time zone; "
            f"what is read back {'has no zone' if expected.name == 'timestamp' else 'has one'}.",
        )
    if expected.family == actual.family == "character":
        return _character_consequence(sides, name, expected, actual)
    if expected.family == actual.family or values_survive(expected, actual) == "all":
        return _same_family_consequence(sides, name, expected, actual)
    if expected.schema is not None and actual.schema is not None:
        return Consequence("error", f"A driver that casts binds to {actual} fails: the column's type is {expected}.")
    if expected.schema is not None:
        return Consequence(
            "error", f"Drivers that send typed parameters fail: {expected} has no operator that takes {actual}."
        )
    if actual.schema is not None:
        return Consequence(
            "error", f"Drivers that cast binds to {actual} fail, and a value outside it raises LookupError when read."
        )
    return Consequence(
        "error", f"{who[0].upper()}{who[1:]} binds and reads {actual} where the column holds {expected}."
    )


def _character_consequence(sides: TableSides, name: str, expected: DataType, actual: DataType) -> Consequence:
    if actual.arguments and values_survive(expected, actual) != "all":
        return Consequence(
            "warning",
            f"The column holds longer texts than {actual} says; "
            "create_all and autogenerate would cut the column to the mirror's length.",
        )
    if expected.arguments and not actual.arguments:
        return Consequence("warning", f"Longer texts are refused by the database (limit {expected.arguments[0]}).")
    if expected.name == actual.name:
        return Consequence("warning", f"Texts longer than {expected} holds are refused by the database.")
    return Consequence("info", nothing_fails(sides, name))


def _same_family_consequence(sides: TableSides, name: str, expected: DataType, actual: DataType) -> Consequence:
    if expected.family == "json":
        return Consequence("warning", f"Operators of {actual} that {expected} has not fail in queries.")
    if values_survive(actual, expected) != "all":
        return Consequence("warning", f"Values that {actual} holds are refused or rounded by {expected}.")
    return Consequence("warning", nothing_fails(sides, name))


def python_type(sides: TableSides, held: Mapping[str, Column]) -> Iterator[Finding]:
    """`python-type`: a mapped annotation that promises another class than the column's values are."""
    column = held.get("sqlalchemy")
    reference = sides.reference
    expected = held[reference].type
    if column is None or column.python_type is None or not same_type(expected, column.type):
        return
    annotation = re.sub(r"\b(?:\w+\.)+", "", column.python_type)
    outer = re.split(r"[\[|]", annotation)[0].strip()
    known = {"list", "List", "Sequence", "tuple"} if expected.dimensions else _PYTHON_TYPES.get(expected.family)
    if known is None and expected.schema is None:
        return
    if known is None:
        fits = outer not in _BUILT_IN or outer == "str"
        promised = "an enum class or str"
    else:
        fits = outer in known or outer not in _BUILT_IN
        promised = "list" if expected.dimensions else " or ".join(sorted(known))
    if fits:
        return
    yield sides.drift(
        "python-type",
        held[reference].name,
        {reference: f"{expected} ({promised})", "sqlalchemy": column.python_type},
        {
            "sqlalchemy": Consequence(
                "warning", f"The annotation promises {column.python_type}; what is read is {promised}."
            )
        },
        f"{sides.name}.{held[reference].name} is annotated {column.python_type}, but {expected} reads as {promised}",
        f"{UPDATE}, or in {sides.where('sqlalchemy')}: annotate {column.field or column.name} as {promised}",
        {name: other.location for name, other in held.items()},
    )
