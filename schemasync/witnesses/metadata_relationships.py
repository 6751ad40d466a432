"""Mapped `relationship()`s as the relations between tables that they are."""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.orm import RelationshipDirection, RelationshipProperty

from schemasync.schema.model import Location, Relationship
from schemasync.witnesses.metadata_dialect import option
from schemasync.witnesses.metadata_mappers import TableMapping
from schemasync.witnesses.source_lines import SourceLines

_UNIQUE = (PrimaryKeyConstraint, UniqueConstraint)
_Kind = Literal["many-to-one", "one-to-one", "one-to-many", "many-to-many"]


def relationships(
    table: Table, mapping: TableMapping, default_schema: str, lines: SourceLines
) -> tuple[tuple[Relationship, ...], list[str]]:
    """A table's relationships by name, those of `viewonly=True` and of backrefs too; notes on what cannot be stated."""
    found: dict[str, Relationship] = {}
    notes: list[str] = []
    for mapper in mapping.mappers:
        for declared in mapper.relationships:
            if declared.parent is not mapper or declared.key in found:
                continue
            target = declared.mapper.local_table
            if not isinstance(target, Table):
                notes.append(f"{mapper.class_.__name__}.{declared.key} leads to no table; it is not compared.")
                continue
            found[declared.key] = _relationship(declared, table, target, default_schema, lines)
    return tuple(found[name] for name in sorted(found)), notes


def _relationship(
    declared: RelationshipProperty[Any], table: Table, target: Table, default_schema: str, lines: SourceLines
) -> Relationship:
    on_this_side = declared.direction is RelationshipDirection.MANYTOONE
    secondary = declared.secondary
    reverse = sorted(other.key for other in declared._reverse_property)
    return Relationship(
        name=declared.key,
        kind=_kind(declared, table),
        target_schema=target.schema or default_schema,
        target_table=target.name,
        columns=_key_columns(declared),
        on_this_side=on_this_side,
        secondary=str(getattr(secondary, "name", secondary)) if secondary is not None else None,
        reverse=reverse[0] if reverse else None,
        location=_location(declared, lines),
    )


def _kind(declared: RelationshipProperty[Any], table: Table) -> _Kind:
    """The kind; a foreign key that is unique makes a one-to-one, for an attribute looks the same either way."""
    if declared.direction is RelationshipDirection.MANYTOMANY:
        return "many-to-many"
    if declared.direction is RelationshipDirection.ONETOMANY:
        return "one-to-many" if declared.uselist else "one-to-one"
    single = any(not other.uselist for other in declared._reverse_property)
    return "one-to-one" if single or _is_unique(table, _key_columns(declared)) else "many-to-one"


def _is_unique(table: Table, columns: Sequence[str]) -> bool:
    wanted = set(columns)
    keys: list[Any] = [item.columns for item in table.constraints if isinstance(item, _UNIQUE)]
    keys += [index.columns for index in table.indexes if index.unique and option(index, "where") is None]
    return bool(wanted) and any({column.name for column in key} == wanted for key in keys)


def _key_columns(declared: RelationshipProperty[Any]) -> tuple[str, ...]:
    """The foreign key's columns, in the key's own order where a constraint has them."""
    if declared.direction is RelationshipDirection.MANYTOMANY:
        pairs = declared.secondary_synchronize_pairs or []
    else:
        pairs = declared.synchronize_pairs or []
    columns = [key for _, key in pairs] or [_referencing(declared, *pair) for pair in declared.local_remote_pairs or []]
    if not columns:
        return ()
    for constraint in sorted(getattr(columns[0].table, "foreign_key_constraints", ()), key=str):
        if {element.parent for element in constraint.elements} == set(columns):
            return tuple(element.parent.name for element in constraint.elements)
    return tuple(dict.fromkeys(column.name for column in columns))


def _referencing(declared: RelationshipProperty[Any], local: Any, remote: Any) -> Any:
    """The column of a pair that refers to the other, for a join that no foreign key backs."""
    return local if declared.direction is RelationshipDirection.MANYTOONE else remote


def _location(declared: RelationshipProperty[Any], lines: SourceLines) -> Location | None:
    """The attribute's line; that of the other end for an attribute that a backref makes."""
    own = lines.of_attribute(declared.parent.class_, declared.key)
    if own is not None:
        return own
    others = sorted(declared._reverse_property, key=lambda other: other.key)
    places = (lines.of_attribute(other.parent.class_, other.key) for other in others)
    return next((place for place in places if place is not None), None)
