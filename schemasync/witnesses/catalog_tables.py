"""Catalogue rows to tables: columns, keys, checks and indexes put together by the tables' oids."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeVar

from schemasync.schema.defaults import Default, sequence_of
from schemasync.schema.model import (
    Action,
    Check,
    Column,
    Enum,
    Exclusion,
    ForeignKey,
    Generated,
    Identity,
    Index,
    PrimaryKey,
    Table,
    TableKind,
    Unique,
)
from schemasync.schema.records import maker
from schemasync.witnesses.catalog_expressions import Spelling, unqualified, without_brackets
from schemasync.witnesses.catalog_indexes import Columns, OperatorClasses, read_indexes
from schemasync.witnesses.catalog_types import ColumnType, Row, read_types

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
_make_column, _make_foreign_key = maker(Column), maker(ForeignKey)
_make_primary_key, _make_table = maker(PrimaryKey), maker(Table)
# The largest values of smallint, integer and bigint, by oid: a sequence's own limits unless it says otherwise.
_LARGEST = {21: 2**15 - 1, 23: 2**31 - 1, 20: 2**63 - 1}


@dataclass(slots=True)
class _Constraints:
    """What the constraints of one table come to."""

    primary_key: PrimaryKey | None = None
    uniques: list[Unique] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)


def read_tables(rows: Rows, *, raw: bool) -> tuple[Table, ...]:
    """All tables and views, by schema and name, with everything that hangs on them.

    Args:
        rows: the catalogue's rows by kind.
        raw: whether expressions are kept as printed, with every name qualified.
    """
    spelling: Spelling = str if raw else unqualified
    columns = _columns(rows, spelling)
    names = {oid: (schema, name) for _, oid, schema, name, *_ in rows["table"]}
    indexes = read_indexes(
        rows["index"],
        columns,
        OperatorClasses(rows["operator class"]),
        {oid: name for _, oid, name, *_ in rows["index collation"]},
        spelling,
    )
    constraints, backing = _constraints(rows, columns, names, indexes, spelling)
    free: dict[str, list[Index]] = defaultdict(list)
    for oid, (table, index) in indexes.items():
        if oid not in backing:
            free[table].append(index)
    comments = {table: comment for _, table, number, comment, *_ in rows["comment"] if number == "0"}
    tables = []
    for _, oid, schema, name, kind, *_ in rows["table"]:
        own = constraints.get(oid) or _Constraints()
        tables.append(
            _make_table(
                name,
                schema,
                _KINDS[kind],
                columns=tuple([column for column, _ in columns[oid].values()]) if oid in columns else (),
                primary_key=own.primary_key,
                uniques=_by_name(own.uniques),
                foreign_keys=_by_name(own.foreign_keys),
                indexes=_by_name(free.get(oid, ())),
                checks=_by_name(own.checks),
                exclusions=_by_name(own.exclusions),
                comment=comments.get(oid),
            )
        )
    return tuple(sorted(tables, key=lambda table: table.key))


def read_enums(rows: Iterable[Row]) -> tuple[Enum, ...]:
    """All enums, by schema and name; the values in their sort order."""
    enums = (
        Enum(name, tuple(json.loads(values)) if values else (), schema, comment)
        for _, schema, name, values, comment, *_ in rows
    )
    return tuple(sorted(enums, key=lambda enum: enum.key))


def _by_name(items: Collection[_Named]) -> tuple[_Named, ...]:
    return tuple(sorted(items, key=lambda item: item.name or "")) if len(items) > 1 else tuple(items)


def _columns(rows: Rows, spelling: Spelling) -> Columns:
    """Columns with their types by table and number; equal columns of different tables are one value."""
    known = read_types(rows["type"])
    defaults = {key: sql for _, key, sql, *_ in rows["default"]}
    seen: dict[tuple[str, str, str, str | None], tuple[Column, ColumnType]] = {}
    columns: dict[str, dict[str, tuple[Column, ColumnType]]] = defaultdict(dict)
    for _, table, number, name, key, flags, _, _ in rows["column"]:
        sql = defaults.get(f"{table} {number}") if flags[1] == "t" else None
        found = seen.get((name, key, flags, sql))
        if found is None:
            found = seen[name, key, flags, sql] = (_column(name, known[key], flags, sql, spelling), known[key])
        columns[table][number] = found
    for table, own in columns.items():
        numbers = list(map(int, own))
        if numbers != sorted(numbers):
            columns[table] = dict(sorted(own.items(), key=lambda item: int(item[0])))
    for _, table, number, options, *_ in rows["identity"]:
        column, type_ = columns[table][number]
        if column.identity is not None:
            identity = _identity(column.identity.always, options)
            columns[table][number] = (replace(column, identity=identity), type_)
    for _, table, number, comment, *_ in rows["comment"]:
        if number in columns[table]:
            column, type_ = columns[table][number]
            columns[table][number] = (replace(column, comment=comment), type_)
    return columns


def _column(name: str, type_: ColumnType, flags: str, sql: str | None, spelling: Spelling) -> Column:
    identity, _, generated = flags[2:].partition(":")
    default = None
    sql = None if sql is None else spelling(sql)
    if sql is not None and not generated:
        default = Default(sql, "sequence" if sequence_of(sql) is not None else "expression")
    return _make_column(
        name,
        type_.type,
        nullable=flags[0] == "f",
        default=default,
        identity=Identity(always=identity == "a") if identity else None,
        generated=Generated(without_brackets(sql or ""), stored=generated == "s") if generated else None,
        collation=type_.collation,
    )


def _identity(always: bool, text: str) -> Identity:
    """The sequence's options that are not what PostgreSQL chooses. Manual, "CREATE SEQUENCE"."""
    start, increment, minimum, maximum, cache, cycle, type_ = json.loads(text)
    largest = _LARGEST[type_]
    usual_minimum, usual_maximum = (1, largest) if increment > 0 else (-largest - 1, -1)
    stated = {
        "cache": (cache, 1),
        "cycle": (int(cycle), 0),
        "increment": (increment, 1),
        "maxvalue": (maximum, usual_maximum),
        "minvalue": (minimum, usual_minimum),
        "start": (start, minimum if increment > 0 else maximum),
    }
    return Identity(always, tuple((name, value) for name, (value, usual) in stated.items() if value != usual))


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
    outside_names = {table: (schema, name) for _, table, schema, name, *_ in rows["referenced"]}
    outside = {(table, number): column for _, table, _, _, number, column, *_ in rows["referenced"]}
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
                there = columns.get(other)
                if there is not None:
                    targets = tuple([there[number][0].name for number in _numbers(other_key)])
                else:
                    targets = tuple([outside[other, number] for number in _numbers(other_key)])
                schema, target = names.get(other) or outside_names[other]
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
