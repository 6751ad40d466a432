"""CHECK constraints and made-up rows: PostgreSQL itself picks, from a few candidates a column, what satisfies them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from schemasync.release.synthetic_values import candidates
from schemasync.schema.model import Table
from schemasync.schema.names import quote
from schemasync.schema.types import DataType

if TYPE_CHECKING:
    from psycopg2.extensions import connection

Key = tuple[str, str]
Row = dict[str, str | None]
# How many combinations PostgreSQL is given to choose from.
_COMBINATIONS = 100_000

_CHECKS = """
SELECT n.nspname, c.relname, pg_catalog.pg_get_expr(k.conbin, k.conrelid),
    ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey))
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'c' AND k.conbin IS NOT NULL AND k.conkey IS NOT NULL ORDER BY k.oid
"""
_DOMAINS = """
SELECT n.nspname, c.relname, a.attname, pg_catalog.format_type(t.typbasetype, t.typtypmod),
    ARRAY(SELECT pg_catalog.pg_get_expr(k.conbin, 0) FROM pg_catalog.pg_constraint k
          WHERE k.contypid = t.oid AND k.contype = 'c')
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid AND t.typtype = 'd'
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname !~ '^pg_|^information_schema$'
"""


@dataclass(frozen=True, slots=True)
class Condition:
    """A CHECK expression and the columns that it names."""

    expression: str
    columns: frozenset[str]


@dataclass(slots=True)
class CheckedTable:
    """What a table's rows must satisfy.

    Args:
        conditions: of the table and of its columns' domains.
        domains: the base type of each column whose type is a domain.
    """

    conditions: list[Condition] = field(default_factory=list)
    domains: dict[str, str] = field(default_factory=dict)


def checked_tables(opened: "connection") -> dict[Key, CheckedTable]:
    """The CHECK constraints of a database, by schema and table."""
    found: dict[Key, CheckedTable] = {}
    with opened.cursor() as cursor:
        cursor.execute(_CHECKS)
        for schema, name, expression, columns in cursor.fetchall():
            one = Condition(expression, frozenset(columns))
            found.setdefault((schema, name), CheckedTable()).conditions.append(one)
        cursor.execute(_DOMAINS)
        for schema, name, column, base, expressions in cursor.fetchall():
            table = found.setdefault((schema, name), CheckedTable())
            table.domains[column] = base
            for expression in expressions:
                written = re.sub(r"\bVALUE\b", lambda _: quote(column), expression)  # noqa: B023 - used at once
                table.conditions.append(Condition(written, frozenset({column})))
    return found


def satisfied(
    opened: "connection",
    table: Table,
    checked: CheckedTable,
    row: Row,
    free: Mapping[str, tuple[DataType, Sequence[str]]],
    number: int,
) -> Row:
    """The row, changed where a CHECK constraint demands it, as far as the candidates allow.

    Args:
        opened: a connection in autocommit mode.
        table: the row's.
        checked: what it must satisfy.
        row: the values as text.
        free: the columns that may be changed, with their types and, for enums, their values.
        number: the row's.
    """
    import psycopg2

    types = {column.name: checked.domains.get(column.name, str(column.type)) for column in table.columns}
    conditions = [one for one in checked.conditions if one.columns <= row.keys()]
    for group in _groups(conditions):
        columns = sorted({name for one in group for name in one.columns})
        choices = {name: _choices(name, table, row, free.get(name), group, number) for name in columns}
        most = max(3, int(_COMBINATIONS ** (1 / len(columns))))
        try:
            found = _chosen(opened, group, {name: few[:most] for name, few in choices.items()}, types)
        except psycopg2.Error:
            continue  # a candidate that is no value of the type: PostgreSQL will say what it has against the row
        row = {**row, **found}
    return row


def _choices(
    name: str,
    table: Table,
    row: Row,
    free: tuple[DataType, Sequence[str]] | None,
    group: Sequence[Condition],
    number: int,
) -> list[str | None]:
    """The values that a column may take; the row's own first, and alone where it may not be changed."""
    if free is None:
        return [row[name]]
    type_, labels = free
    column = table.column(name)
    found: list[str | None] = [row[name]]
    found += candidates(name, type_, number, list(_constants(group)), labels)
    if column is not None and column.nullable:
        found.insert(2, None)
    return list(dict.fromkeys(found))


def _chosen(
    opened: "connection",
    group: Sequence[Condition],
    choices: Mapping[str, Sequence[str | None]],
    types: Mapping[str, str],
) -> Row:
    """The first combination that satisfies a group of constraints; nothing where none does."""
    parts, values = [], []
    for place, (name, few) in enumerate(choices.items()):
        one = f"(%s::text::{types[name]}, %s)"
        parts.append(f"(VALUES {', '.join([one] * len(few))}) AS v{place}({quote(name)}, rank{place})")
        for rank, value in enumerate(few):
            values += [value, rank]
    wanted = ", ".join(f"{quote(name)}::text" for name in choices)
    conditions = " AND ".join(f"({one.expression.replace('%', '%%')}) IS NOT FALSE" for one in group)
    order = " + ".join(f"rank{place}" for place in range(len(choices)))
    with opened.cursor() as cursor:
        cursor.execute(
            f"SELECT {wanted} FROM {' CROSS JOIN '.join(parts)} WHERE {conditions} ORDER BY {order} LIMIT 1", values
        )
        found = cursor.fetchone()
    return dict(zip(choices, found, strict=True)) if found is not None else {}


def _groups(conditions: Iterable[Condition]) -> list[list[Condition]]:
    """Constraints that share a column, together."""
    groups: list[list[Condition]] = []
    for one in conditions:
        if not one.columns:
            continue
        touching = [group for group in groups if any(one.columns & other.columns for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append([*(other for group in touching for other in group), one])
    return groups


def _constants(group: Iterable[Condition]) -> Iterable[str]:
    """The literals of expressions, as PostgreSQL prints them."""
    for one in group:
        for text, number in re.findall(r"'((?:[^']|'')*)'|(?<![\w.\"])(-?\d+(?:\.\d+)?)(?![\w\"])", one.expression):
            yield number or text.replace("''", "'")
