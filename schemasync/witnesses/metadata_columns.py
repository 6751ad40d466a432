"""A SQLAlchemy column as a column of PostgreSQL, with the attribute that maps it."""

from typing import Any

from sqlalchemy import Column as DeclaredColumn
from sqlalchemy.exc import SQLAlchemyError

from schemasync.schema.model import Column, Location
from schemasync.witnesses import metadata_defaults as defaults
from schemasync.witnesses.metadata_dialect import Spelling
from schemasync.witnesses.metadata_mappers import TableMapping
from schemasync.witnesses.metadata_types import UNKNOWN, TypeNotSpokenError, collation, data_type
from schemasync.witnesses.python_types import PythonTypes


def column_of(
    declared: DeclaredColumn[Any],
    mapping: TableMapping,
    spelling: Spelling,
    python_types: PythonTypes,
    default_schema: str,
    location: Location | None,
) -> tuple[Column, list[str]]:
    """A column, and notes on what SQLAlchemy could not write for PostgreSQL."""
    notes: list[str] = []
    where = f"{declared.table.fullname}.{declared.name}"
    try:
        type_ = data_type(declared.type, spelling, default_schema)
    except TypeNotSpokenError as reason:
        notes.append(f"The type of {where} is unknown: {reason}.")
        type_ = UNKNOWN
    field, model = mapping.fields.get(declared.name, (None, None))
    column = Column(
        name=declared.name,
        type=type_,
        nullable=bool(declared.nullable),
        default=_spelled(defaults.server_default, declared, spelling, "server default", where, notes),
        client_default=_spelled(defaults.client_default, declared, spelling, "default", where, notes)
        or defaults.constructor_default(model, field),
        on_update=_spelled(defaults.on_update, declared, spelling, "onupdate", where, notes),
        identity=defaults.identity(declared, type_),
        generated=_spelled(defaults.generated, declared, spelling, "generation expression", where, notes),
        collation=collation(declared.type, spelling),
        comment=declared.comment,
        python_type=python_types.of(model, field) if model is not None and field is not None else None,
        field=field,
        location=location,
    )
    return column, notes


def _spelled(read: Any, declared: Any, spelling: Spelling, what: str, where: str, notes: list[str]) -> Any:
    """What a reader makes of a column; None and a note where SQLAlchemy cannot write the expression."""
    try:
        return read(declared, spelling)
    except SQLAlchemyError as error:
        notes.append(f"The {what} of {where} could not be written as SQL: {str(error).splitlines()[0]}")
        return None
