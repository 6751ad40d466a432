"""The set-up with least privilege: a migrating role that owns Alembic's tables only, and a role that only looks.

It must be the login role: what SET ROLE gives up, RESET ROLE takes back (PostgreSQL manual, SET ROLE). A foreign key
to a table needs REFERENCES on it and USAGE on its schema (manual, "Privileges"); the rehearsal's clone needs SELECT.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from schemasync.migrate.locks import Anchor
from schemasync.migrate.protected import Protection

MIGRATOR = "schemasync_migrator"
CHECKER = "schemasync_checker"

ATTRIBUTES = """SELECT rolsuper, rolcreaterole, rolbypassrls, rolreplication, rolcanlogin FROM pg_catalog.pg_roles
WHERE rolname = %s"""

REACHES = """SELECT n.nspname, c.relname, pg_catalog.pg_has_role(%(role)s, c.relowner, 'MEMBER'),
    pg_catalog.has_table_privilege(%(role)s, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER'),
    pg_catalog.has_table_privilege(%(role)s, c.oid, 'SELECT')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = ANY (%(oids)s::oid[]) ORDER BY 1, 2"""

OWNS = """SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = ANY (%(oids)s::oid[]) AND NOT pg_catalog.pg_has_role(%(role)s, c.relowner, 'MEMBER') ORDER BY 1, 2"""


def roles_sql(
    protection: Protection, owners: Iterable[str], *, migrator: str = MIGRATOR, checker: str = CHECKER
) -> str:
    """The set-up as SQL, for whoever administers the database to read and run.

    Args:
        protection: what is protected and what is owned.
        owners: the roles that own protected tables now and will create new ones: Prisma's login roles.
        migrator: the name of the migrating role.
        checker: the name of the checking role.
    """
    return "\n".join(_lines(protection, tuple(owners), _quoted(migrator), _quoted(checker))) + "\n"


def _lines(protection: Protection, owners: tuple[str, ...], migrator: str, checker: str) -> Iterator[str]:
    tables = [thing for thing in protection.things if thing.kind == "table"]
    guarded = protection.tables
    protected = {(thing.catalog, thing.oid) for thing in protection.protected}
    owned = [thing for thing in tables if (thing.catalog, thing.oid) not in protected]
    schemas = sorted({thing.schema for thing in tables}) or ["public"]
    yield "-- Run this once, as a superuser or the owner of the tables. Give both roles passwords of their own."
    yield "BEGIN;"
    yield f"CREATE ROLE {migrator} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;"
    yield f"CREATE ROLE {checker} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;"
    yield "-- CREATE for schemas and trusted extensions of its own, TEMPORARY for the fence's commit gate."
    grant = f"format('GRANT CREATE, TEMPORARY ON DATABASE %I TO %I', current_database(), {_literal(migrator)})"
    yield f"DO $$ BEGIN EXECUTE {grant}; END $$;"
    for schema in map(_quoted, schemas):
        yield f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {migrator};"
        yield f"GRANT USAGE ON SCHEMA {schema} TO {checker};"
    yield "-- Alembic's: the migrating role owns them."
    for thing in owned:
        yield f"ALTER TABLE {_name(thing)} OWNER TO {migrator};"
    for thing in protection.things:
        if (thing.catalog, thing.oid) not in protected and thing.kind in ("enum", "domain", "type"):
            yield f"ALTER TYPE {_name(thing)} OWNER TO {migrator};"
    yield "-- Everybody else's: enough for foreign keys and for the rehearsal's clone, not for a write."
    for thing in guarded:
        yield f"REVOKE ALL ON {_name(thing)} FROM {migrator};"
        yield f"GRANT SELECT, REFERENCES ON {_name(thing)} TO {migrator};"
    for thing in protection.protected:
        if thing.kind == "sequence":
            yield f"GRANT SELECT ON SEQUENCE {_name(thing)} TO {migrator};"
    for thing in tables:
        yield f"GRANT SELECT ON {_name(thing)} TO {checker};"
    yield "-- The same for tables that are yet to come."
    for owner in map(_quoted, sorted(owners)):
        for schema in map(_quoted, schemas):
            prefix = f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema}"
            yield f"{prefix} GRANT SELECT, REFERENCES ON TABLES TO {migrator};"
            yield f"{prefix} GRANT SELECT ON TABLES TO {checker};"
    yield "-- dblink and the like would let any role out of its transaction."
    yield f"-- The applications' roles need privileges on what {migrator} creates from now on, for instance:"
    yield f"-- ALTER DEFAULT PRIVILEGES FOR ROLE {migrator} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO …;"
    yield "COMMIT;"


def check_roles(anchor: Anchor, protection: Protection, role: str | None = None) -> tuple[str, ...]:
    """What a role may do that a migrating role should not, and what it lacks, in sentences; empty where all is well.

    Args:
        anchor: a connection to the database.
        protection: what is protected and what is owned.
        role: the role; None is the connected one.

    Raises:
        LookupError: there is no such role.
    """
    name = role or anchor.rows("SELECT session_user")[0][0]
    return tuple(_findings(anchor, protection, name))


def _findings(anchor: Anchor, protection: Protection, role: str) -> Iterator[str]:
    attributes = anchor.rows(ATTRIBUTES, role)
    if not attributes:
        raise LookupError(role)
    superuser, create_role, bypass, replication, login = attributes[0]
    if superuser:
        yield f"{role} is a superuser: no privilege holds it"
    for given, word in ((create_role, "CREATEROLE"), (bypass, "BYPASSRLS"), (replication, "REPLICATION")):
        if given:
            yield f"{role} has {word}"
    if not login:
        yield f"{role} cannot log in; a role that is only SET can be left by RESET ROLE"
    oids = [table.oid for table in protection.tables]
    for schema, table, owns, writes, reads in _rows(anchor, REACHES, role, oids):
        if owns:
            yield f"{role} owns {schema}.{table}, or is a member of the role that does"
        elif writes:
            yield f"{role} may write to {schema}.{table}"
        if not reads:
            yield f"{role} may not read {schema}.{table}, which the rehearsal's clone needs"
    protected = {(thing.catalog, thing.oid) for thing in protection.protected}
    owned = [
        thing.oid
        for thing in protection.things
        if thing.kind == "table" and (thing.catalog, thing.oid) not in protected
    ]
    for schema, table in _rows(anchor, OWNS, role, owned):
        yield f"{role} does not own {schema}.{table}, which its migrations change"


def owners_of(anchor: Anchor, protection: Protection) -> tuple[str, ...]:
    """The roles that own protected tables."""
    rows = anchor.rows(
        "SELECT DISTINCT pg_catalog.pg_get_userbyid(relowner) FROM pg_catalog.pg_class WHERE oid = ANY (%s::oid[])",
        [table.oid for table in protection.tables],
    )
    return tuple(sorted(name for (name,) in rows))


def _rows(anchor: Anchor, sql: str, role: str, oids: list[int]) -> list[tuple[Any, ...]]:
    with anchor.connection.cursor() as cursor:
        cursor.execute(sql, {"role": role, "oids": oids})
        return list(cursor.fetchall())


def _literal(quoted_name: str) -> str:
    """A quoted identifier as a string of SQL."""
    return "'" + quoted_name[1:-1].replace('""', '"').replace("'", "''") + "'"


def _name(thing: Any) -> str:
    return f"{_quoted(thing.schema)}.{_quoted(thing.name)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
