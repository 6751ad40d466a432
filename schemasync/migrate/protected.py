"""What is protected: all that the database holds, but for what the models or this chain's history own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from schemasync.migrate.history import Created
from schemasync.migrate.inventory import FUNCTION, RELATION, SCHEMA, TYPE, Thing
from schemasync.migrate.touches import Space
from schemasync.ownership import Owner, Ownership, matches, owner_of
from schemasync.schema.model import Schema

_SPACES: dict[str, Space] = {RELATION: "relation", TYPE: "type", FUNCTION: "function", SCHEMA: "schema"}
TABLE_KINDS = frozenset({"table", "view", "materialized-view"})


@dataclass(frozen=True)
class Protection:
    """The things of one database, each with whether it is protected.

    Args:
        things: everything that the database held before the run.
        owned: the oids that migrations may change, by catalogue.
        owners: the owner of each table by its key; a table that is not in it nobody declared.
        extensions: the extensions that this chain created.
    """

    things: tuple[Thing, ...]
    owned: frozenset[tuple[str, int]]
    owners: Mapping[tuple[str, str], Owner] = field(default_factory=dict)
    extensions: frozenset[str] = frozenset()

    @cached_property
    def protected(self) -> tuple[Thing, ...]:
        """Everything that must stay as it is."""
        return tuple(thing for thing in self.things if (thing.catalog, thing.oid) not in self.owned)

    @cached_property
    def tables(self) -> tuple[Thing, ...]:
        """The protected tables, views left out: what rows, locks and triggers are about."""
        return tuple(thing for thing in self.protected if thing.kind == "table")

    @cached_property
    def by_oid(self) -> dict[tuple[str, int], Thing]:
        """The protected things by catalogue and oid; an index stands for itself."""
        return {(thing.catalog, thing.oid): thing for thing in self.protected}

    @cached_property
    def plain_names(self) -> Mapping[Space, frozenset[str]]:
        """The names of what is protected, schemas and arguments left out, by what they are names of."""
        found: dict[Space, set[str]] = {"relation": set(), "type": set(), "function": set(), "schema": set()}
        for thing in self.protected:
            found[_SPACES[thing.catalog]].add(thing.name.partition("(")[0] if thing.kind == "function" else thing.name)
        return {space: frozenset(names) for space, names in found.items()}

    @cached_property
    def tables_by_oid(self) -> Mapping[int, Thing]:
        """All tables and views by oid."""
        return {item.oid: item for item in self.things if item.kind in TABLE_KINDS}

    @cached_property
    def names(self) -> frozenset[tuple[str, str, str]]:
        """Kind, schema and name of what is protected."""
        return frozenset((thing.kind, thing.schema, thing.name) for thing in self.protected)

    @cached_property
    def known(self) -> frozenset[tuple[str, str, str]]:
        """Kind, schema and name of everything that was there."""
        return frozenset((thing.kind, thing.schema, thing.name) for thing in self.things)

    def owner(self, thing: Thing) -> str | None:
        """Who owns a thing: its table's owner, else that of the tables which use it."""
        tables = self.tables_by_oid
        for oid in (thing.oid, thing.table, *sorted(thing.used_by)):
            table = tables.get(oid or 0)
            if table is not None and (table.schema, table.name) in self.owners:
                return self.owners[table.schema, table.name]
        return self.owners.get((thing.schema, thing.name))


def protection(
    things: Iterable[Thing],
    declared: Mapping[str, Schema],
    ownership: Ownership,
    created: frozenset[Created] = frozenset(),
    version_tables: Iterable[tuple[str | None, str]] = ((None, "alembic_version"),),
) -> Protection:
    """Divide what a database holds into what migrations may change and what is protected.

    Args:
        things: what it holds.
        declared: the witnesses `prisma` and `sqlalchemy`, as far as there are any.
        ownership: what the user configured.
        created: what the applied revisions created.
        version_tables: where Alembic keeps its versions, as schema (None is any) and name.

    A table is owned where the models or the applied revisions have it and Prisma does not. A type, function or
    sequence is owned where an owned table uses it, the models declare it or an applied revision created it, and
    no protected table uses it. A schema is owned where it holds owned things only. All else is protected.
    """
    things = tuple(things)
    owners = _table_owners(things, declared, ownership, created, tuple(version_tables))
    tables = {thing.oid: thing for thing in things if thing.kind in TABLE_KINDS}
    owned_tables = {oid for oid, thing in tables.items() if owners.get((thing.schema, thing.name)) == "sqlalchemy"}
    owned = {(tables[oid].catalog, oid) for oid in owned_tables}
    enums = {name: set(schema.enum_by_key) for name, schema in declared.items()}
    for thing in things:
        if thing.kind in TABLE_KINDS or thing.kind == "schema":
            continue
        if thing.table is not None:
            is_owned = thing.table in owned_tables
        else:
            key = (thing.schema, thing.name)
            users = thing.used_by & tables.keys()
            claimed = (
                key in enums.get("sqlalchemy", ())
                or bool(users)
                or _is_created(thing.kind, thing, created)
                or matches(ownership.sqlalchemy, thing.schema, thing.name)
            )
            is_owned = claimed and users <= owned_tables and key not in enums.get("prisma", ())
        if is_owned:
            owned.add((thing.catalog, thing.oid))
    for thing in things:
        if thing.kind == "schema" and thing.name != "public":
            inside = [item for item in things if item.schema == thing.schema and item.kind != "schema"]
            created_or_used = bool(inside) or _is_created("schema", thing, created)
            if created_or_used and all((item.catalog, item.oid) in owned for item in inside):
                owned.add((thing.catalog, thing.oid))
    extensions = frozenset(item.name for item in created if item.kind == "extension")
    return Protection(things, frozenset(owned), owners, extensions)


def _table_owners(
    things: Iterable[Thing],
    declared: Mapping[str, Schema],
    ownership: Ownership,
    created: frozenset[Created],
    version_tables: tuple[tuple[str | None, str], ...],
) -> dict[tuple[str, str], Owner]:
    owners: dict[tuple[str, str], Owner] = {}
    for thing in things:
        if thing.kind not in TABLE_KINDS:
            continue
        key = (thing.schema, thing.name)
        owner = owner_of(key, declared, ownership)
        if thing.name == "_prisma_migrations":
            owner = "prisma"
        is_version_table = any(thing.name == name and schema in (None, thing.schema) for schema, name in version_tables)
        if owner is None and (is_version_table or _is_created("table", thing, created)):
            owner = "sqlalchemy"
        if owner is not None:
            owners[key] = owner
    return owners


def _is_created(kind: str, thing: Thing, created: frozenset[Created]) -> bool:
    name = thing.name.partition("(")[0] if kind == "function" else thing.name
    return Created(kind, name, thing.schema) in created or Created(kind, name, None) in created
