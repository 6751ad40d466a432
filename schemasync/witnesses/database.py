"""The database witness: a live PostgreSQL's schema, read in one round trip.

What makes tables of the catalogue's rows is imported while the server gathers them.
"""

import os
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from itertools import groupby
from operator import itemgetter
from threading import Thread
from typing import TYPE_CHECKING, Any

from schemasync.errors import DatabaseError
from schemasync.schema.collection import collection_put_off
from schemasync.witnesses.catalog_connection import OLDEST, CatalogueError, Reader, open_reader
from schemasync.witnesses.catalog_queries import QUERIES
from schemasync.witnesses.catalog_statement import SEPARATOR, Query, Row, catalogue_statement, is_ambiguous

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

    from schemasync.schema.model import CatalogObject, Schema, Silence

# Objects that vanish between the catalogue's snapshot and the printing of their definition: "cache lookup failed",
# undefined table, undefined object. Reading again shows the state after.
_VANISHED = frozenset({"XX000", "42P01", "42704", "42883", "42703"})
_ATTEMPTS = 6
_PAUSE = 0.2

# What only applications know.
SILENT: "frozenset[Silence]" = frozenset({"client-default", "python-type", "relationship"})


def read_database(
    url_or_connection: "str | URL | Engine | Connection | Any",
    schemas: Sequence[str] | None = ("public",),
    complete: bool = False,
) -> "Schema":
    """The schema of a live PostgreSQL database, versions 13 to 18.

    Everything travels in one message to the server, in a read-only transaction. No privilege but to connect is needed.
    A connection that is given stays as it was: a transaction that it is in goes on, and none is left open.

    Args:
        url_or_connection: a URL with any driver's spelling, a SQLAlchemy Engine or Connection, or a connection of
            psycopg2 or psycopg 3.
        schemas: the PostgreSQL schemas to read; None is all but the system's.
        complete: whether to read also what only PostgreSQL knows (views, functions, triggers, policies, privileges,
            storage …), and partitions as tables of their own. Expressions then name everything with its schema;
            otherwise `public.` is left out.

    Raises:
        DatabaseError: the database cannot be reached or read, none of the schemas exists or one is misspelled, or the
            server is not PostgreSQL or older than 13.
        ConfigurationError: the URL is no PostgreSQL URL.
    """
    wanted = _wanted(schemas)
    with collection_put_off():
        with open_reader(url_or_connection) as reader:
            _check_server(reader)
            meanwhile = Thread(target=_import_what_follows, daemon=True)
            meanwhile.start()
            try:
                rows, separator = _rows(reader, wanted, complete=complete)
            finally:
                meanwhile.join()
            source = reader.source
        return _schema(rows, wanted, source, separator, complete=complete)


def _import_what_follows() -> None:
    with suppress(Exception):  # which the import below reports
        import_module("schemasync.witnesses.catalog_tables")


def _schema(
    rows: dict[str, list[Row]], wanted: tuple[str, ...] | None, source: str, separator: str, *, complete: bool
) -> "Schema":
    from schemasync.schema.model import Schema
    from schemasync.witnesses.catalog_tables import read_enums, read_tables

    namespaces = tuple(sorted(name for _, name, asked, *_ in rows["namespace"] if asked == "true"))
    _check_namespaces(wanted, namespaces, rows["namespace"], source)
    tables = read_tables(rows, raw=complete, separator=separator)
    objects: tuple[CatalogObject, ...] = ()
    if complete:
        from schemasync.witnesses.catalog_complete import read_objects

        objects = read_objects(rows, tables)
    return Schema(
        "database",
        source,
        tables,
        read_enums(rows["enum"]),
        objects,
        namespaces,
        complete=complete,
        silent=SILENT,
        notes=(*_missing_namespaces(wanted, namespaces), *_notes(rows)),
    )


def _wanted(schemas: Sequence[str] | None) -> tuple[str, ...] | None:
    if schemas is None:
        return None
    wanted = (schemas,) if isinstance(schemas, str) else tuple(schemas)
    if not wanted:
        raise DatabaseError("no PostgreSQL schema to read was named", hint='the usual one is "public"')
    return wanted


def _rows(reader: Reader, wanted: tuple[str, ...] | None, *, complete: bool) -> tuple[dict[str, list[Row]], str]:
    """The catalogue's rows by kind, and what stands between the columns of a table."""
    queries: tuple[Query, ...] = QUERIES
    if complete:
        from schemasync.witnesses.catalog_complete import COMPLETE_QUERIES

        queries += COMPLETE_QUERIES
    separator = SEPARATOR
    while True:
        statement = catalogue_statement(
            reader.version // 10000, wanted, queries, complete=complete, separator=separator
        )
        rows: dict[str, list[Row]] = defaultdict(list)
        for kind, found in groupby(_patiently(reader, statement), itemgetter(0)):
            rows[kind] += found
        if not is_ambiguous(rows["column"], separator):
            return rows, separator
        separator = os.urandom(8).hex()  # a column's name has the usual one, and cannot foresee this one


def _patiently(reader: Reader, statement: str) -> list[Row]:
    """The statement's rows, asked for again where an object vanished meanwhile."""
    attempt = 1
    while True:
        try:
            return reader.rows(statement)
        except CatalogueError as error:
            _check_product(reader.product(), reader.source)
            if error.code not in _VANISHED or not reader.is_idle():
                raise
            if attempt == _ATTEMPTS:
                raise DatabaseError(error.message, hint="a migration is running; try again after it") from None
        time.sleep(_PAUSE * attempt)
        attempt += 1


def _check_server(reader: Reader) -> None:
    """Refuse what is not PostgreSQL, and versions whose catalogue is another."""
    _check_product(reader.greeting(), reader.source)
    if reader.version < OLDEST * 10000:
        raise DatabaseError(
            f"{reader.source} runs PostgreSQL {reader.version // 10000}; the oldest that can be read is {OLDEST}"
        )


def _check_product(version: str | None, source: str) -> None:
    """Refuse a server that speaks PostgreSQL's protocol but is none; None where nothing is known."""
    if version is not None and not version.startswith("PostgreSQL"):
        raise DatabaseError(
            f"{source} is {version.partition(' ')[0]}, not PostgreSQL; its catalogue is another and cannot be read",
            hint="schemasync reads PostgreSQL 13 and later",
        )


def _check_namespaces(wanted: tuple[str, ...] | None, found: Sequence[str], rows: Sequence[Row], source: str) -> None:
    missing = sorted(set(wanted or ()) - set(found))
    if not missing:
        return
    from difflib import get_close_matches

    existing = sorted(name for _, name, *_ in rows)
    others = [name for name in existing if name not in found]
    near = [match for name in missing for match in get_close_matches(name, others, 3)]
    # Prisma does not create a schema that no model uses; one that is merely absent is worth a note.
    if found and not near:
        return
    names = ", ".join(repr(name) for name in missing)
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"it has {', '.join(map(repr, existing))}"
    raise DatabaseError(f"{source} has no schema {names}", hint=hint)


def _missing_namespaces(wanted: tuple[str, ...] | None, found: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"the database has no schema {name!r}" for name in sorted(set(wanted or ()) - set(found)))


def _notes(rows: dict[str, list[Row]]) -> tuple[str, ...]:
    names = {oid: f"{schema}.{name}" for _, oid, schema, name, *_ in rows["table"]}
    notes = [
        f"{schema}.{parent}: its {count} partition{'s are' if count != '1' else ' is'} read through the parent, "
        "not as tables"
        for _, schema, parent, count, *_ in rows["partitions left out"]
    ]
    notes += [
        f"{names[table]}: the NOT NULL constraint {name!r} is not validated; its column counts as NOT NULL"
        for _, table, flags, name, *_ in rows["constraint"]
        if flags[0] == "n"
    ]
    return tuple(sorted(notes))
