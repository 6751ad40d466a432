"""The commit gate: a transaction that nobody but the fence can commit, and that is known when it was replaced.

A deferred constraint trigger on a temporary table raises at any COMMIT, by SQL or by the driver, unless a key has been
set that only the fence knows (PostgreSQL manual, CREATE TRIGGER, "CONSTRAINT"). A ROLLBACK takes the gate with it, so
the transaction's number is checked too.
"""

import hashlib
import secrets
from typing import Any

from schemasync.migrate.inventory import plain_cursor
from schemasync.records import record

NAME = "schemasync_gate"
CODE = "SS001"
MESSAGE = "only the fence ends this transaction"


@record(frozen=True, slots=True)
class Gate:
    """A closed gate.

    Args:
        transaction: the number of the transaction that it stands in.
        key: what opens it.
        stands: whether there is a gate; a role without the privilege TEMPORARY gets only the number.
    """

    transaction: str
    key: str
    stands: bool


def close_gate(connection: Any) -> Gate:
    """Put a gate into the connection's open transaction."""
    key = secrets.token_hex(24)
    digest = hashlib.sha256(key.encode()).hexdigest()
    with plain_cursor(connection) as cursor:
        cursor.execute("SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMPORARY')")
        allowed = bool(cursor.fetchone()[0])
        if allowed:
            cursor.execute(
                f"""CREATE TEMPORARY TABLE {NAME} (closed boolean) ON COMMIT DROP;
                CREATE OR REPLACE FUNCTION pg_temp.{NAME}() RETURNS trigger LANGUAGE plpgsql
                SET search_path = pg_catalog, pg_temp AS $body$
                BEGIN
                    IF encode(sha256(convert_to(coalesce(current_setting('schemasync.key', true), ''), 'UTF8')), 'hex')
                        <> '{digest}' THEN
                        RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = '{CODE}';
                    END IF;
                    RETURN NULL;
                END $body$;
                CREATE CONSTRAINT TRIGGER {NAME} AFTER INSERT ON pg_temp.{NAME} DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION pg_temp.{NAME}();
                INSERT INTO pg_temp.{NAME} VALUES (true)"""
            )
        cursor.execute("SELECT pg_catalog.pg_current_xact_id()::text")
        return Gate(cursor.fetchone()[0], key, allowed)


def is_same_transaction(connection: Any, gate: Gate) -> bool:
    """Whether the connection is still in the transaction that the gate was put into, gate included."""
    with plain_cursor(connection) as cursor:
        cursor.execute(
            f"SELECT pg_catalog.pg_current_xact_id_if_assigned()::text, "
            f"pg_catalog.to_regclass('pg_temp.{NAME}') IS NOT NULL"
        )
        transaction, stands = cursor.fetchone()
        return bool(transaction == gate.transaction and stands == gate.stands)


def open_gate(connection: Any, gate: Gate) -> None:
    """Let the next COMMIT of this transaction pass."""
    with plain_cursor(connection) as cursor:
        cursor.execute("SELECT pg_catalog.set_config('schemasync.key', %s, true)", (gate.key,))


def close_again(connection: Any, gate: Gate) -> None:
    """Close an opened gate: the checks that SET CONSTRAINTS fired have used it up."""
    with plain_cursor(connection) as cursor:
        cursor.execute("SELECT pg_catalog.set_config('schemasync.key', '', true)")
        if gate.stands:
            cursor.execute(f"SET CONSTRAINTS pg_temp.{NAME} DEFERRED; INSERT INTO pg_temp.{NAME} VALUES (true)")


def outcome(connection: Any, gate: Gate) -> str | None:
    """What became of a transaction whose connection was lost: `committed`, `aborted`, `in progress`, or None.

    Args:
        connection: another connection to the same server.
    """
    with plain_cursor(connection) as cursor:
        cursor.execute("SELECT pg_catalog.pg_xact_status(%s::xid8)", (gate.transaction,))
        found: str | None = cursor.fetchone()[0]
        return found
