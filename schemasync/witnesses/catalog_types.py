"""Column types from the catalogue: names, modifiers and collations decoded once for each combination in use.

Sources: PostgreSQL manual, section 8 "Data Types"; the modifiers' encodings in PostgreSQL's `varchar.c`, `numeric.c`,
`timestamp.c` and `varbit.c`.
"""

import json
from collections.abc import Iterable

from schemasync.records import record
from schemasync.schema.types import DataType, data_type, parse_type
from schemasync.witnesses.catalog_statement import Row

_LENGTH = frozenset({"bpchar", "varchar"})
_PLAIN = frozenset({"bit", "varbit", "time", "timetz", "timestamp", "timestamptz"})
_VARIABLE_HEADER = 4
_DEFAULT_COLLATION = "default"
# Of the number that holds a type and its modifier: the modifier's bits, and the one that makes it negative.
_LOW, _SIGN = 0xFFFFFFFF, 0x80000000


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


class Types(dict[str, ColumnType]):
    """The types in use, by the key that columns carry: type, modifier and collation.

    Args:
        rows: of the query `TYPES`.
        unusual: what the query `COLUMNS` says of keys that do not say it themselves.
    """

    def __init__(self, rows: Iterable[Row], unusual: Iterable[str]) -> None:
        self._known: dict[str, tuple[str, str | None, str, int]] = {}
        for _, oid, array, name, schema, collation, *_ in rows:
            self._known[array] = (name, schema, collation, 1)
            self._known[oid] = (name, schema, collation, 0)
        self._unusual: dict[str, tuple[str | None, str | None]] = {}
        for text in unusual:
            self._unusual.update((key, (formatted, collation)) for key, formatted, collation in json.loads(text))

    def __missing__(self, key: str) -> ColumnType:
        number, _, collation_oid = key.partition(" ")
        modifier = ((int(number) & _LOW) ^ _SIGN) - _SIGN
        oid = str((int(number) - modifier) >> 32)
        name, schema, usual_collation, dimensions = self._known[oid]
        collation_oid = collation_oid or ("0" if usual_collation == "0" else "100")
        formatted, collation = self._unusual.get(key, (None, _DEFAULT_COLLATION))
        type_ = _type(name, schema, modifier, formatted, dimensions=dimensions)
        stated = collation if collation_oid not in ("0", usual_collation) else None
        made = self[key] = ColumnType(type_, stated, oid, collation_oid)
        return made


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
