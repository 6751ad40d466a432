"""Which of the objects that a statement names are protected: resolved by the server, as it will resolve them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from schemasync.migrate.inventory import FUNCTION, RELATION, SCHEMA, TYPE, plain_cursor
from schemasync.migrate.protected import Protection
from schemasync.migrate.refusals import Refusal
from schemasync.migrate.statements import Reading
from schemasync.migrate.touches import Touch, cut

# With the search path, the temporary tables and the renames of this very moment: none where there is no such object.
# A migration may have put operators of its own into that path, so that all are named with their schema.
RESOLVE = {
    "relation": "SELECT %s, pg_catalog.to_regclass(%s)::pg_catalog.oid::pg_catalog.int8",
    "type": "SELECT %s, pg_catalog.to_regtype(%s)::pg_catalog.oid::pg_catalog.int8",
    "schema": """SELECT %s, (SELECT oid::pg_catalog.int8 FROM pg_catalog.pg_namespace
        WHERE nspname OPERATOR(pg_catalog.=) %s::pg_catalog.name)""",
    "function": """SELECT %s, p.oid::pg_catalog.int8 FROM pg_catalog.pg_proc p
        JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
        WHERE p.proname OPERATOR(pg_catalog.=) %s::pg_catalog.name AND CASE WHEN %s::pg_catalog.text IS NULL
            THEN pg_catalog.pg_function_is_visible(p.oid)
            ELSE n.nspname OPERATOR(pg_catalog.=) %s::pg_catalog.name END""",
}
CATALOGS = {"relation": RELATION, "type": TYPE, "schema": SCHEMA, "function": FUNCTION}
# Objects of PostgreSQL itself have smaller oids (its source, access/transam.h); a superuser may write to its tables.
FIRST_OF_USERS = 16384

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
    touches = tuple(dict.fromkeys(reading.touches))
    for touch in touches:
        name = touch.name[-1]
        if touch.space == "extension" and name not in protection.extensions and _has_extension(connection, name):
            what = f"it {touch.verb} an extension that this chain did not create"
            yield Refusal("parser", what, None, sql, f"extension {name}", instead=_INSTEAD["prisma"])
    for touch, key in _resolved(connection, [touch for touch in touches if _may_be(protection, touch)]):
        thing = protection.by_oid.get(key)
        if thing is None and key[1] < FIRST_OF_USERS:
            name = ".".join(touch.name)
            what, instead = f"it {touch.verb} {name}, which is PostgreSQL's own", "leave the catalogue to PostgreSQL"
            yield Refusal("parser", what, statement=sql, object=f"{touch.space} {name}", instead=instead)
        if thing is None or (thing.kind == "schema" and touch.verb.startswith("creates")):
            continue
        owner = protection.owner(thing)
        yield Refusal(
            "parser", f"it {touch.verb} {thing}", None, sql, str(thing), owner, _INSTEAD.get(owner, _INSTEAD[None])
        )


def relations(
    connection: Any, protection: Protection, names: Iterable[tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], int]]:
    """Those of these names that are protected tables', each with its oid."""
    touches = [Touch("refers to", "relation", name) for name in names]
    for touch, key in _resolved(connection, [touch for touch in touches if _may_be(protection, touch)]):
        if key in protection.by_oid:
            yield touch.name, key[1]


def _may_be(protection: Protection, touch: Touch) -> bool:
    """Whether something protected has this name in any schema; what has not cannot be meant."""
    if touch.space == "extension":
        return False
    is_system = touch.name[-1].startswith("pg_") or touch.name[0] in ("pg_catalog", "information_schema")
    return is_system or cut(touch.name[-1]) in protection.plain_names[touch.space]


def _resolved(connection: Any, touches: Sequence[Touch]) -> Iterator[tuple[Touch, tuple[str, int]]]:
    """What each name means at this moment, by one question for all."""
    if not touches:
        return
    parts, values = [], []
    for number, touch in enumerate(touches):
        if touch.space == "function":
            schema = touch.name[0] if len(touch.name) > 1 else None
            values += [number, touch.name[-1], schema, schema]
        else:
            name = touch.name[-1] if touch.space == "schema" else ".".join(quoted(part) for part in touch.name)
            values += [number, name]
        parts.append(RESOLVE[touch.space])
    with plain_cursor(connection) as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        for number, oid in cursor.fetchall():
            if oid is not None:
                yield touches[number], (CATALOGS[touches[number].space], oid)


def _has_extension(connection: Any, name: str) -> bool:
    with plain_cursor(connection) as cursor:
        cursor.execute("SELECT FROM pg_catalog.pg_extension WHERE extname = %s", (name,))
        return cursor.fetchone() is not None


def quoted(part: str) -> str:
    """An identifier in quotation marks."""
    return '"' + part.replace('"', '""') + '"'
