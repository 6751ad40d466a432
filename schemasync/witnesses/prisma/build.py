"""What the rules know of a valid schema, as the frozen `ResolvedSchema`; names as long as PostgreSQL keeps them."""

from collections.abc import Sequence
from typing import Literal

from schemasync.errors import Diagnostic
from schemasync.schema.names import cut
from schemasync.witnesses.prisma.resolved import Enum, EnumValue, Model, ResolvedSchema
from schemasync.witnesses.prisma.resolved_fields import RelationField, ScalarField
from schemasync.witnesses.prisma.resolved_keys import Index, IndexField, PrimaryKey
from schemasync.witnesses.prisma.resolved_relations import ManyToManyRelation, Relation
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import EnumDraft, IndexDraft, ModelDraft, RelationDraft, ScalarDraft
from schemasync.witnesses.prisma.rules.inference import InlineRelation, ListRelation
from schemasync.witnesses.prisma.settings import Datasource, Generator


def build(
    ctx: Context,
    datasource: Datasource | None,
    generators: tuple[Generator, ...],
    relations: Sequence[InlineRelation],
    lists: Sequence[ListRelation],
    warnings: Sequence[Diagnostic],
) -> ResolvedSchema:
    """Put the parts of a valid schema together."""
    return ResolvedSchema(
        datasource,
        generators,
        tuple(_enum(enum) for enum in ctx.enums.values()),
        tuple(_model(model) for model in ctx.models.values()),
        tuple(_relation(relation) for relation in relations),
        tuple(_many_to_many(relation) for relation in lists),
        tuple(warnings),
    )


def _enum(enum: EnumDraft) -> Enum:
    block = enum.block
    values = tuple(
        EnumValue(value.name, enum.value_names.get(value.name, value.name), value.line) for value in block.values
    )
    return Enum(
        block.name,
        cut(enum.database_name),
        enum.schema,
        values,
        block.documentation,
        enum.file.path,
        block.line,
        block.column + 1,
    )


def _model(model: ModelDraft) -> Model:
    block = model.block
    kind: Literal["model", "view"] = "view" if model.is_view else "model"
    fields: list[ScalarField | RelationField] = []
    for field in block.fields:
        scalar = model.scalars.get(field.name)
        fields.append(_scalar(scalar) if scalar is not None else _relation_field(model.relations[field.name]))
    return Model(
        block.name,
        cut(model.database_name),
        model.schema,
        kind,
        tuple(fields),
        _primary_key(model.primary_key),
        tuple(_index(index) for index in model.indexes),
        model.is_ignored,
        block.documentation,
        model.file.path,
        block.line,
        block.column + 1,
    )


def _column(draft: ScalarDraft | RelationDraft) -> int:
    text = draft.file.lines[draft.line - 1]
    return text.index(draft.field.name) + 1  # nothing but spaces stands before it


def _scalar(draft: ScalarDraft) -> ScalarField:
    field = draft.field
    reading = draft.reading
    return ScalarField(
        field.name,
        cut(draft.database_name),
        field.type_name,
        draft.kind,
        field.unsupported,
        field.arity,
        reading.native_type,
        reading.default,
        reading.is_updated_at,
        reading.is_ignored or draft.kind == "unsupported",
        field.documentation,
        field.line,
        _column(draft),
    )


def _names(fields: Sequence[ScalarDraft] | None) -> tuple[str, ...]:
    return tuple(field.name for field in fields or ())


def _relation_field(draft: RelationDraft) -> RelationField:
    return RelationField(
        draft.name,
        draft.target.name,
        draft.field.arity,
        draft.relation_name,
        _names(draft.fields),
        _names(draft.references),
        draft.on_delete,
        draft.on_update,
        draft.map_name,
        draft.is_ignored,
        draft.field.documentation,
        draft.line,
        _column(draft),
    )


def _fields(index: IndexDraft) -> tuple[IndexField, ...]:
    return tuple(entry for _, entry in index.fields)


def _primary_key(key: IndexDraft | None) -> PrimaryKey | None:
    if key is None:
        return None
    column = key.origin + key.attribute.start + 1
    return PrimaryKey(_fields(key), key.name, key.map_name, key.line, column)


def _index(index: IndexDraft) -> Index:
    return Index(
        index.kind == "unique",
        _fields(index),
        index.name,
        index.map_name,
        index.method,
        index.where,
        index.line,
        index.origin + index.attribute.start + 1,
    )


def _relation(relation: InlineRelation) -> Relation:
    """A valid inline relation, with the side that names the fields as the one that holds the key."""
    forward, back = relation.forward, relation.back
    if forward is None or back is None:
        raise AssertionError("a relation without one of its sides was accepted")
    if not forward.fields and back.fields:
        forward, back = back, forward
    return Relation(
        forward.relation_name,
        "one-to-one" if relation.is_one_to_one else "one-to-many",
        forward.model.name,
        forward.name,
        back.model.name,
        back.name,
        _names(forward.fields),
        _names(forward.references),
        forward.field.arity,
        forward.on_delete,
        forward.on_update,
        forward.map_name,
        forward.line,
        _column(forward),
    )


def _many_to_many(relation: ListRelation) -> ManyToManyRelation:
    first, second = relation
    return ManyToManyRelation(
        first.relation_name,
        first.model.name,
        first.name,
        second.model.name,
        second.name,
        first.line,
        _column(first),
    )
