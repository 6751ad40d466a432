"""Catalogue rows to tables: columns, keys, checks and indexes put together by the tables' oids."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import TypeVar

from schemasync.records import maker
from schemasync.schema.model import (
    Action,
    Check,
    Enum,
    Exclusion,
    ForeignKey,
    Index,
    PrimaryKey,
    Table,
    TableKind,
    Unique,
)
from schemasync.witnesses.catalog_columns import Columns, read_columns
from schemasync.witnesses.catalog_expressions import Spelling, unqualified, without_brackets
from schemasync.witnesses.catalog_indexes import OperatorClasses, read_indexes
from schemasync.witnesses.catalog_statement import Row

Rows = Mapping[str, Sequence[Row]]
_Named = TypeVar("_Named", Unique, ForeignKey, Index, Check, Exclusion)

_KINDS: dict[str, TableKind] = {
    "r": "table",
    "p": "partitioned table",
    "v": "view",
    "m": "materialized view",
    "f": "foreign table",
}
_ACTIONS: dict[str, Action] = {
    "a": "NO ACTION",
    "r": "RESTRICT",
    "c": "CASCADE",
    "n": "SET NULL",
    "d": "SET DEFAULT",
}
_make_foreign_key, _make_primary_key = maker(ForeignKey), maker(PrimaryKey)
_make_table = maker(
    Table,
    "name",
    "schema",
    "kind",
    "columns",
    "primary_key",
    "uniques",
    "foreign_keys",
    "indexes",
    "checks",
    "exclusions",
    "comment",
)


class _Constraints:
    """What the constraints of one table come to."""

    __slots__ = ("checks", "exclusions", "foreign_keys", "primary_key", "uniques")

    def __init__(self) -> None:
        self.primary_key: PrimaryKey | None = None
        self.uniques: list[Unique] = []
        self.foreign_keys: list[ForeignKey] = []
        self.checks: list[Check] = []
        self.exclusions: list[Exclusion] = []


_NONE = _Constraints()


def read_tables(rows: Rows, *, raw: bool, separator: str) -> tuple[Table, ...]:
    """All tables and views, by schema and name, with everything that hangs on them.

    Args:
        rows: the catalogue's rows by kind.
        raw: whether expressions are kept as printed, with every name qualified.
        separator: what stands between the columns of a table.
    """
    spelling: Spelling = str if raw else unqualified
    columns = read_columns(rows, spelling, separator)
    names = {oid: (schema, name) for _, oid, schema, name, *_ in rows["table"]}
    indexes = read_indexes(rows["index"], columns, OperatorClasses(rows["operator class"]), spelling)
    constraints, backing = _constraints(rows, columns, names, indexes, spelling)
    free: dict[str, list[Index]] = defaultdict(list)
    for oid, (table, index) in indexes.items():
        if oid not in backing:
            free[table].append(index)
    comments = {table: comment for _, table, number, comment, *_ in rows["comment"] if number == "0"}
    tables = []
    for _, oid, schema, name, kind, *_ in sorted(rows["table"], key=itemgetter(2, 3)):
        own = constraints.get(oid, _NONE)
        tables.append(
            _make_table(
                name,
                schema,
                _KINDS[kind],
                tuple([column for column, _ in columns[oid].values()]) if oid in columns else (),
                own.primary_key,
                _by_name(own.uniques) if own.uniques else (),
                _by_name(own.foreign_keys) if own.foreign_keys else (),
                _by_name(free[oid]) if oid in free else (),
                _by_name(own.checks) if own.checks else (),
                _by_name(own.exclusions) if own.exclusions else (),
                comments.get(oid),
            )
        )
    return tuple(tables)


def read_enums(rows: Iterable[Row]) -> tuple[Enum, ...]:
    """All enums, by schema and name; the values in their sort order."""
    enums = (
        Enum(name, tuple(json.loads(values)) if values else (), schema, comment)
        for _, schema, name, values, comment, *_ in rows
    )
    return tuple(sorted(enums, key=lambda enum: enum.key))


def _by_name(items: list[_Named]) -> tuple[_Named, ...]:
    return tuple(sorted(items, key=attrgetter("name")) if len(items) > 1 else items)


@lru_cache(maxsize=4096)
def _numbers(key: str) -> list[str]:
    """The column numbers of an `int2[]`, as text."""
    return key[1:-1].split(",")


def _constraints(
    rows: Rows,
    columns: Columns,
    names: Mapping[str, tuple[str, str]],
    indexes: Mapping[str, tuple[str, Index]],
    spelling: Spelling,
) -> tuple[dict[str, _Constraints], set[str]]:
    """Constraints by table, and the indexes that enforce them."""
    found: dict[str, _Constraints] = defaultdict(_Constraints)
    backing = set()
    for _, table, flags, name, key, other, other_key, text in rows["constraint"]:
        own, own_columns = found[table], columns.get(table, {})
        kind, deferrable, deferred, validated = flags[0], flags[1] == "t", flags[2] == "t", flags[3] == "t"
        if kind == "c":
            own.checks.append(Check(without_brackets(spelling(text)), name, validated, flags[4] == "t"))
        elif kind == "x":
            backing.add(other)
            own.exclusions.append(Exclusion(spelling(text), name))
        elif kind != "n":
            keys = tuple([own_columns[number][0].name for number in _numbers(key)])
            if kind == "p":
                own.primary_key = _make_primary_key(keys, name, deferrable, deferred)
            elif kind == "u":
                backing.add(other)
                index = indexes[other][1]
                own.uniques.append(Unique(keys, name, deferrable, deferred, index.nulls_not_distinct, index.include))
            else:
                if text is None:
                    there = columns[other]
                    schema, target = names[other]
                    targets = tuple([there[number][0].name for number in _numbers(other_key)])
                else:
                    schema, target, outside = json.loads(text)
                    targets = tuple(outside)
                own.foreign_keys.append(
                    _make_foreign_key(
                        keys,
                        schema,
                        target,
                        targets,
                        name,
                        _ACTIONS[flags[7]],
                        _ACTIONS[flags[6]],
                        flags[5] == "f",
                        deferrable,
                        deferred,
                        validated,
                    )
                )
    return found, backing
