"""A model's relation fields as relationships: which foreign key each follows, and in which direction."""

from collections.abc import Mapping

from schemasync.records import maker
from schemasync.schema.model import Location, Relationship
from schemasync.schema.names import cut
from schemasync.witnesses.prisma.resolved import ResolvedSchema
from schemasync.witnesses.prisma.rules.drafts import ModelDraft, RelationDraft, ScalarDraft
from schemasync.witnesses.prisma.rules.inference import ListRelation, Relation

_make_location, _make_relationship = maker(Location), maker(Relationship)

# Schema and name of the table of each model, by the model's name.
Keys = Mapping[str, tuple[str, str]]


class Relationships:
    """The relationships that relation fields are, by the field's identity.

    Args:
        keys: schema and name of each model's table.
    """

    def __init__(self, resolved: ResolvedSchema, keys: Keys) -> None:
        self._made: dict[int, Relationship] = {}
        for relation in resolved.relations:
            self._inline(relation, keys)
        for pair in resolved.many_to_many:
            self._many_to_many(pair, keys)

    def side(self, field: RelationDraft) -> Relationship:
        """The relationship that a relation field is."""
        return self._made[id(field)]

    def of(self, model: ModelDraft) -> tuple[Relationship, ...]:
        """Those of a model, in the order of its fields."""
        made = self._made
        return tuple([made[id(field)] for field in model.relations.values() if id(field) in made])

    def _inline(self, relation: Relation, keys: Keys) -> None:
        forward, back, one_to_one = relation.forward, relation.back, relation.is_one_to_one
        columns, referenced = columns_of(forward.fields), columns_of(forward.references)
        here, there = forward.field, back.field
        schema, table = keys[back.model.name]
        self._made[id(forward)] = _make_relationship(
            here.name,
            "one-to-one" if one_to_one else "many-to-one",
            schema,
            table,
            columns,
            True,
            None,
            there.name,
            referenced,
            here.documentation,
            location_of(forward),
        )
        schema, table = keys[forward.model.name]
        self._made[id(back)] = _make_relationship(
            there.name,
            "one-to-one" if one_to_one else "one-to-many",
            schema,
            table,
            columns,
            False,
            None,
            here.name,
            referenced,
            there.documentation,
            location_of(back),
        )

    def _many_to_many(self, relation: ListRelation, keys: Keys) -> None:
        first, second = relation.first, relation.second
        for field, other, column in ((first, second, "B"), (second, first, "A")):
            self._made[id(field)] = Relationship(
                field.name,
                "many-to-many",
                *keys[other.model.name],
                (column,),
                on_this_side=False,
                secondary=join_table_name(relation),
                reverse=other.name,
                referenced_columns=(identifier_of(other.model).column,),
                documentation=field.field.documentation,
                location=location_of(field),
            )


def columns_of(fields: list[ScalarDraft] | None) -> tuple[str, ...]:
    """The columns of some fields."""
    return tuple([field.column for field in fields or ()])


def location_of(field: ScalarDraft | RelationDraft) -> Location:
    """Where a field's name begins."""
    node = field.field
    return _make_location(field.model.file.path, node.line, node.column + 1)


def join_table_name(relation: ListRelation) -> str:
    """The name of the table that Prisma makes for an implicit many-to-many relation."""
    return cut(f"_{relation.first.relation_name}")


def identifier_of(model: ModelDraft) -> ScalarDraft:
    """The field that a join table refers to: the single `@id`, or else the first required `@unique`."""
    return next(key.fields[0][0] for key in model.unique_criteria() if len(key.fields) == 1)
