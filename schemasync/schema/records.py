"""Frozen dataclasses that are quick to make: a schema of 1,000 tables consists of 60,000 of them.

The `__init__` that `dataclass(frozen=True)` writes calls `object.__setattr__` for every field, which takes several
times as long as an assignment. A record is filled in while it is of a class that is not frozen, and becomes one of
its own class when it is complete: Python allows that between classes of the same slots (Python documentation,
"Data model").

The class itself is quick to make too. `dataclass` compiles seven methods one by one, which for a hundred classes takes
longer than starting Python; here the three that depend on the fields are compiled together, and the others are shared.

Calling a class costs as much again as filling the record in, so whoever makes records by the thousand asks for `maker`.
"""

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

__all__ = ["maker", "record"]

Class = TypeVar("Class", bound=type)
Parameters = ParamSpec("Parameters")
Made = TypeVar("Made")

if TYPE_CHECKING:
    # What a record is to its users, and to a type checker.
    from dataclasses import dataclass as record
else:

    def record(*, frozen: bool = False, slots: bool = False):
        """`dataclass(frozen=True, slots=True)`, for a class without `__post_init__` and default factories.

        Raises:
            TypeError: the class is no such one.
        """
        if not (frozen and slots):
            raise TypeError("a record is frozen and has slots")
        return _record


def _record(cls: Class) -> Class:
    made: Any = dataclasses.dataclass(slots=True, init=False, repr=False, eq=False)(cls)
    fields = dataclasses.fields(made)
    if hasattr(made, "__post_init__") or any(
        not field.init or field.kw_only or field.default_factory is not dataclasses.MISSING for field in fields
    ):
        raise TypeError(f"{cls.__name__} is no plain record")
    for name in _SHARED:
        setattr(made, name, _Shared.__dict__[name])
    methods = _methods(made, fields)
    methods["__init__"].__annotations__ = {**{field.name: field.type for field in fields}, "return": None}
    for name, method in methods.items():
        method.__qualname__ = f"{cls.__qualname__}.{name}"
        setattr(made, name, method)
    return made  # type: ignore[no-any-return]  # the class, with other slots


@overload
def maker(cls: Callable[Parameters, Made]) -> Callable[Parameters, Made]: ...


@overload
def maker(cls: Callable[Parameters, Made], *names: str) -> Callable[..., Made]: ...


def maker(cls: Callable[Parameters, Made], *names: str) -> Callable[..., Made]:
    """A function that makes records of a class as the class itself does, in half the time.

    Args:
        cls: a record. Its `__init__` is passed over.
        names: what the function takes, by position, where it shall not take all: whatever else there is gets its
            default.

    Raises:
        TypeError: a name is left out that has no default, or is none of the class's.
    """
    fields: tuple[Any, ...] = dataclasses.fields(cls)  # type: ignore[arg-type]  # a class, wanted as a callable here
    namespace = cls.__init__.__globals__  # what its own methods were compiled in
    by_name = {field.name: field for field in fields}
    taken = names or tuple(by_name)
    left = [field for field in fields if field.name not in taken]
    if not by_name.keys() >= set(taken) or any(field.default is dataclasses.MISSING for field in left):
        raise TypeError(f"{cls} cannot be made of {', '.join(taken)}")
    source = [
        f"def make({', '.join(names) or _parameters(fields)}):",
        "    self = _filling()",
        *(f"    self.{name} = {name}" for name in taken),
        *(f"    self.{field.name} = _default_{field.name}" for field in left),
        "    _become(self, _complete)",
        "    return self",
    ]
    exec("\n".join(source), namespace)  # noqa: S102 - the names of a class's own fields, as below
    make: Callable[..., Made] = namespace["make"]
    return make


def _parameters(fields: Sequence[Any]) -> str:
    return ", ".join(
        field.name if field.default is dataclasses.MISSING else f"{field.name}=_default_{field.name}"
        for field in fields
    )


def _methods(cls: type, fields: tuple[Any, ...]) -> dict[str, Any]:
    """The methods that depend on the fields, compiled together."""
    names = [field.name for field in fields]
    namespace: dict[str, Any] = {
        "_become": object.__dict__["__class__"].__set__,
        "_filling": type(cls.__name__, (), {"__slots__": tuple(names), "__module__": cls.__module__}),
        "_complete": cls,
        **{f"_default_{field.name}": field.default for field in fields},
    }
    compared = [field.name for field in fields if field.compare]
    ours, theirs = ("".join(f"{owner}.{name}," for name in compared) for owner in ("self", "other"))
    before = set(namespace)
    source = [
        f"def __init__(self, {_parameters(fields)}):",
        "    _become(self, _filling)",
        *(f"    self.{name} = {name}" for name in names),
        "    _become(self, _complete)",
        "def __eq__(self, other):",
        "    if other.__class__ is not self.__class__:",
        "        return NotImplemented",
        f"    return ({ours}) == ({theirs})",
        "def __hash__(self):",
        f"    return hash(({ours}))",
    ]
    exec("\n".join(source), namespace)  # noqa: S102 - the names of a class's own fields, as in the standard library's dataclasses
    return {name: namespace[name] for name in namespace.keys() - before - {"__builtins__"}}


class _Shared:
    """The methods that need not be compiled for each class."""

    def __setattr__(self, name: str, value: object) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    def __repr__(self) -> str:
        named: Any = self
        shown = (f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(named) if field.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def __getstate__(self) -> list[Any]:
        named: Any = self
        return [getattr(self, field.name) for field in dataclasses.fields(named)]

    def __setstate__(self, state: list[Any]) -> None:
        named: Any = self
        for field, value in zip(dataclasses.fields(named), state, strict=True):
            object.__setattr__(self, field.name, value)


_SHARED = ("__setattr__", "__delattr__", "__repr__", "__getstate__", "__setstate__")
