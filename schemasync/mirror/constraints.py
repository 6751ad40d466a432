"""A table's keys, indexes and checks in Python, and the mark that it is Prisma's."""

from collections.abc import Iterable

from schemasync.mirror.defaults import Use, sql_text
from schemasync.mirror.layout import Argument, Call, literal
from schemasync.schema.model import Check, ForeignKey, Index, IndexPart, Table, Unique
from schemasync.schema.names import quote

MARK = 'info={"schemasync": {"owner": "prisma"}}'
_MARK_ENTRY = '"info": {"schemasync": {"owner": "prisma"}}'


def column_keys(table: Table, default_schema: str, use: Use) -> dict[str, tuple[Argument, ...]]:
    """The foreign keys of one column each, by that column."""
    found: dict[str, tuple[Argument, ...]] = {}
    for key in table.foreign_keys:
        if len(key.columns) == 1:
            (target,) = key_targets(key, default_schema)
            entry = Call(use("ForeignKey"), (target, *key_settings(key)))
            found[key.columns[0]] = (*found.get(key.columns[0], ()), entry)
    return found


def key_targets(key: ForeignKey, default_schema: str) -> list[str]:
    """What a foreign key refers to, as SQLAlchemy reads it: `"schema.table.column"`."""
    prefix = "" if key.referenced_schema == default_schema else f"{key.referenced_schema}."
    return [literal(f"{prefix}{key.referenced_table}.{column}") for column in key.referenced_columns]


def key_settings(key: ForeignKey) -> Iterable[str]:
    """The keyword arguments of a foreign key: its name, actions, match and deferral."""
    if key.name is not None:
        yield f"name={literal(key.name)}"
    if key.on_delete != "NO ACTION":
        yield f"ondelete={literal(key.on_delete)}"
    if key.on_update != "NO ACTION":
        yield f"onupdate={literal(key.on_update)}"
    if key.match_full:
        yield 'match="FULL"'
    if key.deferrable:
        yield "deferrable=True"
    if key.initially_deferred:
        yield 'initially="DEFERRED"'


def table_arguments(table: Table, default_schema: str, use: Use) -> list[Argument]:
    """Constraints and indexes, in the order in which a CREATE TABLE script would have them."""
    found: list[Argument] = []
    key = table.primary_key
    if key is not None and key.name is not None:
        name = f"name={literal(key.name)}"
        found.append(Call(use("PrimaryKeyConstraint"), (*map(literal, key.columns), name)))
    found += [_unique(unique, use) for unique in table.uniques]
    found += [foreign_key_call(one, default_schema, use) for one in table.foreign_keys if len(one.columns) > 1]
    found += [_check(check, use) for check in table.checks]
    return found + [index_call(index, use) for index in table.indexes]


def table_settings(table: Table, default_schema: str) -> list[str]:
    """Entries of the dictionary that ends `__table_args__`."""
    entries = [] if table.schema == default_schema else [f'"schema": {literal(table.schema)}']
    if table.comment is not None:
        entries.append(f'"comment": {literal(table.comment)}')
    return [*entries, _MARK_ENTRY]


def foreign_key_call(key: ForeignKey, default_schema: str, use: Use) -> Call:
    """`ForeignKeyConstraint(…)`."""
    columns = Call("", tuple(map(literal, key.columns)), "[")
    targets = Call("", tuple(key_targets(key, default_schema)), "[")
    return Call(use("ForeignKeyConstraint"), (columns, targets, *key_settings(key)))


def _unique(unique: Unique, use: Use) -> Call:
    settings: list[Argument] = [f"name={literal(unique.name)}"] if unique.name is not None else []
    if unique.deferrable:
        settings.append("deferrable=True")
    if unique.initially_deferred:
        settings.append('initially="DEFERRED"')
    if unique.nulls_not_distinct:
        settings.append("postgresql_nulls_not_distinct=True")
    if unique.include:
        settings.append(Call("postgresql_include=", tuple(map(literal, unique.include)), "["))
    return Call(use("UniqueConstraint"), (*map(literal, unique.columns), *settings))


def _check(check: Check, use: Use) -> Call:
    settings = [f"name={literal(check.name)}"] if check.name is not None else []
    return Call(use("CheckConstraint"), (sql_text(check.expression, use), *settings))


def index_call(index: Index, use: Use) -> Call:
    """`Index(…)`."""
    operator_classes = [
        f"{literal(part.column)}: {literal(part.operator_class)}"
        for part in index.parts
        if _is_plain(part) and part.column is not None and part.operator_class is not None
    ]
    settings: list[Argument] = ["unique=True"] if index.unique else []
    if index.method != "btree":
        settings.append(f"postgresql_using={literal(index.method)}")
    if operator_classes:
        settings.append(Call("postgresql_ops=", tuple(operator_classes), "{"))
    if index.include:
        settings.append(Call("postgresql_include=", tuple(map(literal, index.include)), "["))
    if index.nulls_not_distinct:
        settings.append("postgresql_nulls_not_distinct=True")
    if index.options:
        entries = tuple(f"{literal(name)}: {literal(value)}" for name, value in index.options)
        settings.append(Call("postgresql_with=", entries, "{"))
    if index.predicate is not None:
        settings.append(sql_text(index.predicate, use, "postgresql_where="))
    name = literal(index.name) if index.name is not None else "None"
    return Call(use("Index"), (name, *(_part(part, use) for part in index.parts), *settings))


def _is_plain(part: IndexPart) -> bool:
    """Whether the column's name alone says it, beside its operator class."""
    return part.column is not None and part.collation is None and not part.descending and not part.nulls_first


def _part(part: IndexPart, use: Use) -> Argument:
    if _is_plain(part) and part.column is not None:
        return literal(part.column)
    text = quote(part.column) if part.column is not None else f"({part.expression})"
    if part.collation is not None:
        text += f" COLLATE {quote(part.collation)}"
    if part.operator_class is not None:
        text += f" {part.operator_class}"
    if part.descending:
        text += " DESC"
    if part.nulls_first != part.descending:
        text += " NULLS FIRST" if part.nulls_first else " NULLS LAST"
    return sql_text(text, use)
