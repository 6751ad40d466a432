"""SQLAlchemy's constraints: keys, uniques, foreign keys, checks and exclusions."""

import re
from collections.abc import Iterable
from typing import Any, get_args

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.exc import SQLAlchemyError

from schemasync.schema.model import Action, Check, Exclusion, ForeignKey, PrimaryKey, Unique
from schemasync.witnesses.metadata_dialect import Spelling, option
from schemasync.witnesses.source_lines import TableLines

_ACTIONS: tuple[Action, ...] = get_args(Action)


def primary_key(table: Table, spelling: Spelling, lines: TableLines) -> PrimaryKey | None:
    """A table's primary key, or None."""
    key = table.primary_key
    columns = tuple(column.name for column in key.columns)
    if not columns:
        return None
    deferrable, deferred = _deferral(key)
    name = spelling.name_of(key)
    return PrimaryKey(columns, name, deferrable, deferred, lines.of_constraint(name, columns))


def uniques(table: Table, spelling: Spelling, lines: TableLines) -> tuple[Unique, ...]:
    """The unique constraints, by name and columns."""
    found = []
    for constraint in _constraints(table, spelling):
        if not isinstance(constraint, UniqueConstraint) or not len(constraint.columns):
            continue
        columns = tuple(column.name for column in constraint.columns)
        name = spelling.name_of(constraint)
        deferrable, deferred = _deferral(constraint)
        found.append(
            Unique(
                columns,
                name,
                deferrable,
                deferred,
                option(constraint, "nulls_not_distinct") is True,
                included(constraint, table),
                lines.of_constraint(name, columns),
            )
        )
    return tuple(sorted(found, key=lambda unique: (unique.name or "", unique.columns)))


def foreign_keys(
    table: Table, spelling: Spelling, default_schema: str, lines: TableLines
) -> tuple[tuple[ForeignKey, ...], list[str]]:
    """The foreign keys, by name and columns; and what could not be stated, as notes."""
    found: list[ForeignKey] = []
    notes: list[str] = []
    for constraint in _constraints(table, spelling):
        if not isinstance(constraint, ForeignKeyConstraint):
            continue
        columns = tuple(element.parent.name for element in constraint.elements)
        targets = [_target(element, default_schema) for element in constraint.elements]
        name = spelling.name_of(constraint)
        deferrable, deferred = _deferral(constraint)
        where = f"{table.fullname}({', '.join(columns)})"
        found.append(
            ForeignKey(
                columns,
                targets[0][0],
                targets[0][1],
                tuple(target[2] for target in targets),
                name,
                _action(constraint.ondelete, "DELETE", where, notes),
                _action(constraint.onupdate, "UPDATE", where, notes),
                (constraint.match or "").upper() == "FULL",
                deferrable,
                deferred,
                not option(constraint, "not_valid"),
                lines.of_constraint(name, columns),
            )
        )
    return tuple(sorted(found, key=lambda key: (key.name or "", key.columns, key.referenced_table))), notes


def checks(table: Table, spelling: Spelling, lines: TableLines) -> tuple[tuple[Check, ...], list[str]]:
    """The CHECK constraints, those of `create_constraint=True` types too; and notes on what could not be stated."""
    found: list[Check] = []
    notes: list[str] = []
    on_columns = [item for column in table.columns for item in column.constraints]
    for constraint in (*_constraints(table, spelling), *on_columns):
        if not isinstance(constraint, CheckConstraint):
            continue
        name = spelling.name_of(constraint)
        columns = tuple(column.name for column in getattr(constraint, "columns", ()))
        try:
            expression = spelling.expression(constraint.sqltext)
        except SQLAlchemyError as error:
            notes.append(f"A check of {table.fullname} could not be written as SQL: {str(error).splitlines()[0]}")
            continue
        parent = getattr(constraint.parent, "name", "")
        location = lines.of_constraint(name, columns or (str(parent),))
        found.append(Check(expression, name, not option(constraint, "not_valid"), location=location))
    return tuple(sorted(found, key=lambda check: (check.name or "", check.expression))), notes


def exclusions(table: Table, spelling: Spelling, lines: TableLines) -> tuple[Exclusion, ...]:
    """The exclusion constraints, by name and definition."""
    found = []
    for constraint in _constraints(table, spelling):
        if isinstance(constraint, ExcludeConstraint):
            name = spelling.name_of(constraint)
            found.append(Exclusion(_exclusion(constraint, spelling), name, lines.of_constraint(name, ())))
    return tuple(sorted(found, key=lambda exclusion: (exclusion.name or "", exclusion.definition)))


def _exclusion(constraint: ExcludeConstraint, spelling: Spelling) -> str:
    """The definition as PostgreSQL prints it, which puts an operator's brackets inside those of WHERE."""
    written = str(spelling.ddl.process(constraint))
    definition = written[written.index("EXCLUDE USING") :].strip()
    if constraint.where is None:
        return definition
    condition = spelling.expression(constraint.where)
    if not re.fullmatch(r'[\w."]+(?:\([^()]*\))?', condition):
        condition = f"({condition})"
    deferral = spelling.ddl.define_constraint_deferrability(constraint)
    return f"{definition.partition(' WHERE (')[0]} WHERE ({condition}){deferral}"


def included(item: Any, table: Table) -> tuple[str, ...]:
    """The columns of an INCLUDE, given as columns or by their keys."""
    given: Iterable[Any] = option(item, "include") or ()
    return tuple(
        table.columns[column].name if isinstance(column, str) and column in table.columns else str(_name(column))
        for column in given
    )


def _name(column: Any) -> Any:
    return getattr(column, "name", column)


def _constraints(table: Table, spelling: Spelling) -> list[Any]:
    """The constraints that CREATE TABLE would write for PostgreSQL; a Boolean's check, for one, it would not."""
    return [item for item in table.constraints if item._should_create_for_compiler(spelling.ddl)]


def _deferral(constraint: Any) -> tuple[bool, bool]:
    """Whether it is deferrable and initially deferred; the second implies the first (manual, "CREATE TABLE")."""
    deferred = (constraint.initially or "").upper() == "DEFERRED"
    return bool(constraint.deferrable) or deferred, deferred


def _action(given: str | None, event: str, where: str, notes: list[str]) -> Action:
    text = " ".join((given or "NO ACTION").upper().split())
    plain = re.sub(r"^(SET (?:NULL|DEFAULT)) ?\(.*\)$", r"\1", text)
    if plain != text:
        notes.append(f"ON {event} {given} of {where}: the columns in brackets are not compared.")
    for action in _ACTIONS:
        if action == plain:
            return action
    notes.append(f"ON {event} {given} of {where} is no action that PostgreSQL has; it is taken for NO ACTION.")
    return "NO ACTION"


def _target(element: Any, default_schema: str) -> tuple[str, str, str]:
    """Schema, table and column that a foreign key points to, also where the metadata lacks that table."""
    try:
        column = element.column
    except SQLAlchemyError:
        *schema, table, name = [*_split_target(element)]
        metadata_schema = element.parent.table.metadata.schema
        return (schema[0] if schema else metadata_schema or default_schema, table, name)
    return (column.table.schema or default_schema, column.table.name, column.name)


def _split_target(element: Any) -> list[str]:
    parts = str(element.target_fullname).split(".")
    if len(parts) == 1:
        return [parts[0], element.parent.name]
    return [".".join(parts[:-2]), *parts[-2:]] if len(parts) > 2 else parts
