"""SQLAlchemy's column types as PostgreSQL's, and the enum types among them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import sqltypes
from sqlalchemy.types import TypeDecorator, TypeEngine

from schemasync.schema.model import Enum, Location
from schemasync.schema.types import DataType, parse_type
from schemasync.witnesses.metadata_dialect import Spelling

# What a column is said to have when SQLAlchemy itself does not know its type.
UNKNOWN = DataType("unknown", None)

# A decorator's implementation may be a decorator again, but hardly ten deep; a type that leads back to itself is.
_DEEPEST = 10


def resolved(type_: TypeEngine[Any], spelling: Spelling) -> TypeEngine[Any]:
    """The type that PostgreSQL gets: variants chosen, decorators taken off."""
    for _ in range(_DEEPEST):
        variant = type_._variant_mapping.get("postgresql")
        if variant is not None:
            type_ = variant
        elif isinstance(type_, TypeDecorator):
            type_ = type_.type_engine(spelling.dialect)
        else:
            break
    return type_


def data_type(type_: TypeEngine[Any], spelling: Spelling, default_schema: str) -> DataType:
    """A column's type.

    Precision is None (silent) for the generic `DateTime` and `Time`, which cannot state one.

    Raises:
        TypeNotSpokenError: SQLAlchemy could not write the type for PostgreSQL.
    """
    bare = resolved(type_, spelling)
    if isinstance(bare, sqltypes.NullType):
        raise TypeNotSpokenError("it has no type")
    if isinstance(bare, sqltypes.ARRAY):
        return replace(data_type(bare.item_type, spelling, default_schema), dimensions=1)
    if isinstance(bare, postgresql.DOMAIN) or is_native_enum(bare):
        named: Any = bare
        if not named.name:
            raise TypeNotSpokenError("its enum type has no name")
        return DataType(str(named.name), (), 0, str(named.schema or default_schema))
    try:
        text = spelling.type(bare)
    except (SQLAlchemyError, AttributeError, NotImplementedError) as error:
        raise TypeNotSpokenError(f"PostgreSQL has no {type(bare).__name__}: {_first_line(error)}") from error
    found = parse_type(re.sub(r" COLLATE .+$", "", text))
    return replace(found, arguments=None) if _is_silent_on_precision(bare) else found


def collation(type_: TypeEngine[Any], spelling: Spelling) -> str | None:
    """The collation that a column's type names, or None."""
    bare = resolved(type_, spelling)
    if isinstance(bare, sqltypes.ARRAY):
        return collation(bare.item_type, spelling)
    found = getattr(bare, "collation", None)
    return str(found) if found and isinstance(bare, (sqltypes.String, postgresql.DOMAIN)) else None


def native_enum(type_: TypeEngine[Any], spelling: Spelling) -> Any:
    """The named enum type at the bottom of a column's type, an array's element too; None where there is none."""
    bare = resolved(type_, spelling)
    if isinstance(bare, sqltypes.ARRAY):
        return native_enum(bare.item_type, spelling)
    return bare if is_native_enum(bare) and getattr(bare, "name", None) else None


def is_native_enum(type_: TypeEngine[Any]) -> bool:
    """Whether PostgreSQL gets an enum type for it rather than a varchar."""
    return isinstance(type_, sqltypes.Enum) and bool(type_.native_enum)


def enum_of(type_: Any, default_schema: str, location: Location | None) -> Enum:
    """An enum type with the labels that SQLAlchemy sends: members' names unless `values_callable` says otherwise."""
    python_class = getattr(type_, "enum_class", None)
    return Enum(
        name=str(type_.name),
        values=tuple(str(value) for value in type_.enums),
        schema=str(type_.schema or default_schema),
        model=python_class.__name__ if python_class is not None else None,
        location=location,
    )


def attached_enums(metadata: MetaData) -> list[Any]:
    """Enum types that were given the metadata itself and that no column has, by name."""
    in_columns = {
        id(item) for table in metadata.tables.values() for column in table.columns for item in _all(column.type)
    }
    # SQLAlchemy 2.1 lists the types of a metadata; in 2.0 only the listeners that would create them know of them.
    registered = getattr(metadata, "_objects", None)
    if registered is None:
        registered = [_listener_type(listener) for listener in metadata.dispatch.before_create]
    found = {id(item): item for item in registered if isinstance(item, sqltypes.Enum) and is_native_enum(item)}
    types: list[Any] = [item for key, item in found.items() if key not in in_columns and getattr(item, "name", None)]
    return sorted(types, key=lambda item: (item.schema or "", item.name))


def _listener_type(listener: Any) -> Any:
    function = getattr(listener, "func", listener)
    return getattr(function, "target", getattr(function, "__self__", None))


def _all(type_: Any) -> Iterator[Any]:
    """A type with all that it is made of: variants, a decorator's implementation, an array's elements."""
    yield type_
    inner = [*type_._variant_mapping.values()]
    if isinstance(type_, TypeDecorator):
        inner.append(type_.impl_instance)
    if isinstance(type_, sqltypes.ARRAY):
        inner.append(type_.item_type)
    for item in inner:
        yield from _all(item)


class TypeNotSpokenError(Exception):
    """SQLAlchemy cannot write a type for PostgreSQL; the reason is its text."""


def _is_silent_on_precision(bare: TypeEngine[Any]) -> bool:
    generic = isinstance(bare, (sqltypes.DateTime, sqltypes.Time))
    return generic and not isinstance(bare, (postgresql.TIMESTAMP, postgresql.TIME))


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
