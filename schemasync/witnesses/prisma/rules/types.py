"""The types of fields: scalars, enums, models, unsupported column types."""

from schemasync.witnesses.prisma.positions import block_place, type_place
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import ModelDraft, RelationDraft, ScalarDraft
from schemasync.witnesses.prisma.rules.names import SCALAR_TYPES, blocks
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
    for model in ctx.drafts:
        _sort_fields(ctx, model, composite)


def _sort_fields(ctx: Context, model: ModelDraft, composite: set[str]) -> None:
    for field in model.block.fields:
        type_name = field.rest.type_name
        if type_name in SCALAR_TYPES:
            model.add(ScalarDraft(model, field, "scalar"))
        elif field.rest.unsupported is not None:
            model.add(ScalarDraft(model, field, "unsupported"))
        elif type_name in ctx.models:
            model.add(RelationDraft(model, field, ctx.models[type_name]))
        elif type_name in ctx.enums:
            model.add(ScalarDraft(model, field, "enum"))
        elif type_name not in composite:
            hint = _suggestion(ctx, type_name)
            ctx.error(type_place(model.file, field), f"There is no type, enum or model {type_name}", hint)


def _suggestion(ctx: Context, type_name: str) -> str:
    known = [*SCALAR_TYPES, *ctx.models, *ctx.enums]
    for name in known:
        if name.lower() == type_name.lower():
            return f"did you mean {name}?"
    return ""
