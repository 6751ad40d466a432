"""SQLAlchemy's indexes: columns, expressions, operator classes, predicates."""

import re
from typing import Any

from sqlalchemy import Index as DeclaredIndex
from sqlalchemy import Table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, ColumnClause, Grouping, TextClause, UnaryExpression

from schemasync.schema.model import Index, IndexPart
from schemasync.witnesses.catalog_expressions import without_brackets
from schemasync.witnesses.metadata_constraints import included
from schemasync.witnesses.metadata_dialect import Spelling, option
from schemasync.witnesses.source_lines import TableLines

_ELEMENT = re.compile(
    r"(?P<rest>.*?)(?:\s+(?P<class>\w+_ops))?(?:\s+(?P<way>ASC|DESC))?(?:\s+NULLS\s+(?P<nulls>FIRST|LAST))?",
    re.IGNORECASE | re.DOTALL,
)

# Default operator classes: manual, section 11.10. Those of B-tree and hash are named after PostgreSQL's own types.
_OWN_TYPE = re.compile(
    r"(?:array|bit|bool|bpchar|bytea|char|date|enum|float[48]|inet|int[248]|interval|jsonb|macaddr8?|money|name|numeric"
    r"|oid|range|text|time|timestamp|timestamptz|timetz|tsvector|uuid|varbit)_ops"
)
_DEFAULT_CLASSES = {
    "gin": frozenset({"array_ops", "jsonb_ops", "tsvector_ops", "gin_hstore_ops"}),
    "gist": frozenset({"box_ops", "circle_ops", "point_ops", "poly_ops", "range_ops", "tsquery_ops", "tsvector_ops"}),
}


def indexes(table: Table, spelling: Spelling, lines: TableLines) -> tuple[tuple[Index, ...], list[str]]:
    """The indexes, by name and columns; and what could not be stated, as notes."""
    found: list[Index] = []
    notes: list[str] = []
    for declared in table.indexes:
        try:
            found.append(_index(declared, table, spelling, lines))
        except (SQLAlchemyError, KeyError) as error:
            reason = str(error).splitlines()[0]
            notes.append(f"The index {declared.name} of {table.fullname} could not be written as SQL: {reason}")
    ordered = sorted(found, key=lambda index: (index.name or "", index.columns, str(index.parts)))
    return tuple(ordered), notes


def _index(declared: DeclaredIndex, table: Table, spelling: Spelling, lines: TableLines) -> Index:
    parts = tuple(_part(item, declared, table, spelling) for item in declared.expressions)
    where = option(declared, "where")
    name = spelling.name_of(declared)
    settings = option(declared, "with") or {}
    return Index(
        parts=parts,
        name=name,
        unique=bool(declared.unique),
        method=_method(declared),
        predicate=None if where is None else spelling.expression(where),
        include=included(declared, table),
        nulls_not_distinct=option(declared, "nulls_not_distinct") is True,
        options=tuple(sorted((str(key), _setting(value)) for key, value in settings.items())),
        location=lines.of_constraint(name, tuple(part.column for part in parts if part.column is not None)),
    )


def _method(declared: DeclaredIndex) -> str:
    return str(option(declared, "using") or "btree").lower()


def _is_default(operator_class: str, method: str) -> bool:
    """Whether PostgreSQL would take the class without being told; a database's catalogue does not show it then."""
    if method in ("btree", "hash"):
        return _OWN_TYPE.fullmatch(operator_class) is not None
    return operator_class in _DEFAULT_CLASSES.get(method, ())


def _setting(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _part(item: Any, declared: DeclaredIndex, table: Table, spelling: Spelling) -> IndexPart:
    """A column or expression of an index, with the order that PostgreSQL gives it: DESC puts NULLs first."""
    operator_classes = option(declared, "ops") or {}
    operator_class = operator_classes.get(getattr(item, "key", None))
    if operator_class is not None and _is_default(operator_class, _method(declared)):
        operator_class = None
    descending, nulls_first, inner = _without_order(item)
    collation = None
    if isinstance(inner, BinaryExpression) and inner.operator is operators.collate:
        collation = str(getattr(inner.right, "collation", inner.right))
        inner = inner.left
    if isinstance(inner, Grouping):
        inner = inner.element
    if isinstance(inner, ColumnClause) and inner.name in {column.name for column in table.columns}:
        column, expression = inner.name, None
    elif isinstance(inner, TextClause):
        return _of_text(spelling.expression(inner), table, operator_class)
    else:
        column, expression = None, spelling.expression(inner)
    nulls_first = descending if nulls_first is None else nulls_first
    return IndexPart(column, expression, descending, nulls_first, operator_class, collation)


def _without_order(item: Any) -> tuple[bool, bool | None, Any]:
    """Whether an element is descending and its NULLs come first, and the element without that."""
    descending, nulls_first = False, None
    while isinstance(item, UnaryExpression) and item.modifier is not None:
        if item.modifier in (operators.desc_op, operators.asc_op):
            descending = item.modifier is operators.desc_op
        elif item.modifier in (operators.nulls_first_op, operators.nulls_last_op):
            nulls_first = item.modifier is operators.nulls_first_op
        else:
            break
        item = item.element
    return descending, nulls_first, item


def _of_text(text: str, table: Table, operator_class: str | None) -> IndexPart:
    """What `text("created_at DESC")` says; a bare column's name is that column."""
    match = _ELEMENT.fullmatch(text)
    if match is None:
        return IndexPart(expression=text, operator_class=operator_class)
    descending = (match["way"] or "").upper() == "DESC"
    nulls_first = match["nulls"].upper() == "FIRST" if match["nulls"] else descending
    rest = match["rest"].strip()
    bare = rest[1:-1].replace('""', '"') if rest.startswith('"') and rest.endswith('"') else rest.lower()
    is_column = bare in {column.name for column in table.columns}
    return IndexPart(
        column=bare if is_column else None,
        expression=None if is_column else without_brackets(rest),
        descending=descending,
        nulls_first=nulls_first,
        operator_class=match["class"] or operator_class,
    )
