"""The complete facts of what is protected, before and after: the same reader and the same comparison as everywhere.

What `read_database(complete=True)` leaves out because it is no part of a schema is added as further objects: the
identities (oids and files) that tell a swapped or rewritten table from an untouched one, and the settings and roles
of the database.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from schemasync.migrate.inventory import plain_cursor
from schemasync.migrate.protected import Protection
from schemasync.ownership import Ownership
from schemasync.schema.model import CatalogObject, Schema
from schemasync.witnesses.database import read_database

if TYPE_CHECKING:
    from schemasync.compare.drift import Drift

# Kinds whose every new object concerns everybody; of the others, new ones are the migration's own.
FOR_EVERYBODY = frozenset({"event-trigger", "publication", "subscription", "cast", "language", "transform"})
# Objects about another object are named by its kind and name: "function f(integer)".
ABOUT = frozenset({"owner", "privilege", "comment", "security-label", "storage"})
EVERYBODY = ("role ", "settings ", "default for ", "membership ")

_USER = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"

# A file number changes with TRUNCATE, a rewrite and ALTER SEQUENCE … RESTART; a column number with drop and add.
# A child adds its rows to what its parent shows. A foreign key's trigger that is off no longer checks.
# The last column has names and values in turns.
IDENTITIES = f"""
SELECT n.nspname, CASE WHEN c.relkind IN ('S') THEN NULL ELSE coalesce(t.relname, c.relname) END,
    CASE c.relkind WHEN 'S' THEN 'sequence ' || c.relname WHEN 'i' THEN 'identity of index ' || c.relname
        WHEN 'I' THEN 'identity of index ' || c.relname ELSE 'identity' END,
    ARRAY['oid', c.oid::text, 'file', c.relfilenode::text,
    'columns', CASE WHEN c.relkind NOT IN ('S', 'i', 'I') THEN (SELECT string_agg(a.attnum || ' ' || a.attname, ', '
        ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) END,
    'children', CASE WHEN c.relkind NOT IN ('i', 'I') THEN h.children END,
    'triggers of keys that are off', g.triggers]
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
    LEFT JOIN pg_class t ON t.oid = i.indrelid
    LEFT JOIN (SELECT inhparent, string_agg(inhrelid::text, ', ' ORDER BY inhrelid) AS children
        FROM pg_inherits GROUP BY inhparent) h ON h.inhparent = c.oid
    LEFT JOIN (SELECT g.tgrelid, string_agg(k.conname, ', ' ORDER BY k.conname) AS triggers
        FROM pg_trigger g JOIN pg_constraint k ON k.oid = g.tgconstraint
        WHERE g.tgisinternal AND g.tgenabled <> 'O' GROUP BY g.tgrelid) g ON g.tgrelid = c.oid
WHERE {_USER} AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I')
UNION ALL
SELECT n.nspname, NULL, 'type ' || t.typname, ARRAY['oid', t.oid::text, 'labels',
    (SELECT string_agg(e.oid::text, ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)]
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE {_USER} AND t.typtype IN ('e', 'd', 'r')
UNION ALL
SELECT n.nspname, NULL, 'function ' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
    ARRAY['oid', p.oid::text] FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {_USER}
UNION ALL
SELECT n.nspname, NULL, 'schema ' || n.nspname, ARRAY['oid', n.oid::text] FROM pg_namespace n WHERE {_USER}
UNION ALL
SELECT '', NULL, 'settings of ' || coalesce(r.rolname, 'all roles') || ' in ' || coalesce(d.datname, 'all databases'),
    ARRAY['digest', md5(s.setconfig::text)]
FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
WHERE s.setdatabase = 0 OR d.datname = current_database()
UNION ALL
SELECT '', NULL, 'role ' || r.rolname, ARRAY['attributes', concat_ws(' ', r.rolsuper, r.rolinherit,
    r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication, r.rolbypassrls, r.rolconnlimit, r.rolvaliduntil)]
FROM pg_roles r WHERE r.rolname !~ '^pg_'
UNION ALL
SELECT '', NULL, 'settings of the database', ARRAY['attributes', concat_ws(' ', d.datname, d.datdba,
    d.datconnlimit, d.datallowconn, d.datistemplate, d.datacl::text,
    shobj_description(d.oid, 'pg_database'))]
FROM pg_database d WHERE d.datname = current_database()
UNION ALL
SELECT '', NULL, 'membership in ' || g.rolname, ARRAY['members', string_agg(m.rolname || ' '
    || a.admin_option, ', ' ORDER BY m.rolname)]
FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member GROUP BY g.rolname
"""

# A new password keeps an application out. Only a digest of what PostgreSQL keeps is read.
PASSWORDS = """SELECT '', NULL, 'role ' || rolname || ' logs in with', ARRAY['digest', md5(rolpassword)]
FROM pg_authid WHERE rolpassword IS NOT NULL"""


def read_facts(connection: Any) -> Schema:
    """Everything that the database states, as the connection's transaction sees it.

    Args:
        connection: a psycopg2 connection; its transaction goes on.

    Raises:
        DatabaseError: the catalogue could not be read.
    """
    schema = read_database(connection, None, complete=True)
    with plain_cursor(connection) as cursor:
        cursor.execute("SELECT pg_catalog.current_setting('search_path')")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false)")
        try:
            cursor.execute(IDENTITIES)
            rows = cursor.fetchall()
            cursor.execute("SELECT has_table_privilege('pg_authid', 'SELECT')")
            if cursor.fetchone()[0]:
                cursor.execute(PASSWORDS)
                rows += cursor.fetchall()
        finally:
            cursor.execute("SELECT pg_catalog.set_config('search_path', %s, false)", (before,))
    objects = [
        CatalogObject("storage", namespace, name, table, _stated(attributes))
        for namespace, table, name, attributes in rows
    ]
    objects.sort(key=lambda item: (item.key, item.attributes))  # the server gives them in no order
    return dataclasses.replace(schema, objects=schema.objects + tuple(objects))


def _stated(attributes: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    """Names and values in turns, as pairs; what has no value is left out."""
    return tuple(pair for pair in zip(attributes[::2], attributes[1::2], strict=True) if pair[1])


def protected_facts(schema: Schema, protection: Protection, *, before: Schema | None = None) -> Schema:
    """The part of a schema that must stay as it is.

    Args:
        schema: everything.
        protection: what is protected.
        before: everything before the run; None where `schema` is that.
    """
    tables = {(thing.schema, thing.name) for thing in protection.protected if thing.kind in _TABLES}
    enums = {(thing.schema, thing.name) for thing in protection.protected if thing.kind == "enum"}
    earlier = {item.key for item in (before or schema).objects}
    return dataclasses.replace(
        schema,
        tables=tuple(table for table in schema.tables if table.key in tables),
        enums=tuple(enum for enum in schema.enums if enum.key in enums),
        objects=tuple(item for item in schema.objects if _is_protected(item, protection, tables, earlier)),
        source="",
        notes=(),
    )


_TABLES = frozenset({"table", "view", "materialized-view"})


def _is_protected(
    item: CatalogObject,
    protection: Protection,
    tables: set[tuple[str, str]],
    earlier: set[tuple[str, str, str, str]],
) -> bool:
    if item.table is not None:
        return (item.schema, item.table) in tables
    if item.kind in ("view", "materialized-view"):
        return (item.schema, item.name) in tables
    if item.kind == "extension":
        return item.key in earlier and item.name not in protection.extensions
    if item.kind in FOR_EVERYBODY:
        return True
    if item.kind in ABOUT:
        if item.name.startswith("role "):
            return item.key in earlier
        if item.name.startswith(EVERYBODY):
            return True
        return _subject_is_protected(item.schema, item.name, protection, item.key in earlier)
    kinds = ("type", "domain", "enum") if item.kind in ("type", "domain") else (item.kind,)
    if any((kind, item.schema, item.name) in protection.known for kind in kinds):
        return any((kind, item.schema, item.name) in protection.names for kind in kinds)
    return item.key in earlier


def _subject_is_protected(schema: str, name: str, protection: Protection, was_there: bool) -> bool:
    """Whether what a privilege, owner, comment or identity is about is protected; what is new is not."""
    kind, _, subject = name.partition(" ")
    if kind == "schema":
        subject = subject or schema
    kinds = ("type", "domain", "enum") if kind == "type" else (kind,)
    keys = [(one, schema, subject) for one in kinds]
    if any(key in protection.known for key in keys):
        return any(key in protection.names for key in keys)
    return was_there


def breaches(before: Schema, after: Schema, protection: Protection) -> "tuple[Drift, ...]":
    """What has changed of what is protected.

    Args:
        before, after: everything, as `read_facts` read it.
        protection: what was protected before the run.
    """
    expected = dataclasses.replace(protected_facts(before, protection), witness="snapshot")
    found = protected_facts(after, protection, before=before)
    if dataclasses.replace(expected, witness="database") == found:
        return ()
    from schemasync.compare.engine import compare_witnesses

    # Whoever owns a table, it must not change; the owner is named beside the finding.
    rules = Ownership(mirror=(), history_tables=frozenset())
    drifts = compare_witnesses({"snapshot": expected, "database": found}, rules).drifts
    # What nobody's comparison asks about (an enum's comment) is a fact all the same.
    return drifts or tuple(_unnamed(expected, found))


def _unnamed(expected: Schema, found: Schema) -> "Iterable[Drift]":
    """A breach for each table and enum that differs in something that the comparison passes over."""
    from schemasync.compare.drift import Drift

    pairs = (
        (expected.table_by_key, found.table_by_key, "table"),
        (expected.enum_by_key, found.enum_by_key, "enum"),
    )
    for before, after, word in pairs:
        for key in sorted(before.keys() | after.keys()):
            if before.get(key) != after.get(key):
                name = key[1]
                yield Drift(
                    kind="fence-breach",
                    severity="error",
                    owner=None,
                    schema=key[0],
                    table=name if word == "table" else None,
                    object=None if word == "table" else name,
                    values={"snapshot": "as it was", "database": "changed"},
                    behind=("database",),
                    message=f"the {word} {name} is not what it was in the database",
                    breaks="Its owner's migrations no longer describe it.",
                    fix=f"restore the {word} {name}",
                    locations=(),
                )
