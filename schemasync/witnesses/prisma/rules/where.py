"""The condition of a partial index: `where: raw("…")`, or an object of fields and values."""

from schemasync.witnesses.prisma.rules.arguments import Arguments
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import IndexDraft, ScalarDraft
from schemasync.witnesses.prisma.rules.values import mismatch, written
from schemasync.witnesses.prisma.syntax import (
    ConstantValue,
    FunctionCall,
    NumberValue,
    ObjectValue,
    StringValue,
    Value,
)

_FORM = "write raw(\"status = 'active'\"), or { active: true }"
_VALUE_FORM = "a value is true, false, null, a string, a number, or { not: … }"
# Which scalar types compare with each kind of literal; null compares with all.
_STRINGS = frozenset(("String", "DateTime"))
_NUMBERS = frozenset(("Int", "BigInt", "Float", "Decimal"))


def read_where(ctx: Context, index: IndexDraft, arguments: Arguments) -> None:
    """Take the argument `where`, judge it, and note it on the index. Prisma 6 has no such argument."""
    if ctx.version == 6:
        return
    argument = arguments.take_argument("where")
    if argument is None or argument.value is None:
        return
    value = argument.value
    index.where_argument = argument
    if isinstance(value, ObjectValue):
        if _is_object(index, arguments, value):
            index.where = value
    elif isinstance(value, FunctionCall) and value.name == "raw":
        first = value.arguments[0].value if value.arguments else None
        if isinstance(first, StringValue) and first.text:
            index.where = value
        elif isinstance(first, StringValue):
            arguments.error("The condition of a partial index must not be empty")
        else:
            arguments.error("raw() takes one string, the condition in SQL", _FORM)
    elif isinstance(value, FunctionCall):
        arguments.error(f"{written(value)} is no condition of a partial index", _FORM)
    else:
        mismatch(ctx, index, value, "the condition of a partial index")


def _is_object(index: IndexDraft, arguments: Arguments, value: ObjectValue) -> bool:
    if not value.entries:
        arguments.error("The condition of a partial index must not be empty", _FORM)
        return False
    valid = True
    for entry in value.entries:
        field = index.model.scalars.get(entry.name or "")
        if field is None:
            is_relation = entry.name in index.model.relations
            what = "a relation and no column" if is_relation else f"no field of {index.model.name}"
            arguments.error(f"{entry.name} in the condition is {what}")
            valid = False
        elif entry.value is not None and (problem := _value_problem(field, entry.value)) is not None:
            arguments.error(problem, _VALUE_FORM)
            valid = False
    return valid


def _value_problem(field: ScalarDraft, value: Value) -> str | None:
    if isinstance(value, ObjectValue):
        if len(value.entries) != 1:
            return "An object in a condition has one entry: not"
        (entry,) = value.entries
        if entry.name != "not":
            return f"A condition has no operator {entry.name}; there is only not"
        if entry.value is None or isinstance(entry.value, ObjectValue):
            return f"{written(entry.value)} is no value of a condition"
        value = entry.value
    if isinstance(value, ConstantValue) and value.text == "null":
        return None
    if field.kind == "unsupported":
        return f"{field.name} is of an unsupported type, which only raw() can compare"
    if isinstance(value, ConstantValue) and value.text in ("true", "false"):
        allowed = frozenset({"Boolean"})
    elif isinstance(value, StringValue):
        allowed = _STRINGS
    elif isinstance(value, NumberValue):
        allowed = _NUMBERS
    else:
        return f"{written(value)} is no value of a condition"
    if field.kind == "scalar" and field.field.type_name not in allowed:
        return f"{written(value)} does not compare with {field.name}, which is {field.field.type_name}"
    return None
