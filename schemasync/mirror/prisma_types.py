"""PostgreSQL's types as Prisma's: the field's type, and the native type where it is not that field's usual one.

Source: Prisma documentation, "PostgreSQL: Native type mapping".
"""

import json

from schemasync.schema.types import DataType

_PLAIN = {
    "text": ("String", ""),
    "boolean": ("Boolean", ""),
    "integer": ("Int", ""),
    "bigint": ("BigInt", ""),
    "double precision": ("Float", ""),
    "jsonb": ("Json", ""),
    "bytea": ("Bytes", ""),
    "smallint": ("Int", "SmallInt"),
    "real": ("Float", "Real"),
    "oid": ("Int", "Oid"),
    "money": ("Decimal", "Money"),
    "json": ("Json", "Json"),
    "uuid": ("String", "Uuid"),
    "citext": ("String", "Citext"),
    "inet": ("String", "Inet"),
    "xml": ("String", "Xml"),
    "date": ("DateTime", "Date"),
}
_WITH_ARGUMENTS = {
    "varchar": ("String", "VarChar"),
    "char": ("String", "Char"),
    "bit": ("String", "Bit"),
    "bit varying": ("String", "VarBit"),
    "numeric": ("Decimal", "Decimal"),
}
_TIMES = {"timestamp": "Timestamp", "timestamptz": "Timestamptz", "time": "Time", "timetz": "Timetz"}


def field_type(type_: DataType, enum: str | None = None) -> tuple[str, str]:
    """A column's type as Prisma writes it, without its arity, and `@db.…` or nothing.

    Args:
        enum: what Prisma calls the enum that the type is.
    """
    if enum is not None:
        return enum, ""
    element = type_.element
    arguments = element.arguments or ()
    if element.schema is None and not arguments and element.name in _PLAIN:
        kind, native = _PLAIN[element.name]
        return kind, f"@db.{native}" if native else ""
    if element.schema is None and element.name in _WITH_ARGUMENTS and "internal" not in arguments:
        kind, native = _WITH_ARGUMENTS[element.name]
        return kind, f"@db.{native}" + (f"({', '.join(map(str, arguments))})" if arguments else "")
    if element.schema is None and element.name in _TIMES:
        # Without a precision PostgreSQL keeps microseconds.
        return "DateTime", f"@db.{_TIMES[element.name]}({arguments[0] if arguments else 6})"
    return f"Unsupported({json.dumps(str(element))})", ""
