"""Where mirrors stand, and what everything in them is called: what all edits of one update share."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from schemasync.mirror.naming import EnumNames, Names
from schemasync.mirror.plan import Plan
from schemasync.mirror.update.files import EnumHomes, Files
from schemasync.mirror.update.outcome import Outcome
from schemasync.schema.model import Enum, Schema, Table


class Place:
    """The project's mirrors.

    Args:
        plan: what everything is called by rule, and what the user chose.
        models: the models as they are.
        output: the package's folder, or the one file.
        path: the folders that the models are imported from.
    """

    def __init__(self, plan: Plan, models: Schema, output: Path, path: Sequence[Path]) -> None:
        self.models = models
        self.output = output.resolve()
        self.is_package = self.output.suffix != ".py"
        self.helpers = self.output / "helpers.py" if self.is_package else self.output
        self.files = Files(path or [self.output.parent], "", plan.width)
        self.files.helpers = self.files.module(self.helpers)
        self.homes = EnumHomes(self.files, models)
        self.outcome = Outcome()
        # The module of each class and join table.
        self.modules: dict[str, str] = {}
        self.plan, self.enum_imports, self.new_enums = self._with_enums(plan)

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

    def path_of(self, table: Table) -> Path:
        """The file of a new mirror."""
        if not self.is_package:
            return self.output
        return self.output / f"{self.plan.names.models[table.key].module}.py"

    def enums_of(self, table: Table) -> list[Enum]:
        """The enums that a table uses and that no model has yet."""
        used = {(column.type.schema or "", column.type.name) for column in table.columns}
        return [enum for enum in self.new_enums if enum.key in used]

    def members(self, table: Table) -> set[str]:
        """The names of all attributes of a mirror."""
        names = self.plan.names.models[table.key]
        return {*names.attributes.values(), *names.relationships.values()}
