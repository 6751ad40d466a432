"""The types of fields: scalars, enums, models, unsupported column types."""

from schemasync.witnesses.prisma.positions import block_place, type_place
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import ModelDraft, RelationDraft, ScalarDraft
from schemasync.witnesses.prisma.rules.names import SCALAR_TYPES, blocks
from schemasync.witnesses.prisma.syntax import Model, SchemaFile


def check_types(ctx: Context) -> None:
    """Sort the fields of every model into columns and relations, and report types that do not exist."""
    composite = {block.name for _, block in blocks(ctx) if isinstance(block, Model) and block.kind == "type"}
    for file, block in blocks(ctx):
        if not isinstance(block, Model):
            continue
        if block.kind == "type":
            hint = "only MongoDB has them: use a Json field, or a model of its own"
            ctx.error(block_place(file, block), "PostgreSQL has no composite types", hint)
        else:
            _sort_fields(ctx, file, ctx.models[block.name], block, composite)
    for enum in ctx.enums.values():
        if not enum.block.values:
            ctx.error(enum.place(), f"The enum {enum.block.name} has no value")


def _sort_fields(ctx: Context, file: SchemaFile, model: ModelDraft, block: Model, composite: set[str]) -> None:
    for field in block.fields:
        type_name = field.type_name
        if type_name in SCALAR_TYPES:
            model.scalars[field.name] = ScalarDraft(model, field, "scalar")
        elif field.unsupported is not None:
            model.scalars[field.name] = ScalarDraft(model, field, "unsupported")
        elif type_name in ctx.models:
            model.relations[field.name] = RelationDraft(model, field, ctx.models[type_name])
        elif type_name in ctx.enums:
            model.scalars[field.name] = ScalarDraft(model, field, "enum")
        elif type_name not in composite:
            hint = _suggestion(ctx, type_name)
            ctx.error(type_place(file, field), f"There is no type, enum or model {type_name}", hint)


def _suggestion(ctx: Context, type_name: str) -> str:
    known = [*SCALAR_TYPES, *ctx.models, *ctx.enums]
    for name in known:
        if name.lower() == type_name.lower():
            return f"did you mean {name}?"
    return ""
