"""The types of fields: scalars, enums, models, unsupported column types."""

from collections.abc import Collection, Mapping

from schemasync.witnesses.prisma.positions import block_place, type_place
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import ModelDraft, TypeKind, relation_draft, scalar_draft
from schemasync.witnesses.prisma.rules.names import SCALAR_TYPES, blocks, check_fields_differ
from schemasync.witnesses.prisma.syntax import EnumBlock, Model


def check_types(ctx: Context) -> None:
    """Sort the fields of every model into columns and relations, and report types that do not exist."""
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
    # The first that is written so but for capitals.
    near = {name.lower(): name for name in reversed([*SCALAR_TYPES, *ctx.models, *ctx.enums])}
    for model in ctx.drafts:
        _sort_fields(ctx, model, kinds, composite, near)
        if len(model.scalars) + len(model.relations) < len(model.block.fields):
            check_fields_differ(ctx, model.file, model.block)


def _sort_fields(
    ctx: Context, model: ModelDraft, kinds: Mapping[str, TypeKind], composite: Collection[str], near: Mapping[str, str]
) -> None:
    scalars, relations = model.scalars, model.relations
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
            meant = near.get(type_name.lower())
            hint = f"did you mean {meant}?" if meant is not None else ""
            ctx.error(type_place(model.file, field), f"There is no type, enum or model {type_name}", hint)
