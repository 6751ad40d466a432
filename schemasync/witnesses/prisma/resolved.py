"""A Prisma schema whose names are resolved and whose rules are kept: what `resolve` yields.

Names in the database are what `@map` and `@@map` say, else the name as written. Names of constraints
and indexes are only those that the schema gives (`map_name`); the names that Prisma chooses itself are
for the reader of this tree to work out. Lines and columns count from 1, columns in code points;
`documentation` is the text of `///` comments.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from schemasync.errors import Diagnostic
from schemasync.schema.records import quickly_made
from schemasync.witnesses.prisma.settings import Datasource, Generator
from schemasync.witnesses.prisma.syntax import Arity, Value

ScalarType: TypeAlias = Literal["String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes"]
ReferentialAction: TypeAlias = Literal["Cascade", "Restrict", "NoAction", "SetNull", "SetDefault"]
SortOrder: TypeAlias = Literal["Asc", "Desc"]
IndexMethod: TypeAlias = Literal["BTree", "Hash", "Gist", "Gin", "SpGist", "Brin"]


@quickly_made
@dataclass(frozen=True, slots=True)
class EnumValue:
    """A value of an enum, by its name in the schema and in the database."""

    name: str
    database_name: str
    line: int


@quickly_made
@dataclass(frozen=True, slots=True)
class Enum:
    """An enum.

    Args:
        name: its name in the schema.
        database_name: the type's name in the database.
        schema: `@@schema`, None where the schema file names no schema.
        values: in their order.
        path: the file.
        line: where the block begins.
        column: where it begins in that line.
    """

    name: str
    database_name: str
    schema: str | None
    values: tuple[EnumValue, ...]
    documentation: str | None
    path: str
    line: int
    column: int


@quickly_made
@dataclass(frozen=True, slots=True)
class NativeType:
    """`@db.VarChar(255)`: the name without its prefix, the arguments as written."""

    name: str
    arguments: tuple[str, ...]


@quickly_made
@dataclass(frozen=True, slots=True)
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


@quickly_made
@dataclass(frozen=True, slots=True)
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


@quickly_made
@dataclass(frozen=True, slots=True)
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


@quickly_made
@dataclass(frozen=True, slots=True)
class IndexField:
    """A field of a key or an index.

    Args:
        name: the field's name in the schema.
        sort: as written.
        length: as written; PostgreSQL has none.
        operator_class: the name that Prisma gives it (`JsonbPathOps`), or the SQL of `raw("…")`.
        is_raw: whether it is that SQL.
    """

    name: str
    sort: SortOrder | None = None
    length: int | None = None
    operator_class: str | None = None
    is_raw: bool = False


@quickly_made
@dataclass(frozen=True, slots=True)
class PrimaryKey:
    """`@id` or `@@id`.

    Args:
        fields: in their order.
        name: the name in Prisma's client.
        map_name: the constraint's name in the database, if given.
        line: where it is; the file is the model's.
    """

    fields: tuple[IndexField, ...]
    name: str | None
    map_name: str | None
    line: int
    column: int


@quickly_made
@dataclass(frozen=True, slots=True)
class Index:
    """`@unique`, `@@unique` or `@@index`.

    Args:
        is_unique: whether it is a unique index.
        fields: in their order.
        name: the name in Prisma's client.
        map_name: the index's name in the database, if given.
        method: `type: …`; None means BTree.
        where: the condition of a partial index: a `FunctionCall` of `raw`, or an `ObjectValue`.
        line: where it is; the file is the model's.
    """

    is_unique: bool
    fields: tuple[IndexField, ...]
    name: str | None
    map_name: str | None
    method: IndexMethod | None
    where: Value | None
    line: int
    column: int


@quickly_made
@dataclass(frozen=True, slots=True)
class Model:
    """A model or a view.

    Args:
        name: its name in the schema.
        database_name: the table's or view's name.
        schema: `@@schema`, None where the schema file names no schema.
        kind: model or view.
        fields: in their order.
        primary_key: `@id` or `@@id`.
        indexes: unique and plain ones, those of the fields first, then those of the block, each in their order.
        is_ignored: `@@ignore`.
        path: the file.
        line: where the block begins.
        column: where it begins in that line.
    """

    name: str
    database_name: str
    schema: str | None
    kind: Literal["model", "view"]
    fields: tuple[ScalarField | RelationField, ...]
    primary_key: PrimaryKey | None
    indexes: tuple[Index, ...]
    is_ignored: bool
    documentation: str | None
    path: str
    line: int
    column: int

    @property
    def scalar_fields(self) -> tuple[ScalarField, ...]:
        """The fields that are columns."""
        return tuple(field for field in self.fields if isinstance(field, ScalarField))


@quickly_made
@dataclass(frozen=True, slots=True)
class Relation:
    """A one-to-one or one-to-many relation, by the side that holds the foreign key.

    Args:
        name: given or generated.
        kind: one-to-one or one-to-many.
        model: the model whose table holds the foreign key.
        field: its relation field.
        referenced_model: the other model.
        referenced_field: that model's relation field.
        fields: the names of the fields that hold the key.
        references: the names of the fields that it refers to.
        arity: required or optional, of `field`.
        on_delete: as written.
        on_update: as written.
        map_name: the foreign key's name in the database, if given.
        line: where `field` is; the file is the model's.
    """

    name: str
    kind: Literal["one-to-one", "one-to-many"]
    model: str
    field: str
    referenced_model: str
    referenced_field: str
    fields: tuple[str, ...]
    references: tuple[str, ...]
    arity: Arity
    on_delete: ReferentialAction | None
    on_update: ReferentialAction | None
    map_name: str | None
    line: int
    column: int


@quickly_made
@dataclass(frozen=True, slots=True)
class ManyToManyRelation:
    """An implicit many-to-many relation: Prisma makes the table `_name` with the columns A and B.

    Args:
        name: given or generated.
        model_a: the model of column A, the first by name (by field name in a self-relation).
        field_a: its relation field.
        model_b: the model of column B.
        field_b: its relation field.
        line: where `field_a` is.
    """

    name: str
    model_a: str
    field_a: str
    model_b: str
    field_b: str
    line: int
    column: int


@quickly_made
@dataclass(frozen=True, slots=True)
class ResolvedSchema:
    """A whole Prisma schema.

    Args:
        datasource: None where no file has one; the schema then means PostgreSQL.
        generators: in their order.
        enums: in the order of the files.
        models: models and views, in the order of the files.
        relations: one-to-one and one-to-many.
        many_to_many: the implicit ones.
        warnings: what Prisma warns of; none of it makes the schema invalid.
    """

    datasource: Datasource | None
    generators: tuple[Generator, ...]
    enums: tuple[Enum, ...]
    models: tuple[Model, ...]
    relations: tuple[Relation, ...]
    many_to_many: tuple[ManyToManyRelation, ...]
    warnings: tuple[Diagnostic, ...] = ()
