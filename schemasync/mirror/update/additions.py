"""Writes what is not there yet: mirrors, enums, join tables, helpers."""

from collections.abc import Iterable
from pathlib import Path

import libcst as cst

from schemasync.mirror.columns import ColumnWriter
from schemasync.mirror.core import core_table
from schemasync.mirror.declarative import model_class
from schemasync.mirror.enums import enum_class
from schemasync.mirror.helper_source import helper_source
from schemasync.mirror.section import Section
from schemasync.mirror.symbols import import_lines
from schemasync.mirror.update.names import FileNames
from schemasync.mirror.update.place import Place
from schemasync.mirror.update.source import SourceFile
from schemasync.schema.model import Enum, Table


class Additions:
    """What an update adds in files of its own, or at the end of the one file."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def mirror(self, table: Table) -> dict[str, str]:
        """A mirror that is not there yet; gives what to register."""
        path = self.place.path_of(table)
        introduction = f"Mirror of Prisma's {table.model or table.name}."
        source = self._source(path, introduction)
        sections = [self.enum(enum, path) for enum in self.place.enums_of(table) if self._is_home(enum, path)]
        names = self.place.files.names(source)
        names.hide(self.place.members(table))
        writer = ColumnWriter(names, self.place.plan.names.enums, typed=True, width=self.place.plan.width)
        section = model_class(self.place.plan, table, writer)
        names.require(section.symbols)
        for name in section.enums:
            if name in self.place.enum_imports:
                names.require_from(self.place.enum_imports[name], name)
        for variable in section.joins:
            names.require_from(self.place.modules[variable], variable)
        for target in section.targets:
            if target in self.place.modules:
                names.require_for_typing(self.place.modules[target], target)
        self._import_base(table, names)
        self.append(path, introduction, [*sections, section])
        class_name = self.place.plan.names.models[table.key].class_name
        self.place.outcome.did.append(f"{class_name}: new, in {path.name}")
        module = self.place.files.module(path)
        enums = [self.place.plan.names.enums[enum.key].class_name for enum in self.place.enums_of(table)]
        return {class_name: module, **{name: module for name in enums if self.place.enum_imports[name] == module}}

    def _is_home(self, enum: Enum, path: Path) -> bool:
        return self.place.enum_imports[self.place.plan.names.enums[enum.key].class_name] == self.place.files.module(
            path
        )

    def _import_base(self, table: Table, names: FileNames) -> None:
        base = self.place.plan.base.suited(table)
        if base.module is not None:
            names.require_from(base.module, base.name)
        else:
            home = self.place.output / "base.py" if self.place.is_package else self.place.output
            names.require_from(self.place.files.module(home), base.name)

    def enum(self, enum: Enum, path: Path) -> Section:
        """A new enum, for a file."""
        source = self._source(path, "The enums of Prisma's tables.")
        names = self.place.files.names(source)
        names.require(["StrEnum", "Enum", "labels"])
        return enum_class(self.place.plan, enum, names)

    def _source(self, path: Path, introduction: str) -> SourceFile:
        return (
            self.place.files.source(path)
            if self.place.files.exists(path)
            else self.place.files.begin(path, introduction)
        )

    def append(self, path: Path, introduction: str, sections: Iterable[Section]) -> None:
        """Puts sections at the end of a file."""
        source = self._source(path, introduction)
        texts = [section.text for section in sections]
        is_definition = texts[0].startswith(("class ", "@"))
        source.append(("\n\n" if is_definition else "\n") + "\n\n\n".join(texts))

    def joins(self) -> dict[str, str]:
        """Join tables that are not there yet; gives what to register."""
        entries = {}
        path = self.place.output / "associations.py" if self.place.is_package else self.place.output
        for key, variable in self.place.plan.join_tables.items():
            if key in self.place.models.table_by_key:
                continue
            introduction = "The tables of implicit many-to-many relations."
            names = self.place.files.names(self._source(path, introduction))
            writer = ColumnWriter(names, self.place.plan.names.enums, typed=False, width=self.place.plan.width)
            section = core_table(self.place.plan, self.place.plan.tables[key], variable, writer)
            names.require(section.symbols)
            self._import_base(self.place.plan.tables[key], names)
            self.append(path, introduction, [section])
            entries[variable] = self.place.files.module(path)
            self.place.outcome.did.append(f"{variable}: new, in {path.name}")
        return entries

    def helpers(self) -> None:
        """The helpers that files came to need."""
        wanted = self.place.files.helpers_wanted()
        exists = self.place.files.exists(self.place.helpers)
        source = self.place.files.source(self.place.helpers) if exists else None
        if source is not None:
            wanted = {name for name in wanted if not self.place.files.names(source).is_known(name)}
        if not wanted:
            return
        known = self.place.files.names(source).defined if source is not None else frozenset[str]()
        imports, text = helper_source(wanted, known)
        if source is None:
            introduction = "What the mirrors need beside SQLAlchemy."
            source = self.place.files.begin(self.place.helpers, introduction)
            source.append(f"\n{import_lines(frozenset(imports))}\n\n\n{text}")
        else:
            names = self.place.files.names(source)
            for module, name in imports:
                names.require_import(module, name)
            first = next((item for item in source.module.body if isinstance(item, cst.ClassDef)), None)
            if first is None:
                source.append(f"\n\n{text}")
            else:
                source.insert_before(first, f"{text}\n\n")
        self.place.outcome.did.append(f"{self.place.helpers.name}: {', '.join(sorted(wanted))}")
