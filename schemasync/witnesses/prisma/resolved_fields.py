"""The fields of a resolved model: those that are columns, and those that lead to other models.

Lines and columns count from 1, columns in code points; `documentation` is the text of `///` comments.
"""

from typing import Literal, TypeAlias

from schemasync.schema.records import record
from schemasync.witnesses.prisma.syntax import Arity, Value

ScalarType: TypeAlias = Literal["String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes"]
ReferentialAction: TypeAlias = Literal["Cascade", "Restrict", "NoAction", "SetNull", "SetDefault"]


@record(frozen=True, slots=True)
class NativeType:
    """`@db.VarChar(255)`: the name without its prefix, the arguments as written."""

    name: str
    arguments: tuple[str, ...]


@record(frozen=True, slots=True)
class Default:
    """`@default(value, map: "…")`.

    Args:
        value: a literal (`StringValue`, `NumberValue`; `ConstantValue` for `true`, `false` and enum values, by
            their names in the schema), an `ArrayValue` of literals, or a `FunctionCall` such as `now()`,
            `autoincrement()`, `uuid(7)`, `dbgenerated("…")`, `sequence(start: 5)`.
        map_name: the constraint's name, which no PostgreSQL provider accepts.
    """

    value: Value
    map_name: str | None = None


@record(frozen=True, slots=True)
class ScalarField:
    """A field that is a column.

    Args:
        name: its name in the schema.
        database_name: the column's name.
        type_name: a scalar type (`ScalarType`), the name of an enum, or empty for an unsupported type.
        type_kind: which of the three it is.
        unsupported: the text of `Unsupported("…")`.
        arity: required, optional or list.
        native_type: `@db.…`.
        default: `@default(…)`.
        is_updated_at: `@updatedAt`.
        is_ignored: `@ignore`, or an unsupported type.
        line: where it is; the file is the model's.
    """

    name: str
    database_name: str
    type_name: str
    type_kind: Literal["scalar", "enum", "unsupported"]
    unsupported: str | None
    arity: Arity
    native_type: NativeType | None
    default: Default | None
    is_updated_at: bool
    is_ignored: bool
    documentation: str | None
    line: int
    column: int


@record(frozen=True, slots=True)
class RelationField:
    """A field that leads to another model; there is no column of its own.

    Args:
        name: its name in the schema.
        model: the model that it leads to.
        arity: required, optional or list.
        relation_name: the relation's name, given or generated.
        fields: the names of this model's fields that hold the key; empty on the other side.
        references: the names of the other model's fields that the key refers to.
        on_delete: as written.
        on_update: as written.
        map_name: the foreign key's name in the database, if given.
        is_ignored: `@ignore`.
        line: where it is; the file is the model's.
    """

    name: str
    model: str
    arity: Arity
    relation_name: str
    fields: tuple[str, ...]
    references: tuple[str, ...]
    on_delete: ReferentialAction | None
    on_update: ReferentialAction | None
    map_name: str | None
    is_ignored: bool
    documentation: str | None
    line: int
    column: int
