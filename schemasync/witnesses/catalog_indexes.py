"""Indexes from the catalogue: their parts, without asking PostgreSQL to print each."""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache

from schemasync.records import maker
from schemasync.schema.model import Index, IndexPart
from schemasync.witnesses.catalog_columns import Columns
from schemasync.witnesses.catalog_expressions import Spelling, without_brackets
from schemasync.witnesses.catalog_statement import Row

_DESCENDING = 1
_NULLS_FIRST = 2
_make_index, _make_part = maker(Index), maker(IndexPart)


class OperatorClasses:
    """Which operator class is the default one for a type and a method, as PostgreSQL chooses it.

    A class made for the very type wins; without one, a default class of a type that it can be read as. Source: manual,
    section 11.10 "Operator Classes and Operator Families", and PostgreSQL's `GetDefaultOpClass`.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self._names: dict[str, str] = {}
        self._default: set[str] = set()
        self._exact: dict[tuple[str, str], str] = {}
        for _, oid, name, default, method, type_, *_ in rows:
            self._names[oid] = name
            if default == "true":
                self._default.add(oid)
                self._exact[method, type_] = oid

    def stated(self, oid: str, method: str, type_: str) -> str | None:
        """The class's name where it must be written, None where it is the default."""
        exact = self._exact.get((method, type_))
        default = oid == exact if exact is not None else oid in self._default
        return None if default else self._names.get(oid, oid)


@lru_cache(maxsize=4096)
def _shape(text: str) -> tuple[str, list[tuple[str, str, str, str]], list[str], str, str]:
    """What `INDEXES` packs: flags, keys (number, order, class, collation), INCLUDE, and the method's oid and name."""
    flags, numbers, orders, classes, collations, method_oid, method = text.split("|", 6)
    count = int(flags[3:])
    columns = numbers.split(" ")
    keys = zip(columns[:count], orders.split(" "), classes.split(" "), collations.split(" "), strict=True)
    return flags, list(keys), columns[count:], method_oid, method


def read_indexes(
    rows: Iterable[Row],
    columns: Columns,
    classes: OperatorClasses,
    spelling: Spelling,
) -> dict[str, tuple[str, Index]]:
    """Every index that is no primary key's, by its oid, with its table's oid.

    Args:
        rows: of the query `INDEXES`.
        columns: with their types, by table and number; equal ones are one value.
        classes: the operator classes.
        spelling: how expressions are written.
    """
    found = {}
    seen: dict[tuple[int, str, str, str, str], IndexPart] = {}
    collations: dict[str, str] = {}
    for _, table, oid, name, shape, options, predicate, more in rows:
        flags, keys, included, method_oid, method = _shape(shape)
        own = columns[table]
        printed: Iterator[tuple[str, str]] = iter(())
        if more is not None:
            expressions, named = json.loads(more)
            printed = iter(expressions or ())
            collations.update(named or {})
        parts = []
        for number, order, class_, collation in keys:
            if number == "0":
                text, type_oid = next(printed)
                # Printed alone, an expression that is no call has a second pair of brackets.
                expression = without_brackets(without_brackets(spelling(text)))
                operator_class = classes.stated(class_, method_oid, type_oid)
                parts.append(_part(None, expression, order, operator_class, collations.get(collation)))
                continue
            pair = own[number]
            part = seen.get((id(pair), order, class_, collation, method_oid))
            if part is None:
                column, type_ = pair
                operator_class = classes.stated(class_, method_oid, type_.oid)
                stated = None
                if collation not in (type_.collation_oid, "0"):
                    stated = collations.get(collation, "default")
                part = _part(column.name, None, order, operator_class, stated)
                seen[id(pair), order, class_, collation, method_oid] = part
            parts.append(part)
        found[oid] = (
            table,
            _make_index(
                tuple(parts),
                name,
                flags[0] == "t",
                method,
                None if predicate is None else without_brackets(spelling(predicate)),
                tuple([own[number][0].name for number in included]),
                flags[2] == "t",
                flags[1] == "t",
                read_options(options),
            ),
        )
    return found


def _part(
    column: str | None, expression: str | None, order: str, operator_class: str | None, collation: str | None
) -> IndexPart:
    bits = int(order)
    return _make_part(
        column, expression, bool(bits & _DESCENDING), bool(bits & _NULLS_FIRST), operator_class, collation
    )


def read_options(text: str | None) -> tuple[tuple[str, str], ...]:
    """Storage options (`["fillfactor=70"]`), sorted by name."""
    if text is None:
        return ()
    pairs = (option.partition("=") for option in json.loads(text))
    return tuple(sorted((name, value) for name, _, value in pairs))
