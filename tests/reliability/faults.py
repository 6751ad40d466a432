"""One fault at a time: a witness's schema with exactly one fact changed, and the drift that this must come to."""

import dataclasses
import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

from column_faults import (
    Change,
    Changed,
    add_column,
    change_default,
    change_length,
    change_nullability,
    change_type,
    drop_column,
    key_columns,
    make_identity,
)
from key_faults import (
    add_index,
    change_foreign_key,
    change_index,
    change_primary_key,
    drop_foreign_key,
    drop_index,
    rename_foreign_key,
    rename_index,
    rename_key,
)

from schemasync.schema.defaults import Default
from schemasync.schema.model import (
    Check,
    Column,
    Enum,
    Identity,
    Schema,
    Table,
    Unique,
)

Key = tuple[str, str]


class Fault(NamedTuple):
    """A changed schema.

    Args:
        what: the change in words.
        schema: with the change.
        kinds: the drift must be of one of these kinds.
        table: its schema and table; the table is None for an enum.
        objects: its object must be one of these.
    """

    what: str
    schema: Schema
    kinds: frozenset[str]
    table: tuple[str, str | None]
    objects: frozenset[str | None]


# What any two witnesses can be held to.
CHANGES: tuple[Change, ...] = (
    change_type,
    change_length,
    change_nullability,
    change_default,
    drop_column,
    add_column,
    change_primary_key,
    rename_key,
    rename_index,
    drop_index,
    add_index,
    change_index,
    drop_foreign_key,
    change_foreign_key,
    rename_foreign_key,
    make_identity,
)


def any_field(table: Table, luck: random.Random) -> Changed | None:
    """One field of one record of the table, whatever it is: for witnesses that PostgreSQL itself spelled."""
    places = [("columns", place) for place in range(len(table.columns))]
    places += [("indexes", place) for place in range(len(table.indexes))]
    places += [("foreign_keys", place) for place in range(len(table.foreign_keys))]
    if table.primary_key is not None:
        places.append(("primary_key", 0))
    attribute, place = luck.choice(places)
    held = getattr(table, attribute)
    record = held if attribute == "primary_key" else held[place]
    fields = [one.name for one in dataclasses.fields(record) if one.compare and one.name in _OTHER]
    if isinstance(record, Column):
        fields.remove("on_update")  # an application's, which no database states
    name = luck.choice(fields)
    value = getattr(record, name)
    if name == "nullable" and record.name in key_columns(table):
        return None
    changed = dataclasses.replace(record, **{name: _OTHER[name](value)})
    if changed == record:
        return None
    items = changed if attribute == "primary_key" else (*held[:place], changed, *held[place + 1 :])
    return Changed(
        f"{attribute}.{name} of {record.name}",
        dataclasses.replace(table, **{attribute: items}),
        frozenset(),
        frozenset({record.name}),
    )


_OTHER: dict[str, Callable[[object], object]] = {
    "nullable": lambda value: not value,
    "collation": lambda value: "C" if value is None else None,
    "comment": lambda value: "other" if value is None else None,
    "identity": lambda value: Identity(always=True) if value is None else None,
    "deferrable": lambda value: not value,
    "match_full": lambda value: not value,
    "validated": lambda value: not value,
    "valid": lambda value: not value,
    "unique": lambda value: not value,
    "nulls_not_distinct": lambda value: not value,
    "method": lambda value: "gin" if value == "btree" else "btree",
    "predicate": lambda value: "id > 977" if value is None else None,
    "on_delete": lambda value: "CASCADE" if value != "CASCADE" else "SET NULL",
    "on_update": lambda value: "CASCADE" if value != "CASCADE" else "RESTRICT",
    "default": lambda value: Default("some_function(977)") if value is None or _is_plain(value) else None,
}


def _is_plain(value: object) -> bool:
    """Whether a default is a plain expression, which another one may take the place of."""
    return isinstance(value, Default) and value.kind == "expression"


def add_constraint(table: Table, luck: random.Random) -> Changed | None:
    """A check or unique constraint more: what Prisma cannot express and two complete witnesses can."""
    if luck.random() < 0.5:
        added = dataclasses.replace(table, checks=(*table.checks, Check("1 > 0", "one_more")))
    else:
        columns = (luck.choice(table.columns).name,)
        added = dataclasses.replace(table, uniques=(*table.uniques, Unique(columns, "one_more", deferrable=True)))
    return Changed("one more constraint", added, frozenset(), frozenset({"one_more"}))


COMPLETE_CHANGES: tuple[Change, ...] = (*CHANGES, any_field, any_field, any_field, add_constraint)


def fault(schema: Schema, changes: Sequence[Change], luck: random.Random) -> Fault | None:
    """A schema with one fact changed, or None where the change that was drawn does not apply to the table drawn."""
    if schema.enums and luck.random() < 0.1:
        return _enum_fault(schema, luck)
    tables = [table for table in schema.tables if table.kind == "table" and table.columns]
    if not tables:
        return None
    table = luck.choice(tables)
    changed = luck.choice(changes)(table, luck)
    if changed is None:
        return None
    others = []
    for other in schema.tables:
        if other.key == table.key:
            other = changed.table
        if changed.lost_columns:
            other = _without_keys_to(other, table.key, changed.lost_columns)
        others.append(other)
    return Fault(
        f"{table.name}: {changed.what}",
        dataclasses.replace(schema, tables=tuple(others)),
        changed.kinds,
        table.key,
        changed.objects,
    )


def _without_keys_to(table: Table, target: Key, lost: frozenset[str]) -> Table:
    kept = tuple(
        key
        for key in table.foreign_keys
        if (key.referenced_schema, key.referenced_table) != target or not lost & set(key.referenced_columns)
    )
    return dataclasses.replace(table, foreign_keys=kept)


def _enum_fault(schema: Schema, luck: random.Random) -> Fault | None:
    place = luck.randrange(len(schema.enums))
    enum: Enum = schema.enums[place]
    draw = luck.randrange(3)
    kinds = frozenset({"enum-values"})
    if draw == 0:
        values = (*enum.values, "one_more")
    elif draw == 1 and len(enum.values) > 1:
        values = tuple(value for value in enum.values if value != luck.choice(enum.values))
    else:
        values, kinds = tuple(reversed(enum.values)), frozenset({"enum-order"})
    if values == enum.values:
        return None
    enums = list(schema.enums)
    enums[place] = dataclasses.replace(enum, values=values)
    changed = dataclasses.replace(schema, enums=tuple(enums))
    return Fault(f"enum {enum.name}", changed, kinds, (enum.schema, None), frozenset({enum.name}))
