"""The PostgreSQL type of a Prisma field.

Source: Prisma documentation, "PostgreSQL: Native type mapping" and "CockroachDB: Native type mapping"; what Prisma
Migrate writes.
"""

from collections.abc import Mapping

from schemasync.schema.types import DataType, data_type, parse_type
from schemasync.witnesses.prisma.resolved import Enum
from schemasync.witnesses.prisma.resolved_fields import ScalarField

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


def column_type(field: ScalarField, enums: Mapping[str, Enum], default_schema: str) -> DataType:
    """A field's type in the database; a list is an array.

    Args:
        enums: by their names in the schema.
        default_schema: the PostgreSQL schema of an enum without `@@schema`.
    """
    dimensions = 1 if field.arity == "list" else 0
    if field.type_kind == "unsupported":
        type_ = parse_type(field.unsupported or "")
        return type_ if not dimensions else DataType(type_.name, type_.arguments, 1, type_.schema)
    if field.type_kind == "enum":
        enum = enums[field.type_name]
        return DataType(enum.database_name, (), dimensions, enum.schema or default_schema)
    if field.native_type is not None:
        name = _NATIVE.get(field.native_type.name, field.native_type.name.lower())
        if name == '"char"':
            return DataType("char", ("internal",), dimensions)
        arguments = tuple(int(argument) for argument in field.native_type.arguments)
        return data_type(name, arguments, dimensions)
    scalar = _SCALARS[field.type_name]
    return DataType(scalar.name, scalar.arguments, dimensions) if dimensions else scalar
