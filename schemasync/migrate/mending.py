"""SQL that undoes what was committed: after a breach in an `autocommit_block`, where nothing else can."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from schemasync.migrate.inventory import plain_cursor
from schemasync.schema.names import quote

if TYPE_CHECKING:
    from schemasync.compare.drift import Drift

Definitions = Mapping[tuple[str, str], str]

# What PostgreSQL itself prints to build these again, before the block that may take them away.
DEFINITIONS = """SELECT n.nspname::text, c.relname::text, pg_catalog.pg_get_indexdef(c.oid)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'i' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"""


def definitions(connection: Any) -> Definitions:
    """How each index is built again, by its schema and name."""
    with plain_cursor(connection) as cursor:
        cursor.execute(DEFINITIONS)
        return {(schema, name): text for schema, name, text in cursor.fetchall()}


def mending_sql(drift: "Drift", known: Definitions) -> Iterator[str]:
    """SQL that undoes a change which was committed, where it follows from the facts; else what to restore.

    Args:
        drift: the change.
        known: how indexes were defined before.
    """
    schema = quote(drift.schema)
    table = f"{schema}.{quote(drift.table or '')}"
    name = quote(drift.object or "")
    was = known.get((drift.schema, drift.object or ""))
    if drift.kind == "storage" and (drift.object or "").startswith("identity of index "):
        return  # the index itself is a drift of its own
    if drift.kind == "index-extra":
        yield f"DROP INDEX CONCURRENTLY {schema}.{name};"
    elif drift.kind in ("index-missing", "unique-missing") and was is not None:
        yield f"{was.replace(' INDEX ', ' INDEX CONCURRENTLY ', 1)};"
    elif drift.kind in ("index-definition", "index-invalid") and was is not None:
        yield f"DROP INDEX CONCURRENTLY {schema}.{name};"
        yield f"{was.replace(' INDEX ', ' INDEX CONCURRENTLY ', 1)};"
    elif drift.kind == "trigger" and drift.values.get("snapshot") is None:
        yield f"DROP TRIGGER {name} ON {table};"
    elif drift.kind == "column-extra":
        yield f"ALTER TABLE {table} DROP COLUMN {name};"
    elif drift.kind in ("check-extra", "unique-extra", "foreign-key-extra"):
        yield f"ALTER TABLE {table} DROP CONSTRAINT {name};"
    else:
        before = drift.values.get("snapshot")
        yield f"-- restore {drift.kind.replace('-', ' ')} {drift.object or drift.table}: it was {before or 'absent'}"
