"""The files of the project's models: read once, edited together, known by their modules' names."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import libcst as cst

from schemasync.errors import SchemasyncError
from schemasync.mirror.naming import EnumNames, member_name
from schemasync.mirror.update.classes import keyword, last_name, string_value
from schemasync.mirror.update.imports import ImportWriter, without_unused_imports
from schemasync.mirror.update.names import FileNames
from schemasync.mirror.update.source import SourceFile
from schemasync.schema.model import Enum, Schema


class Files:
    """The files that an update reads and edits.

    Args:
        roots: the folders that modules are imported from.
        helpers: the module that helpers are imported from.
        width: how long the lines of files that are there may be.
    """

    def __init__(self, roots: Sequence[Path], helpers: str, width: int) -> None:
        self.roots = [root.resolve() for root in roots]
        self.helpers = helpers
        self.width = width
        self.is_relative = False
        self._sources: dict[Path, SourceFile] = {}
        self._names: dict[Path, FileNames] = {}
        self.new: dict[Path, str] = {}

    def source(self, path: Path) -> SourceFile:
        """A file that is there.

        Raises:
            SchemasyncError: it cannot be read, or is no Python.
        """
        path = path.resolve()
        if path not in self._sources:
            try:
                content = path.read_bytes()
            except OSError as error:
                raise SchemasyncError(f"cannot read {path}: {error.strerror}") from error
            self._sources[path] = SourceFile(path, content, self.width)
        return self._sources[path]

    def begin(self, path: Path, introduction: str) -> SourceFile:
        """A file that is not there yet, with nothing but its docstring."""
        path = path.resolve()
        self.new[path] = f'"""{introduction}"""\n'
        self._sources[path] = SourceFile(path, self.new[path].encode(), self.width)
        return self._sources[path]

    def exists(self, path: Path) -> bool:
        """Whether a file is there, or is going to be."""
        return path.resolve() in self._sources or path.is_file()

    def names(self, source: SourceFile, own: Iterable[str] = ()) -> FileNames:
        """What names are called in a file."""
        if source.path not in self._names:
            module = self.module(source.path)
            self._names[source.path] = FileNames(source, module, self.helpers, relative=self.is_relative, own=own)
        return self._names[source.path]

    def module(self, path: Path) -> str:
        """The module's name: `app.models.user`."""
        path = path.resolve()
        for root in self.roots:
            if path.is_relative_to(root):
                parts = path.relative_to(root).with_suffix("").parts
                return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        return path.stem

    def path_of(self, module: str) -> Path | None:
        """The file of a module of the project."""
        for root in self.roots:
            plain = root.joinpath(*module.split("."))
            for path in (plain.with_suffix(".py"), plain / "__init__.py"):
                if path.is_file():
                    return path
        return None

    def helpers_wanted(self) -> set[str]:
        """The helpers that the files are going to import or use."""
        found: set[str] = set()
        for names in self._names.values():
            found |= names.helpers_used
        return found

    def results(self) -> dict[Path, tuple[bytes, bytes]]:
        """The files that change, before and after; before is empty for a new one."""
        for names in self._names.values():
            ImportWriter(names).write()
        found = {}
        for path, source in self._sources.items():
            after = source.result()
            if after != source.content:
                after = without_unused_imports(source, after)
            before = b"" if path in self.new else source.content
            if after != before:
                found[path] = (before, after)
        return dict(sorted(found.items()))


class EnumHomes:
    """Where the enums of the models are defined, and what their column types are called there."""

    def __init__(self, files: Files, models: Schema) -> None:
        self.files = files
        self.models = models
        self._homes: dict[tuple[str, str], tuple[EnumNames, str | None, bool]] = {}

    def home(self, enum: Enum) -> tuple[EnumNames, str | None, bool] | None:
        """The names of an enum, the module to import them from, and whether the constant is one of them.

        Returns:
            None where the models do not have the enum. The module is None where there is nothing to import: the
            labels stand in the column's type itself.
        """
        stated = self.models.enum_by_key.get(enum.key)
        if stated is None or stated.location is None:
            return None
        if enum.key not in self._homes:
            self._homes[enum.key] = self._found(enum, stated)
        return self._homes[enum.key]

    def _found(self, enum: Enum, stated: Enum) -> tuple[EnumNames, str | None, bool]:
        assert stated.location is not None
        source = self.files.source(Path(stated.location.path))
        module = self.files.module(source.path)
        members = tuple(member_name(label) for label in enum.members or enum.values)
        home, constant = self._follow(source, module, stated)
        if constant is not None:
            return EnumNames(stated.model or "str", constant, members), home, True
        inline = _enum_call(source.module, enum.name, stated.model)
        text = source.text(inline) if inline is not None else ""
        return EnumNames(stated.model or "str", text, members), home if stated.model else None, False

    def _follow(self, source: SourceFile, module: str, stated: Enum) -> tuple[str, str | None]:
        """From the file of a column to the file that defines the enum or its type."""
        for _ in range(4):
            constant = _constant(source, stated)
            defined = {item.name.value for item in source.module.body if isinstance(item, cst.ClassDef)}
            if constant is not None or stated.model in defined:
                return module, constant
            bound = self.files.names(source).origin_of(stated.model or "")
            path = self.files.path_of(bound[0]) if bound is not None else None
            if path is None or bound is None:
                constant_home = self._imported_constant(source, stated)
                return constant_home if constant_home is not None else (bound[0] if bound else module, None)
            source, module = self.files.source(path), bound[0]
        return module, None

    def _imported_constant(self, source: SourceFile, stated: Enum) -> tuple[str, str] | None:
        for module in self.files.names(source).imported_modules():
            path = self.files.path_of(module)
            if path is not None:
                constant = _constant(self.files.source(path), stated)
                if constant is not None:
                    return module, constant
        return None


def _constant(source: SourceFile, stated: Enum) -> str | None:
    """The variable at the top of a module that holds an enum's column type."""
    for statement in source.module.body:
        if not isinstance(statement, cst.SimpleStatementLine):
            continue
        part = statement.body[0]
        if isinstance(part, (cst.Assign, cst.AnnAssign)) and isinstance(part.value, cst.Call):
            target = part.targets[0].target if isinstance(part, cst.Assign) else part.target
            if isinstance(target, cst.Name) and _is_enum_call(part.value, stated.name, stated.model):
                return target.value
    return None


def _is_enum_call(call: cst.Call, name: str, model: str | None) -> bool:
    if last_name(call.func) not in ("Enum", "ENUM"):
        return False
    given = keyword(call, "name")
    if given is not None:
        return string_value(given.value) == name
    return bool(call.args) and model is not None and last_name(call.args[0].value) == model


def _enum_call(module: cst.Module, name: str, model: str | None) -> cst.Call | None:
    finder = _EnumCalls(name, model)
    module.visit(finder)
    return finder.found


class _EnumCalls(cst.CSTVisitor):
    """The first `Enum(…)` of a type."""

    def __init__(self, name: str, model: str | None) -> None:
        self.name = name
        self.model = model
        self.found: cst.Call | None = None

    def visit_Call(self, node: cst.Call) -> None:  # noqa: N802 - LibCST calls it so
        """Keeps the first one."""
        if self.found is None and _is_enum_call(node, self.name, self.model):
            self.found = node
