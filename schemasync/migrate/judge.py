"""Which of the objects that a statement names are protected: resolved by the server, as it will resolve them."""

from collections.abc import Iterator
from typing import Any

from schemasync.migrate.inventory import FUNCTION, RELATION, SCHEMA, TYPE, plain_cursor
from schemasync.migrate.protected import Protection
from schemasync.migrate.refusals import Refusal
from schemasync.migrate.statements import Reading
from schemasync.migrate.touches import Touch

# With the search path, the temporary tables and the renames of this very moment. None where there is no such object.
RESOLVE = {
    "relation": (RELATION, "SELECT pg_catalog.to_regclass(%s)::oid::bigint"),
    "type": (TYPE, "SELECT pg_catalog.to_regtype(%s)::oid::bigint"),
    "schema": (SCHEMA, "SELECT oid::bigint FROM pg_catalog.pg_namespace WHERE nspname = %s"),
}
FUNCTIONS = """SELECT p.oid::bigint FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE p.proname = %s AND CASE WHEN %s::text IS NULL THEN pg_catalog.pg_function_is_visible(p.oid)
    ELSE n.nspname = %s END"""

_INSTEAD = {
    "prisma": "change it in schema.prisma and run prisma migrate; the fence lets Alembic change owned tables only",
    None: "declare it in the models if this chain owns it, or list it in [ownership] sqlalchemy",
}


def judge(connection: Any, protection: Protection, reading: Reading, sql: str) -> Iterator[Refusal]:
    """What a statement does to protected objects.

    Args:
        connection: the migration's; its transaction must not have failed.
        protection: what is protected.
        reading: the statement, read.
        sql: its text.
    """
    for denial in reading.denials:
        yield Refusal("parser", denial, statement=sql, instead="leave it to whoever runs the database")
    for touch in dict.fromkeys(reading.touches):
        if touch.space == "extension":
            if touch.name[-1] not in protection.extensions and _has_extension(connection, touch.name[-1]):
                yield Refusal(
                    "parser",
                    f"it {touch.verb} an extension that this chain did not create",
                    statement=sql,
                    object=f"extension {touch.name[-1]}",
                    instead=_INSTEAD["prisma"],
                )
            continue
        for catalog, oid in _resolved(connection, touch):
            thing = protection.by_oid.get((catalog, oid))
            if thing is None or (thing.kind == "schema" and touch.verb.startswith("creates")):
                continue
            owner = protection.owner(thing)
            yield Refusal(
                "parser", f"it {touch.verb} {thing}", None, sql, str(thing), owner, _INSTEAD.get(owner, _INSTEAD[None])
            )


def _resolved(connection: Any, touch: Touch) -> Iterator[tuple[str, int]]:
    with plain_cursor(connection) as cursor:
        if touch.space == "function":
            schema = touch.name[0] if len(touch.name) > 1 else None
            cursor.execute(FUNCTIONS, (touch.name[-1], schema, schema))
            yield from ((FUNCTION, oid) for (oid,) in cursor.fetchall())
            return
        catalog, sql = RESOLVE[touch.space]
        name = touch.name[-1] if touch.space == "schema" else ".".join(quoted(part) for part in touch.name)
        cursor.execute(sql, (name,))
        row = cursor.fetchone()
        if row is not None and row[0] is not None:
            yield catalog, row[0]


def _has_extension(connection: Any, name: str) -> bool:
    with plain_cursor(connection) as cursor:
        cursor.execute("SELECT FROM pg_catalog.pg_extension WHERE extname = %s", (name,))
        return cursor.fetchone() is not None


def quoted(part: str) -> str:
    """An identifier in quotation marks."""
    return '"' + part.replace('"', '""') + '"'
