"""Syntax trees → a resolved schema: the rules in their order, and what they found put together."""

from collections.abc import Sequence
from pathlib import Path

from schemasync.errors import Diagnostic, PrismaSchemaError
from schemasync.records import maker
from schemasync.witnesses.prisma.loading import read_syntax
from schemasync.witnesses.prisma.resolved import ResolvedSchema
from schemasync.witnesses.prisma.rules.block_attributes import ModelReader, check_enum_attributes
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.cycles import check_cycles
from schemasync.witnesses.prisma.rules.database_names import (
    ConstraintNames,
    check_enum_names,
    check_table_names,
    foreign_key_name,
)
from schemasync.witnesses.prisma.rules.datasource import check_datasource, known_provider
from schemasync.witnesses.prisma.rules.field_attributes import (
    ColumnReader,
    check_enum_values,
)
from schemasync.witnesses.prisma.rules.field_attributes import (
    check_relation_field as check_relation_attributes,
)
from schemasync.witnesses.prisma.rules.generators import check_generators
from schemasync.witnesses.prisma.rules.inference import InlineRelation, Relation, infer_relations
from schemasync.witnesses.prisma.rules.many_to_many import check_many_to_many
from schemasync.witnesses.prisma.rules.model_rules import check_enum_schema, check_model
from schemasync.witnesses.prisma.rules.names import check_names
from schemasync.witnesses.prisma.rules.relation_rules import (
    ambiguous_fields,
    check_inline,
    check_relation_fields,
)
from schemasync.witnesses.prisma.rules.types import check_types
from schemasync.witnesses.prisma.rules.version import check_version
from schemasync.witnesses.prisma.syntax import SchemaFile

_relation = maker(Relation)


def load(path: Path | str, version: int | None = None) -> ResolvedSchema:
    """Read and check a schema.prisma, or a folder of .prisma files.

    Args:
        path: the file or folder.
        version: the major version of Prisma whose rules hold, 6 or 7; None accepts what either accepts.

    Raises:
        PrismaSchemaError: Prisma would refuse it; carries every diagnostic.
    """
    schema, diagnostics = resolve(*read_syntax(Path(path)), version=version)
    if schema is None:
        raise PrismaSchemaError(diagnostics)
    return schema


def resolve(
    files: Sequence[SchemaFile], broken: Sequence[Diagnostic] = (), *, version: int | None = None
) -> tuple[ResolvedSchema | None, list[Diagnostic]]:
    """Check the files of one schema against each other.

    Args:
        files: the syntax trees.
        broken: what the parser could not read; what it could is checked all the same.
        version: the major version of Prisma whose rules hold, 6 or 7; None accepts what either accepts.

    Returns:
        The schema, None if there are errors; and the diagnostics, warnings included.
    """
    ctx = Context(files, version)
    ctx.errors += broken
    ctx.provider = known_provider(ctx)
    check_version(ctx)
    check_names(ctx)
    check_types(ctx)
    _check_attributes(ctx)
    generators = check_generators(ctx)
    datasource = check_datasource(ctx)
    if ctx.errors:
        return None, _refused(ctx)
    ctx.errors += ctx.later
    relations, lists, crowded = infer_relations(ctx)
    names = ConstraintNames(ctx, relations)
    check_table_names(ctx)
    check_enum_names(ctx)
    ambiguous = False
    for model in ctx.models.values():
        check_model(ctx, model, names)
        check_relation_fields(ctx, model, names)
        if model.name in crowded:
            ambiguous |= ambiguous_fields(ctx, model)
    for enum in ctx.enums.values():
        check_enum_schema(ctx, enum)
    if not ambiguous:
        check_cycles(ctx, relations)
        for relation in relations:
            check_inline(ctx, relation, names)
        for pair in lists:
            check_many_to_many(ctx, pair)
    if ctx.errors:
        return None, _refused(ctx)
    warnings = in_order(ctx.warnings)
    resolved = ResolvedSchema(
        datasource,
        generators,
        tuple(ctx.enums.values()),
        tuple(ctx.models.values()),
        tuple(_kept(relation, names) for relation in relations),
        tuple(lists),
        names,
        tuple(warnings),
    )
    return resolved, warnings


def _refused(ctx: Context) -> list[Diagnostic]:
    for model in ctx.drafts:
        model.release()
    return in_order([*ctx.errors, *ctx.warnings])


def _kept(relation: InlineRelation, names: ConstraintNames) -> Relation:
    """A valid relation, with the side that names the fields as the one that holds the key."""
    forward, back = relation.forward, relation.back
    if forward is None or back is None:
        raise AssertionError("a relation without one of its sides was accepted")
    if not forward.fields and back.fields:
        return _relation(back, forward, relation.is_one_to_one, foreign_key_name(back.model, back))
    return _relation(forward, back, relation.is_one_to_one, names.of_relation(relation))


def _check_attributes(ctx: Context) -> None:
    columns, blocks = ColumnReader(ctx), ModelReader(ctx)
    for model in ctx.drafts:
        for field in model.all_relations() if model.doubles else model.relations.values():
            if field.field.rest.attributes:
                check_relation_attributes(ctx, field)
    for model in ctx.drafts:
        columns.read(model)
        blocks.read(model)
    columns.handlers.clear()  # which hold the readers, and these the schema
    blocks.handlers.clear()
    for enum in ctx.enums.values():
        check_enum_values(ctx, enum)
        check_enum_attributes(ctx, enum)


def in_order(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics by path, line and column; of those that say the same in the same place, one."""
    unique = dict.fromkeys(diagnostics)
    return sorted(unique, key=lambda item: (item.path, item.line, item.column))
