"""A model's relation fields as relationships: which foreign key each follows, and in which direction."""

from collections.abc import Mapping

from schemasync.schema.model import Location, Relationship
from schemasync.schema.names import cut
from schemasync.witnesses.prisma.resolved import Model, ResolvedSchema
from schemasync.witnesses.prisma.resolved_fields import RelationField, ScalarField
from schemasync.witnesses.prisma.resolved_relations import ManyToManyRelation, Relation

Placed = tuple[str, Relationship]
Fields = Mapping[str, ScalarField | RelationField]


def relationships_by_model(
    resolved: ResolvedSchema, models: Mapping[str, Model], default_schema: str
) -> dict[str, tuple[Relationship, ...]]:
    """The relationships of each model, by the model's name, in the order of its fields."""
    fields = {name: {field.name: field for field in model.fields} for name, model in models.items()}
    found: dict[str, dict[str, Relationship]] = {name: {} for name in models}
    placed = [side for relation in resolved.relations for side in _both_sides(relation, models, fields, default_schema)]
    placed += [
        side for relation in resolved.many_to_many for side in _many_to_many(relation, models, fields, default_schema)
    ]
    for model_name, relationship in placed:
        found[model_name][relationship.name] = relationship
    ordered = {}
    for name, model in models.items():
        own = found[name]
        ordered[name] = tuple([own[field.name] for field in model.fields if field.name in own]) if own else ()
    return ordered


def column_names(model: Model) -> dict[str, str]:
    """The database's column names by the names of the fields."""
    return {field.name: field.database_name for field in model.fields if isinstance(field, ScalarField)}


def join_table_name(relation: ManyToManyRelation) -> str:
    """The name of the table that Prisma makes for an implicit many-to-many relation."""
    return cut(f"_{relation.name}")


def identifier_of(model: Model) -> ScalarField:
    """The field that a join table refers to: the single `@id`, or else the first required `@unique`."""
    keys = [model.primary_key.fields] if model.primary_key is not None else []
    keys += [index.fields for index in model.indexes if index.is_unique]
    wanted = next(fields[0].name for fields in keys if len(fields) == 1)
    return next(field for field in model.scalar_fields if field.name == wanted)


def _place(model: Model, field: ScalarField | RelationField) -> Location:
    return Location(model.path, field.line, field.column)


def _database_names(fields: Fields, names: tuple[str, ...]) -> tuple[str, ...]:
    found = [fields[name] for name in names]
    return tuple([field.database_name for field in found if isinstance(field, ScalarField)])


def _both_sides(
    relation: Relation, models: Mapping[str, Model], fields: Mapping[str, Fields], default_schema: str
) -> list[Placed]:
    holder, target = models[relation.model], models[relation.referenced_model]
    columns = _database_names(fields[holder.name], relation.fields)
    referenced = _database_names(fields[target.name], relation.references)
    forward = fields[holder.name][relation.field]
    one_to_one = relation.kind == "one-to-one"
    sides = [
        (
            holder.name,
            Relationship(
                relation.field,
                "one-to-one" if one_to_one else "many-to-one",
                target.schema or default_schema,
                target.database_name,
                columns,
                on_this_side=True,
                reverse=relation.referenced_field or None,
                referenced_columns=referenced,
                documentation=forward.documentation,
                location=_place(holder, forward),
            ),
        )
    ]
    if relation.referenced_field:
        back = fields[target.name][relation.referenced_field]
        sides.append(
            (
                target.name,
                Relationship(
                    relation.referenced_field,
                    "one-to-one" if one_to_one else "one-to-many",
                    holder.schema or default_schema,
                    holder.database_name,
                    columns,
                    on_this_side=False,
                    reverse=relation.field,
                    referenced_columns=referenced,
                    documentation=back.documentation,
                    location=_place(target, back),
                ),
            )
        )
    return sides


def _many_to_many(
    relation: ManyToManyRelation, models: Mapping[str, Model], fields: Mapping[str, Fields], default_schema: str
) -> list[Placed]:
    ends = ((relation.model_a, relation.field_a, "A"), (relation.model_b, relation.field_b, "B"))
    sides = []
    for (model, field, _), (target_name, reverse, column) in (ends, ends[::-1]):
        target, side = models[target_name], fields[model][field]
        sides.append(
            (
                model,
                Relationship(
                    field,
                    "many-to-many",
                    target.schema or default_schema,
                    target.database_name,
                    (column,),
                    on_this_side=False,
                    secondary=join_table_name(relation),
                    reverse=reverse,
                    referenced_columns=(identifier_of(target).database_name,),
                    documentation=side.documentation,
                    location=_place(models[model], side),
                ),
            )
        )
    return sides
