"""What a release does to the rows: what it destroys, and what it can fail on, counted in the live database."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from schemasync.compatibility import enum_of
from schemasync.schema.model import Column, Schema, Table
from schemasync.schema.names import qualified, quote
from schemasync.schema.types import values_survive
from schemasync.witnesses.catalog_statement import literal

# Runs a SELECT of one number.
Count = Callable[[str], int]
# Counting stops here: that there are many is all that matters.
LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class RowHazard:
    """What happens to the rows of a table.

    Args:
        schema, table: the table.
        column: the column that it is about; None where it is the table, or several columns.
        sentence: what it is.
    """

    schema: str
    table: str
    column: str | None
    sentence: str


def row_hazards(before: Schema, after: Schema, count: Count) -> tuple[RowHazard, ...]:
    """What the migrations between two states destroy or can fail on; nothing where no row is concerned.

    Args:
        before: what the database states now.
        after: what it states after the migrations.
        count: asks the live database.
    """
    found: list[RowHazard] = []
    for table in before.tables:
        if table.kind not in ("table", "partitioned table"):
            continue
        there = after.table_by_key.get(table.key)
        if there is None:
            rows = _rows(table, "true", count)
            told: list[tuple[str | None, str]] = [(None, f"{_name(table)} goes, with {rows}")] if rows else []
        else:
            told = [*_columns(table, there, count), *_values(table, there, before, after, count)]
            told += [(None, sentence) for sentence in _uniques(table, there, count)]
        found += [RowHazard(table.schema, table.name, column, sentence) for column, sentence in told]
    return tuple(found)


def place_of(hazard: RowHazard, states: Sequence[Schema]) -> int | None:
    """Which step of an order, counted from 0, does it: the first that changes what the hazard is about.

    Args:
        hazard: what happens to the rows.
        states: before the first step, and after each.
    """
    for number, (before, after) in enumerate(pairwise(states)):
        if _subject(hazard, before) != _subject(hazard, after):
            return number
    return None


def _subject(hazard: RowHazard, state: Schema) -> tuple[object, object]:
    """What a hazard is about, as a state has it: a table, or a column with its type's values."""
    table = state.table_by_key.get((hazard.schema, hazard.table))
    if table is None or hazard.column is None:
        return table, None
    column = table.column(hazard.column)
    return column, None if column is None else enum_of(column.type, state)


def _columns(before: Table, after: Table, count: Count) -> Iterator[tuple[str | None, str]]:
    name = _name(before)
    gone = [column for column in before.columns if after.column(column.name) is None]
    come = [column for column in after.columns if before.column(column.name) is None]
    for column in gone:
        values = _rows(before, f"{quote(column.name)} IS NOT NULL", count, "value")
        if values and not any(other.type == column.type for other in come):
            yield column.name, f"{name}.{column.name} goes, with {values}"
        elif values:
            yield column.name, f"{name}.{column.name} goes, with {values}, unless it is renamed"
    for column in come:
        filled = column.nullable or column.default is not None or column.identity is not None or column.generated
        rows = "" if filled else _rows(before, "true", count)
        if rows and not any(other.type == column.type for other in gone):
            yield column.name, f"{name}.{column.name} comes as NOT NULL without a default, and there are {rows}"
    for column in before.columns:
        there = after.column(column.name)
        if there is not None:
            yield from ((column.name, sentence) for sentence in _column(before, column, there, count))


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


def _values(
    table: Table, there: Table, before: Schema, after: Schema, count: Count
) -> Iterator[tuple[str | None, str]]:
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
                told = f"{_name(table)}.{column.name} loses the value {value!r}, and holds it in {rows}"
                yield column.name, told


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
