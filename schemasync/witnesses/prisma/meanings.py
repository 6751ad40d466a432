"""What attributes say, as plain values: native types, defaults, actions, the fields of keys and indexes."""

from typing import Literal, TypeAlias

from schemasync.records import record
from schemasync.witnesses.prisma.syntax import Value

ReferentialAction: TypeAlias = Literal["Cascade", "Restrict", "NoAction", "SetNull", "SetDefault"]
SortOrder: TypeAlias = Literal["Asc", "Desc"]
IndexMethod: TypeAlias = Literal["BTree", "Hash", "Gist", "Gin", "SpGist", "Brin"]


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
