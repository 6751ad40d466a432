"""The text of helpers, taken from `helpers.py`: what a module needs, with all that this needs in turn."""

import ast
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schemasync.mirror.symbols import HELPERS

_SOURCE = Path(__file__).with_name("helpers.py")


@dataclass(frozen=True, slots=True)
class _Statement:
    """A top-level statement: what it defines, what it names, its text, and whether it is a function or class."""

    defines: frozenset[str]
    names: frozenset[str]
    text: str
    is_definition: bool


@cache
def _statements() -> tuple[dict[str, tuple[str, str]], tuple[_Statement, ...]]:
    text = _SOURCE.read_bytes().decode()
    lines = text.splitlines()
    imports: dict[str, tuple[str, str]] = {}
    statements = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import):
            imports.update({alias.name: ("", alias.name) for alias in node.names})
        elif isinstance(node, ast.ImportFrom):
            imports.update({alias.name: (node.module or "", alias.name) for alias in node.names})
        elif not isinstance(node, ast.Expr):
            names = frozenset(item.id for item in ast.walk(node) if isinstance(item, ast.Name))
            is_definition = isinstance(node, (ast.FunctionDef, ast.ClassDef))
            defines = {item.id for item in ast.walk(node) if isinstance(item, ast.Name) and _is_stored(item)}
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                defines = {node.name}
            body = "\n".join(lines[node.lineno - 1 : node.end_lineno])
            statements.append(_Statement(frozenset(defines), names, body, is_definition))
    return imports, tuple(statements)


def _is_stored(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def helper_source(wanted: Iterable[str], known: Container[str] = ()) -> tuple[frozenset[tuple[str, str]], str]:
    """The imports and the text of helpers, laid out as a part of a module.

    Args:
        wanted: names out of `symbols.HELPERS`.
        known: names that the module defines already.
    """
    needed = set(wanted)
    unknown = needed - HELPERS
    if unknown:
        raise ValueError(f"no helper is called {min(unknown)}")
    if not needed:
        return frozenset(), ""
    imports, statements = _statements()
    chosen: set[int] = set()
    while True:
        more = {
            number
            for number, one in enumerate(statements)
            if one.defines & needed and not all(name in known for name in one.defines)
        } - chosen
        if not more:
            break
        chosen |= more
        needed |= {name for number in more for name in statements[number].names}
    text, before = "", None
    for number in sorted(chosen):
        one = statements[number]
        if before is not None:
            text += "\n\n\n" if one.is_definition or before.is_definition else "\n"
        text += one.text
        before = one
    return frozenset(imports[name] for name in needed if name in imports), text
