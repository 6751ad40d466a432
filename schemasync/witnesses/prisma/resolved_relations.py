"""The relations between resolved models, each once, with both of its sides."""

from typing import Literal

from schemasync.schema.records import record
from schemasync.witnesses.prisma.resolved_fields import ReferentialAction
from schemasync.witnesses.prisma.syntax import Arity


@record(frozen=True, slots=True)
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


@record(frozen=True, slots=True)
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
