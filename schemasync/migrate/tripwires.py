"""Tripwires on the clone: statement triggers on protected tables that raise at any write, of no row too."""

from collections.abc import Iterable
from typing import Any

from schemasync.migrate.inventory import Thing

CODE = "SS002"
NAME = "~schemasync_tripwire"
SCHEMA = "schemasync_tripwire"


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
        for table in tables:
            if table.oid not in plain:
                continue
            name = f'"{_escaped(table.schema)}"."{_escaped(table.name)}"'
            cursor.execute(
                f'CREATE TRIGGER "{NAME}" BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {name} '
                f"FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.raise(); "
                f'ALTER TABLE {name} ENABLE ALWAYS TRIGGER "{NAME}"'
            )


def _escaped(name: str) -> str:
    return name.replace('"', '""')
