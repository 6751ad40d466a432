"""`@shardKey` and `@@shardKey`, which a view may have, and which Prisma reads before it refuses them elsewhere."""

from schemasync.witnesses.prisma.rules.arguments import Arguments
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import ModelDraft, ScalarDraft
from schemasync.witnesses.prisma.rules.values import as_constant, items


def read_field_shard_key(ctx: Context, field: ScalarDraft, arguments: Arguments) -> None:
    """Note a field's `@shardKey`."""
    model = field.model
    if model.shard_keys:
        ctx.error(model.place(), f"The model {model.name} has more than one @shardKey", "write @@shardKey([…])")
    elif field.field.arity != "required" and not any(
        item.attribute.name == "ignore" for item in model.block.attributes
    ):
        arguments.error("A shard key must be required", "leave out the ? or [] of its type")
    model.shard_keys.append(arguments.place())


def read_block_shard_key(ctx: Context, model: ModelDraft, arguments: Arguments) -> None:
    """Note a model's `@@shardKey([…])`."""
    value = arguments.take_default("fields")
    names = [as_constant(ctx, arguments.holder, item) for item in items(value)] if value is not None else []
    known = [name for name in names if name is not None]
    if value is None or len(known) < len(names):
        return
    unknown = [name for name in known if name not in model.scalars and name not in model.relations]
    relations = [name for name in known if name in model.relations]
    optional = [name for name in known if name in model.scalars and model.scalars[name].field.arity != "required"]
    if len(set(known)) < len(known):
        arguments.error("@@shardKey names a field twice")
    elif unknown:
        ctx.error(arguments.holder.place(value), f"The model {model.name} has no field {', '.join(unknown)}")
    elif relations:
        arguments.error(f"{', '.join(relations)} in the shard key is a relation and no column")
    elif optional and not model.is_ignored:
        arguments.error(f"{', '.join(optional)} in the shard key must be required")
    if model.shard_keys:
        ctx.error(model.place(), f"The model {model.name} has an @shardKey and an @@shardKey", "leave one out")
    model.shard_keys.append(arguments.place())


def check_shard_keys(ctx: Context, model: ModelDraft) -> None:
    """A model has none in PostgreSQL; of a view nobody asks."""
    for place in () if model.is_view else model.shard_keys:
        ctx.error(place, "PostgreSQL has no shard keys", "only MySQL has them, as a preview feature of Prisma")
