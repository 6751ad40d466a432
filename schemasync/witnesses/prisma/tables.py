"""A resolved Prisma schema as the PostgreSQL schema that Prisma Migrate makes of it."""

from collections.abc import Iterator, Mapping
from operator import attrgetter

from schemasync.records import maker
from schemasync.schema.model import (
    Action,
    Column,
    Enum,
    ForeignKey,
    Index,
    IndexPart,
    Location,
    PrimaryKey,
    Schema,
    Silence,
    Table,
)
from schemasync.schema.names import MAXIMUM_BYTES, cut
from schemasync.witnesses.prisma.column_types import column_type
from schemasync.witnesses.prisma.columns import Columns, is_unseen
from schemasync.witnesses.prisma.indexes import table_indexes
from schemasync.witnesses.prisma.relationships import (
    Keys,
    Relationships,
    identifier_of,
    join_table_name,
    location_of,
)
from schemasync.witnesses.prisma.resolved import ResolvedSchema
from schemasync.witnesses.prisma.rules.database_names import ConstraintNames
from schemasync.witnesses.prisma.rules.drafts import ModelDraft
from schemasync.witnesses.prisma.rules.enum_draft import EnumDraft
from schemasync.witnesses.prisma.rules.inference import ListRelation, Relation

_location = maker(Location)
_make_primary_key = maker(PrimaryKey, "columns", "name", "location")
_foreign_key = maker(
    ForeignKey,
    "columns",
    "referenced_schema",
    "referenced_table",
    "referenced_columns",
    "name",
    "on_delete",
    "on_update",
    "location",
)

_table = maker(
    Table,
    "name",
    "schema",
    "kind",
    "columns",
    "primary_key",
    "foreign_keys",
    "indexes",
    "relationships",
    "model",
    "documentation",
    "location",
)

# What the Prisma schema language has no words for.
SILENT: frozenset[Silence] = frozenset(
    {
        "check",
        "collation",
        "comment",
        "deferrable",
        "enum-missing",
        "exclusion",
        "generated",
        "index-expression",
        "index-include",
        "index-nulls",
        "index-validity",
        "nulls-not-distinct",
        "python-type",
        "storage",
        "validity",
        "view",
    }
)

_ACTIONS: dict[str, Action] = {
    "Cascade": "CASCADE",
    "Restrict": "RESTRICT",
    "NoAction": "NO ACTION",
    "SetNull": "SET NULL",
    "SetDefault": "SET DEFAULT",
}


def schema_of(resolved: ResolvedSchema, source: str, default_schema: str = "public") -> Schema:
    """A resolved Prisma schema as the PostgreSQL schema that Prisma Migrate makes of it."""
    enums = {enum.name: enum for enum in resolved.enums}
    keys = {model.name: (model.schema or default_schema, cut(model.database_name)) for model in resolved.models}
    relationships = Relationships(resolved, keys)
    with_keys = resolved.datasource is None or resolved.datasource.relation_mode == "foreignKeys"
    foreign_keys = _foreign_keys(resolved, relationships) if with_keys else {}
    columns = Columns(enums, default_schema)
    tables = []
    for model in resolved.models:
        schema, name = keys[model.name]
        table = _table(
            name,
            schema,
            "view" if model.is_view else "table",
            columns.of(model),
            _primary_key(model, resolved.names),
            tuple(sorted(foreign_keys[model.name], key=attrgetter("name"))) if model.name in foreign_keys else (),
            table_indexes(model, resolved.names, enums),
            relationships.of(model),
            model.name,
            model.block.documentation,
            _location(model.file.path, model.block.line, model.block.column + 1),
        )
        tables.append(table)
    tables += [
        _join_table(relation, keys, enums, default_schema, with_keys=with_keys) for relation in resolved.many_to_many
    ]
    namespaces = resolved.datasource.schemas if resolved.datasource is not None else ()
    features = {feature for generator in resolved.generators for feature in generator.preview_features}
    no_predicates: frozenset[Silence] = frozenset() if "partialIndexes" in features else frozenset({"index-predicate"})
    return Schema(
        "prisma",
        source,
        tuple(sorted(tables, key=lambda table: table.key)),
        tuple(sorted((_enum(enum, default_schema) for enum in resolved.enums), key=lambda enum: enum.key)),
        namespaces=namespaces or (default_schema,),
        silent=SILENT | no_predicates,
        notes=_notes(tables),
        unseen=tuple(sorted(_unseen(resolved, keys, with_columns=columns.some_unseen))),
    )


def _unseen(resolved: ResolvedSchema, keys: Keys, *, with_columns: bool) -> Iterator[tuple[str, ...]]:
    """What Prisma's client leaves out (Prisma documentation, "@ignore", "@@ignore", "Unsupported")."""
    for model in resolved.models:
        if model.is_ignored:
            yield keys[model.name]
            continue
        for field in model.scalars.values() if with_columns else ():
            if is_unseen(field):
                yield (*keys[model.name], field.column)


def _notes(tables: list[Table]) -> tuple[str, ...]:
    views = sorted(table.name for table in tables if table.kind == "view")
    if not views:
        return ()
    return (f"views declared in schema.prisma: {', '.join(views)} (Prisma Migrate creates none of them)",)


def _primary_key(model: ModelDraft, names: ConstraintNames) -> PrimaryKey | None:
    key = model.primary_key
    if key is None:
        return None
    columns = tuple([field.column for field, _ in key.fields])
    place = _location(key.file.path, key.line, key.origin + key.attribute.start + 1)
    return _make_primary_key(columns, names.of_index(key), place)


def _foreign_keys(resolved: ResolvedSchema, relationships: Relationships) -> dict[str, list[ForeignKey]]:
    """The foreign keys by the model that holds them."""
    found: dict[str, list[ForeignKey]] = {}
    for relation in resolved.relations:
        forward = relation.forward
        holder, target = forward.model, forward.target
        if not (holder.is_view or target.is_view):
            side = relationships.side(forward)
            key = _foreign_key(
                side.columns,
                side.target_schema,
                side.target_table,
                side.referenced_columns,
                relation.key_name,
                _on_delete(relation),
                _ACTIONS[forward.on_update or "Cascade"],
                side.location,
            )
            found.setdefault(holder.name, []).append(key)
    return found


def _on_delete(relation: Relation) -> Action:
    """ON DELETE as written, else Prisma's default: SET NULL where every field of the key is optional, else RESTRICT."""
    forward = relation.forward
    if forward.on_delete is not None:
        return _ACTIONS[forward.on_delete]
    return "SET NULL" if all(field.field.arity == "optional" for field in forward.fields or ()) else "RESTRICT"


def _join_table(
    relation: ListRelation, keys: Keys, enums: Mapping[str, EnumDraft], default_schema: str, *, with_keys: bool
) -> Table:
    """The table that Prisma makes for an implicit many-to-many relation."""
    name = join_table_name(relation)
    place = location_of(relation.first)
    columns, foreign_keys = [], []
    for column, side in (("A", relation.first), ("B", relation.second)):
        identifier = identifier_of(side.model)
        columns.append(Column(column, column_type(identifier, enums, default_schema), nullable=False, location=place))
        foreign_keys.append(
            ForeignKey(
                (column,),
                *keys[side.model.name],
                (identifier.column,),
                cut(name, MAXIMUM_BYTES - len("_A_fkey")) + f"_{column}_fkey",
                on_delete="CASCADE",
                on_update="CASCADE",
                location=place,
            )
        )
    return Table(
        name,
        keys[relation.first.model.name][0],
        columns=tuple(columns),
        primary_key=PrimaryKey(("A", "B"), _join_name(relation, "_AB_pkey"), location=place),
        foreign_keys=tuple(foreign_keys) if with_keys else (),
        indexes=(Index((IndexPart("B"),), _join_name(relation, "_B_index"), location=place),),
        location=place,
    )


def _join_name(relation: ListRelation, suffix: str) -> str:
    """The name of its key or index. Prisma counts characters here, not bytes, and PostgreSQL cuts what is too long."""
    return cut(f"_{relation.first.relation_name}"[: MAXIMUM_BYTES - len(suffix)] + suffix)


def _enum(enum: EnumDraft, default_schema: str) -> Enum:
    block = enum.block
    return Enum(
        cut(enum.database_name),
        tuple(enum.label(value.name) for value in block.values),
        enum.schema or default_schema,
        model=block.name,
        members=tuple(value.name for value in block.values),
        documentation=block.documentation,
        location=Location(enum.file.path, block.line, block.column + 1),
    )
