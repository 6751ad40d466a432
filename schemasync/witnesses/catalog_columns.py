"""Catalogue rows to columns: what travels as one text for each table, taken apart; equal columns are one value."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from schemasync.records import maker, replace
from schemasync.schema.defaults import Default, sequence_of
from schemasync.schema.model import Column, Generated, Identity
from schemasync.witnesses.catalog_expressions import Spelling, without_brackets
from schemasync.witnesses.catalog_statement import Row
from schemasync.witnesses.catalog_types import ColumnType, Types

Columns = Mapping[str, Mapping[str, tuple[Column, ColumnType]]]

_make_column = maker(Column, "name", "type", "nullable", "default", "identity", "generated", "collation")
# The largest values of smallint, integer and bigint, by oid: a sequence's own limits unless it says otherwise.
_LARGEST = {21: 2**15 - 1, 23: 2**31 - 1, 20: 2**63 - 1}


def read_columns(rows: Mapping[str, Sequence[Row]], spelling: Spelling, separator: str) -> Columns:
    """Columns with their types, by table and number; equal columns of different tables are one value.

    Args:
        rows: the catalogue's rows by kind.
        spelling: how expressions are written.
        separator: what stands between the columns of a table.
    """
    reader = _Reader(rows, spelling)
    seen = reader.seen
    columns: dict[str, dict[str, tuple[Column, ColumnType]]] = defaultdict(dict)
    for _, table, numbers, texts, *_ in rows["column"]:
        order, is_sorted = _numbers(numbers)
        own = {}
        for number, text in zip(order, texts.split(separator), strict=True):
            own[number] = seen.get(text) or reader.column(text, table, number)
        columns[table] = own if is_sorted else dict(sorted(own.items(), key=lambda item: int(item[0])))
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


class _Reader:
    """Makes columns of their texts, and remembers them."""

    def __init__(self, rows: Mapping[str, Sequence[Row]], spelling: Spelling) -> None:
        self._spelling = spelling
        self._types = Types(rows["type"], (text for *_, text, _, _, _ in rows["column"] if text is not None))
        self._expressions = {place: sql for _, places, sql, *_ in rows["default"] for place in places.split(",")}
        # By their texts and, where they have a default or are generated, the expression's text.
        self.seen: dict[str, tuple[Column, ColumnType]] = {}
        self._with_expression: dict[str, dict[str | None, tuple[Column, ColumnType]]] = {}

    def column(self, text: str, table: str, number: str) -> tuple[Column, ColumnType]:
        """The column of a text that is not remembered by itself, with its type."""
        known = self._with_expression.get(text)
        if known is None:
            if text.partition("\x1f")[0].rpartition(" ")[2][1] == "f":
                found = self.seen[text] = self._made(text, None)
                return found
            known = self._with_expression[text] = {}
        sql = self._expressions.get(f"{table} {number}")
        if sql not in known:
            known[sql] = self._made(text, sql)
        return known[sql]

    def _made(self, text: str, sql: str | None) -> tuple[Column, ColumnType]:
        facts, _, name = text.partition("\x1f")
        key, _, flags = facts.rpartition(" ")
        type_ = self._types[key]
        identity, _, generated = flags[2:].partition(":")
        default = None
        if sql is not None:
            sql = self._spelling(sql)
            if not generated:
                default = Default(sql, "sequence" if sequence_of(sql) is not None else "expression")
        column = _make_column(
            name,
            type_.type,
            flags[0] == "f",
            default,
            Identity(always=identity == "a") if identity else None,
            Generated(without_brackets(sql or ""), stored=generated == "s") if generated else None,
            type_.collation,
        )
        return column, type_


@lru_cache(maxsize=4096)
def _numbers(text: str) -> tuple[list[str], bool]:
    """The column numbers of an `int2[]`, as texts, and whether they ascend."""
    numbers = text[1:-1].split(",")
    values = list(map(int, numbers))
    return numbers, values == sorted(values)


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
