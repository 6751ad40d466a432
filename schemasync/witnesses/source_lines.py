"""Where the user's source states a table, a column, a relationship: read from the files' syntax trees."""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from schemasync.paths import shown
from schemasync.schema.model import Location
from schemasync.witnesses.user_files import UserFiles


@dataclass(frozen=True, slots=True)
class Statement:
    """A class statement or a `Table(…)` call: where it stands, and what is named inside it.

    Args:
        names: a class's attributes, or the columns of a `Table(…)` by their names in the database.
        strings: the first place of every string inside, by which named constraints are found.
    """

    location: Location
    names: Mapping[str, Location]
    strings: Mapping[str, Location]


@dataclass(frozen=True, slots=True)
class TableLines:
    """The places of one table and what belongs to it."""

    table: Location | None = None
    columns: Mapping[str, Location] = field(default_factory=dict)
    strings: Mapping[str, Location] = field(default_factory=dict)
    arguments: Location | None = None

    def of_constraint(self, name: str | None, columns: tuple[str, ...]) -> Location | None:
        """The place of a constraint or index: its name's, its only column's, `__table_args__`', or the table's."""
        if name is not None and name in self.strings:
            return self.strings[name]
        if len(columns) == 1 and columns[0] in self.columns:
            return self.columns[columns[0]]
        return self.arguments or self.table


class SourceLines:
    """Finds places in source files; each file is parsed once."""

    def __init__(self, working_folder: Path, user_files: UserFiles) -> None:
        self._working_folder = working_folder
        self._user_files = user_files
        self._modules: dict[str, tuple[Mapping[str, Statement], Mapping[str, Statement]]] = {}

    def of_class(self, model: type) -> Statement | None:
        """The class statement, or None where there is no source."""
        classes, _ = self._of_module(sys.modules.get(model.__module__))
        return classes.get(model.__qualname__)

    def of_attribute(self, model: type, attribute: str) -> Location | None:
        """The line that assigns an attribute, in the class itself or in the mixin or base that has it."""
        for ancestor in model.__mro__:
            statement = self.of_class(ancestor)
            if statement is not None and attribute in statement.names:
                return statement.names[attribute]
        return None

    def of_table_call(self, table: Any) -> Statement | None:
        """The `Table("name", …)` call that made a table, in whichever of the user's modules it stands."""
        for module in self._candidates(table):
            _, tables = self._of_module(module)
            if table.name in tables:
                return tables[table.name]
        return None

    def _candidates(self, table: Any) -> Iterator[ModuleType]:
        """The user's modules, first those that have the very table as a global."""
        modules = [
            module
            for _, module in sorted(sys.modules.items())
            if isinstance(module, ModuleType) and self._user_files.hold(getattr(module, "__file__", None) or "<none>")
        ]
        having = [module for module in modules if any(value is table for value in list(vars(module).values()))]
        yield from having
        yield from (module for module in modules if module not in having)

    def _of_module(self, module: ModuleType | None) -> tuple[Mapping[str, Statement], Mapping[str, Statement]]:
        filename = None if module is None else _source_file(module)
        if filename is None:
            return {}, {}
        if filename not in self._modules:
            path = shown(filename, self._working_folder)
            self._modules[filename] = _statements(filename, path)
        return self._modules[filename]


def _source_file(module: ModuleType) -> str | None:
    try:
        return inspect.getsourcefile(module)
    except TypeError:  # a built-in module
        return None


def _statements(filename: str, path: str) -> tuple[dict[str, Statement], dict[str, Statement]]:
    """A file's classes by qualified name and its `Table(…)` calls by table name; nothing where it cannot be read."""
    try:
        source = Path(filename).read_bytes()
        tree = ast.parse(source)
    except (OSError, SyntaxError, ValueError):
        return {}, {}
    places = _Places(path, source.decode(errors="replace").splitlines())
    classes: dict[str, Statement] = {}
    for name, node in _classes(tree, ""):
        names = {name: places.of(target) for name, target in _assigned(node.body)}
        classes.setdefault(name, Statement(places.of(node), names, places.strings(node)))
    tables: dict[str, Statement] = {}
    for call in ast.walk(tree):
        name_of_table = _called_with(call, "Table")
        if name_of_table is not None:
            columns = {
                column: places.of(inner)
                for inner in ast.walk(call)
                if (column := _called_with(inner, "Column")) is not None
            }
            tables.setdefault(name_of_table, Statement(places.of(call), columns, places.strings(call)))
    return classes, tables


@dataclass(frozen=True, slots=True)
class _Places:
    """Turns syntax nodes of one file into places; columns in characters, where `ast` counts bytes."""

    path: str
    lines: list[str]

    def of(self, node: Any) -> Location:
        line = self.lines[node.lineno - 1] if node.lineno <= len(self.lines) else ""
        before = line.encode()[: node.col_offset].decode(errors="ignore")
        return Location(self.path, node.lineno, len(before) + 1)

    def strings(self, within: ast.AST) -> dict[str, Location]:
        found: dict[str, Location] = {}
        for node in ast.walk(within):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.setdefault(node.value, self.of(node))
        return found


def _classes(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.ClassDef]]:
    """Class statements with their names as `__qualname__` has them."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield prefix + child.name, child
            yield from _classes(child, f"{prefix}{child.name}.")
        elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _classes(child, f"{prefix}{child.name}.<locals>.")
        else:
            yield from _classes(child, prefix)


def _assigned(body: list[ast.stmt]) -> Iterator[tuple[str, ast.AST]]:
    """The names that a class body binds, with the node that binds each; the first place wins."""
    seen: set[str] = set()
    for statement in body:
        targets: list[tuple[str, ast.AST]] = []
        if isinstance(statement, ast.Assign):
            targets = [(target.id, target) for target in statement.targets if isinstance(target, ast.Name)]
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            targets = [(statement.target.id, statement.target)]
        elif isinstance(statement, ast.FunctionDef):
            targets = [(statement.name, statement)]
        elif isinstance(statement, (ast.If, ast.Try, ast.With)):
            inner = [*statement.body, *getattr(statement, "orelse", [])]
            targets = list(_assigned(inner))
        for name, node in targets:
            if name not in seen:
                seen.add(name)
                yield name, node


def _called_with(node: ast.AST, name: str) -> str | None:
    """The first argument of a call `Table("…")` or `db.Table("…")`, if the node is one and that is a string."""
    if not isinstance(node, ast.Call) or not node.args:
        return None
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
    first = node.args[0]
    if called != name or not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        return None
    return first.value
