"""Frozen dataclasses that are quick to make: a schema of 1,000 tables consists of 60,000 of them.

The `__init__` that `dataclass(frozen=True)` writes calls `object.__setattr__` for every field, which takes several
times as long as an assignment. A record is filled in while it is of a class that is not frozen, and becomes one of
its own class when it is complete: Python allows that between classes of the same slots (Python documentation,
"Data model").
"""

import dataclasses
from typing import Any, TypeVar

Class = TypeVar("Class", bound=type)


def quickly_made(cls: Class) -> Class:
    """Give a frozen dataclass with slots an `__init__` that assigns; everything else about the class stays.

    Args:
        cls: has no `__post_init__`, no field with a default factory, and every field is an argument by position.
    """
    fields = dataclasses.fields(cls)
    if hasattr(cls, "__post_init__") or any(
        not field.init or field.kw_only or field.default_factory is not dataclasses.MISSING for field in fields
    ):
        raise TypeError(f"{cls.__name__} is no plain record")
    names = [field.name for field in fields]
    namespace: dict[str, Any] = {
        "_become": object.__dict__["__class__"].__set__,
        "_filling": type(cls.__name__, (), {"__slots__": tuple(names), "__module__": cls.__module__}),
        "_complete": cls,
    }
    parameters = []
    for field in fields:
        stated = field.default is not dataclasses.MISSING
        if stated:
            namespace[f"_default_{field.name}"] = field.default
        parameters.append(f"{field.name}=_default_{field.name}" if stated else field.name)
    filling = [f"self.{name} = {name}" for name in names]
    opening = f"def __init__(self, {', '.join(parameters)}):"
    lines = [opening, "_become(self, _filling)", *filling, "_become(self, _complete)"]
    exec("\n    ".join(lines), namespace)  # noqa: S102 - the names of a class's own fields, as in the standard library's dataclasses
    made = namespace["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__annotations__ = cls.__dict__["__init__"].__annotations__
    type.__setattr__(cls, "__init__", made)
    return cls
