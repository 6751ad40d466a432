"""Brings a project's mirrors up to date: adds what is missing, corrects what differs, deletes nothing unasked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemasync.compare.drift import Drift
from schemasync.compare.sides import Speller
from schemasync.errors import SchemasyncError
from schemasync.mirror.columns import ColumnWriter
from schemasync.mirror.naming import Key
from schemasync.mirror.plan import planned
from schemasync.mirror.styles import Style
from schemasync.mirror.update.additions import Additions
from schemasync.mirror.update.arguments import ArgumentsEditor
from schemasync.mirror.update.classes import MappedClass, find_class
from schemasync.mirror.update.columns import ColumnEditor
from schemasync.mirror.update.enum_members import add_members
from schemasync.mirror.update.existing import existing_names
from schemasync.mirror.update.outcome import Outcome
from schemasync.mirror.update.place import Place
from schemasync.mirror.update.pruning import prune
from schemasync.mirror.update.registry import register
from schemasync.mirror.update.relations import RelationshipEditor
from schemasync.mirror.update.source import usual_width
from schemasync.mirror.update.work import TableWork, work_of
from schemasync.ownership import Ownership
from schemasync.schema.model import Enum, Schema


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
    folder = output if output.suffix != ".py" else output.parent
    width = usual_width(folder, sorted(folder.glob("*.py")) if folder == output else [output])
    chosen = {**existing_names(prisma, models), **(names or {})}
    plan = planned(prisma, style, base, ownership=rules, names=chosen, path=path, width=width)
    place = Place(plan, models, output, path)
    mirrored = {table.key: table for table in plan.models}
    work, enum_drifts = work_of(prisma, models, rules, mirrored, speller)
    return _Updater(place, work, enum_drifts, deletes=deletes).update()


class _Updater:
    """One update.

    Args:
        work: what there is to do, by table.
        enum_drifts: what differs of enums.
        deletes: whether to delete what the owner lacks.
    """

    def __init__(self, place: Place, work: Mapping[Key, TableWork], enum_drifts: list[Drift], *, deletes: bool) -> None:
        self.place = place
        self.additions = Additions(place)
        self.work = work
        self.enum_drifts = enum_drifts
        self.deletes = deletes

    def update(self) -> Update:
        """Every edit, collected."""
        registry = self.place.output / "__init__.py"
        if self.place.is_package and registry.is_file():
            self.place.files.is_relative = self.place.files.names(self.place.files.source(registry)).is_relative
        new = [one for one in self.work.values() if one.model is None]
        self._locate(new)
        for one in self.work.values():
            if one.model is not None and (one.missing or one.drifts or not one.is_marked):
                self._edit(one)
        entries = self.additions.joins()
        for one in new:
            entries.update(self.additions.mirror(one.expected))
        self._edit_enums()
        self._register(registry, entries)
        self.additions.helpers()
        return Update(self.place.files.results(), self.place.outcome)

    def _locate(self, new: Iterable[TableWork]) -> None:
        """Where every class is, or is going to be; new enums go with the first new model that has them."""
        for table in self.place.models.tables:
            if table.model is not None and table.location is not None:
                self.place.modules[table.model] = self.place.files.module(Path(table.location.path))
        for one in new:
            module = self.place.files.module(self.place.path_of(one.expected))
            self.place.modules[self.place.plan.names.models[one.expected.key].class_name] = module
            for enum in self.place.enums_of(one.expected):
                names = self.place.plan.names.enums[enum.key]
                self.place.enum_imports.setdefault(names.class_name, module)
                self.place.enum_imports.setdefault(names.constant, module)
        # A new enum that only old models use stands in a module of its own.
        for enum in self.place.new_enums:
            names = self.place.plan.names.enums[enum.key]
            if names.class_name not in self.place.enum_imports and self._is_used(enum):
                place = self.place.output / "enums.py" if self.place.is_package else self.place.output
                module = self.place.files.module(place)
                self.place.enum_imports[names.class_name] = self.place.enum_imports[names.constant] = module
                self.additions.append(place, "The enums of Prisma's tables.", [self.additions.enum(enum, place)])
        associations = self.place.output / "associations.py" if self.place.is_package else self.place.output
        for variable in self.place.plan.join_tables.values():
            self.place.modules.setdefault(variable, self.place.files.module(associations))

    def _is_used(self, enum: Enum) -> bool:
        return any(
            (column.type.schema or "", column.type.name) == enum.key
            for one in self.work.values()
            for column in one.expected.columns
        )

    def _edit(self, one: TableWork) -> None:
        """One mirror that is there."""
        mapped = self._class_of(one)
        if mapped is None:
            return
        names = self.place.files.names(mapped.source)
        names.hide(self.place.members(one.expected))
        writer = ColumnWriter(names, self.place.plan.names.enums, typed=mapped.is_typed)
        columns = ColumnEditor(self.place.plan, one, mapped, names, writer, self.place.enum_imports)
        columns.outcome = self.place.outcome
        columns.edit()
        ArgumentsEditor(self.place.plan, one, mapped, names, self.place.outcome).edit()
        RelationshipEditor(self.place.plan, one, mapped, names, self.place.outcome, self.place.modules.get).edit()
        prune(one, mapped, self.place.outcome, deletes=self.deletes)

    def _class_of(self, one: TableWork) -> MappedClass | None:
        model = one.model
        assert model is not None
        if model.model is None or model.location is None:
            if model.model is None and one.expected.model is not None:
                self.place.outcome.left.append(f"{model.name} is mirrored by a Table, not by a class; edit it by hand")
            return None
        mapped = find_class(self.place.files.source(Path(model.location.path)), model.model)
        if mapped is None:
            self.place.outcome.left.append(f"{model.model} was not found at the top of {model.location.path}")
        return mapped

    def _edit_enums(self) -> None:
        for drift in self.enum_drifts:
            if drift.kind == "enum-values" and "sqlalchemy" in drift.behind:
                self._enum_values(drift)

    def _enum_values(self, drift: Drift) -> None:
        enum = next((one for one in self.place.plan.enums if one.key == (drift.schema, drift.object)), None)
        home = self.place.homes.home(enum) if enum is not None else None
        path = self.place.files.path_of(home[1]) if home is not None and home[1] is not None else None
        if enum is None or path is None:
            self.place.outcome.left.append(f"{drift.message} (its class was not found)")
        else:
            add_members(
                self.place.files.source(path), enum, self.place.plan.names.enums[enum.key], drift, self.place.outcome
            )

    def _register(self, registry: Path, entries: dict[str, str]) -> None:
        if not entries or not self.place.is_package:
            return
        if not registry.is_file():
            self.place.outcome.left.append(f"{registry.name} is missing: import {', '.join(entries)} where models are")
            return
        source = self.place.files.source(registry)
        if not register(source, self.place.files.names(source), entries):
            self.place.outcome.left.append(
                f"{registry.name}: __all__ is no plain list; add {', '.join(sorted(entries))}"
            )
        self.place.outcome.did.append(f"{registry.name}: registered {', '.join(sorted(entries))}")
