"""A model's unique and plain indexes, as Prisma Migrate creates them.

Source: Prisma documentation, "Indexes"; what Prisma Migrate writes.
"""

import re
from collections.abc import Mapping

from schemasync.schema.model import Index, IndexPart, Location
from schemasync.schema.names import prisma_constraint_name, quote
from schemasync.schema.operator_classes import unless_default
from schemasync.witnesses.prisma import resolved, resolved_fields, resolved_keys
from schemasync.witnesses.prisma.syntax import ConstantValue, FunctionCall, NumberValue, ObjectValue, StringValue, Value

# Prisma writes `TimestampTzMinMaxMultiOps` for PostgreSQL's `timestamptz_minmax_multi_ops`.
_WORD = re.compile(r"(?=(?:MinMax|Multi|Bloom|Inclusion|Path|Ops))")


def table_indexes(
    model: resolved.Model, names: Mapping[str, str], enums: Mapping[str, resolved.Enum]
) -> tuple[Index, ...]:
    """The indexes of a model's table, by name; `names` are the columns' names by the fields'."""
    return tuple(
        sorted((_index(model, index, names, enums) for index in model.indexes), key=lambda one: one.name or "")
    )


def _index(
    model: resolved.Model, index: resolved_keys.Index, names: Mapping[str, str], enums: Mapping[str, resolved.Enum]
) -> Index:
    columns = tuple(names[field.name] for field in index.fields)
    method = (index.method or "BTree").lower()
    suffix = "key" if index.is_unique else "idx"
    parts = tuple(
        IndexPart(
            column,
            descending=field.sort == "Desc",
            nulls_first=field.sort == "Desc",
            operator_class=unless_default(method, _operator_class(field)),
        )
        for column, field in zip(columns, index.fields, strict=True)
    )
    return Index(
        parts,
        index.map_name or prisma_constraint_name(model.database_name, columns, suffix),
        unique=index.is_unique,
        method=method,
        predicate=None if index.where is None else _condition(index.where, model, names, enums),
        location=Location(model.path, index.line, index.column),
    )


def _operator_class(field: resolved_keys.IndexField) -> str | None:
    if field.operator_class is None:
        return None
    if field.is_raw:
        return field.operator_class
    return _WORD.sub("_", field.operator_class).lower()


def _condition(
    where: Value, model: resolved.Model, names: Mapping[str, str], enums: Mapping[str, resolved.Enum]
) -> str:
    """A partial index's WHERE: `raw("…")` as it stands, an object as Prisma translates it."""
    if isinstance(where, FunctionCall):
        argument = where.arguments[0].value if where.arguments else None
        return argument.text if isinstance(argument, StringValue) else ""
    if not isinstance(where, ObjectValue):
        raise TypeError(f"{type(where).__name__} is no condition")
    fields = {field.name: field for field in model.scalar_fields}
    terms = []
    for entry in where.entries:
        field = fields[entry.name or ""]
        column = quote(names[field.name])
        inner = entry.value.entries[0] if isinstance(entry.value, ObjectValue) else None
        value = entry.value if inner is None else inner.value
        negated = inner is not None and inner.name == "not"
        if isinstance(value, ConstantValue) and value.text == "null":
            terms.append(f"{column} IS {'NOT ' if negated else ''}NULL")
        else:
            terms.append(f"{column} {'<>' if negated else '='} {_operand(value, field, enums)}")
    return " AND ".join(terms)


def _operand(value: Value | None, field: resolved_fields.ScalarField, enums: Mapping[str, resolved.Enum]) -> str:
    if isinstance(value, NumberValue):
        return value.text
    text = value.text if isinstance(value, (StringValue, ConstantValue)) else ""
    if field.type_kind == "enum":
        text = {item.name: item.database_name for item in enums[field.type_name].values}.get(text, text)
    elif isinstance(value, ConstantValue):
        return text
    return "'" + text.replace("'", "''") + "'"
