"""The SQLAlchemy witness: a MetaData and the classes mapped to its tables, read into a Schema without connecting."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import MetaData
from sqlalchemy import Table as DeclaredTable

from schemasync.errors import ModelImportError
from schemasync.schema.collection import collection_put_off
from schemasync.schema.model import Enum, Location, Schema, Silence, Table
from schemasync.witnesses import metadata_constraints as constraints
from schemasync.witnesses.metadata_columns import column_of
from schemasync.witnesses.metadata_dialect import Spelling, option
from schemasync.witnesses.metadata_indexes import indexes
from schemasync.witnesses.metadata_mappers import TableMapping, table_mappings
from schemasync.witnesses.metadata_relationships import relationships
from schemasync.witnesses.metadata_types import attached_enums, enum_of, native_enum
from schemasync.witnesses.python_types import PythonTypes
from schemasync.witnesses.source_lines import SourceLines, TableLines
from schemasync.witnesses.user_files import UserFiles

# What no metadata can state: enums that no column uses, `NOT VALID` left behind, a build that failed, views.
_SILENT: frozenset[Silence] = frozenset({"enum-missing", "validity", "index-validity", "table-kind", "view"})
_SILENT_WITHOUT_CLASSES: frozenset[Silence] = frozenset({"python-type", "relationship"})


def metadata_of(source: object) -> MetaData | None:
    """The MetaData that an object is or has: a declarative base, a registry, a Flask-SQLAlchemy `db`; else None."""
    if isinstance(source, MetaData):
        return source
    found = getattr(source, "metadata", None)
    return found if isinstance(found, MetaData) and not isinstance(source, DeclaredTable) else None


def read_metadata(
    metadata: object,
    *,
    default_schema: str = "public",
    source: str = "",
    working_folder: Path | None = None,
    user_files: UserFiles | None = None,
) -> Schema:
    """Reads SQLAlchemy's declarations as the schema that they describe in PostgreSQL.

    Args:
        metadata: a `MetaData`, a declarative base class, or a Flask-SQLAlchemy `db`.
        default_schema: where tables and enums stand that name no schema.
        source: where the metadata comes from, for reports: `module:attribute`.
        working_folder: the folder that paths are shown relative to; the current one unless it is given.
        user_files: tells the user's source files from others, for tables that no class maps.

    Raises:
        ModelImportError: the object has no metadata, or SQLAlchemy cannot configure its mapped classes.
    """
    found = metadata_of(metadata)
    if found is None:
        raise ModelImportError(
            f"{type(metadata).__name__} is no SQLAlchemy metadata",
            hint="give a MetaData, a declarative base class, or a Flask-SQLAlchemy db",
        )
    reader = _Reader(found, default_schema, SourceLines(working_folder or Path.cwd(), user_files or UserFiles()))
    return reader.schema(source, _notes_on_binds(metadata, found))


def _notes_on_binds(source: object, default: MetaData) -> list[str]:
    """Flask-SQLAlchemy keeps a metadata for each further database."""
    metadatas = getattr(source, "metadatas", None)
    if not isinstance(metadatas, Mapping):
        return []
    others = {str(key): item for key, item in metadatas.items() if item is not default}
    return [
        f"The tables of the bind {key} are not read ({len(item.tables)}): they are in another database."
        for key, item in sorted(others.items())
        if isinstance(item, MetaData) and item.tables
    ]


class _Reader:
    """Reads one metadata."""

    def __init__(self, metadata: MetaData, default_schema: str, lines: SourceLines) -> None:
        self.metadata = metadata
        self.default_schema = default_schema
        self.lines = lines
        self.spelling = Spelling()
        self.python_types = PythonTypes()
        self.enums: dict[tuple[str, str], Enum] = {}
        self.notes: list[str] = []

    def schema(self, source: str, notes: list[str]) -> Schema:
        """Everything that the metadata states."""
        with collection_put_off():
            return self._schema(source, notes)

    def _schema(self, source: str, notes: list[str]) -> Schema:
        mappings = table_mappings(self.metadata, self.lines)
        declared = sorted(self.metadata.tables.values(), key=lambda table: (self._schema_of(table), table.name))
        tables = tuple(self._table(table, mappings.get(table, TableMapping())) for table in declared)
        for type_ in attached_enums(self.metadata):
            self._add_enum(type_, None)
        return Schema(
            witness="sqlalchemy",
            source=source,
            tables=tables,
            enums=tuple(self.enums[key] for key in sorted(self.enums)),
            namespaces=(),
            silent=_SILENT if mappings else _SILENT | _SILENT_WITHOUT_CLASSES,
            notes=(*notes, *self.notes),
        )

    def _schema_of(self, table: DeclaredTable) -> str:
        return table.schema or self.default_schema

    def _table(self, declared: DeclaredTable, mapping: TableMapping) -> Table:
        lines = self._lines_of(declared, mapping)
        columns = []
        for column in declared.columns:
            location = lines.columns.get(column.name)
            read, notes = column_of(column, mapping, self.spelling, self.python_types, self.default_schema, location)
            columns.append(read)
            self.notes += notes
            self._add_enum(native_enum(column.type, self.spelling), location)
        foreign_keys, notes_on_keys = constraints.foreign_keys(declared, self.spelling, self.default_schema, lines)
        checks, notes_on_checks = constraints.checks(declared, self.spelling, lines)
        declared_indexes, notes_on_indexes = indexes(declared, self.spelling, lines)
        relations, notes_on_relations = relationships(declared, mapping, self.default_schema, self.lines)
        self.notes += [*notes_on_keys, *notes_on_checks, *notes_on_indexes, *notes_on_relations]
        return Table(
            name=declared.name,
            schema=self._schema_of(declared),
            kind="partitioned table" if option(declared, "partition_by") else "table",
            columns=tuple(columns),
            primary_key=constraints.primary_key(declared, self.spelling, lines),
            uniques=constraints.uniques(declared, self.spelling, lines),
            foreign_keys=foreign_keys,
            indexes=declared_indexes,
            checks=checks,
            exclusions=constraints.exclusions(declared, self.spelling, lines),
            relationships=relations,
            comment=declared.comment,
            marked_owner=_marked_owner(declared),
            model=mapping.model.__name__ if mapping.model is not None else None,
            location=lines.table,
        )

    def _lines_of(self, declared: DeclaredTable, mapping: TableMapping) -> TableLines:
        """Where a table and its columns are written: in the mapped class, else in a `Table(…)` call."""
        statement = None if mapping.model is None else self.lines.of_class(mapping.model)
        columns = {
            name: location
            for name, (field, model) in mapping.fields.items()
            if (location := self.lines.of_attribute(model, field)) is not None
        }
        names_all = len(columns) == len(declared.columns)
        call = None if names_all else self.lines.of_table_call(declared)
        if call is not None:
            columns = {**call.names, **columns}
        arguments = None if mapping.model is None else self.lines.of_attribute(mapping.model, "__table_args__")
        statements = tuple(found for found in (statement, call) if found is not None)
        return TableLines(statements[0].location if statements else None, columns, statements, arguments)

    def _add_enum(self, type_: Any, location: Location | None) -> None:
        if type_ is None or not type_.name:
            return
        enum = enum_of(type_, self.default_schema, location)
        known = self.enums.setdefault(enum.key, enum)
        if known.values != enum.values:
            self.notes.append(f"The enum {enum.name} is declared twice with different values; the first one counts.")


def _marked_owner(table: DeclaredTable) -> Literal["prisma", "sqlalchemy"] | None:
    """The owner that a table's `info={"schemasync": …}` names."""
    mark = table.info.get("schemasync")
    owner = mark.get("owner") if isinstance(mark, Mapping) else mark
    return owner if owner in ("prisma", "sqlalchemy") else None
