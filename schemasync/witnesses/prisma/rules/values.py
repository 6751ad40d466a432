"""Values of the syntax tree as plain Python values, each mismatch reported; and values as text."""

from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.holders import Holder
from schemasync.witnesses.prisma.syntax import (
    Argument,
    ArrayValue,
    ConstantValue,
    FunctionCall,
    NumberValue,
    ObjectValue,
    StringValue,
    Value,
)

_KINDS = {
    StringValue: "a string",
    NumberValue: "a number",
    ConstantValue: "a bare word",
    FunctionCall: "a function call",
    ArrayValue: "a list",
    ObjectValue: "an object",
}
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


def written(value: Value | None) -> str:
    """A value as the schema language writes it."""
    if value is None:
        return ""
    if isinstance(value, StringValue):
        return '"' + value.text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if isinstance(value, NumberValue | ConstantValue):
        return value.text
    if isinstance(value, FunctionCall):
        return f"{value.name}({', '.join(map(written_argument, value.arguments))})"
    if isinstance(value, ArrayValue):
        return f"[{', '.join(map(written, value.items))}]"
    return f"{{ {', '.join(map(written_argument, value.entries))} }}"


def written_argument(argument: Argument) -> str:
    """An argument as the schema language writes it."""
    return f"{argument.name}: {written(argument.value)}" if argument.name else written(argument.value)


def mismatch(ctx: Context, holder: Holder, value: Value, expected: str) -> None:
    """Report a value of the wrong kind."""
    ctx.error(holder.place(value), f"This must be {expected}, but {written(value)} is {_KINDS[type(value)]}")


def as_string(ctx: Context, holder: Holder, value: Value) -> str | None:
    """The text of a string; None, reported, for anything else."""
    if isinstance(value, StringValue):
        return value.text
    mismatch(ctx, holder, value, "a string")
    return None


def as_constant(ctx: Context, holder: Holder, value: Value) -> str | None:
    """The text of a bare word; None, reported, for anything else."""
    if isinstance(value, ConstantValue):
        return value.text
    mismatch(ctx, holder, value, "a bare word")
    return None


def as_integer(ctx: Context, holder: Holder, value: Value) -> int | None:
    """A whole number of 64 bits; None, reported, for anything else."""
    if isinstance(value, NumberValue) and (number := integer(value.text)) is not None:
        return number
    mismatch(ctx, holder, value, "a whole number")
    return None


def as_boolean(ctx: Context, holder: Holder, value: Value) -> bool | None:
    """`true` or `false`; None, reported, for anything else."""
    if isinstance(value, ConstantValue) and value.text in ("true", "false"):
        return value.text == "true"
    mismatch(ctx, holder, value, "true or false")
    return None


def integer(text: str) -> int | None:
    """A whole number that fits into 64 bits."""
    if "." in text:
        return None
    number = int(text)
    return number if _SMALLEST <= number <= _LARGEST else None


def items(value: Value) -> tuple[Value, ...]:
    """The items of a list; any other value is a list of itself."""
    return value.items if isinstance(value, ArrayValue) else (value,)
