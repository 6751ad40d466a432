"""A resolved Prisma schema as the PostgreSQL schema that Prisma Migrate makes of it."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from schemasync.schema.defaults import ClientDefault, Default
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
from schemasync.schema.names import MAXIMUM_BYTES, cut, prisma_constraint_name
from schemasync.schema.types import DataType
from schemasync.witnesses.prisma import resolved, resolved_fields, resolved_relations
from schemasync.witnesses.prisma.column_defaults import field_defaults
from schemasync.witnesses.prisma.column_types import column_type
from schemasync.witnesses.prisma.indexes import table_indexes
from schemasync.witnesses.prisma.relationships import (
    column_names,
    identifier_of,
    join_table_name,
    relationships_by_model,
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

_Defaults: TypeAlias = tuple[Default | None, ClientDefault | None, ClientDefault | None]
_ACTIONS: dict[str, Action] = {
    "Cascade": "CASCADE",
    "Restrict": "RESTRICT",
    "NoAction": "NO ACTION",
    "SetNull": "SET NULL",
    "SetDefault": "SET DEFAULT",
}


def schema_of(schema: resolved.ResolvedSchema, source: str, default_schema: str = "public") -> Schema:
    """A resolved Prisma schema as the PostgreSQL schema that Prisma Migrate makes of it."""
    enums = {enum.name: enum for enum in schema.enums}
    models = {model.name: model for model in schema.models}
    relationships = relationships_by_model(schema, models, default_schema)
    names = {model.name: column_names(model) for model in schema.models}
    foreign_keys = _foreign_keys(schema, models, names, default_schema)
    columns = _Columns(enums, default_schema)
    tables = [
        Table(
            model.database_name,
            model.schema or default_schema,
            "view" if model.kind == "view" else "table",
            columns.of(model),
            _primary_key(model, names[model.name]),
            foreign_keys=tuple(sorted(foreign_keys.get(model.name, ()), key=lambda key: key.name or "")),
            indexes=table_indexes(model, names[model.name], enums),
            relationships=relationships[model.name],
            model=model.name,
            documentation=model.documentation,
            location=Location(model.path, model.line, model.column),
        )
        for model in schema.models
    ]
    with_keys = _has_foreign_keys(schema)
    tables += [
        _join_table(relation, models, enums, default_schema, with_keys=with_keys) for relation in schema.many_to_many
    ]
    namespaces = schema.datasource.schemas if schema.datasource is not None else ()
    features = {feature for generator in schema.generators for feature in generator.preview_features}
    no_predicates: frozenset[Silence] = frozenset() if "partialIndexes" in features else frozenset({"index-predicate"})
    return Schema(
        "prisma",
        source,
        tuple(sorted(tables, key=lambda table: table.key)),
        tuple(sorted((_enum(enum, default_schema) for enum in schema.enums), key=lambda enum: enum.key)),
        namespaces=namespaces or (default_schema,),
        silent=SILENT | no_predicates,
        notes=_notes(tables),
        unseen=tuple(sorted(_unseen(schema, default_schema))),
    )


def _unseen(schema: resolved.ResolvedSchema, default_schema: str) -> Iterator[tuple[str, ...]]:
    """What Prisma's client leaves out (Prisma documentation, "@ignore", "@@ignore", "Unsupported")."""
    for model in schema.models:
        table = (model.schema or default_schema, model.database_name)
        if model.is_ignored:
            yield table
            continue
        for field in model.fields:
            if isinstance(field, resolved_fields.ScalarField) and field.is_ignored:
                yield (*table, field.database_name)


def _notes(tables: list[Table]) -> tuple[str, ...]:
    views = sorted(table.name for table in tables if table.kind == "view")
    if not views:
        return ()
    return (f"views declared in schema.prisma: {', '.join(views)} (Prisma Migrate creates none of them)",)


class _Columns:
    """Makes columns of fields; fields that are written alike share their types and defaults."""

    def __init__(self, enums: Mapping[str, resolved.Enum], default_schema: str) -> None:
        self.enums, self.default_schema = enums, default_schema
        self.meanings: dict[tuple[object, ...], tuple[DataType, _Defaults]] = {}

    def of(self, model: resolved.Model) -> tuple[Column, ...]:
        """The columns of a model's table."""
        columns = []
        for field in model.fields:
            if isinstance(field, resolved_fields.ScalarField):
                type_, defaults = self._meaning(field)
                place = Location(model.path, field.line, field.column)
                # Prisma writes no NOT NULL for a list.
                nullable = field.arity != "required"
                column = Column(
                    field.database_name,
                    type_,
                    nullable,
                    *defaults,
                    field=field.name,
                    documentation=field.documentation,
                    location=place,
                )
                columns.append(column)
        return tuple(columns)

    def _meaning(self, field: resolved_fields.ScalarField) -> tuple[DataType, _Defaults]:
        # Native types and defaults that are written alike are one object; all live as long as the schema.
        key = (
            field.type_name,
            field.arity,
            id(field.native_type),
            id(field.default),
            field.is_updated_at,
            field.unsupported,
        )
        found = self.meanings.get(key)
        if found is None:
            type_ = column_type(field, self.enums, self.default_schema)
            found = self.meanings[key] = type_, field_defaults(field, type_, self.enums)
        return found


def _primary_key(model: resolved.Model, names: Mapping[str, str]) -> PrimaryKey | None:
    key = model.primary_key
    if key is None:
        return None
    return PrimaryKey(
        tuple(names[field.name] for field in key.fields),
        key.map_name or prisma_constraint_name(model.database_name, (), "pkey"),
        location=Location(model.path, key.line, key.column),
    )


def _foreign_keys(
    schema: resolved.ResolvedSchema,
    models: Mapping[str, resolved.Model],
    all_names: Mapping[str, Mapping[str, str]],
    default_schema: str,
) -> dict[str, list[ForeignKey]]:
    """The foreign keys by the model that holds them; none with `relationMode = "prisma"`."""
    if not _has_foreign_keys(schema):
        return {}
    found: dict[str, list[ForeignKey]] = {}
    for relation in schema.relations:
        holder, target = models[relation.model], models[relation.referenced_model]
        if "view" in (holder.kind, target.kind):
            continue
        names, referenced = all_names[holder.name], all_names[target.name]
        columns = tuple(names[field] for field in relation.fields)
        found.setdefault(holder.name, []).append(
            ForeignKey(
                columns,
                target.schema or default_schema,
                target.database_name,
                tuple(referenced[field] for field in relation.references),
                relation.map_name or prisma_constraint_name(holder.database_name, columns, "fkey"),
                on_delete=_on_delete(relation, holder),
                on_update=_ACTIONS[relation.on_update or "Cascade"],
                location=Location(holder.path, relation.line, relation.column),
            )
        )
    return found


def _has_foreign_keys(schema: resolved.ResolvedSchema) -> bool:
    return schema.datasource is None or schema.datasource.relation_mode == "foreignKeys"


def _on_delete(relation: resolved_relations.Relation, holder: resolved.Model) -> Action:
    """ON DELETE as written, else Prisma's default: SET NULL where every field of the key is optional, else RESTRICT."""
    if relation.on_delete is not None:
        return _ACTIONS[relation.on_delete]
    key_fields = [field for field in holder.fields if field.name in relation.fields]
    return "SET NULL" if all(field.arity == "optional" for field in key_fields) else "RESTRICT"


def _join_table(
    relation: resolved_relations.ManyToManyRelation,
    models: Mapping[str, resolved.Model],
    enums: Mapping[str, resolved.Enum],
    default_schema: str,
    *,
    with_keys: bool,
) -> Table:
    """The table that Prisma makes for an implicit many-to-many relation."""
    name = join_table_name(relation)
    first, second = models[relation.model_a], models[relation.model_b]
    place = Location(first.path, relation.line, relation.column)
    columns, keys = [], []
    for column, model in (("A", first), ("B", second)):
        identifier = identifier_of(model)
        columns.append(Column(column, column_type(identifier, enums, default_schema), nullable=False, location=place))
        keys.append(
            ForeignKey(
                (column,),
                model.schema or default_schema,
                model.database_name,
                (identifier.database_name,),
                cut(name, MAXIMUM_BYTES - len("_A_fkey")) + f"_{column}_fkey",
                on_delete="CASCADE",
                on_update="CASCADE",
                location=place,
            )
        )
    return Table(
        name,
        first.schema or default_schema,
        columns=tuple(columns),
        primary_key=PrimaryKey(("A", "B"), _join_name(relation, "_AB_pkey"), location=place),
        foreign_keys=tuple(keys) if with_keys else (),
        indexes=(Index((IndexPart("B"),), _join_name(relation, "_B_index"), location=place),),
        location=place,
    )


def _join_name(relation: resolved_relations.ManyToManyRelation, suffix: str) -> str:
    """The name of its key or index. Prisma counts characters here, not bytes, and PostgreSQL cuts what is too long."""
    return cut(f"_{relation.name}"[: MAXIMUM_BYTES - len(suffix)] + suffix)


def _enum(enum: resolved.Enum, default_schema: str) -> Enum:
    return Enum(
        enum.database_name,
        tuple(value.database_name for value in enum.values),
        enum.schema or default_schema,
        model=enum.name,
        members=tuple(value.name for value in enum.values),
        documentation=enum.documentation,
        location=Location(enum.path, enum.line, enum.column),
    )
