"""What a model or view as a whole must keep: a unique criterion, a schema, names of its own."""

from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.database_names import ConstraintNames
from schemasync.witnesses.prisma.rules.defaults import check_default
from schemasync.witnesses.prisma.rules.drafts import ModelDraft, ScalarDraft
from schemasync.witnesses.prisma.rules.enum_draft import EnumDraft
from schemasync.witnesses.prisma.rules.index_rules import check_indexes, check_primary_key
from schemasync.witnesses.prisma.rules.native_types import check_native_type, parse_unsupported, scalar_of
from schemasync.witnesses.prisma.rules.shard_keys import check_shard_keys


def check_model(ctx: Context, model: ModelDraft, names: ConstraintNames) -> None:
    """Everything about one model or view but its relations."""
    if model.is_view:
        if "views" not in ctx.features:
            hint = 'add previewFeatures = ["views"] to the generator'
            ctx.error(model.place(), "Views are a preview feature of Prisma", hint)
    else:
        _check_unique_criterion(ctx, model)
    _check_schema(ctx, model)
    _check_client_names(ctx, model)
    if model.primary_key is not None:
        check_primary_key(ctx, model.primary_key, names)
    # Less is asked of a view's fields: what is said of them goes for no other.
    shared = not model.is_view and ctx.provider is not None
    for field in model.scalars.values():
        reading = field.reading
        if not reading.is_sound or not shared:
            before = ctx.complaints()
            _check_field(ctx, field)
            if shared:
                reading.is_sound = ctx.complaints() == before
    check_indexes(ctx, model, names)
    check_shard_keys(ctx, model)


def _check_unique_criterion(ctx: Context, model: ModelDraft) -> None:
    if model.is_ignored:
        return
    loose = []
    for criterion in model.unique_criteria():
        for field, _ in criterion.fields:
            if field.field.rest.arity == "optional" or field.kind == "unsupported":
                loose.append(", ".join(criterion.field_names()))
                break
        else:
            return
    hint = "mark a required field with @id or @unique, or write @@id([…]) or @@unique([…])"
    if loose:
        hint += f"; {' and '.join(loose)} will not do, for not all of it is required and supported"
    ctx.error(model.place(), f"The model {model.name} has no field or fields that tell its rows apart", hint)


def _check_schema(ctx: Context, owner: ModelDraft | EnumDraft) -> None:
    name = owner.block.name
    kind = owner.block.kind if isinstance(owner, ModelDraft) else "enum"
    if owner.schema is not None and owner.schema_place is not None:
        if ctx.provider is None:
            ctx.error(owner.schema_place, "@@schema needs a datasource that lists the schemas")
        elif owner.schema not in (ctx.schemas or ()):
            hint = f'add it there: schemas = ["{owner.schema}"]'
            ctx.error(owner.schema_place, f"The datasource does not list the schema {owner.schema}", hint)
    elif ctx.schemas is not None:
        hint = f'add @@schema("{ctx.schemas[0]}")' if ctx.schemas else ""
        ctx.error(owner.place(), f"The {kind} {name} lacks @@schema, for the datasource lists schemas", hint)


def check_enum_schema(ctx: Context, enum: EnumDraft) -> None:
    """Whether an enum names a schema that there is."""
    _check_schema(ctx, enum)


def _check_client_names(ctx: Context, model: ModelDraft) -> None:
    """The names that keys have in Prisma's client: each once, and no field's."""
    criteria = [one for one in model.unique_criteria() if one.name is not None or len(one.fields) > 1]
    names = [criterion.name for criterion in criteria]
    for criterion in criteria:
        if criterion.name is not None:
            if names.count(criterion.name) > 1 and not model.is_view:
                place = criterion.argument_place("name")
                ctx.error(place, f"Two keys of {model.name} have the name {criterion.name}")
            if criterion.name in model.scalars or criterion.name in model.relations:
                ctx.error(model.place(), f"{model.name} has a field of the name {criterion.name} already")
        if len(criterion.fields) > 1 and (joined := "_".join(criterion.field_names())) in model.scalars:
            hint = f'give it another name: {criterion.title}([…], name: "…")'
            ctx.error(criterion.attribute_place(), f"Prisma's client calls this key {joined}, as a field", hint)


def _check_field(ctx: Context, field: ScalarDraft) -> None:
    type_name, arity = field.field.type_name, field.field.arity
    if arity == "list":
        if ctx.provider is None:
            ctx.error(field.whole(), "Lists need a datasource", 'as in provider = "postgresql"')
        elif type_name == "Json" and ctx.provider == "cockroachdb":
            ctx.error(field.whole(), "CockroachDB has no lists of Json", "a Json field can hold a list")
    if type_name == "Decimal" and ctx.provider is None:
        ctx.error(field.whole(), "Decimal needs a datasource", 'as in provider = "postgresql"')
    if field.reading.native_type is not None:
        check_native_type(ctx, field)
    if field.reading.default is not None:
        check_default(ctx, field)
    text = field.field.unsupported
    if text is not None and ctx.provider is not None and (native := parse_unsupported(ctx, text)) is not None:
        hint = f"write {scalar_of(ctx, native)} @{ctx.datasource_name}.{native}"
        ctx.error(field.whole(), f"Prisma supports the type {text}", hint)
