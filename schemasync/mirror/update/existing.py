"""What the models call things already: classes, attributes, relationships. New text must call them the same."""

from collections.abc import Iterable

from schemasync.schema.model import Relationship, Schema, Table


def existing_names(prisma: Schema, models: Schema) -> dict[str, str]:
    """Names by `Model` and `Model.field`, as settings for `chosen_names`."""
    found = {}
    for table in prisma.tables:
        stated = models.table_by_key.get(table.key)
        if stated is None or stated.model is None or table.model is None:
            continue
        found[table.model] = stated.model
        attributes = {column.name: column.field for column in stated.columns}
        for column in table.columns:
            attribute = attributes.get(column.name)
            if attribute is not None:
                found[f"{table.model}.{column.field}"] = attribute
        for expected, relationship in _paired(table, stated):
            found[f"{table.model}.{expected.name}"] = relationship.name
    return found


def _paired(table: Table, stated: Table) -> Iterable[tuple[Relationship, Relationship]]:
    """Relationships that follow the same foreign key in the same direction."""
    left = list(stated.relationships)
    for expected in table.relationships:
        found = next((one for one in left if _follows(one) == _follows(expected)), None)
        if found is not None:
            left.remove(found)
            yield expected, found


def _follows(one: Relationship) -> tuple[object, ...]:
    columns = frozenset(one.columns) if one.secondary is None else (one.secondary, *one.columns)
    return (one.target_schema, one.target_table, columns, one.on_this_side)
