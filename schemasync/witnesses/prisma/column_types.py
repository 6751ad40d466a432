"""The PostgreSQL type of a Prisma field.

Source: Prisma documentation, "PostgreSQL: Native type mapping" and "CockroachDB: Native type mapping"; what Prisma
Migrate writes.
"""

from collections.abc import Mapping

from schemasync.schema.names import cut
from schemasync.schema.types import DataType, data_type, parse_type
from schemasync.witnesses.prisma.rules.drafts import ScalarDraft
from schemasync.witnesses.prisma.rules.enum_draft import EnumDraft

_SCALARS = {
    "String": DataType("text"),
    "Boolean": DataType("boolean"),
    "Int": DataType("integer"),
    "BigInt": DataType("bigint"),
    "Float": DataType("double precision"),
    "Decimal": DataType("numeric", (65, 30)),
    "DateTime": DataType("timestamp", (3,)),
    "Json": DataType("jsonb"),
    "Bytes": DataType("bytea"),
}

# Native types whose name in SQL is not simply the lower-case name.
_NATIVE = {
    "DoublePrecision": "double precision",
    "VarBit": "bit varying",
    "CatalogSingleChar": '"char"',
    "String": "text",
    "Int4": "integer",
    "Int2": "smallint",
    "Int8": "bigint",
    "Float4": "real",
    "Float8": "double precision",
    "Bool": "boolean",
    "Bytes": "bytea",
}


def column_type(field: ScalarDraft, enums: Mapping[str, EnumDraft], default_schema: str) -> DataType:
    """A field's type in the database; a list is an array.

    Args:
        enums: by their names in the schema.
        default_schema: the PostgreSQL schema of an enum without `@@schema`.
    """
    written, native = field.field.rest, field.reading.native_type
    dimensions = 1 if written.arity == "list" else 0
    if field.kind == "unsupported":
        type_ = parse_type(written.unsupported or "")
        return type_ if not dimensions else DataType(type_.name, type_.arguments, 1, type_.schema)
    if field.kind == "enum":
        enum = enums[written.type_name]
        return DataType(cut(enum.database_name), (), dimensions, enum.schema or default_schema)
    if native is not None:
        name = _NATIVE.get(native.name, native.name.lower())
        if name == '"char"':
            return DataType("char", ("internal",), dimensions)
        arguments = tuple(int(argument) for argument in native.arguments)
        return data_type(name, arguments, dimensions)
    scalar = _SCALARS[written.type_name]
    return DataType(scalar.name, scalar.arguments, dimensions) if dimensions else scalar
