"""Indexes from the catalogue: their parts, without asking PostgreSQL to print each."""

import json
from collections.abc import Iterable, Mapping

from schemasync.schema.model import Column, Index, IndexPart
from schemasync.witnesses.catalog_expressions import Spelling, without_brackets
from schemasync.witnesses.catalog_types import ColumnType, Row

_DESCENDING = 1
_NULLS_FIRST = 2


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


def read_indexes(
    rows: Iterable[Row],
    columns: Mapping[str, Mapping[str, Column]],
    types: Mapping[str, Mapping[str, ColumnType]],
    classes: OperatorClasses,
    collations: Mapping[str, str],
    spelling: Spelling,
) -> dict[str, tuple[str, Index]]:
    """Every index that is no primary key's, by its oid, with its table's oid.

    Args:
        rows: of the query `INDEXES`.
        columns: by table and number.
        types: the columns' types, by table and number.
        classes: the operator classes.
        collations: names by oid, of those that are no default.
        spelling: how expressions are written.
    """
    found = {}
    for _, table, oid, name, shape, options, predicate, expressions in rows:
        flags, keys, orders, chosen, collated, method_oid, method = shape.split("|", 6)
        numbers = keys.split(" ")
        count = int(flags[3:])
        names, kinds = columns[table], types[table]
        # Printed alone, an expression that is no call has a second pair of brackets.
        printed = iter(json.loads(expressions)) if expressions is not None else iter(())
        parts = []
        for number, order, class_, collation in zip(
            numbers[:count], orders.split(" "), chosen.split(" "), collated.split(" "), strict=True
        ):
            if number == "0":
                expression, type_ = next(printed)
                column, own_collation = None, "100"
            else:
                expression, column = None, names[number].name
                type_, own_collation = kinds[number].oid, kinds[number].collation_oid
            stated = None if collation in (own_collation, "0") else collations.get(collation)
            parts.append(
                IndexPart(
                    column,
                    None if expression is None else without_brackets(without_brackets(spelling(expression))),
                    descending=bool(int(order) & _DESCENDING),
                    nulls_first=bool(int(order) & _NULLS_FIRST),
                    operator_class=classes.stated(class_, method_oid, type_),
                    collation="default" if stated is None and collation == "100" != own_collation else stated,
                )
            )
        found[oid] = (
            table,
            Index(
                tuple(parts),
                name,
                unique=flags[0] == "t",
                method=method,
                predicate=None if predicate is None else without_brackets(spelling(predicate)),
                include=tuple(names[number].name for number in numbers[count:]),
                nulls_not_distinct=flags[2] == "t",
                valid=flags[1] == "t",
                options=read_options(options),
            ),
        )
    return found


def read_options(text: str | None) -> tuple[tuple[str, str], ...]:
    """Storage options (`["fillfactor=70"]`), sorted by name."""
    if text is None:
        return ()
    pairs = (option.partition("=") for option in json.loads(text))
    return tuple(sorted((name, value) for name, _, value in pairs))
