"""The base class of mirror models: defined with them, or the project's own, whose columns are not written twice."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from schemasync.errors import ConfigurationError
from schemasync.mirror.base_columns import column_of
from schemasync.schema.defaults import same_default
from schemasync.schema.model import Column, Table
from schemasync.schema.types import same_type


@dataclass(frozen=True, slots=True)
class Base:
    """What mirrors inherit from, or in the Core style the MetaData that they belong to.

    Args:
        module: where it is imported from; None where it is defined with the mirrors.
        name: what is imported: `BaseModel`, `db`.
        expression: what stands in `class User(…)`.
        columns: the columns that it brings, by attribute, as far as its source tells.
        members: its other attributes: methods, properties.
        parent: what it inherits from itself, for tables that lack one of its columns.
    """

    module: str | None
    name: str
    expression: str
    columns: Mapping[str, Column] = field(default_factory=dict)
    members: frozenset[str] = frozenset()
    parent: "Base | None" = None

    @property
    def metadata(self) -> str:
        """The expression of its MetaData."""
        return f"{self.name}.metadata"

    def suited(self, table: Table) -> "Base":
        """This base, or the nearest parent all of whose columns the table has."""
        have = {column.name for column in table.columns}
        if self.parent is None or {column.name for column in self.columns.values()} <= have:
            return self
        return self.parent.suited(table)


def same_column(expected: Column, stated: Column | None) -> bool:
    """Whether a base's column says all that a mirror's must."""
    if stated is None or not same_type(expected.type, stated.type) or expected.nullable != stated.nullable:
        return False
    made = stated.client_default
    if expected.client_default is not None and (made is None or made.kind != expected.client_default.kind):
        return False
    if (expected.on_update is None) != (stated.on_update is None):
        return False
    return same_default(expected.default, stated.default, expected.type) is True


def find_base(reference: str, style: str, folders: Sequence[Path] = ()) -> Base:
    """The base that `module:attribute` names, read from its source without importing it.

    Args:
        reference: `module:attribute`.
        style: of the mirrors; a lower-case attribute is a Flask-SQLAlchemy `db` in its style.
        folders: where modules are looked for. A base whose source is not found is taken to bring no columns.

    Raises:
        ConfigurationError: the reference is none.
    """
    module, colon, name = reference.partition(":")
    if not colon or not name.isidentifier() or not all(part.isidentifier() for part in module.split(".")):
        raise ConfigurationError(
            f"{reference!r} is no base for mirrors", hint="write module:attribute, such as app.models.base:BaseModel"
        )
    if style == "table":
        return Base(module, name, name)
    if style == "flask-sqlalchemy" and name[:1].islower():
        return Base(module, name, f"{name}.Model")
    source = _source(module, folders)
    if source is None:
        return Base(module, name, name)
    return _in_source(ast.parse(source), module, name)


def _source(module: str, folders: Iterable[Path]) -> bytes | None:
    relative = Path(*module.split("."))
    for folder in folders:
        for path in (folder / relative.with_suffix(".py"), folder / relative / "__init__.py"):
            if path.is_file():
                return path.read_bytes()
    return None


def _in_source(tree: ast.Module, module: str, name: str) -> Base:
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    found = classes.get(name)
    if found is None:
        return Base(module, name, name)
    columns: dict[str, Column] = {}
    members = set()
    for node in found.body:
        attribute, value, annotation = _assignment(node)
        column = column_of(attribute, value, annotation) if attribute else None
        if attribute and column is not None:
            columns[attribute] = column
        elif attribute:
            members.add(attribute)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            members.add(node.name)
    parent = _parent(tree, module, found, classes)
    if parent is not None:
        columns = {**parent.columns, **columns}
        members |= parent.members
    plain = frozenset(name for name in members if not name.startswith("__"))
    return Base(module, name, name, columns, plain, parent)


def _assignment(node: ast.stmt) -> tuple[str, ast.expr | None, ast.expr | None]:
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value, None
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id, node.value, node.annotation
    return "", None, None


def _parent(tree: ast.Module, module: str, found: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> Base | None:
    """What the class inherits from: a class of the same module, or what the module imports."""
    if not found.bases:
        return None
    expression = ast.unparse(found.bases[0])
    first = expression.split(".")[0]
    if first in classes and first != found.name:
        return _in_source(tree, module, first)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                if (alias.asname or alias.name) == first and alias.name != "DeclarativeBase":
                    written = alias.name if alias.asname is None else f"{alias.name} as {alias.asname}"
                    return Base(node.module, written.split(" ")[0], expression) if alias.asname is None else None
    return None
