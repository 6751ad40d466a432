"""What relations must keep: both sides, one key, matching types, actions that can be carried out."""

from schemasync.witnesses.prisma.meanings import ReferentialAction
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.database_names import ConstraintNames
from schemasync.witnesses.prisma.rules.drafts import ModelDraft, RelationDraft
from schemasync.witnesses.prisma.rules.inference import InlineRelation


def ambiguous_fields(ctx: Context, model: ModelDraft) -> bool:
    """Report the first relation fields of a model that cannot be told apart; whether there are some."""
    groups: dict[tuple[str, str | None], list[RelationDraft]] = {}
    for field in model.relations.values():
        groups.setdefault((field.target.name, field.name_given), []).append(field)
    for (target, name), fields in groups.items():
        is_self = target == model.name
        if len(fields) < 2 or (is_self and name is not None and len(fields) == 2):
            continue
        names = ", ".join(field.name for field in fields)
        if name is None:
            message = f"{names} all lead from {model.name} to {target}, and nothing tells them apart"
            hint = 'give each relation a name: @relation("…")'
        else:
            message = f'{names} all have the relation name "{name}"'
            hint = "a name stands for one relation, which has at most two sides"
        ctx.error(fields[0].whole(), message, hint)
        return True
    return False


def check_relation_fields(ctx: Context, model: ModelDraft, names: ConstraintNames) -> None:
    """What each side of a relation must keep by itself."""
    for field in model.relations.values():
        target = field.target
        if target.is_ignored and not field.is_ignored and not model.is_ignored:
            message = f"{field.name} leads to the ignored model {target.name} and must be ignored too"
            ctx.error(field.whole(), message, "add @ignore")
        if ctx.relation_mode == "prisma":  # with foreign keys every action is possible
            _check_actions(ctx, field)
        if field.map_name is not None and field.attribute is not None:
            if ctx.provider is None:
                ctx.error(field.place(field.attribute), "A foreign key has a name only with a datasource")
            else:
                names.check_length(field.place(field.attribute), field.map_name)
        if ctx.relation_mode == "prisma" and field.fields and not _has_index(field):
            columns = ", ".join(column.name for column in field.fields)
            place = field.place(field.attribute) if field.attribute is not None else field.whole()
            message = 'With relationMode = "prisma" nothing makes an index for this relation'
            ctx.warn(place, message, f"add @@index([{columns}]) to {model.name}")


def _check_actions(ctx: Context, field: RelationDraft) -> None:
    """The actions that Prisma's client carries out by itself."""
    allowed: tuple[ReferentialAction, ...] = ("Cascade", "Restrict", "NoAction", "SetNull")
    if ctx.provider == "postgresql":
        allowed = ("Cascade", "Restrict", "SetNull")
    for name, action in (("onDelete", field.on_delete), ("onUpdate", field.on_update)):
        if action is not None and action not in allowed:
            hint = f'with relationMode = "prisma" there are {", ".join(allowed)}'
            ctx.error(field.argument_place(name), f"The action {action} is not possible here", hint)


def _has_index(field: RelationDraft) -> bool:
    columns = [column.name for column in field.fields or ()]
    keys = (field.model.primary_key, *field.model.indexes)
    return any(key is not None and key.field_names()[: len(columns)] == columns for key in keys)


def check_inline(ctx: Context, relation: InlineRelation, names: ConstraintNames) -> None:
    """A one-to-one or one-to-many relation."""
    if names.all_differ and _is_usual(relation):
        return
    before = len(ctx.errors)
    names.check_relation(relation)
    forward, back, is_one_to_one = relation.forward, relation.back, relation.is_one_to_one
    if forward is not None:
        _check_key(ctx, relation, forward)
    if forward is None or back is None:
        field = forward or back
        if field is not None:
            message = f"The model {field.target.name} has no field that leads back to {field.label()}"
            ending = "?" if forward is not None and is_one_to_one else "[]" if forward is not None else ""
            hint = f"add one: {field.model.name.lower()} {field.model.name}{ending}"
            ctx.error(field.whole(), message, hint)
    elif is_one_to_one:
        _check_one_to_one(ctx, forward, back, before)
    else:
        _check_one_to_many(ctx, forward, back)
    if forward is not None and is_one_to_one:
        _check_unique_key(ctx, forward)


def _is_usual(relation: InlineRelation) -> bool:
    """Whether it is one-to-many, by one column that refers to the other side's id, and nothing can be wrong."""
    forward, back, target = relation.forward, relation.back, relation.target
    if forward is None or back is None or relation.is_one_to_one or not _says_nothing(back):
        return False
    fields, references, key = forward.fields, forward.references, target.primary_key
    if fields is None or references is None or key is None:
        return False
    if len(fields) != 1 or len(references) != 1 or len(key.fields) != 1 or key.fields[0][0] is not references[0]:
        return False
    column, referenced = fields[0], references[0]
    rest, other = column.field.rest, referenced.field.rest
    return (
        rest.type_name == other.type_name
        and column.kind == referenced.kind
        and rest.unsupported == other.unsupported
        and (forward.field.rest.arity != "required" or rest.arity != "optional")
        and (rest.arity != "required" or (forward.on_delete != "SetNull" and forward.on_update != "SetNull"))
    )


def _says_nothing(back: RelationDraft) -> bool:
    """Whether one side of a relation leaves all to the other."""
    return back.attribute is None or (
        back.fields is None and back.references is None and back.on_delete is None and back.on_update is None
    )


def _check_key(ctx: Context, relation: InlineRelation, forward: RelationDraft) -> None:
    """The fields of the key and those that it refers to."""
    fields, references = forward.fields, forward.references
    if references:
        _check_referenced(ctx, relation, forward)
    if fields is not None and references is not None and len(fields) != len(references) and forward.attribute:
        attribute = forward.place(forward.attribute)
        ctx.error(attribute, "fields and references do not name the same number of fields")
    if forward.field.arity == "required":
        optional = [field.name for field in fields or () if field.field.arity == "optional"]
        if optional:
            message = f"{', '.join(optional)} may be null, so {forward.name} must be optional"
            ctx.error(forward.whole(), message, f"write {forward.target.name}?")
    for field, referenced in zip(fields or (), references or (), strict=False):
        one, other = field.field.rest, referenced.field.rest
        if one is other:
            continue
        if one.type_name != other.type_name or field.kind != referenced.kind or one.unsupported != other.unsupported:
            message = f"{field.name} and {forward.target.name}.{referenced.name} are not of the same type"
            ctx.error(forward.whole(), message)
    if forward.on_delete == "SetNull" or forward.on_update == "SetNull":
        _check_set_null(ctx, forward)


def _check_referenced(ctx: Context, relation: InlineRelation, forward: RelationDraft) -> None:
    key, referenced = relation.target.primary_key, forward.references or ()
    if key is not None and [field for field, _ in key.fields] == referenced:  # the usual case
        return
    references = [field.name for field in referenced]
    criteria = [criterion.field_names() for criterion in relation.target.unique_criteria()]
    if ctx.provider is not None:
        is_unique = any(sorted(criterion) == sorted(references) for criterion in criteria)
    else:
        is_unique = references in criteria
    if is_unique:
        return
    columns = ", ".join(references)
    attribute = f"@unique to {columns}" if len(references) == 1 else f"@@unique([{columns}])"
    message = f"{columns} in {relation.target.name} is not unique, so that nothing can refer to it"
    ctx.error(forward.whole(), message, f"add {attribute} in {relation.target.name}")


def _check_set_null(ctx: Context, forward: RelationDraft) -> None:
    """SetNull on a key that cannot be null: PostgreSQL takes it and fails when it happens."""
    required = [field.name for field in forward.fields or () if field.field.arity == "required"]
    if not required:
        return
    message = f"SetNull cannot set {', '.join(required)} to null: it is required"
    hint = "make it optional, or take another action"
    if ctx.provider == "postgresql" and ctx.relation_mode == "foreignKeys":
        ctx.warn(forward.whole(), message, hint)
    else:
        ctx.error(forward.whole(), message, hint)


def _check_one_to_one(ctx: Context, forward: RelationDraft, back: RelationDraft, before: int) -> None:
    _check_given_once(ctx, forward, back)
    if len(ctx.errors) == before:
        _check_sides(ctx, forward, back)
    if len(ctx.errors) > before:
        return
    if back.field.arity == "required":
        message = f"{back.label()} cannot be required: nothing in the database could enforce it"
        ctx.error(back.whole(), message, f"write {back.target.name}?")
    elif forward.field.arity == "required" and (back.fields is not None or back.references is not None):
        message = f"fields and references belong to the required side, {forward.label()}"
        ctx.error(back.whole(), message)


def _check_given_once(ctx: Context, forward: RelationDraft, back: RelationDraft) -> None:
    """The key and the actions stand on one of the two sides."""
    both = f"{forward.label()} and {back.label()}"
    for argument in ("fields", "references"):
        given = [bool(getattr(side, argument)) for side in (forward, back)]
        if given == [False, False]:
            hint = "write @relation(fields: […], references: […]) on one of them"
            for side in (forward, back):
                ctx.error(side.whole(), f"Neither {both.replace(' and ', ' nor ')} has {argument}", hint)
        elif given == [True, True]:
            for side in (forward, back):
                ctx.error(side.whole(), f"Both {both} have {argument}", "leave it out on one side")
    actions = [side.on_delete is not None or side.on_update is not None for side in (forward, back)]
    if actions == [True, True]:
        for side in (forward, back):
            ctx.error(side.whole(), f"Both {both} have onDelete or onUpdate", "leave them out on one side")
    elif actions[1]:
        ctx.error(back.whole(), f"onDelete and onUpdate belong to the other side, {forward.label()}")


def _check_sides(ctx: Context, forward: RelationDraft, back: RelationDraft) -> None:
    """`fields` and `references` stand together."""
    if forward.fields and back.references:
        ctx.error(back.whole(), f"references belongs to the side with fields, {forward.label()}")
    if forward.references and back.fields:
        ctx.error(forward.whole(), f"references belongs to the side with fields, {back.label()}")


def _check_unique_key(ctx: Context, forward: RelationDraft) -> None:
    if forward.fields is None:
        return
    columns = [field.name for field in forward.fields]
    if any(criterion.field_names() == columns for criterion in forward.model.unique_criteria()):
        return
    names = ", ".join(columns)
    hint = f"add @unique to {names}" if len(columns) == 1 else f"add @@unique([{names}])"
    message = f"{names} must be unique, for {forward.label()} is a one-to-one relation"
    ctx.error(forward.whole(), message, f"{hint}, or make the other side a list")


def _check_one_to_many(ctx: Context, forward: RelationDraft, back: RelationDraft) -> None:
    if not (forward.fields and forward.references):
        for argument, given in (("fields", forward.fields), ("references", forward.references)):
            if not given:
                hint = "write @relation(fields: […], references: […])"
                ctx.error(forward.whole(), f"The relation {forward.label()} names no {argument}", hint)
    if back.fields or back.references:
        ctx.error(back.whole(), f"fields and references belong to the other side, {forward.label()}")
    if back.on_delete is not None or back.on_update is not None:
        ctx.error(back.whole(), f"onDelete and onUpdate belong to the other side, {forward.label()}")
