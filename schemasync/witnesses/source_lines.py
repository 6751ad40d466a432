"""Where the user's source states a table, a column, a relationship: read from the files' syntax trees."""

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from schemasync.paths import shown
from schemasync.schema.model import Location
from schemasync.witnesses.user_files import UserFiles


class Statement:
    """A class statement or a `Table(…)` call: where it stands, and what is named inside it.

    Args:
        node: the statement, or the call.
        places: of its file.
        names: a class's attributes, or the columns of a `Table(…)` by their names in the database.
    """

    __slots__ = ("_node", "_places", "_strings", "_text", "location", "names")

    def __init__(self, node: ast.ClassDef | ast.Call, places: "_Places", names: Iterable[tuple[str, ast.AST]]) -> None:
        self._node, self._places = node, places
        self._text = ""
        self._strings: dict[int, dict[str, ast.Constant]] = {}
        self.location = places.of(node)
        self.names: Mapping[str, Location] = {name: places.of(inner) for name, inner in names}

    def string(self, text: str) -> Location | None:
        """The first place of a string inside, by which named constraints are found.

        It is one that is written in one piece and without escapes: only where the text itself reads so, the syntax
        tree is asked.
        """
        node = self._node
        first = node.lineno
        if not self._text:
            self._text = "\n".join(self._places.lines[first - 1 : node.end_lineno])
        for line in sorted({first + self._text.count("\n", 0, place) for place in _quoted(self._text, text)}):
            for part in _parts(node):
                if part.lineno <= line <= (part.end_lineno or part.lineno):
                    if id(part) not in self._strings:
                        self._strings[id(part)] = _calls_and_strings(part)[1]
                    found = self._strings[id(part)].get(text)
                    if found is not None:
                        return self._places.of(found)
        return None


@dataclass(frozen=True, slots=True)
class TableLines:
    """The places of one table and what belongs to it.

    Args:
        statements: the class and the `Table(…)` call, as far as they are there.
    """

    table: Location | None = None
    columns: Mapping[str, Location] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    arguments: Location | None = None

    def of_constraint(self, name: str | None, columns: tuple[str, ...]) -> Location | None:
        """The place of a constraint or index: its name's, its only column's, `__table_args__`', or the table's."""
        if name is not None:
            for statement in self.statements:
                if (found := statement.string(name)) is not None:
                    return found
        if len(columns) == 1 and columns[0] in self.columns:
            return self.columns[columns[0]]
        return self.arguments or self.table


class SourceLines:
    """Finds places in source files; each file is parsed once."""

    def __init__(self, working_folder: Path, user_files: UserFiles) -> None:
        self._working_folder = working_folder
        self._user_files = user_files
        self._files: dict[str, _File] = {}
        self._of_modules: dict[str, _File | None] = {}
        self._of_classes: dict[type, Statement | None] = {}
        self._modules: list[ModuleType] | None = None
        self._holders: dict[int, list[ModuleType]] = {}

    def of_class(self, model: type) -> Statement | None:
        """The class statement, or None where there is no source."""
        if model not in self._of_classes:
            file = self._of_module(sys.modules.get(model.__module__))
            self._of_classes[model] = None if file is None else file.class_statement(model.__qualname__)
        return self._of_classes[model]

    def of_attribute(self, model: type, attribute: str) -> Location | None:
        """The line that assigns an attribute, in the class itself or in the mixin or base that has it."""
        for ancestor in model.__mro__:
            statement = self.of_class(ancestor)
            if statement is not None and attribute in statement.names:
                return statement.names[attribute]
        return None

    def of_table_call(self, table: Any) -> Statement | None:
        """The `Table("name", …)` call that made a table, in whichever of the user's modules it stands.

        Modules that have the very table as a global come first, then those that have its metadata or a base of it.
        """
        modules = self._user_modules()
        having = [*self._holders.get(id(table), ()), *self._holders.get(id(table.metadata), ())]
        for module in dict.fromkeys((*having, *modules)):
            file = self._of_module(module)
            statement = None if file is None else file.table_call(table.name)
            if statement is not None:
                return statement
        return None

    def _user_modules(self) -> list[ModuleType]:
        """The user's modules; also notes which of them have which objects as globals."""
        if self._modules is None:
            self._modules = [
                module
                for _, module in sorted(sys.modules.items())
                if isinstance(module, ModuleType)
                and self._user_files.hold(getattr(module, "__file__", None) or "<none>")
            ]
            for module in self._modules:
                values = list(vars(module).values())
                values += [
                    vars(value)["metadata"] for value in values if isinstance(value, type) and "metadata" in vars(value)
                ]
                for identity in {id(value) for value in values}:
                    self._holders.setdefault(identity, []).append(module)
        return self._modules

    def _of_module(self, module: ModuleType | None) -> "_File | None":
        if module is None:
            return None
        name = module.__name__
        if name not in self._of_modules:
            filename = _source_file(module)
            if filename is not None and filename not in self._files:
                self._files[filename] = _File(filename, shown(filename, self._working_folder))
            self._of_modules[name] = None if filename is None else self._files[filename]
        return self._of_modules[name]


def _source_file(module: ModuleType) -> str | None:
    try:
        return inspect.getsourcefile(module)
    except TypeError:  # a built-in module
        return None


class _File:
    """A source file's statements; none where it cannot be read."""

    def __init__(self, filename: str, path: str) -> None:
        try:
            source = Path(filename).read_bytes()
            self._tree = ast.parse(source)
        except (OSError, SyntaxError, ValueError):
            source, self._tree = b"", ast.Module([], [])
        self._places = _Places(path, source.decode(errors="replace").splitlines())
        self._classes: dict[str, ast.ClassDef] = {}
        for name, node in _classes(self._tree.body, ""):
            self._classes.setdefault(name, node)
        self._tables: dict[str, ast.Call] | None = None

    def class_statement(self, name: str) -> Statement | None:
        """The class statement of a qualified name."""
        node = self._classes.get(name)
        return None if node is None else Statement(node, self._places, _assigned(node.body))

    def table_call(self, name: str) -> Statement | None:
        """The first `Table(…)` call with that name of a table."""
        if self._tables is None:
            self._tables = {}
            for call in _calls_and_strings(self._tree, within="Table")[0]:
                table = _called_with(call, "Table")
                if table is not None:
                    self._tables.setdefault(table, call)
        node = self._tables.get(name)
        if node is None:
            return None
        columns = [(column, call) for call in _columns(node) if (column := _called_with(call, "Column")) is not None]
        return Statement(node, self._places, columns)


@dataclass(frozen=True, slots=True)
class _Places:
    """Turns syntax nodes of one file into places; columns in characters, where `ast` counts bytes."""

    path: str
    lines: list[str]

    def of(self, node: Any) -> Location:
        line = self.lines[node.lineno - 1] if node.lineno <= len(self.lines) else ""
        if line.isascii():
            return Location(self.path, node.lineno, min(node.col_offset, len(line)) + 1)
        before = line.encode()[: node.col_offset].decode(errors="ignore")
        return Location(self.path, node.lineno, len(before) + 1)


def _quoted(source: str, text: str) -> Iterator[int]:
    """Where a text stands in quotes."""
    for quote in ('"', "'"):
        literal = f"{quote}{text}{quote}"
        place = source.find(literal)
        while place >= 0:
            yield place
            place = source.find(literal, place + 1)


def _parts(node: ast.ClassDef | ast.Call) -> Iterator[ast.expr | ast.stmt]:
    """What a statement consists of, as it is written."""
    if isinstance(node, ast.ClassDef):
        yield from (*node.decorator_list, *node.bases)
    else:
        yield from node.args
    yield from (keyword.value for keyword in node.keywords)
    if isinstance(node, ast.ClassDef):
        yield from node.body


def _columns(table: ast.Call) -> Iterator[ast.Call]:
    """The calls in a `Table(…)` that may be columns: what else a column's own call holds is none."""
    for argument in table.args:
        if _called_with(argument, "Column") is not None and isinstance(argument, ast.Call):
            yield argument
        else:
            yield from _calls_and_strings(argument)[0]


def _calls_and_strings(node: ast.AST, *, within: str = "") -> tuple[list[ast.Call], dict[str, ast.Constant]]:
    """The calls below a node, and the first place of each string, as they are written.

    `ast.walk` takes several times as long.

    Args:
        within: calls of this name are not looked into.
    """
    calls: list[ast.Call] = []
    strings: dict[str, ast.Constant] = {}
    stack: list[Any] = [node]
    while stack:
        one = stack.pop()
        kind = one.__class__
        if kind is ast.Constant:
            if one.value.__class__ is str:
                strings.setdefault(one.value, one)
            continue
        if kind is ast.Name:
            continue
        if kind is ast.Call:
            calls.append(one)
            if within and _called_with(one, within) is not None:
                continue
        before = len(stack)
        for value in one.__dict__.values():
            if value.__class__ is list:
                stack += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST):
                stack.append(value)
        if len(stack) - before > 1:
            stack[before:] = stack[: before - 1 if before else None : -1]
    return calls, strings


def _classes(body: list[Any], prefix: str) -> Iterator[tuple[str, ast.ClassDef]]:
    """Class statements with their names as `__qualname__` has them."""
    for child in body:
        if isinstance(child, ast.ClassDef):
            yield prefix + child.name, child
            yield from _classes(child.body, f"{prefix}{child.name}.")
        elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _classes(child.body, f"{prefix}{child.name}.<locals>.")
        else:
            for part in ("body", "handlers", "orelse", "finalbody", "cases"):
                inner = getattr(child, part, None)
                if isinstance(inner, list):
                    yield from _classes(inner, prefix)


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
