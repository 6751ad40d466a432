"""Brings a project's mirrors up to date: adds what is missing, corrects what differs, deletes nothing unasked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import libcst as cst

from schemasync.compare.drift import Drift
from schemasync.compare.sides import Speller
from schemasync.errors import SchemasyncError
from schemasync.mirror.columns import ColumnWriter
from schemasync.mirror.core import core_table
from schemasync.mirror.declarative import model_class
from schemasync.mirror.enums import enum_class
from schemasync.mirror.helper_source import helper_source
from schemasync.mirror.naming import EnumNames, Names
from schemasync.mirror.plan import Plan, planned
from schemasync.mirror.section import Section
from schemasync.mirror.styles import Style
from schemasync.mirror.symbols import import_lines
from schemasync.mirror.update.arguments import ArgumentsEditor
from schemasync.mirror.update.classes import MappedClass, find_class
from schemasync.mirror.update.columns import ColumnEditor
from schemasync.mirror.update.enum_members import add_members
from schemasync.mirror.update.existing import existing_names
from schemasync.mirror.update.files import EnumHomes, Files
from schemasync.mirror.update.names import FileNames
from schemasync.mirror.update.outcome import Outcome
from schemasync.mirror.update.pruning import prune
from schemasync.mirror.update.registry import register
from schemasync.mirror.update.relations import RelationshipEditor
from schemasync.mirror.update.source import SourceFile, usual_width
from schemasync.mirror.update.work import TableWork, work_of
from schemasync.ownership import Ownership
from schemasync.schema.model import Enum, Schema, Table


@dataclass(frozen=True, slots=True)
class Update:
    """What an update would write.

    Args:
        files: the files that change, before and after; before is empty for a new one.
        outcome: what is done, suggested, and left to people.
    """

    files: Mapping[Path, tuple[bytes, bytes]]
    outcome: Outcome


def updated(
    prisma: Schema,
    models: Schema,
    output: Path,
    *,
    style: Style = "declarative",
    base: str | None = None,
    path: Sequence[Path] = (),
    ownership: Ownership | None = None,
    names: Mapping[str, str] | None = None,
    deletes: bool = False,
    speller: Speller | None = None,
) -> Update:
    """What to write so that the mirrors state what Prisma states; nothing is written yet.

    Args:
        prisma: what the owner states.
        models: the models as they are, read from their metadata; locations say where they stand.
        output: the package's folder, or the one file: where new mirrors go.
        style, base, names: of new mirrors, as for `schemasync.mirror`.
        path: the folders that the models are imported from.
        deletes: whether what the owner lacks is taken away instead of suggested.
        speller: settles expressions that the text alone cannot.

    Raises:
        SchemasyncError: the style is Core's, a file cannot be read, or there is nothing to mirror.
    """
    if style == "table":
        raise SchemasyncError(
            "--update edits mapped classes; tables in the Core style are written anew", hint="leave --update out"
        )
    rules = ownership or Ownership()
    return _Updater(prisma, models, output, style, base, path, rules, names, deletes, speller).update()


class _Updater:
    """One update."""

    def __init__(
        self,
        prisma: Schema,
        models: Schema,
        output: Path,
        style: Style,
        base: str | None,
        path: Sequence[Path],
        ownership: Ownership,
        names: Mapping[str, str] | None,
        deletes: bool,
        speller: Speller | None,
    ) -> None:
        self.models = models
        self.output = output.resolve()
        self.is_package = self.output.suffix != ".py"
        chosen = {**existing_names(prisma, models), **(names or {})}
        helpers = self.output / "helpers.py" if self.is_package else self.output
        folder = self.output if self.is_package else self.output.parent
        width = usual_width(folder, sorted(folder.glob("*.py")) if self.is_package else [self.output])
        self.files = Files(path or [self.output.parent], "", width)
        plan = planned(prisma, style, base, ownership=ownership, names=chosen, path=path, width=width)
        self.files.helpers = self.files.module(helpers)
        self.helpers = helpers
        self.homes = EnumHomes(self.files, models)
        mirrored = {table.key: table for table in plan.models}
        self.work, self.enum_drifts = work_of(prisma, models, ownership, mirrored, speller)
        self.outcome = Outcome()
        self.deletes = deletes
        self.modules: dict[str, str] = {}
        self.plan, self.enum_imports, self.new_enums = self._with_enums(plan)

    def update(self) -> Update:
        """Every edit, collected."""
        registry = self.output / "__init__.py"
        if self.is_package and registry.is_file():
            self.files.is_relative = self.files.names(self.files.source(registry)).is_relative
        new = [one for one in self.work.values() if one.model is None]
        self._locate(new)
        for one in self.work.values():
            if one.model is not None and (one.missing or one.drifts or not one.is_marked):
                self._edit(one)
        entries = self._write_joins()
        for one in new:
            entries.update(self._write_new(one.expected))
        self._edit_enums()
        self._register(registry, entries)
        self._write_helpers()
        return Update(self.files.results(), self.outcome)

    def _with_enums(self, plan: Plan) -> tuple[Plan, dict[str, str], list[Enum]]:
        """The plan with enums called as the models call them, where their names are imported from, and new ones."""
        enums: dict[tuple[str, str], EnumNames] = {}
        imports: dict[str, str] = {}
        new = []
        for enum in plan.enums:
            home = self.homes.home(enum)
            if home is None:
                enums[enum.key] = plan.names.enums[enum.key]
                new.append(enum)
                continue
            enums[enum.key], module, is_named = home
            if module is not None and home[0].class_name != "str":
                imports[home[0].class_name] = module
            if module is not None and is_named:
                imports[home[0].constant] = module
        return replace(plan, names=Names(plan.names.models, enums)), imports, new

    def _path_of(self, table: Table) -> Path:
        if not self.is_package:
            return self.output
        return self.output / f"{self.plan.names.models[table.key].module}.py"

    def _locate(self, new: Iterable[TableWork]) -> None:
        """Where every class is, or is going to be; new enums go with the first new model that has them."""
        for table in self.models.tables:
            if table.model is not None and table.location is not None:
                self.modules[table.model] = self.files.module(Path(table.location.path))
        for one in new:
            module = self.files.module(self._path_of(one.expected))
            self.modules[self.plan.names.models[one.expected.key].class_name] = module
            for enum in self._enums_of(one.expected):
                names = self.plan.names.enums[enum.key]
                self.enum_imports.setdefault(names.class_name, module)
                self.enum_imports.setdefault(names.constant, module)
        # A new enum that only old models use stands in a module of its own.
        for enum in self.new_enums:
            names = self.plan.names.enums[enum.key]
            if names.class_name not in self.enum_imports and self._is_used(enum):
                place = self.output / "enums.py" if self.is_package else self.output
                module = self.files.module(place)
                self.enum_imports[names.class_name] = self.enum_imports[names.constant] = module
                self._append(place, "The enums of Prisma's tables.", [self._enum_section(enum, place)])
        associations = self.output / "associations.py" if self.is_package else self.output
        for variable in self.plan.join_tables.values():
            self.modules.setdefault(variable, self.files.module(associations))

    def _is_used(self, enum: Enum) -> bool:
        return any(
            (column.type.schema or "", column.type.name) == enum.key
            for one in self.work.values()
            for column in one.missing
        )

    def _enums_of(self, table: Table) -> list[Enum]:
        used = {(column.type.schema or "", column.type.name) for column in table.columns}
        return [enum for enum in self.new_enums if enum.key in used]

    def _edit(self, one: TableWork) -> None:
        """One mirror that is there."""
        mapped = self._class_of(one)
        if mapped is None:
            return
        names = self.files.names(mapped.source)
        names.hide(self._members(one.expected))
        writer = ColumnWriter(names, self.plan.names.enums, typed=mapped.is_typed)
        columns = ColumnEditor(self.plan, one, mapped, names, writer, self.enum_imports)
        columns.outcome = self.outcome
        columns.edit()
        ArgumentsEditor(self.plan, one, mapped, names, self.outcome).edit()
        RelationshipEditor(self.plan, one, mapped, names, self.outcome, self.modules.get).edit()
        prune(one, mapped, self.outcome, deletes=self.deletes)

    def _members(self, table: Table) -> set[str]:
        names = self.plan.names.models[table.key]
        return {*names.attributes.values(), *names.relationships.values()}

    def _class_of(self, one: TableWork) -> MappedClass | None:
        model = one.model
        assert model is not None
        if model.model is None or model.location is None:
            if model.model is None and one.expected.model is not None:
                self.outcome.left.append(f"{model.name} is mirrored by a Table, not by a class; edit it by hand")
            return None
        mapped = find_class(self.files.source(Path(model.location.path)), model.model)
        if mapped is None:
            self.outcome.left.append(f"{model.model} was not found at the top of {model.location.path}")
        return mapped

    def _write_new(self, table: Table) -> dict[str, str]:
        """A mirror that is not there yet; gives what to register."""
        path = self._path_of(table)
        introduction = f"Mirror of Prisma's {table.model or table.name}."
        source = self._source(path, introduction)
        sections = [self._enum_section(enum, path) for enum in self._enums_of(table) if self._is_home(enum, path)]
        names = self.files.names(source)
        names.hide(self._members(table))
        writer = ColumnWriter(names, self.plan.names.enums, typed=True, width=self.plan.width)
        section = model_class(self.plan, table, writer)
        names.require(section.symbols)
        for name in section.enums:
            if name in self.enum_imports:
                names.require_from(self.enum_imports[name], name)
        for variable in section.joins:
            names.require_from(self.modules[variable], variable)
        for target in section.targets:
            if target in self.modules:
                names.require_for_typing(self.modules[target], target)
        self._import_base(table, names)
        self._append(path, introduction, [*sections, section])
        class_name = self.plan.names.models[table.key].class_name
        self.outcome.did.append(f"{class_name}: new, in {path.name}")
        module = self.files.module(path)
        enums = [self.plan.names.enums[enum.key].class_name for enum in self._enums_of(table)]
        return {class_name: module, **{name: module for name in enums if self.enum_imports[name] == module}}

    def _is_home(self, enum: Enum, path: Path) -> bool:
        return self.enum_imports[self.plan.names.enums[enum.key].class_name] == self.files.module(path)

    def _import_base(self, table: Table, names: FileNames) -> None:
        base = self.plan.base.suited(table)
        if base.module is not None:
            names.require_from(base.module, base.name)
        else:
            home = self.output / "base.py" if self.is_package else self.output
            names.require_from(self.files.module(home), base.name)

    def _enum_section(self, enum: Enum, path: Path) -> Section:
        source = self._source(path, "The enums of Prisma's tables.")
        names = self.files.names(source)
        names.require(["StrEnum", "Enum", "labels"])
        return enum_class(self.plan, enum, names)

    def _source(self, path: Path, introduction: str) -> SourceFile:
        return self.files.source(path) if self.files.exists(path) else self.files.begin(path, introduction)

    def _append(self, path: Path, introduction: str, sections: Iterable[Section]) -> None:
        source = self._source(path, introduction)
        source.append("\n\n" + "\n\n\n".join(section.text for section in sections))

    def _write_joins(self) -> dict[str, str]:
        """Join tables that are not there yet."""
        entries = {}
        path = self.output / "associations.py" if self.is_package else self.output
        for key, variable in self.plan.join_tables.items():
            if key in self.models.table_by_key:
                continue
            introduction = "The tables of implicit many-to-many relations."
            names = self.files.names(self._source(path, introduction))
            writer = ColumnWriter(names, self.plan.names.enums, typed=False, width=self.plan.width)
            section = core_table(self.plan, self.plan.tables[key], variable, writer)
            names.require(section.symbols)
            self._import_base(self.plan.tables[key], names)
            self._append(path, introduction, [section])
            entries[variable] = self.files.module(path)
            self.outcome.did.append(f"{variable}: new, in {path.name}")
        return entries

    def _edit_enums(self) -> None:
        for drift in self.enum_drifts:
            if drift.kind == "enum-values" and "sqlalchemy" in drift.behind:
                self._enum_values(drift)

    def _enum_values(self, drift: Drift) -> None:
        enum = next((one for one in self.plan.enums if one.key == (drift.schema, drift.object)), None)
        home = self.homes.home(enum) if enum is not None else None
        path = self.files.path_of(home[1]) if home is not None and home[1] is not None else None
        if enum is None or path is None:
            self.outcome.left.append(f"{drift.message} (its class was not found)")
        else:
            add_members(self.files.source(path), enum, self.plan.names.enums[enum.key], drift, self.outcome)

    def _register(self, registry: Path, entries: dict[str, str]) -> None:
        if not entries or not self.is_package:
            return
        if not registry.is_file():
            self.outcome.left.append(f"{registry.name} is missing: import {', '.join(entries)} where models are")
            return
        source = self.files.source(registry)
        if not register(source, self.files.names(source), entries):
            self.outcome.left.append(f"{registry.name}: __all__ is no plain list; add {', '.join(sorted(entries))}")
        self.outcome.did.append(f"{registry.name}: registered {', '.join(sorted(entries))}")

    def _write_helpers(self) -> None:
        wanted = self.files.helpers_wanted()
        exists = self.files.exists(self.helpers)
        source = self.files.source(self.helpers) if exists else None
        if source is not None:
            wanted = {name for name in wanted if not self.files.names(source).is_known(name)}
        if not wanted:
            return
        imports, text = helper_source(wanted)
        if source is None:
            introduction = "What the mirrors need beside SQLAlchemy."
            source = self.files.begin(self.helpers, introduction)
            source.append(f"\n{import_lines(imports)}\n\n\n{text}")
        else:
            names = self.files.names(source)
            for module, name in imports:
                names.wanted[name] = (module, name)
            first = next((item for item in source.module.body if isinstance(item, cst.ClassDef)), None)
            if first is None:
                source.append(f"\n\n{text}")
            else:
                source.insert_before(first, f"{text}\n\n")
        self.outcome.did.append(f"{self.helpers.name}: {', '.join(sorted(wanted))}")
