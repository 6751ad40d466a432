"""Relations with a list on both sides: Prisma makes the table between the models itself."""

from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.inference import ListRelation


def check_many_to_many(ctx: Context, relation: ListRelation) -> None:
    """An implicit many-to-many relation."""
    sides = relation.first, relation.second
    if any(side.fields is not None for side in sides):
        for side in sides:
            hint = "leave out fields and references, or write the table between as a model"
            ctx.error(side.whole(), "A list on both sides has no fields in the database", hint)
        return
    for side in sides:
        target = side.target
        key = target.primary_key
        if side.model.is_view or target.is_view:
            ctx.error(side.whole(), "A view has no many-to-many relations")
            continue
        if key is None or len(key.fields) != 1:
            message = f"{target.name} has no single @id, which a many-to-many relation needs"
            ctx.error(side.whole(), message, "write the table between as a model")
        if side.references is not None:
            ctx.error(side.whole(), "A many-to-many relation has no references", "leave them out")
        for node in (side.on_delete_node, side.on_update_node):
            if node is not None:
                hint = "write the table between as a model"
                ctx.error(side.place(node), "A many-to-many relation has no referential actions", hint)
