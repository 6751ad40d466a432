"""A Schema as JSON and back: the snapshot witness.

The format is the model itself: an object for each value, keys in declaration order, attributes at their default left
out. It is versioned; a reader refuses a version that it does not know.
"""

import dataclasses
import json
import re
import types
import typing
from collections.abc import Sequence
from functools import cache
from typing import Any

from schemasync.errors import SnapshotError
from schemasync.schema.model import Schema

VERSION = 1
_MIGRATIONS = "migrations"
# JSON can spell half of a surrogate pair, which is no character and cannot be written anywhere.
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def to_json(schema: Schema, migrations: Sequence[str] | None = None) -> str:
    """The schema as JSON text, deterministic, one line a table.

    Args:
        schema: the schema.
        migrations: those that the build comes with whose schema it is; None leaves them out.
    """
    content = _plain(schema)
    lines = []
    if migrations is not None:
        lines.append(f'  "{_MIGRATIONS}": {json.dumps(list(migrations), ensure_ascii=False)}')
    for key, value in content.items():
        if isinstance(value, list) and key in ("tables", "enums", "objects"):
            rows = ",\n    ".join(json.dumps(row, ensure_ascii=False) for row in value)
            lines.append(f"  {json.dumps(key)}: [\n    {rows}\n  ]")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join([f'  "schemasync": {VERSION}', *lines]) + "\n}\n"


def from_json(text: str) -> Schema:
    """The schema that `to_json` wrote.

    Raises:
        SnapshotError: the text is no snapshot, or one of a newer format.
    """
    try:
        content = json.loads(text)
        if _HALF_CHARACTER.search(text):
            json.dumps(content, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise SnapshotError(f"the snapshot is not valid JSON: {error}") from error
    if not isinstance(content, dict) or "schemasync" not in content:
        raise SnapshotError(
            "the file is not a schemasync snapshot", hint="write one with: schemasync snapshot --output FILE"
        )
    version = content.pop("schemasync")
    content.pop(_MIGRATIONS, None)
    if version != VERSION:
        raise SnapshotError(
            f"the snapshot has format {version!r}; this version of schemasync reads format {VERSION}",
            hint="write the snapshot again, or install the version that wrote it",
        )
    try:
        return typing.cast(Schema, _value(Schema, content))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise SnapshotError(f"the snapshot is damaged: {error}") from error


def migrations_of(text: str) -> tuple[str, ...] | None:
    """The migrations that a snapshot names; None where it names none.

    Raises:
        SnapshotError: the text is no snapshot.
    """
    from_json(text)
    named = json.loads(text).get(_MIGRATIONS)
    return tuple(map(str, named)) if isinstance(named, list) else None


def _plain(value: Any) -> Any:
    """Dataclasses as objects without the attributes that are at their default; tuples and sets as lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        content = {}
        for name, default in _fields(type(value)):
            item = getattr(value, name)
            if default is dataclasses.MISSING or item != default:
                content[name] = _plain(item)
        return content
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


@cache
def _fields(class_: type) -> tuple[tuple[str, Any], ...]:
    return tuple((item.name, item.default) for item in dataclasses.fields(class_))


@cache
def _annotations(class_: type) -> dict[str, Any]:
    return typing.get_type_hints(class_)


def _value(annotation: Any, content: Any) -> Any:
    """JSON content as a value of an annotated type; the content must have that type's shape."""
    if dataclasses.is_dataclass(annotation):
        return _instance(typing.cast(type, annotation), content)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        if content is None and type(None) in arguments:
            return None
        return _value_of_union([argument for argument in arguments if argument is not type(None)], content)
    if origin is tuple:
        if not isinstance(content, list):
            raise ValueError(f"{content!r} is no list")
        if arguments[-1:] == (Ellipsis,):
            return tuple(_value(arguments[0], item) for item in content)
        return tuple(_value(argument, item) for argument, item in zip(arguments, content, strict=True))
    if origin is frozenset:
        return frozenset(_value(arguments[0], item) for item in content)
    if origin is typing.Literal:
        if content not in arguments:
            raise ValueError(f"{content!r} is none of {', '.join(map(str, arguments))}")
        return content
    if type(content) is not annotation:
        raise ValueError(f"{content!r} is no {annotation.__name__}")
    return content


def _instance(class_: type, content: Any) -> Any:
    if not isinstance(content, dict):
        raise ValueError(f"{content!r} is no {class_.__name__}")
    known = _annotations(class_)
    unknown = content.keys() - known.keys()
    if unknown:
        raise ValueError(f"unknown attribute {min(unknown)!r}")
    return class_(**{name: _value(known[name], item) for name, item in content.items()})


def _value_of_union(candidates: list[Any], content: Any) -> Any:
    failure: Exception = ValueError(f"{content!r} has no known type")
    for candidate in candidates:
        try:
            return _value(candidate, content)
        except (TypeError, ValueError, KeyError) as error:
            failure = error
    raise failure
