"""Whatever the names and texts in a database are, they are read as they are, compared, and kept text in every report.

`SCHEMASYNC_NAMES` says how many random names are tried.
"""

import json
import os
from collections.abc import Iterator

import pytest
from databases import Database
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_schemas import NAMES

import schemasync
from schemasync.compare.engine import compare_witnesses
from schemasync.report import FORMATS, Terminal, render, report_on
from schemasync.schema.model import Schema
from schemasync.schema.names import quote
from schemasync.scratch import ScratchServer

# What the tables below and PostgreSQL itself call their columns and relations, so that nobody else can.
TAKEN = {"id", "m", "indexed", "seen", "both", "key of it", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"}
RANDOM = int(os.environ.get("SCHEMASYNC_NAMES", "5"))
HOSTILE = (
    *NAMES,
    "::error file=x::y",
    "<script>alert(1)</script>",
    "`x` | [a](b)",
    "\u202etxt.exe",
    "pg_catalog",
    "pg_class",
    "public.users",
    "%s%(x)s%%",
    "tab\tand\rreturn",
    "é" * 31,
    "🦊" * 15,
    "\x01\x1b[31m",
)


@pytest.fixture(scope="module")
def place(server: ScratchServer) -> Iterator[Database]:
    database = Database(server.create_database())
    yield database
    database.close()


def string(text: str) -> str:
    """A text as SQL."""
    return " E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def made(database: Database, name: str) -> Schema:
    """A complete reading of a database in which everything has that name."""
    here, text = quote(name), string(name)
    table = f"public.{here}"  # PostgreSQL itself has a table pg_class
    body = string(f"SELECT {text}::text")
    database.execute(
        f"""DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS empty CASCADE; CREATE SCHEMA public; CREATE SCHEMA empty;
        CREATE TYPE mood AS ENUM ({text});
        CREATE DOMAIN short AS text CONSTRAINT {here} CHECK (VALUE <> {text});
        CREATE TABLE {table} ({here} text DEFAULT {text} CONSTRAINT checked CHECK ({here} <> {text}), id integer
            CONSTRAINT {quote("key of it")} PRIMARY KEY, m mood DEFAULT {text});
        CREATE INDEX indexed ON {table} (lower({here})) WHERE {here} = {text};
        CREATE VIEW seen AS SELECT {here} AS {here}, {text}::text AS said FROM {table};
        CREATE FUNCTION told({here} text DEFAULT {text}) RETURNS text LANGUAGE sql AS {body};
        CREATE POLICY {here} ON {table} USING ({here} = {text});
        CREATE RULE {here} AS ON DELETE TO {table} DO INSTEAD NOTHING;
        CREATE STATISTICS {quote("both")} ON {here}, id FROM {table};
        COMMENT ON TABLE {table} IS {text}; COMMENT ON COLUMN {table}.{here} IS {text};
        COMMENT ON CONSTRAINT checked ON {table} IS {text}; COMMENT ON FUNCTION told(text) IS {text}"""
    )
    return schemasync.read_database(database.url, complete=True)


def holds(database: Database, name: str) -> None:
    """Everything that must hold for one name."""
    schema = made(database, name)
    table = schema.table(name)
    assert table is not None
    assert table.comment == name
    assert table.columns[0].name == name == table.columns[0].comment
    assert schema.enums[0].values == (name,)
    assert Schema.from_json(schema.to_json()) == schema
    assert schemasync.compare({"snapshot": schema, "database": schema}) == []
    database.execute(f"ALTER TABLE public.{quote(name)} ALTER {quote(name)} DROP DEFAULT, DROP CONSTRAINT checked")
    after = schemasync.read_database(database.url, complete=True)
    witnesses = {"snapshot": schema, "database": after}
    comparison = compare_witnesses(witnesses)
    found = {(drift.kind, drift.table, drift.object) for drift in comparison.drifts}
    assert {("column-default", name, name), ("check-missing", name, "checked")} <= found
    for form in FORMATS:
        text = render(report_on(witnesses, comparison), form, Terminal())
        assert text
        if form in ("json", "sarif", "gitlab"):
            json.loads(text)
        if form == "html":
            assert "<script>alert" not in text
        if form == "github":
            assert not any(line.startswith("::error file=x") for line in text.splitlines())
        assert "\x1b[31m" not in text
        text.encode()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_a_name(place: Database, name: str) -> None:
    holds(place, name)


@settings(max_examples=RANDOM, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=40).filter(
        lambda name: len(name.encode()) <= 63 and name not in TAKEN
    )
)
def test_any_name_stays_a_name(place: Database, name: str) -> None:
    holds(place, name)


@pytest.mark.parametrize("path", ["", "empty", "pg_temp, public", "pg_catalog, empty", '"no such schema"'])
def test_no_search_path_and_no_temporary_table_changes_what_is_read(place: Database, path: str) -> None:
    expected = made(place, "plain")
    connection = place.connect()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', %s, false)", (path,))
        cursor.execute("CREATE TEMPORARY TABLE plain (x integer); CREATE TEMPORARY TABLE pg_class (x integer)")
        cursor.execute("CREATE TEMPORARY VIEW pg_attribute AS SELECT 1 AS attname")
    seen = schemasync.read_database(connection, complete=True)
    assert schemasync.compare({"snapshot": expected, "database": seen}) == []
    connection.close()
