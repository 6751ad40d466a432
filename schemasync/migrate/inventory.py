"""What a database holds, by oid: relations, indexes, sequences, types, functions, and which tables use them.

Names change during a migration and can be swapped; oids cannot. They are read before it, with `pg_catalog` alone in
the search path (PostgreSQL manual, "System Catalogs", `pg_depend`).
"""

from typing import Any

from schemasync.records import record

RELATION, TYPE, FUNCTION, SCHEMA = "pg_class", "pg_type", "pg_proc", "pg_namespace"

_USER = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
_NO_EXTENSION = """NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{0}'::regclass AND e.objid = {1}
    AND e.deptype = 'e')"""

# Each thing with the table that it is part of (an index's, an owned sequence's) and its name as `CatalogObject`s have.
THINGS = f"""
SELECT 'pg_class', c.oid, n.nspname, CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'i' THEN 'index' WHEN 'I' THEN 'index'
    WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view' ELSE 'table' END, c.relname, coalesce(i.indrelid, (SELECT
    d.refobjid FROM pg_depend d WHERE c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid
    AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') LIMIT 1))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
WHERE {_USER} AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I')
UNION ALL
SELECT 'pg_type', t.oid, n.nspname, CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'type' END,
    t.typname, NULL FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE {_USER} AND (t.typtype IN ('b', 'd', 'e', 'r') OR c.relkind = 'c') AND NOT EXISTS (SELECT FROM pg_type a
    WHERE a.typarray = t.oid) AND {_NO_EXTENSION.format("pg_type", "t.oid")}
UNION ALL
SELECT 'pg_proc', p.oid, n.nspname, 'function', p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
    NULL FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE {_USER} AND {_NO_EXTENSION.format("pg_proc", "p.oid")}
UNION ALL
SELECT 'pg_namespace', n.oid, n.nspname, 'schema', n.nspname, NULL FROM pg_namespace n WHERE {_USER}
"""

# From each type, function and sequence along pg_depend to the tables whose columns, defaults, constraints, indexes,
# triggers, policies and views need it.
USES = f"""
WITH RECURSIVE start AS (
    SELECT 'pg_type'::regclass::oid AS class, t.oid FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE {_USER} AND t.typtype <> 'c'
    UNION ALL SELECT 'pg_proc'::regclass::oid, p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE {_USER}
    UNION ALL SELECT 'pg_class'::regclass::oid, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {_USER} AND c.relkind = 'S'),
needs (thing, class, oid) AS (
    SELECT s.oid, s.class, s.oid FROM start s
    UNION SELECT n.thing, d.classid, d.objid FROM needs n JOIN pg_depend d ON d.refclassid = n.class
        AND d.refobjid = n.oid AND d.deptype IN ('n', 'a', 'i')
    WHERE n.class IN ('pg_type'::regclass, 'pg_proc'::regclass, 'pg_attrdef'::regclass)
        OR n.class = 'pg_class'::regclass AND n.oid = n.thing)
SELECT DISTINCT n.thing, coalesce(i.indrelid, c.oid, f.adrelid, k.conrelid, t.tgrelid, p.polrelid, r.ev_class)
FROM needs n
LEFT JOIN pg_class c ON n.class = 'pg_class'::regclass AND c.oid = n.oid AND c.relkind <> 'S'
LEFT JOIN pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_attrdef f ON n.class = 'pg_attrdef'::regclass AND f.oid = n.oid
LEFT JOIN pg_constraint k ON n.class = 'pg_constraint'::regclass AND k.oid = n.oid AND k.conrelid <> 0
LEFT JOIN pg_trigger t ON n.class = 'pg_trigger'::regclass AND t.oid = n.oid
LEFT JOIN pg_policy p ON n.class = 'pg_policy'::regclass AND p.oid = n.oid
LEFT JOIN pg_rewrite r ON n.class = 'pg_rewrite'::regclass AND r.oid = n.oid
WHERE coalesce(i.indrelid, c.oid, f.adrelid, k.conrelid, t.tgrelid, p.polrelid, r.ev_class) IS NOT NULL
"""


@record(frozen=True, slots=True)
class Thing:
    """One object of a database.

    Args:
        catalog: the system catalogue that holds it: `pg_class`, `pg_type`, `pg_proc`, `pg_namespace`.
        oid: its oid there.
        schema, kind, name: as the facts name it.
        table: the oid of the table that it is a part of, for indexes and owned sequences.
        used_by: the oids of the tables and views that need it.
    """

    catalog: str
    oid: int
    schema: str
    kind: str
    name: str
    table: int | None = None
    used_by: frozenset[int] = frozenset()

    def __str__(self) -> str:
        return f"{self.kind} {self.name if self.kind == 'schema' else f'{self.schema}.{self.name}'}"


def read_inventory(connection: Any) -> tuple[Thing, ...]:
    """Everything in all schemas but the system's.

    Args:
        connection: a psycopg2 connection; its transaction and search path stay as they are.
    """
    with plain_cursor(connection) as cursor:
        # "pg_temp" last: a temporary table must not stand in for a catalogue.
        cursor.execute("SELECT pg_catalog.current_setting('search_path')")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false)")
        try:
            cursor.execute(USES)
            uses: dict[int, set[int]] = {}
            for thing, table in cursor.fetchall():
                uses.setdefault(thing, set()).add(table)
            cursor.execute(THINGS)
            rows = cursor.fetchall()
        finally:
            cursor.execute("SELECT pg_catalog.set_config('search_path', %s, false)", (before,))
    return tuple(
        Thing(catalog, oid, schema, kind, name, table, frozenset(uses.get(oid, ())))
        for catalog, oid, schema, kind, name, table in rows
    )


def plain_cursor(connection: Any) -> Any:
    """A cursor of psycopg2 itself: what the fence asks the server does not pass the fence."""
    from psycopg2.extensions import cursor

    return cursor(connection)
