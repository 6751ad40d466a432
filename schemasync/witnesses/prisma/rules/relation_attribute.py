"""`@relation`: the fields that it names, its own name, its actions."""

from schemasync.witnesses.prisma.meanings import ReferentialAction
from schemasync.witnesses.prisma.rules.arguments import Arguments
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import ModelDraft, RelationDraft, ScalarDraft
from schemasync.witnesses.prisma.rules.values import as_constant, as_string, items
from schemasync.witnesses.prisma.syntax import ConstantValue, Value

ACTIONS: dict[str, ReferentialAction] = {
    "Cascade": "Cascade",
    "Restrict": "Restrict",
    "NoAction": "NoAction",
    "SetNull": "SetNull",
    "SetDefault": "SetDefault",
}


def read_relation(ctx: Context, field: RelationDraft, arguments: Arguments) -> None:
    """Note on a relation field what its `@relation` says."""
    field.attribute = arguments.attribute
    fields = arguments.take("fields")
    if fields is not None:
        field.fields = _named_fields(ctx, arguments, field.model, "fields", fields)
    references = arguments.take("references")
    if references is not None:
        field.references = _named_fields(ctx, arguments, field.target, "references", references)
    if not arguments.named:  # the usual case
        return
    name = arguments.take_default("name", optional=True)
    text = as_string(ctx, field, name) if name is not None else None
    if text == "":
        arguments.error("A relation's name must not be empty")
    elif text is not None:
        field.name_given = text
    field.on_delete_node = arguments.take("onDelete")
    field.on_update_node = arguments.take("onUpdate")
    field.on_delete = _action(ctx, field, field.on_delete_node)
    field.on_update = _action(ctx, field, field.on_update_node)
    field.map_name = arguments.take_string("map")


def _action(ctx: Context, field: RelationDraft, value: Value | None) -> ReferentialAction | None:
    text = as_constant(ctx, field, value) if value is not None else None
    if text is None or value is None:
        return None
    if text not in ACTIONS:
        ctx.error(field.place(value), f"There is no referential action {text}", f"known are {', '.join(ACTIONS)}")
    return ACTIONS.get(text)


def _named_fields(
    ctx: Context, arguments: Arguments, model: ModelDraft, argument: str, value: Value
) -> list[ScalarDraft]:
    """The columns that a list names; an empty list, reported, where they are not all there."""
    listed = items(value)
    if len(listed) == 1 and listed[0].__class__ is ConstantValue and listed[0].text in model.scalars:  # the usual case
        return [model.scalars[listed[0].text]]
    names = [as_constant(ctx, arguments.holder, item) for item in listed]
    found: list[ScalarDraft] = []
    mistakes: list[str] = []
    for name in names:
        column = model.scalars.get(name) if name is not None else None
        if column is None:
            if name is not None:
                what = "a relation and no column" if name in model.relations else f"no field of {model.name}"
                mistakes.append(f"{name} in {argument} is {what}")
        elif column in found:
            mistakes.append(f"{name} stands in {argument} twice")
        else:
            found.append(column)
    for mistake in mistakes:
        ctx.error(arguments.holder.place(value) if argument == "fields" else arguments.place(), mistake)
    return found if len(found) == len(names) else []
