"""A mapped class in a file: its columns, relationships, indexes and `__table_args__`, each with its statement."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from schemasync.mirror.update.source import SourceFile

_COLUMNS = frozenset({"Column", "mapped_column"})
_RELATIONSHIPS = frozenset({"relationship", "backref", "dynamic_loader"})


@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    """An attribute that is assigned in the class body.

    Args:
        name: its name.
        statement: the whole statement.
        annotation: its annotation, if any.
        call: what is assigned, where that is a call.
    """

    name: str
    statement: cst.SimpleStatementLine
    annotation: cst.Annotation | None
    call: cst.Call | None

    @property
    def function(self) -> str:
        """The last name of what is called: `Column`, `relationship`."""
        return last_name(self.call.func) if self.call is not None else ""


@dataclass(frozen=True, slots=True, eq=False)
class MappedClass:
    """A mapped class, and the module-level statements about its indexes.

    Args:
        node: the class.
        attributes: by name, in order.
        indexes: `Index(…)` and `UniqueConstraint(…)` calls, in `__table_args__` and behind the class.
    """

    source: SourceFile
    node: cst.ClassDef
    attributes: dict[str, Attribute]
    indexes: list[cst.Call] = field(default_factory=list)

    @property
    def is_typed(self) -> bool:
        """Whether its columns are `mapped_column()`s with annotations."""
        columns = [item for item in self.attributes.values() if item.function in _COLUMNS]
        typed = [item for item in columns if item.annotation is not None]
        return bool(typed) if columns else True

    @property
    def column_function(self) -> str:
        """What its columns call: `db.Column`; empty where it has none of its own."""
        for item in self.attributes.values():
            if item.function in _COLUMNS and item.call is not None:
                return self.source.text(item.call.func)
        return ""

    def columns(self) -> list[Attribute]:
        """Its own columns, in order."""
        return [item for item in self.attributes.values() if item.function in _COLUMNS]

    def relationships(self) -> list[Attribute]:
        """Its own relationships, in order."""
        return [item for item in self.attributes.values() if item.function in _RELATIONSHIPS]

    @property
    def table_arguments(self) -> Attribute | None:
        """`__table_args__ = …`."""
        return self.attributes.get("__table_args__")


def find_class(source: SourceFile, name: str) -> MappedClass | None:
    """The class of that name at the top of a module."""
    for statement in source.module.body:
        if isinstance(statement, cst.ClassDef) and statement.name.value == name:
            attributes = {item.name: item for item in _attributes(statement)}
            indexes = list(_table_argument_calls(attributes.get("__table_args__")))
            indexes += list(_later_indexes(source.module, name))
            return MappedClass(source, statement, attributes, indexes)
    return None


def _attributes(node: cst.ClassDef) -> Iterator[Attribute]:
    for statement in node.body.body:
        if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
            continue
        part = statement.body[0]
        if isinstance(part, cst.Assign) and len(part.targets) == 1 and isinstance(part.targets[0].target, cst.Name):
            call = part.value if isinstance(part.value, cst.Call) else None
            yield Attribute(part.targets[0].target.value, statement, None, call)
        elif isinstance(part, cst.AnnAssign) and isinstance(part.target, cst.Name):
            call = part.value if isinstance(part.value, cst.Call) else None
            yield Attribute(part.target.value, statement, part.annotation, call)


def last_use(mapped: MappedClass, name: str) -> cst.CSTNode | None:
    """The last statement of the class body that uses a name, which an attribute of that name before it would hide."""
    found = None
    for attribute in mapped.attributes.values():
        value = assigned_value(attribute)
        parts = [value, attribute.annotation.annotation if attribute.annotation is not None else None]
        if any(part is not None and name in set(_used(part)) for part in parts):
            found = attribute.statement
    return found


def _used(node: cst.CSTNode) -> Iterator[str]:
    """The names that an expression looks up."""
    if isinstance(node, cst.Name):
        yield node.value
    elif isinstance(node, (cst.Attribute, cst.Arg)):
        yield from _used(node.value)
    else:
        for child in node.children:
            yield from _used(child)


def assigned_value(attribute: Attribute) -> cst.BaseExpression | None:
    """What an attribute is given."""
    part = attribute.statement.body[0]
    return part.value if isinstance(part, (cst.Assign, cst.AnnAssign)) else None


def _table_argument_calls(attribute: Attribute | None) -> Iterator[cst.Call]:
    value = assigned_value(attribute) if attribute is not None else None
    if isinstance(value, (cst.Tuple, cst.List)):
        for element in value.elements:
            if isinstance(element.value, cst.Call):
                yield element.value


def _later_indexes(module: cst.Module, name: str) -> Iterator[cst.Call]:
    """`Index("…", User.email)` behind the class."""
    for statement in module.body:
        if isinstance(statement, cst.SimpleStatementLine) and isinstance(statement.body[0], cst.Expr):
            value = statement.body[0].value
            if isinstance(value, cst.Call) and last_name(value.func) in ("Index", "UniqueConstraint"):
                code = module.code_for_node(value)
                if f"{name}." in code:
                    yield value


def last_name(node: cst.BaseExpression) -> str:
    """`Column` of `db.Column`."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def keyword(call: cst.Call, name: str) -> cst.Arg | None:
    """The keyword argument of that name."""
    return next((item for item in call.args if item.keyword is not None and item.keyword.value == name), None)


def string_value(node: cst.BaseExpression | None) -> str | None:
    """The text of a string literal."""
    if isinstance(node, cst.SimpleString):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    return None


def declared_name(call: cst.Call) -> str | None:
    """The name that an `Index(…)` or constraint has: its first string, or `name=`."""
    given = keyword(call, "name")
    if given is not None:
        return string_value(given.value)
    if last_name(call.func) == "Index" and call.args:
        return string_value(call.args[0].value)
    return None
