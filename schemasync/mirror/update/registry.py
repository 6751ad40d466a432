"""Adds new models to the package's `__init__.py`: an import each, and an entry of `__all__`."""

from collections.abc import Callable
from typing import Any

import libcst as cst

from schemasync.mirror.layout import Call, laid_out, literal
from schemasync.mirror.symbols import export_order
from schemasync.mirror.update.classes import string_value
from schemasync.mirror.update.names import FileNames
from schemasync.mirror.update.source import SourceFile


def register(source: SourceFile, names: FileNames, entries: dict[str, str]) -> bool:
    """Asks for the imports and exports of new names.

    Args:
        entries: the module of each name.

    Returns:
        Whether `__all__` could be extended, or there is none.
    """
    for name, module in sorted(entries.items()):
        names.require_from(module, name)
    exported = _exported(source.module)
    if exported is None:
        return True
    present = [string_value(element.value) for element in exported.elements]
    if None in present or source.has_comment(exported):
        return False
    known = [name for name in present if name is not None]
    added = [name for name in entries if name not in known]
    if not added:
        return True
    if "\n" not in source.text(exported) or not known:
        ordered = _with(known, added)
        call = Call("__all__ = ", tuple(map(literal, ordered)), "[", "\n" in source.text(exported))
        source.replace(exported, laid_out(call, 0, width=source.width)[len("__all__ = ") :])
        return True
    indent = " " * source.column(exported.elements[0].value)
    for name in sorted(added, key=_order(known)):
        position = _position(known, name)
        line = f"{indent}{literal(name)},"
        if position < len(known):
            source.insert_before(exported.elements[position].value, line)
        else:
            source.insert_after(exported.elements[-1].value, line)
    return True


def _order(known: list[str]) -> Callable[[str], Any] | None:
    """What the names are ordered by, if by anything."""
    keys: tuple[Callable[[str], Any], ...] = (export_order, str, str.lower)
    return next((key for key in keys if known == sorted(known, key=key)), None)


def _position(known: list[str], name: str) -> int:
    """Where a name belongs: in order, where the names are in one; else at the end."""
    key = _order(known)
    return len(known) if key is None else sum(key(one) <= key(name) for one in known)


def _with(known: list[str], added: list[str]) -> list[str]:
    ordered = list(known)
    for name in added:
        ordered.insert(_position(ordered, name), name)
    return ordered


def _exported(module: cst.Module) -> cst.List | None:
    for statement in module.body:
        if isinstance(statement, cst.SimpleStatementLine):
            part = statement.body[0]
            target = part.targets[0].target if isinstance(part, cst.Assign) else None
            if isinstance(target, cst.Name) and target.value == "__all__" and isinstance(part, cst.Assign):
                return part.value if isinstance(part.value, cst.List) else None
    return None
