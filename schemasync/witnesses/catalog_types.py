"""Column types from the catalogue: names, modifiers and collations decoded once for each combination in use.

Sources: PostgreSQL manual, section 8 "Data Types"; the modifiers' encodings in PostgreSQL's `varchar.c`, `numeric.c`,
`timestamp.c` and `varbit.c`.
"""

from collections.abc import Iterable

from schemasync.schema.records import record
from schemasync.schema.types import DataType, data_type, parse_type

Row = tuple[str, ...]

_LENGTH = frozenset({"bpchar", "varchar"})
_PLAIN = frozenset({"bit", "varbit", "time", "timetz", "timestamp", "timestamptz"})
_VARIABLE_HEADER = 4


@record(frozen=True, slots=True)
class ColumnType:
    """A column's type as the catalogue keeps it.

    Args:
        type: as the model has it.
        collation: where it is not the type's own.
        oid: the type's oid, as text.
        collation_oid: the column's collation's oid, as text.
    """

    type: DataType
    collation: str | None
    oid: str
    collation_oid: str


def read_types(rows: Iterable[Row]) -> dict[str, ColumnType]:
    """The types in use, by the key that columns carry: type, modifier and collation."""
    found = {}
    for _, key, name, schema, array, formatted, collation, _ in rows:
        oid, modifier, collation_oid = key.split(" ")
        type_ = _type(name, schema, int(modifier), formatted, dimensions=1 if array == "true" else 0)
        found[key] = ColumnType(type_, collation, oid, collation_oid)
    return found


def _type(name: str, schema: str | None, modifier: int, formatted: str | None, *, dimensions: int) -> DataType:
    if formatted is not None:
        printed = parse_type(formatted)
        if schema == "pg_catalog":
            return printed
        return DataType(name, printed.arguments, dimensions, schema)
    if schema != "pg_catalog":
        return DataType(name, (), dimensions, schema)
    if name == "char":
        return DataType("char", ("internal",), dimensions)
    if name == "bit" and modifier < 0:
        return DataType("bit", (), dimensions)
    return data_type(name, _arguments(name, modifier), dimensions)


def _arguments(name: str, modifier: int) -> tuple[int, ...]:
    """Length, or precision and scale, from a type modifier; an eleven-bit scale may be negative."""
    if modifier < 0:
        return ()
    if name in _LENGTH:
        return (modifier - _VARIABLE_HEADER,)
    if name == "numeric":
        bare = modifier - _VARIABLE_HEADER
        return ((bare >> 16) & 0xFFFF, ((bare & 0x7FF) ^ 0x400) - 0x400)
    return (modifier,) if name in _PLAIN else ()
