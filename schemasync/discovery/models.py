"""Finds SQLAlchemy models and Flask applications in Python sources, without importing them."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from schemasync.discovery.files import text_of

# What makes a metadata, by the name of the class or function that is called or derived from.
MAKERS = {"SQLAlchemy": "db", "declarative_base": "base", "automap_base": "base", "MetaData": "metadata"}
BASES = frozenset({"DeclarativeBase", "DeclarativeBaseNoMeta", "MappedAsDataclass", "SQLModel"})
PREFERENCE = ("db", "base", "metadata")


@dataclass(slots=True)
class Source:
    """A Python file, as far as it concerns models.

    Args:
        root: the folder from which its module is imported.
        module: its dotted name.
        metadata: attributes that are, or lead to, a MetaData, with their sort.
        imports: names that it takes from elsewhere: name, module, and the name there.
        models: classes with a `__tablename__`, or derived from `db.Model` or a declarative base; tables of SQLAlchemy's
            Core.
        flask: functions that make a Flask application, and attributes that are one.
    """

    path: Path
    root: Path
    module: str
    metadata: dict[str, str] = field(default_factory=dict)
    imports: list[tuple[str, str, str]] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    flask: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ModelsFound:
    """What was found of the models.

    Args:
        reference: `module:attribute`.
        root: the folder from which the module is imported.
        models: how many models it reaches by its imports.
        all_models: how many there are under the same root.
        others: further references that could be meant.
    """

    reference: str
    root: Path
    models: int
    all_models: int
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlaskFound:
    """A Flask application or its factory, as `module:attribute`, and the folder that the module is imported from."""

    reference: str
    root: Path


def read_sources(files: Sequence[Path]) -> list[Source]:
    """The Python files that speak of SQLAlchemy or Flask, or import from the project; tests and revisions left out."""
    sources = []
    for path in files:
        if path.suffix != ".py" or path.name.startswith(("test_", "conftest")) or "versions" in path.parts:
            continue
        text = text_of(path)
        if "import" not in text:
            continue
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            continue  # a file of another Python, or a template
        root, module = _module(path)
        source = Source(path, root, module)
        _read(tree, source)
        sources.append(source)
    return sources


def find_models(sources: Sequence[Source]) -> ModelsFound | None:
    """The module that reaches the most models and has the metadata; None where there is no metadata."""
    by_module = {(source.root, source.module): source for source in sources}
    candidates = []
    for source in sources:
        for name, sort in _metadata_names(source, by_module):
            reached = sum(len(other.models) for other in _reached(source, by_module))
            candidates.append((-reached, PREFERENCE.index(sort), len(source.module), source.module, name, source.root))
    if not candidates:
        return None
    candidates.sort()
    reached, _, _, module, name, root = candidates[0]
    rivals = [one for one in candidates if one[5] != root and -one[0] > 0]
    return ModelsFound(
        reference=f"{module}:{name}",
        root=root,
        models=-reached,
        all_models=sum(len(source.models) for source in sources if source.root == root),
        others=tuple(dict.fromkeys(f"{one[3]}:{one[4]}" for one in rivals)),
    )


def find_flask(sources: Sequence[Source]) -> FlaskFound | None:
    """The Flask application's factory, else an application; None where there is neither."""
    found = [(not name.startswith(("create", "make")), source, name) for source in sources for name in source.flask]
    if not found:
        return None
    _, source, name = min(found, key=lambda one: (one[0], len(one[1].module)))
    return FlaskFound(f"{source.module}:{name}", source.root)


def _module(path: Path) -> tuple[Path, str]:
    """The folder that a file's package is imported from, and its dotted name."""
    parts = [] if path.name == "__init__.py" else [path.stem]
    folder = path.parent
    while (folder / "__init__.py").exists():
        parts.insert(0, folder.name)
        folder = folder.parent
    return folder, ".".join(parts)


def _read(tree: ast.Module, source: Source) -> None:
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom):
            module = _absolute(statement, source)
            source.imports += [(alias.asname or alias.name, module, alias.name) for alias in statement.names]
        elif isinstance(statement, ast.Import):
            source.imports += [(alias.asname or alias.name, alias.name, "") for alias in statement.names]
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            _read_assignment(statement, source)
        elif isinstance(statement, ast.Expr) and _called(statement.value) == "Table":
            source.models.append(_table_name(statement.value))
        elif isinstance(statement, ast.ClassDef):
            _read_class(statement, source)
        elif isinstance(statement, ast.FunctionDef) and any(_called(node) == "Flask" for node in ast.walk(statement)):
            source.flask.append(statement.name)


def _read_assignment(statement: ast.Assign | ast.AnnAssign, source: Source) -> None:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    made_by = _called(statement.value)
    for target in targets:
        if isinstance(target, ast.Name):
            if made_by in MAKERS:
                source.metadata[target.id] = MAKERS[made_by]
            elif made_by == "Flask":
                source.flask.append(target.id)
            elif made_by == "Table":
                source.models.append(target.id)


def _table_name(call: ast.expr) -> str:
    first = next(iter(call.args), None) if isinstance(call, ast.Call) else None
    return str(first.value) if isinstance(first, ast.Constant) else "table"


def _read_class(statement: ast.ClassDef, source: Source) -> None:
    bases = {_last_name(base) for base in statement.bases}
    names = {
        target.id
        for node in statement.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    names |= {
        node.target.id
        for node in statement.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    if bases & {"DeclarativeBase", "DeclarativeBaseNoMeta"}:
        source.metadata[statement.name] = "base"
    elif names & {"__tablename__", "__table__"} or ("Model" in bases and "__abstract__" not in names):
        source.models.append(statement.name)


def _metadata_names(source: Source, by_module: dict[tuple[Path, str], Source]) -> Iterator[tuple[str, str]]:
    """A module's own metadata, and what it imports of others'."""
    yield from source.metadata.items()
    for name, module, original in source.imports:
        origin = by_module.get((source.root, module))
        if origin is not None and original in origin.metadata:
            yield name, origin.metadata[original]


def _reached(source: Source, by_module: dict[tuple[Path, str], Source]) -> list[Source]:
    """A module, and all of the project's modules that importing it imports."""
    reached: dict[str, Source] = {}
    waiting = [source.module]
    while waiting:
        wanted = waiting.pop()
        for module in _with_packages(wanted):
            found = by_module.get((source.root, module))
            if found is not None and module not in reached:
                reached[module] = found
                waiting += [name for _, origin, part in found.imports for name in (origin, f"{origin}.{part}")]
    return list(reached.values())


def _with_packages(module: str) -> Iterator[str]:
    """A module and the packages that it lies in, which are imported before it."""
    parts = module.split(".")
    yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))


def _absolute(statement: ast.ImportFrom, source: Source) -> str:
    if not statement.level:
        return statement.module or ""
    package = source.module.split(".")
    if source.path.name != "__init__.py":
        package = package[:-1]
    package = package[: len(package) - (statement.level - 1)]
    return ".".join([*package, *([statement.module] if statement.module else [])])


def _called(node: ast.AST | None) -> str:
    """The last name of what is called: `SQLAlchemy` for `flask_sqlalchemy.SQLAlchemy(…)`."""
    return _last_name(node.func) if isinstance(node, ast.Call) else ""


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return _last_name(node.value)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
