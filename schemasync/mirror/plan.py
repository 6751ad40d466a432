"""What is to be mirrored, in which style, on which base, and what everything is called."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemasync.errors import ConfigurationError, SchemasyncError
from schemasync.mirror.base import Base, find_base
from schemasync.mirror.layout import LINE_LENGTH
from schemasync.mirror.naming import Key, Names, attribute_name, chosen_names
from schemasync.mirror.relationships import RelationshipWriter
from schemasync.mirror.styles import STYLES, Style
from schemasync.ownership import Ownership, owner_of
from schemasync.schema.model import Enum, Schema, Table


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the writers need.

    Args:
        models: the tables and views that become classes, or in the Core style all tables.
        join_tables: the tables of implicit many-to-many relations, and what their variables are called.
        enums: those that the tables use, and those that nothing uses.
        default_schema: the PostgreSQL schema that is not named.
        width: how long a line may be.
    """

    style: Style
    base: Base
    models: tuple[Table, ...]
    join_tables: Mapping[Key, str]
    tables: Mapping[Key, Table]
    enums: tuple[Enum, ...]
    names: Names
    writer: RelationshipWriter
    default_schema: str = "public"
    width: int = LINE_LENGTH


def planned(
    schema: Schema,
    style: Style = "declarative",
    base: str | None = None,
    *,
    ownership: Ownership | None = None,
    names: Mapping[str, str] | None = None,
    path: Sequence[Path] = (),
    default_schema: str = "public",
    width: int = LINE_LENGTH,
) -> Plan:
    """What to write for the Prisma-owned tables of a schema.

    Args:
        schema: what the owner states.
        base: `module:attribute` of the base class, of a Flask-SQLAlchemy `db`, or in the Core style of a MetaData.
        ownership: which tables are Prisma's and which of them are mirrored; all by default.
        names: names that the user chose: by `Model`, `Model.field`, `table` or `table.column`.
        path: the folders where the base's module is looked for.
        width: how long a line may be.

    Raises:
        ConfigurationError: the style is unknown, the base no reference, or a chosen name no identifier.
        SchemasyncError: there is nothing to mirror.
    """
    if style not in STYLES:
        raise ConfigurationError(f"there is no mirror style {style!r}", hint=f"the styles are {', '.join(STYLES)}")
    tables = {table.key: table for table in mirrored(schema, ownership or Ownership())}
    if not tables:
        raise SchemasyncError(
            "there is no table to mirror", hint="[ownership] gives all of them to SQLAlchemy, or mirror is none"
        )
    found = _default_base(style) if base is None else find_base(base, style, path)
    joins = {
        key
        for table in tables.values()
        for one in table.relationships
        if one.secondary is not None
        for key in ((table.schema, one.secondary), (one.target_schema, one.secondary))
        if key in tables and tables[key].model is None
    }
    core = style == "table"
    models = tuple(table for key, table in tables.items() if core or key not in joins)
    used = {(column.type.schema or "", column.type.name) for table in tables.values() for column in table.columns}
    ours = tuple(enum for enum in schema.enums if enum.key in used or schema.witness == "prisma")
    chosen = chosen_names(
        models, ours, settings=names, reserved=found.members, class_names={found.name, found.expression}, core=core
    )
    taken = chosen.taken()
    variables: dict[Key, str] = {}
    for key in sorted(joins) if not core else ():
        plain = attribute_name(key[1])
        variables[key] = plain if plain not in taken else f"{plain}_table"
        taken.add(variables[key])
    writer = RelationshipWriter(tables, chosen, variables)
    return Plan(style, found, models, variables, tables, ours, chosen, writer, default_schema, width)


def mirrored(schema: Schema, ownership: Ownership) -> Iterable[Table]:
    """The tables and views that are Prisma's and need a mirror, in the schema's order."""
    for table in schema.tables:
        if ownership.is_ignored(*table.key) or not ownership.needs_mirror(*table.key):
            continue
        if schema.witness == "prisma" and owner_of(table.key, {"prisma": schema}, ownership) != "prisma":
            continue
        if ownership.configured_owner(*table.key) != "sqlalchemy":
            yield table


def _default_base(style: Style) -> Base:
    if style == "table":
        return Base(None, "metadata", "metadata")
    return Base(None, "Model", "Model") if style == "flask-sqlalchemy" else Base(None, "Base", "Base")
