"""`@default`: which values and functions each type takes."""

from schemasync.late_patterns import late_pattern
from schemasync.witnesses.prisma.meanings import Default
from schemasync.witnesses.prisma.rules.arguments import Arguments
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import ScalarDraft
from schemasync.witnesses.prisma.rules.values import as_boolean, as_integer, integer, written
from schemasync.witnesses.prisma.syntax import (
    ArrayValue,
    ConstantValue,
    FunctionCall,
    NumberValue,
    StringValue,
    Value,
)

# Which scalar types each function makes values for.
_FUNCTIONS: dict[str, tuple[str, ...]] = {
    "autoincrement": ("Int", "BigInt"),
    "cuid": ("String",),
    "nanoid": ("String",),
    "now": ("DateTime",),
    "ulid": ("String",),
    "uuid": ("String",),
}
# Which numbers the functions take as their one argument.
_VERSIONS: dict[str, tuple[range, str]] = {
    "cuid": (range(1, 3), "its version, 1 or 2"),
    "uuid": (range(4, 8, 3), "its version, 4 or 7"),
    "nanoid": (range(2, 256), "its length, 2 to 255"),
}
_LITERALS: dict[str, tuple[type, ...]] = {
    "String": (StringValue,),
    "Json": (StringValue,),
    "Bytes": (StringValue,),
    "DateTime": (StringValue,),
    "Int": (NumberValue,),
    "BigInt": (NumberValue,),
    "Float": (NumberValue,),
    "Decimal": (NumberValue, StringValue),
    "Boolean": (ConstantValue,),
}
_EXAMPLES = {
    "String": 'a string, as in "text"',
    "Json": 'a string of JSON, as in "{}"',
    "Bytes": 'a string of Base64, as in "aGVsbG8="',
    "DateTime": 'a time, as in "2030-01-31T12:00:00Z", or now()',
    "Int": "a whole number",
    "BigInt": "a whole number",
    "Float": "a number",
    "Decimal": "a number",
    "Boolean": "true or false",
}
_DECIMAL = late_pattern(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_TIME = late_pattern(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:)(\d\d)(?:\.\d+)?(?:[Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)")
_SEQUENCE_NUMBERS = ("cache", "increment", "minValue", "maxValue", "start")


def read_default(ctx: Context, field: ScalarDraft, arguments: Arguments) -> None:
    """Take `@default(value, map: "…")` apart, judge its value, and note it on the field."""
    value = arguments.take_default("value")
    if value is None:
        return
    map_name = arguments.take_string("map")
    if _is_allowed(ctx, field, arguments, value, map_name):
        field.reading.default = Default(value, map_name)
        field.reading.default_node = arguments.attribute


def _is_allowed(ctx: Context, field: ScalarDraft, arguments: Arguments, value: Value, map_name: str | None) -> bool:
    if isinstance(value, FunctionCall) and value.name == "dbgenerated":
        return _is_dbgenerated(arguments, value)
    if field.kind == "unsupported":
        arguments.error("Only the database can make a value of an unsupported type", 'write dbgenerated("…")')
        return False
    if field.kind == "enum":
        return _is_enum_default(ctx, field, arguments, value)
    if isinstance(value, FunctionCall):
        return _is_function(ctx, field, arguments, value, map_name)
    if field.field.arity == "list":
        if not isinstance(value, ArrayValue):
            arguments.error("The default of a list is a list", f"write [{written(value)}]")
            return False
        return all(_is_literal(ctx, field, arguments, item) for item in value.items)
    if isinstance(value, ArrayValue):
        arguments.error("The default of a field that is no list cannot be a list")
        return False
    return _is_literal(ctx, field, arguments, value)


def _is_dbgenerated(arguments: Arguments, call: FunctionCall) -> bool:
    values = [argument.value for argument in call.arguments]
    if not values:
        return True
    first = values[0]
    if len(values) > 1 or not isinstance(first, StringValue):
        arguments.error("dbgenerated() takes one string, the expression in SQL")
        return False
    if not first.text:
        arguments.error("dbgenerated() takes no empty string", "write dbgenerated() for an unknown expression")
        return False
    return True


def _is_function(
    ctx: Context, field: ScalarDraft, arguments: Arguments, call: FunctionCall, map_name: str | None
) -> bool:
    name, scalar = call.name, field.field.type_name
    if name == "autoincrement" and map_name is not None:
        arguments.error("The default autoincrement() has no name")
        return False
    if name == "auto" and not call.arguments:  # `check_default` refuses it
        return True
    if name == "auto":
        arguments.error("Only MongoDB has auto()", "use autoincrement(), or uuid() for a String")
        return False
    if name == "sequence" and ctx.provider == "cockroachdb":
        return True
    if name not in _FUNCTIONS:
        known = ", ".join(f"{known}()" for known in (*_FUNCTIONS, "dbgenerated"))
        ctx.error_later(field.place(call), f"There is no default function {name}()", f"known are {known}")
        return False
    if scalar not in _FUNCTIONS[name]:
        types = " or ".join(_FUNCTIONS[name])
        arguments.error(f"{name}() makes no {scalar}", f"it is for fields of type {types}")
        return False
    return _are_function_arguments(arguments, call)


def _are_function_arguments(arguments: Arguments, call: FunctionCall) -> bool:
    values = [argument.value for argument in call.arguments]
    if not values:
        return True
    if call.name not in _VERSIONS:
        arguments.error(f"{call.name}() takes no argument", f"write {call.name}()")
        return False
    allowed, meaning = _VERSIONS[call.name]
    first = values[0]
    number = integer(first.text) if isinstance(first, NumberValue) else None
    if len(values) > 1 or number not in allowed:
        arguments.error(f"{call.name}() takes one number, {meaning}, or nothing")
        return False
    return True


def _is_enum_default(ctx: Context, field: ScalarDraft, arguments: Arguments, value: Value) -> bool:
    if field.field.arity != "list":
        return _is_enum_value(ctx, field, arguments, value)
    if not isinstance(value, ArrayValue):
        arguments.error("The default of a list is a list", f"write [{written(value)}]")
        return False
    return all(_is_enum_value(ctx, field, arguments, item) for item in value.items)


def _is_enum_value(ctx: Context, field: ScalarDraft, arguments: Arguments, value: Value) -> bool:
    values = [item.name for item in ctx.enums[field.field.type_name].block.values]
    if isinstance(value, ConstantValue) and value.text in values:
        return True
    hint = f"its values are {', '.join(values)}"
    arguments.error(f"{written(value)} is no value of the enum {field.field.type_name}", hint)
    return False


def _is_literal(ctx: Context, field: ScalarDraft, arguments: Arguments, value: Value) -> bool:
    scalar = field.field.type_name
    if not isinstance(value, _LITERALS[scalar]):
        arguments.error(f"{written(value)} is no {scalar}", f"write {_EXAMPLES[scalar]}")
        return False
    if isinstance(value, ConstantValue) and value.text not in ("true", "false"):
        ctx.error(field.place(value), f"{value.text} is no Boolean", "write true or false")
        return False
    return True


def check_default(ctx: Context, field: ScalarDraft) -> None:
    """What can be said of a default only once the whole schema is read: its name, and that its text means a value."""
    default, node = field.reading.default, field.reading.default_node
    if default is None or node is None:
        return
    if default.map_name is not None:
        ctx.error(field.place(node), "A default has no name in PostgreSQL", "leave out the argument map")
    call = default.value
    if isinstance(call, FunctionCall) and call.name == "auto":
        ctx.error(field.place(call), "Only MongoDB has auto()", "use autoincrement(), or uuid() for a String")
    if ctx.provider == "cockroachdb" and isinstance(call, FunctionCall):
        if call.name == "sequence":
            _check_sequence(ctx, field, call)
        elif call.name == "autoincrement" and field.field.type_name == "Int" and not field.model.is_view:
            hint = "use BigInt, or sequence()"
            ctx.error(field.place(node), "CockroachDB has autoincrement() only for BigInt", hint)
    if (
        ctx.provider is None
        and isinstance(call, FunctionCall)
        and call.name == "autoincrement"
        and not field.model.is_view
    ):
        key = field.model.primary_key
        if key is None or key.field_names() != [field.name]:
            ctx.error(field.whole(), "Without a datasource autoincrement() is for the id only")
    if field.kind == "scalar":
        for value in call.items if isinstance(call, ArrayValue) else (call,):
            if not _means_a_value(field.field.type_name, value):
                hint = f"write {_EXAMPLES[field.field.type_name]}"
                ctx.error(field.place(value), f"{written(value)} is no {field.field.type_name}", hint)


def _check_sequence(ctx: Context, field: ScalarDraft, call: FunctionCall) -> None:
    for argument in call.arguments:
        if argument.value is None:
            continue
        if argument.name == "virtual":
            as_boolean(ctx, field, argument.value)
        elif argument.name in _SEQUENCE_NUMBERS:
            as_integer(ctx, field, argument.value)
        else:
            ctx.error(field.place(argument), f"sequence() takes no argument {argument.name or 'without a name'}")


def _means_a_value(scalar: str, value: Value) -> bool:
    if isinstance(value, NumberValue):
        return scalar not in ("Int", "BigInt") or integer(value.text) is not None
    if not isinstance(value, StringValue):
        return True
    text = value.text
    if scalar == "Json":
        return _is_json(text)
    if scalar == "Bytes":
        return _is_base64(text)
    if scalar == "DateTime":
        return _is_time(text)
    return scalar != "Decimal" or _DECIMAL.fullmatch(text) is not None


def _is_json(text: str) -> bool:
    if text in ("{}", "[]"):  # the usual ones
        return True
    import json

    try:
        json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(text: str) -> None:
    """JSON has no NaN and no Infinity, though Python reads them."""
    raise ValueError(text)


def _is_base64(text: str) -> bool:
    from base64 import b64decode, b64encode

    try:
        content = b64decode(text, validate=True)
    except ValueError:
        return False
    return b64encode(content).decode() == text


def _is_time(text: str) -> bool:
    """A time as RFC 3339 writes it; a leap second counts."""
    from datetime import datetime

    match = _TIME.fullmatch(text)
    if match is None:
        return False
    seconds = "59" if match[3] == "60" else match[3]
    try:
        datetime.fromisoformat(f"{match[1]}T{match[2]}{seconds}")
    except ValueError:
        return False
    return True
