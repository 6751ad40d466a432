"""Frozen dataclasses that are quick to make: a schema of 1,000 tables consists of 60,000 of them.

The `__init__` that `dataclass(frozen=True)` writes calls `object.__setattr__` for every field, which takes several
times as long as an assignment. A record is filled in while it is of a class that is not frozen, and becomes one of
its own class when it is complete: Python allows that between classes of the same slots (Python documentation,
"Data model").

The class itself is quick to make too. `dataclass` compiles seven methods for each, and importing it imports much else;
for a hundred classes that takes longer than starting Python. Here each method that depends on the fields is compiled
when it is first called, and what `dataclasses` wants to know is made when it asks.

Calling a class costs as much again as filling the record in, so whoever makes records by the thousand asks for `maker`.
"""

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NoReturn, ParamSpec, TypeVar, overload

__all__ = ["beside", "maker", "record", "replace"]

Class = TypeVar("Class", bound=type)
Parameters = ParamSpec("Parameters")
Made = TypeVar("Made")
_MISSING: Final = object()

if TYPE_CHECKING:
    # What a record is to its users, and to a type checker.
    from dataclasses import dataclass as record
    from dataclasses import field as beside
    from dataclasses import replace
else:

    def record(*, frozen: bool = False, slots: bool = False):
        """`dataclass(frozen=True, slots=…)`, for a class without bases.

        Raises:
            TypeError: the class is no such one.
        """
        if not frozen:
            raise TypeError("a record is frozen")
        return lambda cls: _record(cls, slots=slots)

    def beside(*, default=_MISSING, default_factory=None, compare=True):
        """`dataclasses.field`: for what takes no part in comparisons, or whose default is made anew for each record."""
        return _Field(default, compare, default_factory)

    def replace(value, /, **changes):
        """`dataclasses.replace`: the same record with other values in some of its fields."""
        return type(value)(**{**{name: getattr(value, name) for name in value.__match_args__}, **changes})


class _Field:
    """What a record knows of one of its fields."""

    __slots__ = ("compare", "default", "factory")

    def __init__(self, default: Any, compare: bool, factory: Callable[[], Any] | None = None) -> None:
        self.default, self.compare, self.factory = factory or default, compare, factory


def _record(cls: type, *, slots: bool) -> type:
    body = dict(cls.__dict__)
    fields = {name: _field(body.pop(name, _MISSING)) for name in _annotated(cls)}
    if cls.__bases__ != (object,) or any(known is None for known in fields.values()):
        raise TypeError(f"{cls.__name__} is no plain record")
    for name in ("__dict__", "__weakref__"):
        body.pop(name, None)
    names = tuple(fields)
    if slots:
        body["__slots__"] = names
    else:
        body.update(
            (name, known.default)
            for name, known in fields.items()
            if known and known.factory is None and known.default is not _MISSING
        )
    methods = _Methods(fields, slots=slots, is_completed="__post_init__" in body)
    body = {**_SHARED, **body, "__match_args__": names, "_record": methods}
    made = type(cls)(cls.__name__, cls.__bases__, body)

    def __init__(self: Any, *values: Any, **named: Any) -> None:  # noqa: N807 - becomes one
        _compiled(made, "__init__")
        self.__init__(*values, **named)

    def __eq__(self: Any, other: object) -> Any:  # noqa: N807
        _compiled(made, "__eq__")
        return self.__eq__(other)

    def __hash__(self: Any) -> int:  # noqa: N807
        _compiled(made, "__hash__")
        return hash(self)

    for method in (__init__, __eq__, __hash__):
        setattr(made, method.__name__, method)
    return made


if sys.version_info >= (3, 14):
    from annotationlib import Format, get_annotations

    def _annotated(cls: type) -> Mapping[str, Any]:
        """A class's own annotations, which are not evaluated before they are asked for."""
        return get_annotations(cls, format=Format.FORWARDREF)

else:

    def _annotated(cls: type) -> Mapping[str, Any]:
        """A class's own annotations. (`inspect` would tell them too, and imports much.)"""
        return cls.__dict__.get("__annotations__", {})  # type: ignore[no-any-return]  # noqa: RUF063


def _field(default: Any) -> _Field | None:
    """A field by what its class body assigns; None where that is no plain value."""
    if isinstance(default, _Field):
        return default
    return None if hasattr(default, "default_factory") or default.__class__.__hash__ is None else _Field(default, True)


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
        TypeError: a name is left out that has no default, or is none of the class's; or the class has more to do.
    """
    methods: _Methods = cls._record  # type: ignore[attr-defined]  # of every record
    known: Callable[..., Made] | None = methods.makers.get(names)
    if known is not None:
        return known
    fields = methods.fields
    taken = names or tuple(fields)
    left = [name for name in fields if name not in taken]
    is_possible = fields.keys() >= set(taken) and not any(fields[name].default is _MISSING for name in left)
    if not is_possible or hasattr(cls, "__post_init__"):
        raise TypeError(f"{cls} cannot be made of {', '.join(taken)}")
    source = [
        f"def make({', '.join(names) or methods.parameters()}):",
        "    self = _filling()",
        *(f"    self.{name} = {name}" for name in taken),
        *(f"    self.{name} = _default_{name}{'()' if fields[name].factory else ''}" for name in left),
        "    self.__class__ = _complete",
        "    return self",
    ]
    make: Callable[..., Made] = methods.compiled(cls, source)["make"]
    methods.makers[names] = make
    return make


class _Methods:
    """The methods of a record that depend on its fields."""

    def __init__(self, fields: Mapping[str, Any], *, slots: bool, is_completed: bool) -> None:
        self.fields: Mapping[str, _Field] = fields
        self.is_completed = is_completed  # by a `__post_init__`
        self.makers: dict[tuple[str, ...], Any] = {}  # by what they take
        self._slots = slots
        self._namespace: dict[str, Any] = {}

    def _value(self, name: str) -> str:
        """What `__init__` makes of an argument; a factory stands for what was not given."""
        made = f"_default_{name}"
        return name if self.fields[name].factory is None else f"{made}() if {name} is {made} else {name}"

    def parameters(self) -> str:
        """The parameters of `__init__`."""
        return ", ".join(
            name if known.default is _MISSING else f"{name}=_default_{name}" for name, known in self.fields.items()
        )

    def compiled(self, cls: Any, source: list[str]) -> dict[str, Any]:
        """What a source defines, which may speak of the defaults, of `_filling`, `_complete` and `_become`."""
        if not self._namespace:
            body: dict[str, Any] = {"__module__": cls.__module__}
            if self._slots:
                body["__slots__"] = tuple(self.fields)
            self._namespace = {
                "_become": object.__dict__["__class__"].__set__,
                "_filling": type(cls.__name__, (), body),
                "_complete": cls,
                **{f"_default_{name}": known.default for name, known in self.fields.items()},
            }
        exec("\n".join(source), self._namespace)  # noqa: S102 - the names of a class's own fields, as in dataclasses
        return self._namespace

    def source(self, method: str) -> list[str]:
        """`__init__`, `__eq__` or `__hash__`."""
        if method == "__init__":
            return [
                f"def __init__(self, {self.parameters()}):",
                "    _become(self, _filling)",
                *(f"    self.{name} = {self._value(name)}" for name in self.fields),
                "    self.__class__ = _complete",
                *(["    self.__post_init__()"] if self.is_completed else []),
            ]
        compared = [name for name, known in self.fields.items() if known.compare]
        ours, theirs = ("".join(f"{owner}.{name}," for name in compared) for owner in ("self", "other"))
        if method == "__hash__":
            return ["def __hash__(self):", f"    return hash(({ours}))"]
        return [
            "def __eq__(self, other):",
            "    if other.__class__ is not self.__class__:",
            "        return NotImplemented",
            f"    return ({ours}) == ({theirs})",
        ]


def _compiled(cls: Any, name: str) -> None:
    """Give a record one of the methods that depend on its fields."""
    method = cls._record.compiled(cls, cls._record.source(name)).pop(name)
    method.__qualname__ = f"{cls.__qualname__}.{name}"
    if name == "__init__":
        method.__annotations__ = {**_annotated(cls), "return": None}
    setattr(cls, name, method)


class _Told:
    """An attribute that only other libraries ask for, made when they do."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make = make

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, _instance: object, cls: type) -> Any:
        made = self._make(cls)
        setattr(cls, self._name, made)
        return made


def _dataclass(cls: Any) -> Any:
    """A dataclass of the same fields."""
    import dataclasses

    body: dict[str, Any] = {"__annotations__": dict(_annotated(cls)), "__module__": cls.__module__}
    for name, known in cls._record.fields.items():
        if known.factory is not None:
            body[name] = dataclasses.field(default_factory=known.factory, compare=known.compare)
            continue
        default = dataclasses.MISSING if known.default is _MISSING else known.default
        body[name] = dataclasses.field(default=default, compare=known.compare)
    return dataclasses.dataclass(frozen=True)(type(cls.__name__, (), body))


def _signature(cls: Any) -> Any:
    import inspect

    _compiled(cls, "__init__")
    signature = inspect.signature(cls.__init__)
    return signature.replace(parameters=list(signature.parameters.values())[1:])


def _set(_self: object, name: str, _value: object) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(_self: object, name: str) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _shown(self: Any) -> str:
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.__match_args__)})"


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__match_args__]


def _restore(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__match_args__, state, strict=True):
        object.__setattr__(self, name, value)


_SHARED = {
    "__setattr__": _set,
    "__delattr__": _delete,
    "__repr__": _shown,
    "__getstate__": _state,
    "__setstate__": _restore,
    "__dataclass_fields__": _Told(lambda cls: _dataclass(cls).__dataclass_fields__),
    "__dataclass_params__": _Told(lambda cls: _dataclass(cls).__dataclass_params__),
    "__signature__": _Told(_signature),
}
