"""Tripwires on the clone: statement triggers on protected tables that raise at any write, of no row too."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from schemasync.migrate.inventory import Thing
from schemasync.migrate.statements import REACHING
from schemasync.schema.names import quote

CODE = "SS002"
NAME = "~schemasync_tripwire"
SCHEMA = "schemasync_tripwire"
PORTION = 200


def lay(connection: Any, tables: Iterable[Thing]) -> None:
    """Lay a tripwire on each table; `ENABLE ALWAYS` holds under any `session_replication_role`.

    Args:
        connection: to the clone, in autocommit mode.
        tables: the protected tables.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""CREATE SCHEMA {SCHEMA};
            CREATE FUNCTION {SCHEMA}.raise() RETURNS trigger LANGUAGE plpgsql AS $body$
            BEGIN
                RAISE EXCEPTION '% on %.%', lower(TG_OP), TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = '{CODE}';
            END $body$"""
        )
        cursor.execute("SELECT oid FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p')")
        plain = {oid for (oid,) in cursor.fetchall()}
        statements = []
        for table in tables:
            if table.oid not in plain:
                continue
            name = f"{quote(table.schema)}.{quote(table.name)}"
            statements.append(
                f'CREATE TRIGGER "{NAME}" BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {name} '
                f"FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.raise(); "
                f'ALTER TABLE {name} ENABLE ALWAYS TRIGGER "{NAME}"'
            )
        for some in _portions(statements):
            cursor.execute("; ".join(some))


def block_reaching(connection: Any) -> None:
    """Have extensions that open connections raise instead: what they reach would be the live database.

    Args:
        connection: to the clone, in autocommit mode; nothing is done where its role is no superuser.
    """
    names = ", ".join(f"'{name}'" for name in REACHING)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            return
        cursor.execute(
            f"""CREATE FUNCTION {SCHEMA}.reach() RETURNS event_trigger LANGUAGE plpgsql AS $body$
            BEGIN
                IF EXISTS (SELECT FROM pg_catalog.pg_event_trigger_ddl_commands() c
                        JOIN pg_catalog.pg_extension e ON c.objid = e.oid
                        AND c.classid = 'pg_catalog.pg_extension'::regclass
                        AND e.extname IN ({names}))
                THEN
                    RAISE EXCEPTION 'create an extension that reaches outside of this transaction'
                        USING ERRCODE = '{CODE}';
                END IF;
            END $body$;
            CREATE EVENT TRIGGER "{NAME}" ON ddl_command_end WHEN TAG IN ('CREATE EXTENSION')
                EXECUTE FUNCTION {SCHEMA}.reach()"""
        )
        cursor.execute(
            f"""SELECT pg_catalog.format('CREATE OR REPLACE FUNCTION %I.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L',
                n.nspname, p.proname, pg_catalog.pg_get_function_arguments(p.oid),
                pg_catalog.pg_get_function_result(p.oid), pg_catalog.format('BEGIN RAISE EXCEPTION %L USING '
                'ERRCODE = %L; END', 'reach outside by ' || p.proname, '{CODE}'))
            FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid
                AND d.deptype = 'e' AND d.refclassid = 'pg_catalog.pg_extension'::regclass
                JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
            WHERE e.extname = 'dblink' AND p.prokind = 'f' AND p.prorettype <> 'trigger'::regtype"""
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def sequence_values(connection: Any, sequences: Iterable[Thing]) -> dict[int, tuple[int, bool]]:
    """Where sequences stand; on a clone nobody else moves them, so that a hidden setval shows.

    Args:
        connection: to the clone.
        sequences: the protected sequences, by oid; one that is gone is left out.
    """
    found: dict[int, tuple[int, bool]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::bigint, oid::regclass::text FROM pg_catalog.pg_class WHERE oid = ANY (%s::oid[])",
            ([sequence.oid for sequence in sequences],),
        )
        questions = [f"SELECT {oid}::bigint, last_value, is_called FROM {name}" for oid, name in cursor.fetchall()]
        for some in _portions(questions):
            cursor.execute(" UNION ALL ".join(some))
            found.update((oid, (value, is_called)) for oid, value, is_called in cursor.fetchall())
    return found


def _portions(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many at once as one message to the server, and one transaction's locks, take well."""
    for start in range(0, len(texts), PORTION):
        yield texts[start : start + PORTION]
