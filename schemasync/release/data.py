"""What a release does to the rows: what it destroys, and what it can fail on, counted in the live database."""

from collections.abc import Callable, Iterator

from schemasync.compatibility import enum_of
from schemasync.schema.model import Column, Schema, Table
from schemasync.schema.names import qualified, quote
from schemasync.schema.types import values_survive
from schemasync.witnesses.catalog_queries import literal

# Runs a SELECT of one number.
Count = Callable[[str], int]
# Counting stops here: that there are many is all that matters.
LIMIT = 100_000


def row_hazards(before: Schema, after: Schema, count: Count) -> tuple[str, ...]:
    """What the migrations between two states destroy or can fail on, as sentences; nothing where no row is concerned.

    Args:
        before: what the database states now.
        after: what it states after the migrations.
        count: asks the live database.
    """
    found: list[str] = []
    for table in before.tables:
        if table.kind not in ("table", "partitioned table"):
            continue
        there = after.table_by_key.get(table.key)
        if there is None:
            rows = _rows(table, "true", count)
            found += [f"{_name(table)} goes, with {rows}"] if rows else []
        else:
            found += _columns(table, there, count)
            found += _values(table, there, before, after, count)
            found += _uniques(table, there, count)
    return tuple(found)


def _columns(before: Table, after: Table, count: Count) -> Iterator[str]:
    name = _name(before)
    gone = [column for column in before.columns if after.column(column.name) is None]
    come = [column for column in after.columns if before.column(column.name) is None]
    for column in gone:
        values = _rows(before, f"{quote(column.name)} IS NOT NULL", count, "value")
        if values and not any(other.type == column.type for other in come):
            yield f"{name}.{column.name} goes, with {values}"
        elif values:
            yield f"{name}.{column.name} goes, with {values}, unless it is renamed"
    for column in come:
        filled = column.nullable or column.default is not None or column.identity is not None or column.generated
        rows = "" if filled else _rows(before, "true", count)
        if rows and not any(other.type == column.type for other in gone):
            yield f"{name}.{column.name} comes as NOT NULL without a default, and there are {rows}"
    for column in before.columns:
        there = after.column(column.name)
        if there is not None:
            yield from _column(before, column, there, count)


def _column(table: Table, before: Column, after: Column, count: Count) -> Iterator[str]:
    name = f"{_name(table)}.{before.name}"
    if before.nullable and not after.nullable:
        rows = _rows(table, f"{quote(before.name)} IS NULL", count)
        if rows:
            yield f"{name} becomes NOT NULL, and is NULL in {rows}"
    if before.type == after.type or values_survive(before.type, after.type) == "all":
        return
    condition = f"{quote(before.name)} IS NOT NULL"
    length = after.type.arguments[0] if after.type.arguments else None
    if before.type.family == after.type.family == "character" and isinstance(length, int) and not after.type.dimensions:
        rows = _rows(table, f"pg_catalog.length({quote(before.name)}) > {length}", count)
        if rows:
            yield f"{name} becomes {after.type}, and is longer in {rows}"
        return
    values = _rows(table, condition, count, "value")
    if values:
        yield f"{name} becomes {after.type}, and {values} of {before.type} must be converted"


def _values(table: Table, there: Table, before: Schema, after: Schema, count: Count) -> Iterator[str]:
    """Enum values that the database lets go of, and rows still hold."""
    for column in table.columns:
        other = there.column(column.name)
        was, is_ = enum_of(column.type, before), None if other is None else enum_of(other.type, after)
        if was is None or is_ is None or column.type.dimensions:
            continue
        for value in was.values:
            rows = ""
            if value not in is_.values:
                rows = _rows(table, f"{quote(column.name)} = {literal(value)}", count)
            if rows:
                yield f"{_name(table)}.{column.name} loses the value {value!r}, and holds it in {rows}"


def _uniques(before: Table, after: Table, count: Count) -> Iterator[str]:
    """Uniqueness that is new, on columns that there are already."""
    was = {frozenset(columns) for columns in _unique_columns(before)}
    for columns in dict.fromkeys(_unique_columns(after)):
        if any(known <= frozenset(columns) for known in was) or any(before.column(one) is None for one in columns):
            continue
        listed = ", ".join(map(quote, columns))
        filled = " AND ".join(f"{quote(column)} IS NOT NULL" for column in columns)
        duplicates = count(
            f"SELECT pg_catalog.count(*) FROM (SELECT 1 FROM {_sql(before)} WHERE {filled} GROUP BY {listed} "
            f"HAVING pg_catalog.count(*) > 1 LIMIT {LIMIT + 1}) AS found"
        )
        if duplicates:
            what = _number(duplicates, "duplicate")
            yield f"{_name(before)} becomes unique on {', '.join(columns)}, and has {what}"


def _unique_columns(table: Table) -> Iterator[tuple[str, ...]]:
    if table.primary_key is not None:
        yield table.primary_key.columns
    for constraint in table.uniques:
        yield constraint.columns
    for index in table.indexes:
        if index.unique and index.predicate is None and len(index.columns) == len(index.parts):
            yield index.columns


def _rows(table: Table, condition: str, count: Count, noun: str = "row") -> str:
    """How many rows meet a condition, in words; empty for none."""
    found = count(
        f"SELECT pg_catalog.count(*) FROM (SELECT 1 FROM {_sql(table)} WHERE {condition} LIMIT {LIMIT + 1}) AS found"
    )
    return _number(found, noun) if found else ""


def _number(found: int, noun: str) -> str:
    if found > LIMIT:
        return f"more than {LIMIT} {noun}s"
    return f"{found} {noun}{'' if found == 1 else 's'}"


def _name(table: Table) -> str:
    return qualified(table.schema, table.name)


def _sql(table: Table) -> str:
    return f"{quote(table.schema)}.{quote(table.name)}"
