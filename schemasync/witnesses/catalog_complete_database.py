"""The SQL for what `pg_dump --create` prints about the database itself, and about what PostgreSQL and extensions bring.

Each row is an object, as in `catalog_complete_tables`. The database's name is no fact: a copy has another.
"""

from schemasync.witnesses.catalog_complete_privileges import granted, privileges
from schemasync.witnesses.catalog_complete_tables import objects
from schemasync.witnesses.catalog_statement import EXTENSION_MEMBER

_THIS = "d.datname = current_database()"

# An application's own setting (its name has a dot) may hold a secret: that it is set is stated, not to what.
SETTINGS = objects(
    f"""SELECT 'setting', '', NULL,
    coalesce('role ' || quote_ident(pg_get_userbyid(nullif(s.setrole, 0))) || ' in ', '') || 'the database',
     (SELECT json_object_agg(split_part(c, '=', 1), CASE WHEN split_part(c, '=', 1) LIKE '%.%'
        THEN 'set' ELSE substr(c, position('=' IN c) + 1) END ORDER BY c COLLATE "C") FROM unnest(s.setconfig) AS c)
    FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE {_THIS}"""
)

CONNECTIONS = objects(
    f"""SELECT 'setting', '', NULL, 'connections to the database', json_build_object('limit', d.datconnlimit::text)
    FROM pg_database d WHERE {_THIS} AND d.datconnlimit >= 0"""
)

OWNER = objects(
    f"""SELECT 'owner', '', NULL, 'database', json_build_object('owner', pg_get_userbyid(d.datdba))
    FROM pg_database d WHERE {_THIS}"""
)

PRIVILEGES = objects(
    f"""SELECT 'privilege', '', NULL, 'database', {privileges("d.datacl", "d.datdba")}
    FROM pg_database d WHERE {_THIS} AND {granted("d.datacl", "d", "d.datdba")}"""
)

COMMENT = objects(
    f"""SELECT 'comment', '', NULL, 'database', json_build_object('text', shobj_description(d.oid, 'pg_database'))
    FROM pg_database d WHERE {_THIS} AND shobj_description(d.oid, 'pg_database') IS NOT NULL"""
)


def _brought(name: str, acl: str, kind: str, owner: str, catalog: str, oid: str, part: str, source: str) -> str:
    """Privileges that somebody changed on what `initdb` or an extension created (`pg_init_privs`).

    Args:
        name: the object in words.
        kind: as `acldefault` names it.
        part: the column's number, or 0.
        source: tables and conditions; `n` is the object's schema.
    """
    default = f"acldefault('{kind}', {owner})"
    now, first = f"coalesce({acl}, {default})", f"coalesce(i.initprivs, {default})"
    return f"""SELECT 'privilege', CASE WHEN a.oid IS NULL THEN '' ELSE n.nspname END, NULL::text, {name},
    {privileges(now, owner)}
    FROM {source} JOIN pg_namespace n ON n.oid = o.namespace LEFT JOIN asked a ON a.oid = n.oid
    LEFT JOIN pg_init_privs i ON i.classoid = '{catalog}'::regclass AND i.objoid = {oid} AND i.objsubid = {part}
    WHERE ({acl} IS NOT NULL OR i.initprivs IS NOT NULL) AND NOT ({now} @> {first} AND {now} <@ {first})
    AND (n.nspname = 'pg_catalog'
        OR a.oid IS NOT NULL AND {oid} = ANY (ARRAY{EXTENSION_MEMBER.format(catalog=catalog)}))"""


_IN = "CASE WHEN a.oid IS NULL THEN quote_ident(n.nspname) || '.' ELSE '' END"
BROUGHT = (
    objects(
        _brought(
            f"'function ' || {_IN} || o.proname || '(' || pg_get_function_identity_arguments(o.oid) || ')'",
            "o.proacl",
            "f",
            "o.proowner",
            "pg_proc",
            "o.oid",
            "0",
            "(SELECT p.*, p.pronamespace AS namespace FROM pg_proc p) o",
        )
    ),
    objects(
        _brought(
            f"'table ' || {_IN} || o.relname",
            "o.relacl",
            "r",
            "o.relowner",
            "pg_class",
            "o.oid",
            "0",
            "(SELECT c.*, c.relnamespace AS namespace FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')) o",
        )
    ),
    objects(
        _brought(
            f"'sequence ' || {_IN} || o.relname",
            "o.relacl",
            "s",
            "o.relowner",
            "pg_class",
            "o.oid",
            "0",
            "(SELECT c.*, c.relnamespace AS namespace FROM pg_class c WHERE c.relkind = 'S') o",
        )
    ),
    objects(
        _brought(
            f"'column ' || {_IN} || o.relname || '.' || o.attname",
            "o.attacl",
            "c",
            "o.relowner",
            "pg_class",
            "o.attrelid",
            "o.attnum",
            "(SELECT b.attrelid, b.attnum, b.attname, b.attacl, c.relname, c.relowner, c.relnamespace AS namespace"
            " FROM pg_attribute b JOIN pg_class c ON c.oid = b.attrelid WHERE b.attnum > 0 AND NOT b.attisdropped) o",
        )
    ),
)

DATABASE_QUERIES = (SETTINGS, CONNECTIONS, OWNER, PRIVILEGES, COMMENT, *BROUGHT)
