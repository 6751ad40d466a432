"""A model's relation fields as relationships: which foreign key each follows, and in which direction."""

from collections.abc import Mapping

from schemasync.schema.model import Location, Relationship
from schemasync.schema.names import cut
from schemasync.witnesses.prisma.resolved import ManyToManyRelation, Model, Relation, ResolvedSchema, ScalarField

Placed = tuple[str, Relationship]


def relationships_by_model(
    resolved: ResolvedSchema, models: Mapping[str, Model], default_schema: str
) -> dict[str, tuple[Relationship, ...]]:
    """The relationships of each model, by the model's name, in the order of its fields."""
    found: dict[str, dict[str, Relationship]] = {name: {} for name in models}
    placed = [side for relation in resolved.relations for side in _both_sides(relation, models, default_schema)]
    placed += [side for relation in resolved.many_to_many for side in _many_to_many(relation, models, default_schema)]
    for model_name, relationship in placed:
        found[model_name][relationship.name] = relationship
    ordered = {}
    for name, model in models.items():
        fields = [field.name for field in model.fields if field.name in found[name]]
        ordered[name] = tuple(found[name][field] for field in fields)
    return ordered


def column_names(model: Model) -> dict[str, str]:
    """The database's column names by the names of the fields."""
    return {field.name: field.database_name for field in model.scalar_fields}


def join_table_name(relation: ManyToManyRelation) -> str:
    """The name of the table that Prisma makes for an implicit many-to-many relation."""
    return cut(f"_{relation.name}")


def identifier_of(model: Model) -> ScalarField:
    """The field that a join table refers to: the single `@id`, or else the first required `@unique`."""
    keys = [model.primary_key.fields] if model.primary_key is not None else []
    keys += [index.fields for index in model.indexes if index.is_unique]
    wanted = next(fields[0].name for fields in keys if len(fields) == 1)
    return next(field for field in model.scalar_fields if field.name == wanted)


def _place(model: Model, field: str) -> Location:
    found = next(item for item in model.fields if item.name == field)
    return Location(model.path, found.line, found.column)


def _documentation(model: Model, field: str) -> str | None:
    return next(item for item in model.fields if item.name == field).documentation


def _both_sides(relation: Relation, models: Mapping[str, Model], default_schema: str) -> list[Placed]:
    holder, target = models[relation.model], models[relation.referenced_model]
    names = column_names(holder)
    columns = tuple(names[field] for field in relation.fields)
    referenced_names = column_names(target)
    referenced = tuple(referenced_names[field] for field in relation.references)
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
                documentation=_documentation(holder, relation.field),
                location=_place(holder, relation.field),
            ),
        )
    ]
    if relation.referenced_field:
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
                    documentation=_documentation(target, relation.referenced_field),
                    location=_place(target, relation.referenced_field),
                ),
            )
        )
    return sides


def _many_to_many(relation: ManyToManyRelation, models: Mapping[str, Model], default_schema: str) -> list[Placed]:
    ends = ((relation.model_a, relation.field_a, "A"), (relation.model_b, relation.field_b, "B"))
    sides = []
    for (model, field, _), (target_name, reverse, column) in (ends, ends[::-1]):
        target = models[target_name]
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
                    documentation=_documentation(models[model], field),
                    location=_place(models[model], field),
                ),
            )
        )
    return sides
