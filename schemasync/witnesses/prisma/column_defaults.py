"""What fills a Prisma field in: the database by a DEFAULT, or Prisma Client before it sends the statement.

Source: Prisma documentation, "Attribute functions"; what Prisma Migrate writes.
"""

from collections.abc import Mapping

from schemasync.late_patterns import late_pattern
from schemasync.schema.defaults import ClientDefault, Default
from schemasync.schema.types import DataType
from schemasync.witnesses.prisma.rules.drafts import ScalarDraft
from schemasync.witnesses.prisma.rules.enum_draft import EnumDraft
from schemasync.witnesses.prisma.syntax import (
    ArrayValue,
    ConstantValue,
    FunctionCall,
    NumberValue,
    StringValue,
    Value,
)

# With the version or length that they have without an argument.
_CLIENT_FUNCTIONS = {
    "uuid": ClientDefault("uuid", "4"),
    "cuid": ClientDefault("cuid", "1"),
    "ulid": ClientDefault("ulid"),
    "nanoid": ClientDefault("nanoid", "21"),
}
_NOW = ClientDefault("now")
_USUAL_DECIMAL = late_pattern(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


def field_defaults(
    field: ScalarDraft, type_: DataType, enums: Mapping[str, EnumDraft]
) -> tuple[Default | None, ClientDefault | None, ClientDefault | None]:
    """The database's default, Prisma Client's own on INSERT, and its own on UPDATE."""
    in_database, by_client = _stated(field, type_, enums)
    if not field.reading.is_updated_at:
        return in_database, by_client, None
    if in_database is None and by_client is None:
        by_client = _NOW
    return in_database, by_client, _NOW


def _stated(
    field: ScalarDraft, type_: DataType, enums: Mapping[str, EnumDraft]
) -> tuple[Default | None, ClientDefault | None]:
    default = field.reading.default
    if default is None:
        return None, None
    value = default.value
    if not isinstance(value, FunctionCall):
        return Default(_literal(value, field, type_, enums)), None
    if value.name == "autoincrement" and type_.name == "oid":
        return None, None  # Prisma has no SERIAL for it, and writes no default
    if value.name in ("autoincrement", "sequence"):
        return Default(None, "sequence"), None
    if value.name == "now":
        return Default("CURRENT_TIMESTAMP"), None
    given = _first_argument(value)
    if value.name == "dbgenerated":
        return Default(given or None), None
    function = _CLIENT_FUNCTIONS.get(value.name)
    if function is None:
        return None, ClientDefault("function", f"{value.name}()")
    return None, ClientDefault(function.kind, given or function.argument)


def _first_argument(call: FunctionCall) -> str | None:
    value = call.arguments[0].value if call.arguments else None
    return value.text if isinstance(value, (StringValue, NumberValue)) else None


def _literal(value: Value, field: ScalarDraft, type_: DataType, enums: Mapping[str, EnumDraft]) -> str:
    """A literal as Prisma Migrate writes it after DEFAULT."""
    if isinstance(value, ArrayValue):
        items = ", ".join(_literal(item, field, type_, enums) for item in value.items)
        return f"ARRAY[{items}]::{type_}"
    if field.field.type_name == "Decimal" and isinstance(value, (NumberValue, StringValue)):
        return _decimal(value.text)
    if isinstance(value, NumberValue):
        return str(int(value.text)) if field.field.type_name in ("Int", "BigInt") else value.text
    if isinstance(value, ConstantValue):
        if field.kind != "enum":
            return value.text
        return _quoted(enums[field.field.type_name].label(value.text))
    if isinstance(value, StringValue):
        return _quoted(_bytes(value.text) if field.field.type_name == "Bytes" else value.text)
    raise TypeError(f"{type(value).__name__} is no literal")


def _decimal(text: str) -> str:
    """A decimal number with all its digits, but neither `007` nor `-0`."""
    if _USUAL_DECIMAL.fullmatch(text) is not None:
        return text
    from decimal import Decimal

    number = Decimal(text)
    return f"{number or abs(number):f}"


def _bytes(text: str) -> str:
    """Base64, as Prisma writes bytes, in PostgreSQL's hexadecimal format."""
    from base64 import b64decode

    try:
        return "\\x" + b64decode(text, validate=True).hex()
    except ValueError:
        return text


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
