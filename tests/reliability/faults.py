"""One fault at a time: a witness's schema with exactly one fact changed, and the drift that this must come to."""

import dataclasses
import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

from schemasync.schema.defaults import Default
from schemasync.schema.model import (
    Check,
    Column,
    Enum,
    ForeignKey,
    Identity,
    Index,
    IndexPart,
    PrimaryKey,
    Schema,
    Table,
    Unique,
)
from schemasync.schema.types import data_type

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


class Changed(NamedTuple):
    """A table after one change of it; other tables lose the foreign keys that can no longer exist."""

    what: str
    table: Table
    kinds: frozenset[str]
    objects: frozenset[str | None]
    lost_columns: frozenset[str] = frozenset()


Change = Callable[[Table, random.Random], "Changed | None"]


def _some(luck: random.Random, items: Sequence[object]) -> int | None:
    return luck.randrange(len(items)) if items else None


def _with_column(table: Table, index: int, column: Column) -> Table:
    columns = list(table.columns)
    columns[index] = column
    return dataclasses.replace(table, columns=tuple(columns))


def _key_columns(table: Table) -> frozenset[str]:
    return frozenset(table.primary_key.columns if table.primary_key else ())


def change_type(table: Table, luck: random.Random) -> Changed | None:
    index = _some(luck, table.columns)
    if index is None:
        return None
    column = table.columns[index]
    types = [data_type(name) for name in ("macaddr", "tsquery", "polygon", "xml")] + [data_type("varchar", (977,))]
    # A default of another type could mean something else; that would be a second fact.
    plain = dataclasses.replace(column, type=luck.choice(types))
    if column.default is not None or column.identity is not None or plain.type == column.type:
        return None
    kinds = frozenset({"column-type", "column-length"})
    return Changed(f"type of {column.name}", _with_column(table, index, plain), kinds, frozenset({column.name}))


def change_length(table: Table, luck: random.Random) -> Changed | None:
    candidates = [place for place, column in enumerate(table.columns) if column.type.arguments]
    index = luck.choice(candidates) if candidates else None
    if index is None:
        return None
    column = table.columns[index]
    arguments = tuple(one + 1 if isinstance(one, int) else one for one in column.type.arguments or ())
    if arguments == column.type.arguments:
        return None
    other = dataclasses.replace(column, type=dataclasses.replace(column.type, arguments=arguments))
    kinds = frozenset({"column-type", "column-length"})
    return Changed(f"length of {column.name}", _with_column(table, index, other), kinds, frozenset({column.name}))


def change_nullability(table: Table, luck: random.Random) -> Changed | None:
    index = _some(luck, [*table.columns])
    if index is None or table.columns[index].name in _key_columns(table):
        return None
    column = table.columns[index]
    other = dataclasses.replace(column, nullable=not column.nullable)
    kinds = frozenset({"column-nullability"})
    return Changed(f"nullability of {column.name}", _with_column(table, index, other), kinds, frozenset({column.name}))


def change_default(table: Table, luck: random.Random) -> Changed | None:
    index = _some(luck, table.columns)
    if index is None:
        return None
    column = table.columns[index]
    unknown = column.default is not None and column.default.sql is None
    if column.identity is not None or column.generated is not None or unknown:
        return None
    changed = None if column.default is not None and luck.random() < 0.5 else Default("some_function(977)")
    other = dataclasses.replace(column, default=changed)
    if column.client_default is not None:
        return None
    kinds = frozenset({"column-default"})
    return Changed(f"default of {column.name}", _with_column(table, index, other), kinds, frozenset({column.name}))


def drop_column(table: Table, luck: random.Random) -> Changed | None:
    index = _some(luck, table.columns)
    if index is None or len(table.columns) < 2:
        return None
    name = table.columns[index].name
    key = table.primary_key

    def without(items: Sequence[object]) -> tuple[object, ...]:
        return tuple(
            item for item in items if name not in {*getattr(item, "columns", ()), *getattr(item, "include", ())}
        )

    if any(part.expression or item.predicate for item in table.indexes for part in item.parts):
        return None
    smaller = dataclasses.replace(
        table,
        columns=tuple(column for column in table.columns if column.name != name),
        primary_key=None if key is not None and name in key.columns else key,
        uniques=without(table.uniques),
        indexes=without(table.indexes),
        foreign_keys=without(table.foreign_keys),
        relationships=tuple(one for one in table.relationships if not (one.on_this_side and name in one.columns)),
    )
    kinds = frozenset({"column-missing", "column-extra"})
    return Changed(f"without {name}", smaller, kinds, frozenset({name}), frozenset({name}))


def add_column(table: Table, luck: random.Random) -> Changed | None:
    column = Column(f"added_{luck.randrange(1000)}", data_type("integer"), nullable=luck.random() < 0.5)
    if table.column(column.name) is not None:
        return None
    columns = list(table.columns)
    columns.insert(luck.randrange(len(columns) + 1), column)
    kinds = frozenset({"column-missing", "column-extra"})
    return Changed(
        "one more column", dataclasses.replace(table, columns=tuple(columns)), kinds, frozenset({column.name})
    )


def change_primary_key(table: Table, luck: random.Random) -> Changed | None:
    key = table.primary_key
    columns = [column.name for column in table.columns]
    wanted = tuple(luck.sample(columns, min(len(columns), luck.randrange(1, 3))))
    changed = None if key is not None and luck.random() < 0.5 else PrimaryKey(wanted, key.name if key else None)
    if key == changed or (key is not None and changed is not None and key.columns == changed.columns):
        return None
    names = {f"{table.name}_pkey", key.name if key is not None else None}
    kinds = frozenset({"primary-key"})
    return Changed("primary key", dataclasses.replace(table, primary_key=changed), kinds, frozenset(names))


def rename_key(table: Table, luck: random.Random) -> Changed | None:
    key = table.primary_key
    if key is None or key.name is None:
        return None
    renamed = dataclasses.replace(key, name="another_name")
    kinds = frozenset({"constraint-name"})
    return Changed(
        "primary key's name",
        dataclasses.replace(table, primary_key=renamed),
        kinds,
        frozenset({key.name, "another_name"}),
    )


def rename_index(table: Table, luck: random.Random) -> Changed | None:
    place = _some(luck, table.indexes)
    if place is None or table.indexes[place].name is None:
        return None
    items = list(table.indexes)
    former = items[place].name
    items[place] = dataclasses.replace(items[place], name="another_name")
    kinds = frozenset({"index-name", "constraint-name"})
    return Changed(
        "index's name", dataclasses.replace(table, indexes=tuple(items)), kinds, frozenset({former, "another_name"})
    )


def drop_index(table: Table, luck: random.Random) -> Changed | None:
    place = _some(luck, table.indexes)
    if place is None:
        return None
    items = list(table.indexes)
    gone = items.pop(place)
    kinds = frozenset({"index-missing", "unique-missing", "index-extra", "unique-extra"})
    return Changed("without an index", dataclasses.replace(table, indexes=tuple(items)), kinds, frozenset({gone.name}))


def add_index(table: Table, luck: random.Random) -> Changed | None:
    names = [column.name for column in table.columns]
    parts = tuple(IndexPart(name) for name in luck.sample(names, min(len(names), luck.randrange(1, 4))))
    index = Index(parts, "one_more_idx", unique=luck.random() < 0.5)
    kinds = frozenset({"index-missing", "unique-missing", "index-extra", "unique-extra"})
    added = dataclasses.replace(table, indexes=(*table.indexes, index))
    return Changed("one more index", added, kinds, frozenset({"one_more_idx"}))


def change_index(table: Table, luck: random.Random) -> Changed | None:
    place = _some(luck, table.indexes)
    if place is None:
        return None
    items = list(table.indexes)
    index = items[place]
    if luck.random() < 0.5:
        items[place] = dataclasses.replace(index, method="hash" if index.method != "hash" else "btree")
    else:
        first = dataclasses.replace(
            index.parts[0], descending=not index.parts[0].descending, nulls_first=not index.parts[0].descending
        )
        items[place] = dataclasses.replace(index, parts=(first, *index.parts[1:]))
    kinds = frozenset({"index-definition"})
    return Changed("an index", dataclasses.replace(table, indexes=tuple(items)), kinds, frozenset({index.name}))


def drop_foreign_key(table: Table, luck: random.Random) -> Changed | None:
    place = _some(luck, table.foreign_keys)
    if place is None:
        return None
    items = list(table.foreign_keys)
    gone = items.pop(place)
    kinds = frozenset({"foreign-key-missing", "foreign-key-extra"})
    return Changed(
        "without a foreign key", dataclasses.replace(table, foreign_keys=tuple(items)), kinds, frozenset({gone.name})
    )


def change_foreign_key(table: Table, luck: random.Random) -> Changed | None:
    place = _some(luck, table.foreign_keys)
    if place is None:
        return None
    items: list[ForeignKey] = list(table.foreign_keys)
    key = items[place]
    actions = ["NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"]
    if luck.random() < 0.5:
        items[place] = dataclasses.replace(key, on_delete=luck.choice([one for one in actions if one != key.on_delete]))
    else:
        items[place] = dataclasses.replace(key, on_update=luck.choice([one for one in actions if one != key.on_update]))
    kinds = frozenset({"foreign-key-action"})
    return Changed(
        "a foreign key's action", dataclasses.replace(table, foreign_keys=tuple(items)), kinds, frozenset({key.name})
    )


def rename_foreign_key(table: Table, luck: random.Random) -> Changed | None:
    place = _some(luck, table.foreign_keys)
    if place is None or table.foreign_keys[place].name is None:
        return None
    items = list(table.foreign_keys)
    former = items[place].name
    items[place] = dataclasses.replace(items[place], name="another_name")
    kinds = frozenset({"constraint-name"})
    return Changed(
        "a foreign key's name",
        dataclasses.replace(table, foreign_keys=tuple(items)),
        kinds,
        frozenset({former, "another_name"}),
    )


def make_identity(table: Table, luck: random.Random) -> Changed | None:
    plain = [
        place
        for place, one in enumerate(table.columns)
        if one.default is None and one.identity is None and one.generated is None and one.type.family == "integer"
    ]
    if not plain:
        return None
    place = luck.choice(plain)
    column = table.columns[place]
    other = dataclasses.replace(column, identity=Identity(always=luck.random() < 0.5))
    kinds = frozenset({"column-identity"})
    return Changed(f"identity of {column.name}", _with_column(table, place, other), kinds, frozenset({column.name}))


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
    if name == "nullable" and record.name in _key_columns(table):
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
