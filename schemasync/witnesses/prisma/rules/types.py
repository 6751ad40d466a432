"""The types of fields: scalars, enums, models, unsupported column types."""

from collections.abc import Iterator

from schemasync.witnesses.prisma.positions import block_place, type_place
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import ModelDraft, TypeKind, relation_draft, scalar_draft
from schemasync.witnesses.prisma.rules.names import SCALAR_TYPES, blocks, check_fields_differ
from schemasync.witnesses.prisma.syntax import EnumBlock, Model


def check_types(ctx: Context) -> Iterator[ModelDraft]:
    """Sort the fields of each model into columns and relations, and report types that do not exist.

    Returns:
        One model after another, each when its fields are sorted: to go on with while they are at hand.
    """
    composite = {block.name for _, block in blocks(ctx) if isinstance(block, Model) and block.kind == "type"}
    for file, block in blocks(ctx):
        if isinstance(block, Model) and block.kind == "type":
            hint = "only MongoDB has them: use a Json field, or a model of its own"
            ctx.error(block_place(file, block), "PostgreSQL has no composite types", hint)
        elif isinstance(block, EnumBlock) and not block.values:
            ctx.error(block_place(file, block), f"The enum {block.name} has no value")
    # By the type as written, which is nothing for an unsupported one.
    kinds: dict[str, TypeKind] = {name: "enum" for name in ctx.enums if name not in ctx.models}
    kinds.update(dict.fromkeys(SCALAR_TYPES, "scalar"))
    kinds[""] = "unsupported"
    for model in ctx.drafts:
        _sort_usual_fields(ctx, model, kinds)
        scalars, relations = model.scalars, model.relations
        if len(scalars) + len(relations) < len(model.block.fields) or not scalars.keys().isdisjoint(relations):
            _sort_fields(ctx, model, kinds, composite)
        yield model


def _sort_usual_fields(ctx: Context, model: ModelDraft, kinds: dict[str, TypeKind]) -> None:
    """Sort the fields as if each had a name of its own and a type."""
    scalars, relations, models = model.scalars, model.relations, ctx.models
    for field in model.block.fields:
        type_name = field.rest.type_name
        kind = kinds.get(type_name)
        if kind is not None:
            scalars[field.name] = scalar_draft(model, field, kind)
        elif type_name in models:
            relations[field.name] = relation_draft(model, field, models[type_name])


def _sort_fields(ctx: Context, model: ModelDraft, kinds: dict[str, TypeKind], composite: set[str]) -> None:
    """The same where some name is not, or some type is none."""
    scalars, relations = model.scalars, model.relations
    scalars.clear()
    relations.clear()
    for field in model.block.fields:
        type_name, name = field.rest.type_name, field.name
        kind = kinds.get(type_name)
        if kind is not None:
            if name in scalars or name in relations:
                model.doubles.append(scalar_draft(model, field, kind))
            else:
                scalars[name] = scalar_draft(model, field, kind)
        elif type_name in ctx.models:
            relation = relation_draft(model, field, ctx.models[type_name])
            if name in scalars or name in relations:
                model.doubles.append(relation)
            else:
                relations[name] = relation
        elif type_name not in composite:
            near = _by_small_letters(ctx).get(type_name.lower())
            hint = f"did you mean {near}?" if near is not None else ""
            ctx.error(type_place(model.file, field), f"There is no type, enum or model {type_name}", hint)
    check_fields_differ(ctx, model.file, model.block)


def _by_small_letters(ctx: Context) -> dict[str, str]:
    """All types by their names in small letters, put together at the first mistake."""
    if not ctx.types_by_small_letters:
        for name in (*SCALAR_TYPES, *ctx.models, *ctx.enums):
            ctx.types_by_small_letters.setdefault(name.lower(), name)
    return ctx.types_by_small_letters
