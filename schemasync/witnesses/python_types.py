"""The annotation of a mapped attribute, as people write it: without `Mapped[…]`, `Optional[…]` and `Annotated[…]`."""

import ast
import inspect
import sys
import types
import typing
from typing import Any

_SHOWN_BARE = frozenset({"builtins", "collections.abc"})


class PythonTypes:
    """Reads the annotations of one metadata's classes. What is written alike in one module is resolved once."""

    def __init__(self) -> None:
        self._annotations: dict[type, dict[str, Any]] = {}
        self._codes: dict[str, types.CodeType | None] = {}
        self._texts: dict[tuple[str, str], str] = {}

    def of(self, model: type, attribute: str) -> str | None:
        """The text of an attribute's type, resolved as far as its names can be; None where it has no annotation."""
        for ancestor in model.__mro__:
            annotations = self._annotations.get(ancestor)
            if annotations is None:
                annotations = self._annotations[ancestor] = _annotations(ancestor)
            if attribute in annotations:
                return self._text(ancestor, annotations[attribute]) or None
        return None

    def _text(self, model: type, annotation: Any) -> str:
        if not isinstance(annotation, str):
            return _of_object(_inside_mapped(annotation))
        if annotation not in self._codes:
            self._codes[annotation] = _compiled(annotation)
        code = self._codes[annotation]
        if code is None:
            return _of_text(annotation)
        # A class's own names come before its module's; a text with none of them means the same in every class there.
        if not vars(model).keys().isdisjoint(code.co_names):
            return _evaluated(model, annotation, code)
        key = (model.__module__, annotation)
        if key not in self._texts:
            self._texts[key] = _evaluated(model, annotation, code)
        return self._texts[key]


def _annotations(model: type) -> dict[str, Any]:
    if sys.version_info >= (3, 14):
        import annotationlib

        return dict(annotationlib.get_annotations(model, format=annotationlib.Format.FORWARDREF))
    return dict(inspect.get_annotations(model))


def _compiled(annotation: str) -> types.CodeType | None:
    try:
        return compile(annotation, "<annotation>", "eval")
    except (SyntaxError, ValueError):
        return None


def _evaluated(model: type, annotation: str, code: types.CodeType) -> str:
    """What a string annotation names, evaluated as `inspect.get_annotations(eval_str=True)` does it.

    Names that only a type checker imports are not there: the text is read by its syntax then.
    """
    module = sys.modules.get(model.__module__)
    try:
        found = eval(code, vars(module) if module else {}, dict(vars(model)))  # noqa: S307 - the user's own module, imported
    except (NameError, AttributeError, TypeError, SyntaxError, KeyError):
        return _of_text(annotation)
    return _of_text(found) if isinstance(found, str) else _of_object(_inside_mapped(found))


def _inside_mapped(annotation: Any) -> Any:
    origin = typing.get_origin(annotation)
    if isinstance(origin, type) and any(parent.__name__ == "Mapped" for parent in origin.__mro__):
        return typing.get_args(annotation)[0]
    return annotation


def _of_object(annotation: Any) -> str:
    """A type's text; union members other than None are joined by ` | `."""
    annotation = _bare(annotation)
    if isinstance(annotation, str):
        return _of_text(annotation)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return " | ".join(_of_object(item) for item in arguments if item is not type(None))
    if origin is typing.Literal:
        return f"Literal[{', '.join(repr(item) for item in arguments)}]"
    if origin is not None and arguments:
        inner = ", ".join("..." if item is Ellipsis else _of_object(item) for item in arguments)
        return f"{_name(origin)}[{inner}]"
    return _name(annotation)


def _bare(annotation: Any) -> Any:
    """The type behind `Annotated`, a `NewType`, a `type` alias or a forward reference."""
    while True:
        if typing.get_origin(annotation) is typing.Annotated:
            annotation = typing.get_args(annotation)[0]
        elif isinstance(annotation, typing.NewType):
            annotation = annotation.__supertype__
        elif isinstance(annotation, typing.ForwardRef):
            return annotation.__forward_arg__
        elif type(annotation).__name__ == "TypeAliasType":
            annotation = annotation.__value__
        else:
            return annotation


def _name(annotation: Any) -> str:
    if not isinstance(annotation, type):
        return str(annotation)
    module = annotation.__module__
    # An enum or another class of the user's is known by its own name, one of a package by its full one.
    is_standard = module.partition(".")[0] in sys.stdlib_module_names and module not in _SHOWN_BARE
    return f"{module}.{annotation.__qualname__}" if is_standard else annotation.__qualname__.rpartition(".")[2]


def _of_text(annotation: str) -> str:
    """The same for an annotation that could not be evaluated, by its syntax alone."""
    try:
        node = ast.parse(annotation.strip(), mode="eval").body
    except SyntaxError:
        return annotation
    while True:
        inner = _unwrapped(node)
        if inner is None:
            return ast.unparse(node)
        node = inner


def _unwrapped(node: ast.expr) -> ast.expr | None:
    """One layer less of `Mapped[…]`, `Optional[…]`, `Annotated[…]` or `… | None`; None where there is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return ast.parse(node.value.strip(), mode="eval").body
    if isinstance(node, ast.Subscript):
        name = ast.unparse(node.value).rpartition(".")[2]
        if name in ("Mapped", "Optional"):
            return node.slice
        if name == "Annotated" and isinstance(node.slice, ast.Tuple):
            return node.slice.elts[0]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        if _is_none(node.right):
            return node.left
        if _is_none(node.left):
            return node.right
    return None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
