"""Catalogue rows to tables: columns, keys, checks and indexes put together by the tables' oids."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from schemasync.witnesses.catalog_expressions import Spelling, unqualified, without_brackets
from schemasync.witnesses.catalog_indexes import OperatorClasses, read_indexes
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
    columns, types = _columns(rows, spelling)
    names = {oid: (schema, name) for _, oid, schema, name, *_ in rows["table"]}
    indexes = read_indexes(
        rows["index"],
        columns,
        types,
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
            Table(
                name,
                schema,
                _KINDS[kind],
                columns=tuple(columns[oid].values()) if oid in columns else (),
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


def _by_name(items: Iterable[_Named]) -> tuple[_Named, ...]:
    return tuple(sorted(items, key=lambda item: item.name or ""))


def _columns(rows: Rows, spelling: Spelling) -> tuple[dict[str, dict[str, Column]], dict[str, dict[str, ColumnType]]]:
    """Columns and their types, each by table and number; equal columns of different tables are one value."""
    known = read_types(rows["type"])
    defaults = {key: spelling(sql) for _, key, sql, *_ in rows["default"]}
    identities = {(table, number): options for _, table, number, options, *_ in rows["identity"]}
    comments = {(table, number): comment for _, table, number, comment, *_ in rows["comment"]}
    seen: dict[tuple[str, str, str, str | None], Column] = {}
    columns: dict[str, dict[str, Column]] = defaultdict(dict)
    types: dict[str, dict[str, ColumnType]] = defaultdict(dict)
    for _, table, number, name, key, flags, *_ in sorted(rows["column"], key=lambda row: int(row[2])):
        sql = defaults.get(f"{table} {number}") if flags[1] == "t" else None
        column = seen.get((name, key, flags, sql))
        if column is None:
            column = seen[name, key, flags, sql] = _column(name, known[key], flags, sql)
        if column.identity is not None and (table, number) in identities:
            column = replace(column, identity=_identity(column.identity.always, identities[table, number]))
        if (table, number) in comments:
            column = replace(column, comment=comments[table, number])
        columns[table][number] = column
        types[table][number] = known[key]
    return columns, types


def _column(name: str, type_: ColumnType, flags: str, sql: str | None) -> Column:
    identity, _, generated = flags[2:].partition(":")
    default = None
    if sql is not None and not generated:
        default = Default(sql, "sequence" if sequence_of(sql) is not None else "expression")
    return Column(
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


def _constraints(
    rows: Rows,
    columns: Mapping[str, Mapping[str, Column]],
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
        own, own_columns = found[table], columns[table]
        kind, deferrable, deferred, validated, no_inherit = flags[0], *(flag == "t" for flag in flags[1:5])
        if kind == "c":
            own.checks.append(Check(without_brackets(spelling(text)), name, validated, no_inherit))
            continue
        keys = tuple([own_columns[number].name for number in key[1:-1].split(",")]) if kind != "x" else ()
        if kind == "f":
            there = columns.get(other)
            own.foreign_keys.append(
                ForeignKey(
                    keys,
                    *(names.get(other) or outside_names[other]),
                    tuple(
                        [
                            there[number].name if there is not None else outside[other, number]
                            for number in other_key[1:-1].split(",")
                        ]
                    ),
                    name,
                    on_delete=_ACTIONS[flags[7]],
                    on_update=_ACTIONS[flags[6]],
                    match_full=flags[5] == "f",
                    deferrable=deferrable,
                    initially_deferred=deferred,
                    validated=validated,
                )
            )
        elif kind == "p":
            own.primary_key = PrimaryKey(keys, name, deferrable, deferred)
        elif kind == "u":
            backing.add(other)
            index = indexes[other][1]
            own.uniques.append(Unique(keys, name, deferrable, deferred, index.nulls_not_distinct, index.include))
        elif kind == "x":
            backing.add(other)
            own.exclusions.append(Exclusion(spelling(text), name))
    return found, backing
