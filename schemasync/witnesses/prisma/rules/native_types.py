"""Native types: which column types each provider has for each scalar type, and their arguments."""

from typing import NamedTuple

from schemasync.witnesses.prisma.meanings import NativeType
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import ScalarDraft
from schemasync.witnesses.prisma.rules.values import written
from schemasync.witnesses.prisma.syntax import Attribute


class _Definition(NamedTuple):
    scalar: str
    arguments: int = 0  # how many it may have; none is required
    smallest: int = 0
    largest: int = 2**32 - 1


_ONE = 1
_PRECISION = 6  # the most digits of a second's fraction

POSTGRESQL: dict[str, _Definition] = {
    "BigInt": _Definition("BigInt"),
    "Bit": _Definition("String", _ONE, 1),
    "Boolean": _Definition("Boolean"),
    "ByteA": _Definition("Bytes"),
    "Char": _Definition("String", _ONE),
    "Citext": _Definition("String"),
    "Date": _Definition("DateTime"),
    "Decimal": _Definition("Decimal", 2),
    "DoublePrecision": _Definition("Float"),
    "Inet": _Definition("String"),
    "Integer": _Definition("Int"),
    "Json": _Definition("Json"),
    "JsonB": _Definition("Json"),
    "Money": _Definition("Decimal"),
    "Oid": _Definition("Int"),
    "Real": _Definition("Float"),
    "SmallInt": _Definition("Int"),
    "Text": _Definition("String"),
    "Time": _Definition("DateTime", _ONE, 0, _PRECISION),
    "Timestamp": _Definition("DateTime", _ONE, 0, _PRECISION),
    "Timestamptz": _Definition("DateTime", _ONE, 0, _PRECISION),
    "Timetz": _Definition("DateTime", _ONE, 0, _PRECISION),
    "Uuid": _Definition("String"),
    "VarBit": _Definition("String", _ONE, 1),
    "VarChar": _Definition("String", _ONE),
    "Xml": _Definition("String"),
}
COCKROACHDB: dict[str, _Definition] = {
    "Bit": _Definition("String", _ONE, 1),
    "Bool": _Definition("Boolean"),
    "Bytes": _Definition("Bytes"),
    "CatalogSingleChar": _Definition("String"),
    "Char": _Definition("String", _ONE),
    "Date": _Definition("DateTime"),
    "Decimal": _Definition("Decimal", 2),
    "Float4": _Definition("Float"),
    "Float8": _Definition("Float"),
    "Inet": _Definition("String"),
    "Int2": _Definition("Int"),
    "Int4": _Definition("Int"),
    "Int8": _Definition("BigInt"),
    "JsonB": _Definition("Json"),
    "Oid": _Definition("Int"),
    "String": _Definition("String", _ONE),
    "Time": _Definition("DateTime", _ONE, 0, _PRECISION),
    "Timestamp": _Definition("DateTime", _ONE, 0, _PRECISION),
    "Timestamptz": _Definition("DateTime", _ONE, 0, _PRECISION),
    "Timetz": _Definition("DateTime", _ONE, 0, _PRECISION),
    "Uuid": _Definition("String"),
    "VarBit": _Definition("String", _ONE, 1),
}


def native_types(ctx: Context) -> dict[str, _Definition]:
    """The native types of the schema's provider; without a datasource there is none."""
    if ctx.provider is None:
        return {}
    return COCKROACHDB if ctx.provider == "cockroachdb" else POSTGRESQL


def read_native_type(field: ScalarDraft, attribute: Attribute) -> None:
    """Note what `@db.…` says; `check_native_type` judges it once the datasource is known."""
    name = attribute.name.partition(".")[2]
    # Prisma overlooks an argument without a value here, and only here.
    values = [argument.value for argument in attribute.arguments if argument.value is not None]
    field.reading.native_type = NativeType(name, tuple(written(value) for value in values))
    field.reading.native_attribute = attribute


def check_native_type(ctx: Context, field: ScalarDraft) -> None:
    """Prefix, name, scalar type and arguments of a field's native type."""
    native, attribute = field.reading.native_type, field.reading.native_attribute
    if native is None or attribute is None:
        return
    place = field.place(attribute)
    prefix = attribute.name.partition(".")[0]
    if ctx.datasource_name is not None and prefix != ctx.datasource_name:
        hint = f"write @{ctx.datasource_name}.{native.name}: the prefix is the datasource's name"
        ctx.error(place, f"There is no datasource {prefix}", hint)
    definition = native_types(ctx).get(native.name)
    if definition is None:
        where = ctx.provider or "a schema without a datasource"
        ctx.error(place, f"There is no native type {native.name} in {where}", _suggestion(ctx, native.name))
        return
    if len(native.arguments) > definition.arguments:
        count = ("no argument", "one argument", "two arguments")[definition.arguments]
        ctx.error(place, f"The native type {native.name} takes {count}, not {len(native.arguments)}")
    elif definition.scalar != field.field.type_name:
        hint = f"it is a type for {definition.scalar}"
        ctx.error(place, f"A {field.field.type_name} field cannot have the native type {native.name}", hint)
    elif (problem := _argument_problem(native, definition)) is not None:
        ctx.error(place, problem)


def _argument_problem(native: NativeType, definition: _Definition) -> str | None:
    """What is wrong with the arguments of a native type that may have them."""
    arguments = native.arguments
    if not arguments:
        return None
    numbers = [int(text) for text in arguments if text.isascii() and text.isdigit() and int(text) < 2**32]
    if len(numbers) < len(arguments):
        return f"The arguments of {native.name} are whole numbers that are not negative"
    if definition.arguments == 2:
        return _decimal_problem(numbers)
    if not definition.smallest <= numbers[0] <= definition.largest:
        if definition.largest == _PRECISION:
            return f"The precision of {native.name} is 0 to {_PRECISION}, not {numbers[0]}"
        return f"The length of {native.name} is at least {definition.smallest}, not {numbers[0]}"
    return None


def _decimal_problem(numbers: list[int]) -> str | None:
    if len(numbers) != 2:
        return "Decimal takes two arguments, precision and scale, or none"
    precision, scale = numbers
    if scale > precision:
        return f"The scale of Decimal ({scale}) exceeds its precision ({precision})"
    if not 1 <= precision <= 1000:
        return f"The precision of Decimal is 1 to 1000, not {precision}"
    return None


def parse_unsupported(ctx: Context, text: str) -> str | None:
    """The native type that `Unsupported("text")` spells, if the provider has it."""
    name, parenthesis, rest = text.partition("(")
    definition = native_types(ctx).get(name.strip())
    if definition is None or not name:
        return None
    inside = rest.partition(")")[0]
    arguments = tuple(part.strip() for part in inside.split(",")) if parenthesis and ")" in rest else ()
    native = NativeType(name.strip(), arguments)
    if definition.arguments == 0:
        return native.name
    numeric = all(part.isascii() and part.isdigit() and int(part) < 2**32 for part in arguments)
    fits = len(arguments) in (0, definition.arguments)
    if not fits or not numeric:
        return None
    return f"{native.name}({', '.join(arguments)})" if arguments else native.name


def scalar_of(ctx: Context, name: str) -> str:
    """The scalar type that a native type belongs to."""
    return native_types(ctx)[name.partition("(")[0]].scalar


def _suggestion(ctx: Context, name: str) -> str:
    for known in native_types(ctx):
        if known.lower() == name.lower():
            return f"did you mean {known}?"
    return ""
