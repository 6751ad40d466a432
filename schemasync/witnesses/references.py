"""`module:attribute` references: taken apart, looked up, and helped where they are nearly right."""

import difflib
import importlib.util
import pkgutil
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from schemasync.errors import ModelImportError
from schemasync.paths import shown

if TYPE_CHECKING:
    from sqlalchemy import MetaData

_WANTED = "a MetaData, a declarative base class, or a Flask-SQLAlchemy db"
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def split(reference: str) -> tuple[str, str]:
    """The module and the attribute of a reference.

    Raises:
        ModelImportError: it is not of the form `module:attribute`.
    """
    module, colon, attribute = reference.strip().partition(":")
    if colon and _DOTTED.fullmatch(module) and _DOTTED.fullmatch(attribute):
        return module, attribute
    dotted = re.sub(r"\.py$", "", module).replace("\\", "/").strip("./").replace("/", ".")
    if _DOTTED.fullmatch(dotted) and not _DOTTED.fullmatch(module):
        hint = f"modules are written with dots: {dotted}:{attribute or 'db'}"
    else:
        hint = f"write module:attribute, such as app.models:db, where the attribute is {_WANTED}"
    raise ModelImportError(f'"{reference}" is no reference to SQLAlchemy metadata', hint=hint)


def check_module(name: str, folders: Sequence[Path], working_folder: Path) -> None:
    """Makes sure that there is a module of that name; its packages are imported on the way.

    Raises:
        ModelImportError: there is none; says which is near.
    """
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        current = ".".join(parts[:count])
        if current in sys.modules or importlib.util.find_spec(current) is not None:
            if count < len(parts) and not hasattr(importlib.import_module(current), "__path__"):
                raise ModelImportError(f'there is no module "{name}": {current} is not a package')
            continue
        before = ".".join(parts[: count - 1])
        places = list(sys.modules[before].__path__) if before else [str(folder) for folder in folders]
        near = difflib.get_close_matches(parts[count - 1], [module.name for module in pkgutil.iter_modules(places)])
        hint = f"did you mean {' or '.join('.'.join(filter(None, (before, item))) for item in near)}?" if near else ""
        looked = ", ".join(shown(place, working_folder) for place in places)
        raise ModelImportError(f'there is no module "{current}" in {looked}', hint=hint)


def attribute_of(module: ModuleType, path: str) -> object:
    """What a dotted path leads to in a module.

    Raises:
        ModelImportError: an attribute is not there; says which are near, or which would do.
    """
    found: object = module
    name = module.__name__
    for part in path.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            near = _near(part, found)
            hint = f"did you mean {' or '.join(near)}?" if near else _suggestion(module)
            raise ModelImportError(f'{name} has no attribute "{part}"', hint=hint) from None
        name = f"{name}.{part}"
    return found


def metadata_at(found: object, module_name: str, path: str) -> "MetaData":
    """The metadata that a found object is or has.

    Raises:
        ModelImportError: it is something else; says what, and what in its module would do.
    """
    from schemasync.witnesses.metadata import metadata_of

    metadata = metadata_of(found)
    if metadata is not None:
        return metadata
    if isinstance(found, type):
        what = "a class without metadata"
    elif callable(found) and hasattr(found, "__name__"):
        what = "a function"
    else:
        what = f"of type {type(found).__name__}"
    hint = _suggestion(sys.modules[module_name]) if module_name in sys.modules else f"it must be {_WANTED}"
    raise ModelImportError(f"{module_name}:{path} is {what}, not SQLAlchemy metadata", hint=hint)


def _near(name: str, holder: object) -> list[str]:
    """The attributes with a name like the one that is not there: those that would do, else any."""
    from schemasync.witnesses.metadata import metadata_of

    names = difflib.get_close_matches(name, [item for item in dir(holder) if not item.startswith("__")])
    return [item for item in names if metadata_of(getattr(holder, item, None)) is not None] or names


def _suggestion(module: ModuleType) -> str:
    """What in a module would do, a `db`, a base or a MetaData before the classes mapped with them."""
    from schemasync.witnesses.metadata import metadata_of

    fitting = [
        name
        for name, value in sorted(vars(module).items())
        if not name.startswith("_") and metadata_of(value) is not None and not hasattr(value, "__mapper__")
    ]
    if not fitting:
        return f"it must be {_WANTED}"
    return f"{module.__name__} has {', '.join(f'{module.__name__}:{name}' for name in fitting)}"
