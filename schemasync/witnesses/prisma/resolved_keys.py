"""The keys and indexes of a resolved model.

Their names are only those that the schema gives (`map_name`); the names that Prisma chooses itself are for the reader
of this tree to work out.
"""

from typing import Literal, TypeAlias

from schemasync.schema.records import record
from schemasync.witnesses.prisma.syntax import Value

SortOrder: TypeAlias = Literal["Asc", "Desc"]
IndexMethod: TypeAlias = Literal["BTree", "Hash", "Gist", "Gin", "SpGist", "Brin"]


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


@record(frozen=True, slots=True)
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


@record(frozen=True, slots=True)
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
