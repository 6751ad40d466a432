"""The list of fields in `@@id`, `@@unique`, `@@index` and `@@fulltext`."""

from collections.abc import Sequence
from functools import lru_cache

from schemasync.witnesses.prisma.meanings import IndexField, SortOrder
from schemasync.witnesses.prisma.rules.arguments import Arguments
from schemasync.witnesses.prisma.rules.context import SORT_ORDERS, Context
from schemasync.witnesses.prisma.rules.drafts import IndexDraft, ModelDraft, RelationDraft, ScalarDraft
from schemasync.witnesses.prisma.rules.operator_classes import OPERATOR_CLASSES
from schemasync.witnesses.prisma.rules.values import as_constant, as_integer, items, mismatch, written
from schemasync.witnesses.prisma.syntax import Argument, ConstantValue, FunctionCall, StringValue, Value


@lru_cache(maxsize=4096)
def plain_field(name: str) -> IndexField:
    """A field of an index without arguments."""
    return IndexField(name)


def plain_fields(model: ModelDraft, listed: Sequence[Value]) -> list[tuple[ScalarDraft, IndexField]]:
    """The columns that a list names one by one, without arguments; empty where it is not of that kind."""
    scalars = model.scalars
    fields = [
        (scalars[name], plain_field(name))
        for item in listed
        if item.__class__ is ConstantValue and (name := item.text) in scalars
    ]
    if len(fields) == len(listed) and (len(fields) == 1 or len({field for field, _ in fields}) == len(fields)):
        return fields
    return []


def read_index_fields(ctx: Context, index: IndexDraft, arguments: Arguments) -> bool:
    """Note an index's fields; False, reported, where they are not all there.

    A field may have arguments: `name(sort: Desc, ops: …)`. Prisma reads those that it knows and no others.
    """
    value = arguments.take_default("fields")
    if value is None:
        return False
    listed = items(value)
    fields = plain_fields(index.model, listed)
    if fields or not listed:  # the usual case
        index.fields = fields
        return True
    entries: list[tuple[str, IndexField]] = []
    valid = True
    for item in listed:
        entry = _entry(ctx, index, item)
        if entry is None:
            valid = False
        else:
            entries.append((entry.name, entry))
    if not valid:
        return False
    relations: list[RelationDraft] = []
    unknown: list[str] = []
    for name, entry in entries:
        field = index.model.scalars.get(name)
        if field is not None and any(field is other for other, _ in index.fields):
            arguments.error(f"{arguments.title} names the field {name} twice")
            index.fields = []
            return False
        if field is not None:
            index.fields.append((field, entry))
        elif name in index.model.relations:
            relations.append(index.model.relations[name])
        else:
            unknown.append(name)
    if unknown or relations:
        _report(arguments, index, value, unknown, relations)
        index.fields = []
        return False
    return True


def _report(
    arguments: Arguments, index: IndexDraft, value: Value, unknown: list[str], relations: list[RelationDraft]
) -> None:
    if unknown:
        fields = f"field {unknown[0]}" if len(unknown) == 1 else f"fields {', '.join(unknown)}"
        place = index.place(value) if index.kind == "id" else arguments.place()
        arguments.ctx.error(place, f"The model {index.model.name} has no {fields}")
    if relations:
        names = ", ".join(field.name for field in relations)
        columns = [column.name for field in relations for column in field.fields or ()]
        hint = f"did you mean {arguments.title}([{', '.join(columns)}])?" if columns else ""
        what = "is a relation and no column" if len(relations) == 1 else "are relations and no columns"
        arguments.error(f"{names} {what}", hint)


def _entry(ctx: Context, index: IndexDraft, value: Value) -> IndexField | None:
    if isinstance(value, ConstantValue):
        return plain_field(value.text)
    if not isinstance(value, FunctionCall):
        mismatch(ctx, index, value, "a field's name")
        return None
    index.is_plain = False
    named: dict[str | None, Argument] = {}
    for argument in value.arguments:
        if argument.value is not None:
            named.setdefault(argument.name, argument)
    length_value = named["length"].value if "length" in named else None
    length = as_integer(ctx, index, length_value) if length_value is not None else None
    operator_class, is_raw = _operator_class(ctx, index, named.get("ops"))
    if length is not None and length < 0:
        length = None
    return IndexField(value.name, _sort(ctx, index, named.get("sort")), length, operator_class, is_raw)


def _sort(ctx: Context, index: IndexDraft, argument: Argument | None) -> SortOrder | None:
    if argument is None or argument.value is None:
        return None
    text = as_constant(ctx, index, argument.value)
    if text is not None and text not in SORT_ORDERS:
        ctx.error(index.place(argument), f"sort is Asc or Desc, not {text}")
    return SORT_ORDERS.get(text or "")


def _operator_class(ctx: Context, index: IndexDraft, argument: Argument | None) -> tuple[str | None, bool]:
    if argument is None or (value := argument.value) is None:
        return None, False
    if isinstance(value, ConstantValue):
        if value.text in OPERATOR_CLASSES:
            return value.text, False
        ctx.error(index.place(value), f"There is no operator class {value.text}", 'write ops: raw("…") for any other')
        return None, False
    is_raw = isinstance(value, FunctionCall) and value.name == "raw"
    if isinstance(value, FunctionCall) and is_raw and len(value.arguments) == 1:
        (inner,) = value.arguments
        if isinstance(inner.value, StringValue):
            return inner.value.text, True
    ctx.error(
        index.place(value if is_raw else argument),
        f"{written(value)} is no operator class",
        'write its name, or raw("…")',
    )
    return None, False
