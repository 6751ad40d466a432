"""A model's unique and plain indexes, as Prisma Migrate creates them.

Source: Prisma documentation, "Indexes"; what Prisma Migrate writes.
"""

from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter

from schemasync.late_patterns import late_pattern
from schemasync.records import maker
from schemasync.schema.model import Index, IndexPart, Location
from schemasync.schema.names import quote
from schemasync.schema.operator_classes import unless_default
from schemasync.witnesses.prisma.meanings import IndexField
from schemasync.witnesses.prisma.rules.database_names import ConstraintNames
from schemasync.witnesses.prisma.rules.drafts import IndexDraft, ModelDraft, ScalarDraft
from schemasync.witnesses.prisma.rules.enum_draft import EnumDraft
from schemasync.witnesses.prisma.syntax import ConstantValue, FunctionCall, NumberValue, ObjectValue, StringValue, Value

_make_index = maker(Index, "parts", "name", "unique", "method", "predicate", "location")
_make_location = maker(Location)
_name = attrgetter("name")
# Prisma writes `TimestampTzMinMaxMultiOps` for PostgreSQL's `timestamptz_minmax_multi_ops`.
_WORD = late_pattern(r"(?=(?:MinMax|Multi|Bloom|Inclusion|Path|Ops))")


def table_indexes(model: ModelDraft, names: ConstraintNames, enums: Mapping[str, EnumDraft]) -> tuple[Index, ...]:
    """The indexes of a model's table, by name; `enums` by their names in the schema."""
    if not model.indexes:
        return ()
    return tuple(sorted([_index(index, names, enums) for index in model.indexes], key=_name))


def _index(index: IndexDraft, names: ConstraintNames, enums: Mapping[str, EnumDraft]) -> Index:
    method = (index.method or "BTree").lower()
    if index.is_plain:
        parts = tuple([_plain_part(field.column) for field, _ in index.fields])
    else:
        parts = tuple([_part(field.column, entry, method) for field, entry in index.fields])
    column = index.origin + index.attribute.start + 1
    return _make_index(
        parts,
        names.of_index(index),
        index.kind == "unique",
        method,
        None if index.where is None else _condition(index.where, index.model, enums),
        _make_location(index.file.path, index.line, column),
    )


@lru_cache(maxsize=4096)
def _plain_part(column: str) -> IndexPart:
    return IndexPart(column)


def _part(column: str, entry: IndexField, method: str) -> IndexPart:
    descending = entry.sort == "Desc"
    operator_class = unless_default(method, _operator_class(entry))
    return IndexPart(column, descending=descending, nulls_first=descending, operator_class=operator_class)


def _operator_class(field: IndexField) -> str | None:
    if field.operator_class is None:
        return None
    if field.is_raw:
        return field.operator_class
    return _WORD.sub("_", field.operator_class).lower()


def _condition(where: Value, model: ModelDraft, enums: Mapping[str, EnumDraft]) -> str:
    """A partial index's WHERE: `raw("…")` as it stands, an object as Prisma translates it."""
    if isinstance(where, FunctionCall):
        argument = where.arguments[0].value if where.arguments else None
        return argument.text if isinstance(argument, StringValue) else ""
    if not isinstance(where, ObjectValue):
        raise TypeError(f"{type(where).__name__} is no condition")
    terms = []
    for entry in where.entries:
        field = model.scalars[entry.name or ""]
        column = quote(field.column)
        inner = entry.value.entries[0] if isinstance(entry.value, ObjectValue) else None
        value = entry.value if inner is None else inner.value
        negated = inner is not None and inner.name == "not"
        if isinstance(value, ConstantValue) and value.text == "null":
            terms.append(f"{column} IS {'NOT ' if negated else ''}NULL")
        else:
            terms.append(f"{column} {'<>' if negated else '='} {_operand(value, field, enums)}")
    return " AND ".join(terms)


def _operand(value: Value | None, field: ScalarDraft, enums: Mapping[str, EnumDraft]) -> str:
    if isinstance(value, NumberValue):
        return value.text
    text = value.text if isinstance(value, (StringValue, ConstantValue)) else ""
    if field.kind == "enum":
        text = enums[field.field.type_name].label(text)
    elif isinstance(value, ConstantValue):
        return text
    return "'" + text.replace("'", "''") + "'"
