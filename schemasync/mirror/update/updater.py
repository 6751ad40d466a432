"""Edits the project's mirrors, file by file, until they state what their owner states."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from schemasync.compare.drift import Drift
from schemasync.mirror.columns import ColumnWriter
from schemasync.mirror.naming import Key
from schemasync.mirror.update.additions import Additions
from schemasync.mirror.update.arguments import INDEX_KINDS, ArgumentsEditor
from schemasync.mirror.update.classes import MappedClass, find_class
from schemasync.mirror.update.columns import COLUMN_KINDS, FOREIGN_KEY_KINDS, ColumnEditor
from schemasync.mirror.update.enum_members import add_members
from schemasync.mirror.update.place import Place
from schemasync.mirror.update.pruning import EXTRA_KINDS, prune
from schemasync.mirror.update.registry import register
from schemasync.mirror.update.relations import RelationshipEditor
from schemasync.mirror.update.work import TableWork
from schemasync.schema.model import Enum

# The kinds that the editors of a class know; whatever else differs is people's.
_EDITED = frozenset({"primary-key", "relationship-missing", "relationship-mismatch"}).union(
    COLUMN_KINDS, FOREIGN_KEY_KINDS, INDEX_KINDS, EXTRA_KINDS
)


class Updater:
    """One update.

    Args:
        work: what there is to do, by table.
        others: what differs of enums and join tables.
        deletes: whether to delete what the owner lacks.
    """

    def __init__(self, place: Place, work: Mapping[Key, TableWork], others: list[Drift], *, deletes: bool) -> None:
        self.place = place
        self.additions = Additions(place)
        self.work = work
        self.others = others
        self.deletes = deletes
        self.new_ends = {end for one in work.values() for end in one.new_ends()}

    def update(self) -> dict[Path, tuple[bytes, bytes]]:
        """The files that change, before and after; before is empty for a new one."""
        registry = self.place.output / "__init__.py"
        if self.place.is_package and registry.is_file():
            self.place.files.is_relative = self.place.files.names(self.place.files.source(registry)).is_relative
        new = [one for one in self.work.values() if one.model is None]
        self._locate(new)
        for one in self.work.values():
            if one.model is not None and (one.missing or one.drifts or not one.is_marked or one.touches(self.new_ends)):
                self._edit(one)
        entries = self.additions.joins()
        for one in new:
            entries.update(self.additions.mirror(one.expected))
        self._edit_others()
        self._register(registry, entries)
        self.additions.helpers()
        return self.place.files.results()

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
        RelationshipEditor(
            self.place.plan, one, mapped, names, self.place.outcome, self.place.modules.get, self.new_ends
        ).edit()
        prune(one, mapped, self.place.outcome, deletes=self.deletes)
        self.place.outcome.left += [
            f"{drift.message} (change it by hand)" for drift in one.drifts if drift.kind not in _EDITED
        ]

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

    def _edit_others(self) -> None:
        for drift in self.others:
            if drift.kind == "enum-values":
                self._enum_values(drift)
            elif drift.kind.endswith("-extra"):
                self.place.outcome.suggested.append(f"{drift.message}: delete it")
            else:
                self.place.outcome.left.append(f"{drift.message} (change it by hand)")

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
