"""Tables in SQLAlchemy's Core: a style of its own, and the join tables of the others."""

from collections.abc import Iterable

from schemasync.mirror.columns import ColumnWriter, enum_key, serial_arguments
from schemasync.mirror.constraints import MARK, column_keys, table_arguments
from schemasync.mirror.layout import Argument, Call, comment, laid_out, literal
from schemasync.mirror.plan import Plan
from schemasync.mirror.section import Section, separated
from schemasync.schema.model import Column, Table


def core_table(plan: Plan, table: Table, variable: str, writer: ColumnWriter) -> Section:
    """`variable = Table(…)`.

    Args:
        writer: one that states the nullability by `nullable=`.
    """
    names: set[str] = {"Table", "Column"}

    def use(name: str) -> str:
        names.add(name)
        return writer.symbols(name)

    keys = column_keys(table, plan.default_schema, use)
    metadata = plan.base.name if plan.style == "table" else plan.base.metadata
    arguments: list[Argument] = [literal(table.name), metadata]
    arguments += [
        _column(table, column, keys.get(column.name, ()), writer, names, plan.default_schema)
        for column in table.columns
    ]
    arguments += table_arguments(table, plan.default_schema, use)
    if table.schema != plan.default_schema:
        arguments.append(f"schema={literal(table.schema)}")
    if table.comment is not None:
        arguments.append(f"comment={literal(table.comment)}")
    arguments.append(MARK)
    # Mirrors import join tables in circles, where a type checker needs the type spelled out.
    typed = "" if plan.style == "table" else f": {writer.symbols('Table')}"
    text = laid_out(Call(f"{variable}{typed} = {writer.symbols('Table')}", tuple(arguments)), width=plan.width)
    if table.documentation:
        text = comment(table.documentation, 0) + "\n" + text
    symbols, enums = separated(names)
    return Section(text, symbols, enums, base=metadata)


def _column(
    table: Table,
    column: Column,
    keys: tuple[Argument, ...],
    writer: ColumnWriter,
    names: set[str],
    default_schema: str,
) -> Argument:
    key = table.primary_key.columns if table.primary_key is not None else ()
    is_key = column.name in key
    text = writer.text(column, is_key=is_key, alone=len(key) == 1)
    # Annotations are a mapped class's; of the enum only the type is needed here.
    classes = {f"enum {enum.class_name}" for enum in [writer.enums.get(enum_key(column.type))] if enum is not None}
    names.update(without_annotations(text.symbols) - classes)
    if column.default is not None and column.default.kind == "sequence" and not is_key:
        names.update(("Sequence", "text"))
        keys = (*keys, *serial_arguments(table, column, default_schema, writer.symbols))
    return Call(writer.symbols("Column"), (literal(column.name), text.type, *keys, *text.keywords))


def without_annotations(names: Iterable[str]) -> set[str]:
    """The names that no annotation needs alone."""
    return {name for name in names if name.partition(".")[0] not in _ANNOTATIONS}


_ANNOTATIONS = frozenset(
    {"Any", "Decimal", "Range", "UUID", "bool", "bytes", "datetime", "dict", "float", "int", "list"}
)
