"""A column in Python: its type, and what `mapped_column()` or `Column()` is told about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemasync.mirror import defaults
from schemasync.mirror.layout import INDENT, LINE_LENGTH, Argument, Call, annotated, literal
from schemasync.mirror.naming import EnumNames, Key
from schemasync.mirror.symbols import Symbols
from schemasync.mirror.types import python_type
from schemasync.schema.model import Column, Table
from schemasync.schema.names import postgresql_constraint_name, quote
from schemasync.schema.types import DataType


@dataclass(frozen=True, slots=True)
class ColumnText:
    """What does not depend on a column's name.

    Args:
        annotation: what its values are, None included where it may be NULL.
        type: the SQLAlchemy type.
        keywords: the keyword arguments; those of `mapped_column()` where the annotation says the rest.
        symbols: the names that all this uses.
    """

    annotation: str
    type: str
    keywords: tuple[Argument, ...]
    symbols: frozenset[str]
    flat: str


def enum_key(type_: DataType) -> Key:
    """Schema and name of the enum that a type may be."""
    return (type_.schema or "", type_.name)


class ColumnWriter:
    """Writes columns for one module or, where no name is hidden, for many.

    Args:
        symbols: what imported names are called in that module.
        enums: what the enums are called.
        typed: whether an annotation states the nullability; else `nullable=` does.
        width: how long a line may be.
    """

    def __init__(
        self, symbols: Symbols, enums: Mapping[Key, EnumNames], *, typed: bool, width: int = LINE_LENGTH
    ) -> None:
        self.symbols = symbols
        self.enums = enums
        self.typed = typed
        self.width = width
        self._known: dict[tuple[object, ...], tuple[Column, ColumnText]] = {}  # by the identities of its parts

    def text(self, column: Column, *, is_key: bool, alone: bool) -> ColumnText:
        """A column's text without its name and foreign keys.

        Args:
            is_key: whether it belongs to the primary key.
            alone: whether it is the whole key, which SQLAlchemy would then take for a serial one.
        """
        # Columns of one schema share equal types and defaults; the column kept here keeps its own alive.
        parts = (
            column.type,
            column.default,
            column.client_default,
            column.on_update,
            column.identity,
            column.generated,
        )
        key = (*map(id, parts), column.nullable, column.collation, column.comment, is_key, alone)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = column, self._text(column, is_key=is_key, alone=alone)
        return found[1]

    def _text(self, column: Column, *, is_key: bool, alone: bool) -> ColumnText:
        names: set[str] = set()

        def use(name: str) -> str:
            names.add(name)
            return self.symbols(name)

        enum = self.enums.get(enum_key(column.type))
        if enum is not None:
            annotation, expression = enum.class_name, enum.constant
            names.update((f"enum {annotation}", f"enum {expression}"))
            if column.type.dimensions:
                annotation, expression = f"{use('list')}[{annotation}]", f"{use('ARRAY')}({expression})"
        else:
            python = python_type(column.type, self.symbols, column.collation)
            annotation, expression = python.annotation, python.expression
            names.update(python.symbols)
        keywords = self._keywords(column, is_key, alone, use)
        if column.nullable:
            annotation = f"{annotation} | None"
        flat = ", ".join((expression, *map(str, keywords)))
        return ColumnText(annotation, expression, keywords, frozenset(names), flat)

    def _keywords(self, column: Column, is_key: bool, alone: bool, use: defaults.Use) -> tuple[Argument, ...]:
        found: list[Argument] = []
        serial = column.default is not None and column.default.kind == "sequence"
        if column.identity is not None:
            found.append(defaults.identity(column.identity, use))
        if column.generated is not None:
            stored = f"persisted={column.generated.stored}"
            found.append(Call(use("Computed"), (literal(column.generated.expression), stored)))
        if is_key:
            found.append("primary_key=True")
            if serial:
                found.append("autoincrement=True")
            elif alone and column.type.family == "integer" and column.identity is None:
                found.append("autoincrement=False")
        if self._says_nullable(column, is_key):
            found.append(f"nullable={column.nullable}")
        for word, default in (("default", column.client_default), ("onupdate", column.on_update)):
            text = defaults.client_default(default, column.type, use) if default is not None else None
            found += [f"{word}={text}"] if text else []
        if column.default is not None and not serial and column.generated is None:
            found.append(defaults.server_default(column.default, use))
        if column.comment is not None:
            found.append(f"comment={literal(column.comment)}")
        return tuple(found)

    def _says_nullable(self, column: Column, is_key: bool) -> bool:
        if is_key:
            return column.nullable
        return not self.typed and not column.nullable


# The sequence of a SERIAL counts in the column's type (PostgreSQL manual, 8.1.4); else it is a bigint.
_SERIAL_TYPES = {"smallint": "SmallInteger", "integer": "Integer"}


def serial_arguments(table: Table, column: Column, default_schema: str, use: defaults.Use) -> tuple[Call, Call]:
    """What makes a column outside of the primary key draw its numbers from the sequence of a SERIAL."""
    name = postgresql_constraint_name(table.name, (column.name,), "seq")
    named = table.schema != default_schema
    settings = [literal(name), *([f"schema={literal(table.schema)}"] if named else [])]
    if column.type.name in _SERIAL_TYPES:
        settings.append(f"data_type={use(_SERIAL_TYPES[column.type.name])}")
    qualified = f"{quote(table.schema)}.{quote(name)}" if named else quote(name)
    sql = "nextval('" + qualified.replace("'", "''") + "'::regclass)"
    return Call(use("Sequence"), tuple(settings)), defaults.sql_text(sql, use, "server_default=")


def mapped_column(
    attribute: str, name: str | None, text: ColumnText, keys: tuple[Argument, ...], writer: ColumnWriter
) -> str:
    """A mapped class's attribute.

    Args:
        name: the column's name where it is not the attribute's.
        keys: its foreign keys.
    """
    function, generic = writer.symbols("mapped_column"), writer.symbols("Mapped")
    if not keys:
        flat = f"    {attribute}: {generic}[{text.annotation}] = {function}("
        flat += f"{literal(name)}, {text.flat})" if name is not None else f"{text.flat})"
        if len(flat) <= writer.width:
            return flat
    first = (literal(name),) if name is not None else ()
    call = Call(function, (*first, text.type, *keys, *text.keywords))
    return annotated(attribute, text.annotation, generic, call, len(INDENT), writer.width)
