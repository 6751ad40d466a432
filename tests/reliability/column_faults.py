"""Changes of one fact of a table's columns, and the drift that each must come to."""

import dataclasses
import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

from schemasync.schema.defaults import Default
from schemasync.schema.model import (
    Column,
    Identity,
    Table,
)
from schemasync.schema.types import data_type


class Changed(NamedTuple):
    """A table after one change of it; other tables lose the foreign keys that can no longer exist."""

    what: str
    table: Table
    kinds: frozenset[str]
    objects: frozenset[str | None]
    lost_columns: frozenset[str] = frozenset()


Change = Callable[[Table, random.Random], "Changed | None"]


def some(luck: random.Random, items: Sequence[object]) -> int | None:
    return luck.randrange(len(items)) if items else None


def with_column(table: Table, index: int, column: Column) -> Table:
    columns = list(table.columns)
    columns[index] = column
    return dataclasses.replace(table, columns=tuple(columns))


def key_columns(table: Table) -> frozenset[str]:
    return frozenset(table.primary_key.columns if table.primary_key else ())


def change_type(table: Table, luck: random.Random) -> Changed | None:
    index = some(luck, table.columns)
    if index is None:
        return None
    column = table.columns[index]
    types = [data_type(name) for name in ("macaddr", "tsquery", "polygon", "xml")] + [data_type("varchar", (977,))]
    # A default of another type could mean something else; that would be a second fact.
    plain = dataclasses.replace(column, type=luck.choice(types))
    if column.default is not None or column.identity is not None or plain.type == column.type:
        return None
    kinds = frozenset({"column-type", "column-length"})
    return Changed(f"type of {column.name}", with_column(table, index, plain), kinds, frozenset({column.name}))


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
    return Changed(f"length of {column.name}", with_column(table, index, other), kinds, frozenset({column.name}))


def change_nullability(table: Table, luck: random.Random) -> Changed | None:
    index = some(luck, [*table.columns])
    if index is None or table.columns[index].name in key_columns(table):
        return None
    column = table.columns[index]
    other = dataclasses.replace(column, nullable=not column.nullable)
    kinds = frozenset({"column-nullability"})
    return Changed(f"nullability of {column.name}", with_column(table, index, other), kinds, frozenset({column.name}))


def change_default(table: Table, luck: random.Random) -> Changed | None:
    index = some(luck, table.columns)
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
    return Changed(f"default of {column.name}", with_column(table, index, other), kinds, frozenset({column.name}))


def drop_column(table: Table, luck: random.Random) -> Changed | None:
    index = some(luck, table.columns)
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
    return Changed(f"identity of {column.name}", with_column(table, place, other), kinds, frozenset({column.name}))
