"""The mapped classes of a metadata's tables: which class maps which table, which attribute which column."""

import re
from collections.abc import Mapping as ReadOnlyMapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import MetaData, Table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.mapper import _all_registries

from schemasync.errors import ModelImportError
from schemasync.witnesses.source_lines import SourceLines


@dataclass(frozen=True, slots=True)
class TableMapping:
    """What is mapped to one table.

    Args:
        mappers: the class that stands for the table first, then its single-table subclasses and others.
        fields: by the column's name in the database, the attribute and the class that has it.
    """

    mappers: tuple[Mapper[Any], ...] = ()
    fields: ReadOnlyMapping[str, tuple[str, type]] = field(default_factory=dict)

    @property
    def model(self) -> type | None:
        """The class that stands for the table."""
        return self.mappers[0].class_ if self.mappers else None


def table_mappings(metadata: MetaData, lines: SourceLines) -> dict[Table, TableMapping]:
    """The mapped classes of each table, over all registries.

    Raises:
        ModelImportError: SQLAlchemy cannot configure the mappers; a relationship names a class that is not there.
    """
    mappers_of: dict[Table, list[Mapper[Any]]] = {}
    registries = []
    for registry in _all_registries():
        # `registry.mappers` fails altogether where one class of any registry could not be mapped.
        mappers = (manager.mapper for manager in registry._managers if manager.is_mapped)
        own = [mapper for mapper in mappers if _is_table_of(mapper, metadata)]
        if own:
            registries.append((registry, own))
        for mapper in own:
            mappers_of.setdefault(_table(mapper), []).append(mapper)
    for registry, own in registries:
        _configure(registry, own, lines)
    return {table: _mapping(table, mappers) for table, mappers in mappers_of.items()}


def _is_table_of(mapper: Mapper[Any], metadata: MetaData) -> bool:
    table = mapper.local_table
    return isinstance(table, Table) and metadata.tables.get(table.key) is table


def _table(mapper: Mapper[Any]) -> Table:
    table = mapper.local_table
    assert isinstance(table, Table)
    return table


def _configure(registry: Any, mappers: list[Mapper[Any]], lines: SourceLines) -> None:
    try:
        registry.configure(cascade=True)
    except SQLAlchemyError as error:
        failed = [mapper for mapper in mappers if getattr(mapper, "_configure_failed", False)]
        statement = lines.of_class(failed[0].class_) if failed else None
        where = "" if statement is None else f"{statement.location.path}:{statement.location.line}: "
        raise ModelImportError(
            f"{where}{type(error).__name__}: {_trimmed(str(error))}",
            hint="SQLAlchemy itself cannot set these models up; the application would fail in the same way",
        ) from error


def _trimmed(message: str) -> str:
    """SQLAlchemy's message without its preamble and its link."""
    message = message.partition("\n(Background on this error")[0]
    message = message.partition(" (Background on this error")[0]
    original = re.search(r"Original exception was: (.*)", message, re.DOTALL)
    return " ".join((original[1] if original else message).split())


def _mapping(table: Table, mappers: list[Mapper[Any]]) -> TableMapping:
    ordered = tuple(sorted(mappers, key=lambda mapper: (_depth(mapper), *_name(mapper))))
    fields: dict[str, tuple[str, type]] = {}
    for mapper in ordered:
        for attribute in mapper.column_attrs:
            for column in attribute.columns:
                if getattr(column, "table", None) is table and isinstance(column.key, str):
                    fields.setdefault(str(getattr(column, "name", column.key)), (attribute.key, mapper.class_))
    return TableMapping(ordered, fields)


def _depth(mapper: Mapper[Any]) -> int:
    """How many ancestors share the table: 0 for the class that stands for it."""
    return (
        0
        if mapper.inherits is None or mapper.inherits.local_table is not mapper.local_table
        else (1 + _depth(mapper.inherits))
    )


def _name(mapper: Mapper[Any]) -> tuple[str, str]:
    return (mapper.class_.__module__, mapper.class_.__qualname__)
