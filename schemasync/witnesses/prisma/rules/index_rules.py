"""What an index or key may be in PostgreSQL and CockroachDB: its method, its arguments, its columns' types."""

from functools import partial

from schemasync.witnesses.prisma.positions import Spanned
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.database_names import ConstraintNames
from schemasync.witnesses.prisma.rules.drafts import IndexDraft, ModelDraft, ScalarDraft
from schemasync.witnesses.prisma.rules.operator_classes import check_operator_classes

_METHODS = {
    "postgresql": frozenset({"BTree", "Hash", "Gist", "Gin", "SpGist", "Brin"}),
    "cockroachdb": frozenset({"BTree", "Gin"}),
    None: frozenset({"BTree"}),
}


def _is_usual(index: IndexDraft) -> bool:
    """Whether it consists of columns and nothing else is said of it."""
    return (
        index.is_plain
        and index.method is None
        and index.map_name is None
        and index.where_argument is None
        and index.clustered is None
        and index.kind != "fulltext"
        and bool(index.fields)
    )


def check_primary_key(ctx: Context, key: IndexDraft, names: ConstraintNames) -> None:
    """The id of a model."""
    if names.all_differ and not key.model.is_view and _is_usual(key):
        return
    place = key.attribute_place
    if key.model.is_view:
        ctx.error(place(), "A view has no primary key", "use @unique for a field that tells its rows apart")
    if not key.fields:
        ctx.error(place(), f"{key.title} names no field")
        return
    names.check_index(key)
    if key.map_name is not None and ctx.provider is None:
        ctx.error(key.model.place(), "A primary key has a name in the database only with a datasource")
    if not key.is_plain and any(entry.sort is not None for _, entry in key.fields):
        ctx.error(place(), "A primary key in PostgreSQL has no sort order", "leave out sort")
    _check_common(ctx, key)


def check_indexes(ctx: Context, model: ModelDraft, names: ConstraintNames) -> None:
    """The unique and plain indexes of a model."""
    nearly_usual = ctx.provider == "postgresql" and not model.is_view and names.all_differ
    for index in model.indexes:
        if not (nearly_usual and _is_usual(index)) or _without_index(index) is not None:
            _check_index(ctx, index, names)


def _check_index(ctx: Context, index: IndexDraft, names: ConstraintNames) -> None:
    """A unique or plain index of a model."""
    place = index.attribute_place
    if index.kind == "fulltext":
        ctx.error(place(), "PostgreSQL has no @@fulltext indexes in Prisma", "write @@index([…], type: Gin)")
        return
    if index.model.is_view:  # which has no index in the database: little is asked of it
        _check_view_index(ctx, index)
        return
    if not index.fields:
        ctx.error(place(), f"{index.title} names no field")
    names.check_index(index)
    if index.method is not None and index.method not in _METHODS[ctx.provider]:
        where = "CockroachDB" if ctx.provider else "a schema without a datasource"
        ctx.error(index.argument_place("type"), f"There are no {index.method} indexes in {where}")
    if index.method == "Hash" and any(entry.sort is not None for _, entry in index.fields):
        ctx.error(place(), "A Hash index has no sort order", "leave out sort")
    if (
        not index.is_plain
        and index.kind == "unique"
        and any(entry.operator_class is not None for _, entry in index.fields)
    ):
        ctx.error(place(), "Operator classes are for @@index only", "leave out ops")
    if ctx.provider == "postgresql":
        _check_postgresql(ctx, index)
    elif ctx.provider == "cockroachdb":
        _check_cockroachdb(ctx, index)
    if index.where_argument is not None:
        _check_partial(ctx, index, index.where_argument)
    _check_common(ctx, index)


def _check_common(ctx: Context, index: IndexDraft) -> None:
    if index.clustered is not None:
        ctx.error(index.attribute_place(), "Only SQL Server has clustered indexes", "leave out clustered")
    if not index.is_plain and any(entry.length is not None for _, entry in index.fields):
        ctx.error(index.attribute_place(), "Only MySQL has a length in an index", "leave out length")


def _check_view_index(ctx: Context, index: IndexDraft) -> None:
    place = index.attribute_place
    if index.kind == "index":
        ctx.error(place(), "A view has no indexes")
        return
    if index.map_name is not None:
        ctx.error(place(), "A unique criterion of a view has no index in the database", "leave out map")
    if index.clustered is not None:
        ctx.error(place(), "A unique criterion of a view has no index in the database", "leave out clustered")
    if any((entry.sort, entry.length, entry.operator_class) != (None,) * 3 for _, entry in index.fields):
        ctx.error(place(), "The fields in a unique criterion of a view have no arguments")


def _check_partial(ctx: Context, index: IndexDraft, where: Spanned) -> None:
    place = partial(index.place, where)
    if ctx.provider is None:
        ctx.error(place(), "Partial indexes need a datasource", 'as in provider = "postgresql"')
    elif "partialIndexes" not in ctx.features:
        hint = 'add previewFeatures = ["partialIndexes"] to the generator'
        ctx.error(place(), "Partial indexes are a preview feature of Prisma", hint)


def _check_postgresql(ctx: Context, index: IndexDraft) -> None:
    field = _without_index(index)
    if field is not None:
        ctx.error(field.whole(), f"PostgreSQL has no index on Xml, and {field.name} is in one")
    if not index.is_plain or index.method is not None:
        check_operator_classes(ctx, index)
    if index.method == "SpGist" and len(index.fields) != 1:
        ctx.error(index.attribute_place(), "An SpGist index has one column")


def _without_index(index: IndexDraft) -> ScalarDraft | None:
    """The first field of an index whose type PostgreSQL has none for."""
    for field, _ in index.fields:
        native = field.reading.native_type
        if native is not None and native.name == "Xml":
            return field
    return None


def _check_cockroachdb(ctx: Context, index: IndexDraft) -> None:
    """Inverted indexes, which are CockroachDB's GIN."""
    if index.method != "Gin":
        return
    place = index.attribute_place
    for position, (field, entry) in enumerate(index.fields):
        if entry.operator_class is not None:
            ctx.error(place(), "CockroachDB has no operator classes in Prisma", "leave out ops")
            return
        is_json = field.kind == "scalar" and field.field.type_name == "Json"
        if not (is_json or field.field.arity == "list" or field.kind == "unsupported"):
            ctx.error(place(), f"A Gin index takes Json and lists, and {field.name} is neither")
        if is_json and position < len(index.fields) - 1:
            ctx.error(place(), "A Json field is the last one of a Gin index in CockroachDB")
