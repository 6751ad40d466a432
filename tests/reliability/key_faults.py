"""Changes of one key, index or foreign key of a table, and the drift that each must come to."""

import dataclasses
import random

from column_faults import Changed, some

from schemasync.schema.model import (
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Table,
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
    place = some(luck, table.indexes)
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
    place = some(luck, table.indexes)
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
    place = some(luck, table.indexes)
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
    place = some(luck, table.foreign_keys)
    if place is None:
        return None
    items = list(table.foreign_keys)
    gone = items.pop(place)
    kinds = frozenset({"foreign-key-missing", "foreign-key-extra"})
    return Changed(
        "without a foreign key", dataclasses.replace(table, foreign_keys=tuple(items)), kinds, frozenset({gone.name})
    )


def change_foreign_key(table: Table, luck: random.Random) -> Changed | None:
    place = some(luck, table.foreign_keys)
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
    place = some(luck, table.foreign_keys)
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
