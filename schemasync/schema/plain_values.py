"""Frozen dataclasses as plain values of JSON, and back, by their annotations.

A schema of 1,000 tables has 60,000 values, so what each class and annotation demands is worked out once.
"""

import dataclasses
import types
import typing
from collections.abc import Callable
from functools import cache
from typing import Any

Reader = Callable[[Any], Any]


def plain(value: Any) -> Any:
    """Dataclasses as objects without the attributes that are at their default; tuples and sets as lists."""
    kind = value.__class__
    if kind in _SCALARS:
        return value
    if kind is tuple:
        return [plain(item) for item in value]
    if kind is frozenset:
        return sorted(value)
    fields = _fields(kind)
    if fields is None:
        return value  # a text of a class of its own, such as SQLAlchemy's quoted names
    content = {}
    for name, default in fields:
        item = getattr(value, name)
        if item is not default and (default is dataclasses.MISSING or item != default):
            content[name] = item if item.__class__ in _SCALARS else plain(item)
    return content


def reader(annotation: Any) -> Reader:
    """What makes a value of an annotated type of JSON content.

    Args:
        annotation: a dataclass, a union, a tuple, a frozenset, a Literal, or a class of JSON's own.

    Returns:
        Takes the content; raises ValueError or TypeError where it does not have that type's shape.
    """
    if dataclasses.is_dataclass(annotation):
        return _instance_reader(typing.cast(type, annotation))
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return _union_reader(arguments)
    if origin is tuple:
        return _tuple_reader(arguments)
    if origin is frozenset:
        item = reader(arguments[0])
        return lambda content: frozenset(map(item, _listed(content)))
    if origin is typing.Literal:
        return _literal_reader(arguments)
    return _exact_reader(annotation)


_SCALARS = frozenset({str, int, bool, float, type(None)})


@cache
def _fields(class_: type) -> tuple[tuple[str, Any], ...] | None:
    """A dataclass's attributes with their defaults; None of any other class."""
    if not dataclasses.is_dataclass(class_):
        return None
    return tuple((item.name, item.default) for item in dataclasses.fields(class_))


@cache
def _instance_reader(class_: type) -> Reader:
    readers: dict[str, Reader] = {}

    def read(content: Any) -> Any:
        if content.__class__ is not dict:
            raise ValueError(f"{content!r} is no {class_.__name__}")
        if not readers:  # not before: a class may hold others of its own kind
            readers.update({name: reader(hint) for name, hint in typing.get_type_hints(class_).items()})
        if not content.keys() <= readers.keys():
            raise ValueError(f"unknown attribute {min(content.keys() - readers.keys())!r}")
        return class_(**{name: readers[name](item) for name, item in content.items()})

    return read


def _union_reader(arguments: tuple[Any, ...]) -> Reader:
    candidates = [reader(argument) for argument in arguments if argument is not type(None)]
    sole = candidates[0]
    if len(candidates) == 1:  # a union of one is one with None
        return lambda content: None if content is None else sole(content)
    or_none = type(None) in arguments

    def read(content: Any) -> Any:
        if content is None and or_none:
            return None
        failure: Exception = ValueError(f"{content!r} has no known type")
        for candidate in candidates:
            try:
                return candidate(content)
            except (TypeError, ValueError, KeyError) as error:
                failure = error
        raise failure

    return read


def _tuple_reader(arguments: tuple[Any, ...]) -> Reader:
    readers = [reader(argument) for argument in arguments if argument is not Ellipsis]
    first = readers[0]
    if arguments[-1] is Ellipsis:
        return lambda content: tuple(map(first, _listed(content)))
    return lambda content: tuple(one(item) for one, item in zip(readers, _listed(content), strict=True))


def _listed(content: Any) -> list[Any]:
    if content.__class__ is not list:
        raise ValueError(f"{content!r} is no list")
    return content


def _literal_reader(arguments: tuple[Any, ...]) -> Reader:
    def read(content: Any) -> Any:
        if content not in arguments:
            raise ValueError(f"{content!r} is none of {', '.join(map(str, arguments))}")
        return content

    return read


def _exact_reader(class_: type) -> Reader:
    def read(content: Any) -> Any:
        if content.__class__ is not class_:
            raise ValueError(f"{content!r} is no {class_.__name__}")
        return content

    return read
