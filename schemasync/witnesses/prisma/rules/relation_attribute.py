"""`@relation`: the fields that it names, its own name, its actions."""

from schemasync.witnesses.prisma.meanings import ReferentialAction
from schemasync.witnesses.prisma.rules.arguments import Arguments
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import ModelDraft, RelationDraft, ScalarDraft
from schemasync.witnesses.prisma.rules.values import as_constant, as_string, items
from schemasync.witnesses.prisma.syntax import ArrayValue, Attribute, ConstantValue, Value

ACTIONS: dict[str, ReferentialAction] = {
    "Cascade": "Cascade",
    "Restrict": "Restrict",
    "NoAction": "NoAction",
    "SetNull": "SetNull",
    "SetDefault": "SetDefault",
}


def read_usual(field: RelationDraft, attribute: Attribute) -> bool:
    """Read `@relation(fields: [a], references: [b])`, with actions or without; False, with nothing read, for others."""
    arguments = attribute.arguments
    if not 2 <= len(arguments) <= 4 or attribute.trailing_comma >= 0:
        return False
    if arguments[0].name != "fields" or arguments[1].name != "references":
        return False
    nodes: dict[str | None, ConstantValue | None] = {"onDelete": None, "onUpdate": None}
    for argument in arguments[2:]:
        value = argument.value
        if value.__class__ is not ConstantValue or value.text not in ACTIONS or nodes.get(argument.name, value):
            return False
        nodes[argument.name] = value
    column, other = _sole_column(field.model, arguments[0].value), _sole_column(field.target, arguments[1].value)
    if column is None or other is None:
        return False
    field.attribute, field.fields, field.references = attribute, [column], [other]
    on_delete, on_update = nodes["onDelete"], nodes["onUpdate"]
    if on_delete is not None:
        field.on_delete, field.on_delete_node = ACTIONS[on_delete.text], on_delete
    if on_update is not None:
        field.on_update, field.on_update_node = ACTIONS[on_update.text], on_update
    return True


def _sole_column(model: ModelDraft, value: Value | None) -> ScalarDraft | None:
    """The column of a model that a list names, if that is all that it does."""
    if value.__class__ is not ArrayValue or len(value.items) != 1 or value.items[0].__class__ is not ConstantValue:
        return None
    return model.scalars.get(value.items[0].text)


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
