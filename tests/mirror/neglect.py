"""A schema as it was before: columns, keys, indexes, relations, labels and a model missing, attributes different."""

import itertools
from dataclasses import replace

from schemasync.schema.model import Column, Enum, Schema, Table
from schemasync.schema.types import DataType


def neglected(schema: Schema) -> Schema:
    """The same schema with about a third of everything missing or different, always in the same way."""
    numbers = itertools.count(1)
    mapped = [table for table in schema.tables if table.model is not None and table.kind == "table"]
    gone = {mapped[-1].key} if len(mapped) > 2 else set()
    joined = {one.secondary for table in mapped if table.key in gone for one in table.relationships}
    tables = [
        _table(table, gone, next(numbers))
        for table in schema.tables
        if table.key not in gone and table.name not in joined
    ]
    dropped = {
        (table.key, one.name) for table, before in zip(tables, tables, strict=True) for one in before.relationships
    }
    tables = [_connected(table, dropped) for table in tables]
    used = {(column.type.schema, column.type.name) for table in tables for column in table.columns}
    enums = [_enum(enum) for enum in schema.enums if enum.key in used]
    return replace(schema, tables=tuple(tables), enums=tuple(enums))


def _table(table: Table, gone: set[tuple[str, str]], number: int) -> Table:
    if table.model is None or table.kind != "table":
        return table
    key = table.primary_key.columns if table.primary_key is not None else ()
    unique = {column for index in table.indexes if index.unique for column in index.columns}
    referring = {column for one in table.foreign_keys for column in one.columns}
    lost = {
        column.name
        for position, column in enumerate(table.columns)
        if column.name not in key and column.name not in unique and (position + number) % 3 == 0
    }
    keys = [
        replace(one, on_delete="NO ACTION") if number % 2 else one
        for one in table.foreign_keys
        if not lost & set(one.columns) and (one.referenced_schema, one.referenced_table) not in gone
    ]
    columns = [
        _column(column, position + number, keep=column.name in key or column.name in unique | referring)
        for position, column in enumerate(table.columns)
        if column.name not in lost
    ]
    indexes = [
        index
        for position, index in enumerate(table.indexes)
        if not lost & set(index.columns) and (index.unique or (position + number) % 3)
    ]
    relationships = [
        one
        for one in table.relationships
        if (one.target_schema, one.target_table) not in gone and not (one.on_this_side and lost & set(one.columns))
    ]
    return replace(
        table,
        columns=tuple(columns),
        foreign_keys=tuple(keys),
        indexes=tuple(indexes),
        relationships=tuple(relationships),
    )


def _connected(table: Table, present: set[tuple[tuple[str, str], str]]) -> Table:
    """Without relationships whose other end is missing."""
    kept = [
        one
        for one in table.relationships
        if one.reverse is None or ((one.target_schema, one.target_table), one.reverse) in present
    ]
    return replace(table, relationships=tuple(kept))


def _column(column: Column, number: int, *, keep: bool) -> Column:
    plain = column.type.schema is None and not column.type.dimensions
    if keep or column.default is not None:
        return column
    if number % 4 == 0 and plain:
        return replace(column, type=DataType("boolean") if column.type.name != "boolean" else DataType("text"))
    if number % 5 == 0 and not column.type.dimensions:
        return replace(column, nullable=not column.nullable)
    if number % 7 == 0:
        return replace(column, client_default=None, on_update=None)
    return column


def _enum(enum: Enum) -> Enum:
    if len(enum.values) < 3:
        return enum
    return replace(enum, values=enum.values[:-1], members=enum.members[:-1])
