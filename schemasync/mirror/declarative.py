"""Mapped classes, for SQLAlchemy's declarative base and Flask-SQLAlchemy's alike."""

from schemasync.mirror.base import same_column
from schemasync.mirror.columns import ColumnWriter, mapped_column, serial_arguments
from schemasync.mirror.constraints import column_keys, table_arguments, table_settings
from schemasync.mirror.defaults import Use
from schemasync.mirror.layout import Argument, Call, comment, docstring, laid_out, literal
from schemasync.mirror.plan import Plan
from schemasync.mirror.relationships import relationship_attribute
from schemasync.mirror.section import Section, separated
from schemasync.schema.model import Column, Table


def model_class(plan: Plan, table: Table, writer: ColumnWriter) -> Section:
    """The class of one table or view."""
    names: set[str] = set()

    def use(name: str) -> str:
        names.add(name)
        return writer.symbols(name)

    base = plan.base.suited(table)
    model = plan.names.models[table.key]
    lines = [f"@{use('read_only')}"] if table.kind in ("view", "materialized view") else []
    lines.append(f"class {model.class_name}({base.expression}):")
    lines += [docstring(table.documentation or _introduction(table), 4), ""]
    lines.append(f"    __tablename__ = {literal(table.name)}")
    lines += [laid_out(table_arguments_call(plan, table, use), 4, width=plan.width), ""]
    keys = column_keys(table, plan.default_schema, use)
    inherited = {column.name: column for column in base.columns.values()}
    names_inherited = {column.name: attribute for attribute, column in base.columns.items()}
    for column in table.columns:
        attribute = model.attributes[column.name]
        if names_inherited.get(column.name) == attribute and same_column(column, inherited.get(column.name)):
            continue
        if column.documentation:
            lines.append(comment(column.documentation, 4))
        lines.append(_column(table, column, attribute, keys.get(column.name, ()), writer, names, plan.default_schema))
    identity = _identity(table)
    if identity:
        names.add("MappingProxyType")
        columns = Call('"primary_key": ', tuple(model.attributes[name] for name in identity))
        proxy = Call(f"__mapper_args__ = {writer.symbols('MappingProxyType')}", (Call("", (columns,), "{"),))
        lines += ["", laid_out(proxy, 4, width=plan.width)]
    targets, joins = set(), set()
    relationships = list(plan.writer.relationships(table))
    if relationships and lines[-1] != "":
        lines.append("")
    for one in relationships:
        if one.source.documentation:
            lines.append(comment(one.source.documentation, 4))
        list_name = use("list") if one.is_list else ""
        lines.append(relationship_attribute(one, use("Mapped"), use("relationship"), list_name, plan.width))
        targets.add(one.target)
        joins |= {variable for variable in plan.join_tables.values() if f"secondary={variable}" in one.arguments}
    symbols, enums = separated(names)
    text = "\n".join(lines).rstrip("\n")
    others = frozenset(targets - {model.class_name})
    return Section(text, symbols, enums, frozenset(joins), others, base.expression)


def _introduction(table: Table) -> str:
    return f"Mirror of Prisma's {table.model}." if table.model else f"Mirror of the table {table.name}."


def table_arguments_call(plan: Plan, table: Table, use: Use) -> Call:
    """`__table_args__ = …`: constraints and indexes, then what belongs to the table itself."""
    arguments = table_arguments(table, plan.default_schema, use)
    settings = tuple(table_settings(table, plan.default_schema))
    return Call("__table_args__ = ", (*arguments, Call("", settings, "{")))


def _column(
    table: Table,
    column: Column,
    attribute: str,
    keys: tuple[Argument, ...],
    writer: ColumnWriter,
    names: set[str],
    default_schema: str,
) -> str:
    key = table.primary_key.columns if table.primary_key is not None else ()
    is_key = column.name in key
    text = writer.text(column, is_key=is_key, alone=len(key) == 1)
    names.update(text.symbols)
    names.update(("Mapped", "mapped_column"))
    if column.default is not None and column.default.kind == "sequence" and not is_key:
        names.update(("Sequence", "text"))
        keys = (*keys, *serial_arguments(table, column, default_schema, writer.symbols))
    return mapped_column(attribute, None if attribute == column.name else column.name, text, keys, writer)


def _identity(table: Table) -> tuple[str, ...]:
    """What tells rows apart where there is no primary key, which SQLAlchemy cannot do without."""
    if table.primary_key is not None:
        return ()
    required = {column.name for column in table.columns if not column.nullable}
    keys = [unique.columns for unique in table.uniques]
    keys += [
        index.columns
        for index in table.indexes
        if index.unique and index.predicate is None and all(part.column for part in index.parts)
    ]
    fitting = [key for key in keys if required.issuperset(key)]
    if fitting:
        return min(fitting, key=len)
    return tuple(column.name for column in table.columns)
