"""Names, comments and values with anything in them survive."""

from dataclasses import replace

import pytest
from databases import Database

from schemasync.schema.defaults import Default
from schemasync.schema.model import Schema
from schemasync.witnesses.database import read_database

NAMES = [
    'quote"quote',
    "it's",
    "per%cent %s %(x)s %%",
    "new\nline",
    "tab\tand\\backslash",
    "dot.dot",
    "emoji 🎉",
    "'; DROP TABLE t; --",
    "::error::",
    "<script>",
    "$wanted",
    "é" * 31,
    "x" * 63,
    "select",
    "|",
    "{a,b}",
    "between\x1ecolumns \x1f",
]


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_everything(database: Database, name: str) -> None:
    written, enum = quoted(name), quoted(name[:-1] + "E")
    literal = "'" + name.replace("'", "''") + "'"
    database.execute(
        f"""CREATE SCHEMA {written}; CREATE TYPE {written}.{enum} AS ENUM ({literal});
        CREATE TABLE {written}.{written} ({written} {written}.{enum} DEFAULT {literal}, b text,
            CONSTRAINT {written} CHECK (b <> {literal}));
        CREATE INDEX {quoted("i" + name[:-1])} ON {written}.{written} ({written}, lower(b));
        ALTER TABLE {written}.{written} ADD id int PRIMARY KEY, ADD parent int REFERENCES {written}.{written} (id);
        COMMENT ON TABLE {written}.{written} IS {literal}; GRANT SELECT ({written}) ON {written}.{written} TO PUBLIC;
        CREATE VIEW {written}.v AS SELECT {written} FROM {written}.{written};"""
    )
    for complete in (False, True):
        schema = read_database(database.url, (name,), complete=complete)
        assert schema.namespaces == (name,)
        assert [(enum.schema, enum.name, enum.values) for enum in schema.enums] == [(name, name[:-1] + "E", (name,))]
        table = schema.table(name, name)
        assert table is not None
        assert table.comment == name
        assert table.columns[0].name == name
        assert (table.columns[0].type.schema, table.columns[0].type.name) == (name, name[:-1] + "E")
        assert table.checks[0].name == name
        assert table.indexes[0].parts[0].column == name
        assert table.foreign_keys[0].referenced_table == name
        assert Schema.from_json(schema.to_json()) == schema


@pytest.mark.parametrize("setting", ["standard_conforming_strings = off", "quote_all_identifiers = on"])
def test_settings_of_the_database_change_nothing(database: Database, setting: str) -> None:
    database.execute("CREATE SCHEMA \"a\\b'c\"; CREATE TABLE \"a\\b'c\".t (x text DEFAULT 'x\\y')")
    before = read_database(database.url, ("a\\b'c",))
    database.execute(f"ALTER DATABASE {database.name} SET {setting}")
    assert read_database(database.url, ("a\\b'c",)) == before
    assert len(before.tables) == 1


@pytest.mark.parametrize(
    "setting",
    [
        "search_path = evil, pg_catalog",
        "search_path = ''",
        "search_path = other, public",
        "DateStyle = 'SQL, DMY'",
        "IntervalStyle = 'iso_8601'",
        "TimeZone = 'Asia/Kolkata'",
        "bytea_output = 'escape'",
        "extra_float_digits = '-10'",
        "default_transaction_read_only = on",
        "default_transaction_isolation = 'serializable'",
        "lock_timeout = 1",
        "client_encoding = 'LATIN1'",
    ],
)
def test_settings_change_no_expression(database: Database, setting: str) -> None:
    database.execute(
        """CREATE SCHEMA evil; CREATE SCHEMA other; CREATE TYPE "Role" AS ENUM ('é');
        CREATE TYPE other.shade AS ENUM ('b');
        CREATE TABLE evil.pg_class (relname text); CREATE TABLE evil.pg_attribute (attname text);
        CREATE FUNCTION evil.quote_ident(name) RETURNS text LANGUAGE sql AS 'SELECT ''evil''';
        CREATE TABLE t (a date DEFAULT '2020-01-02', b interval DEFAULT '1 day 2:00',
            c timestamptz DEFAULT '2020-01-02 03:04+00',
            d bytea DEFAULT '\\xdeadff', e float8 DEFAULT 0.1::float8 + 1, f "Role" DEFAULT 'é',
            g other.shade DEFAULT 'b',
            h serial, i float8 DEFAULT '1.23456789012345');
        CREATE VIEW v AS SELECT f, g FROM t;"""
    )
    before = [read_database(database.url, complete=complete) for complete in (False, True)]
    name, value = setting.split(" = ")
    database.execute(f"ALTER DATABASE {database.name} SET {name} = {value}")
    after = [read_database(database.url, complete=complete) for complete in (False, True)]
    assert [item.name for item in after[1].objects if item.kind == "setting"] == ["the database"]
    objects = tuple(item for item in after[1].objects if item.kind != "setting")
    assert [after[0], replace(after[1], objects=objects)] == before
    assert before[0].tables[0].columns[5].default == Default("""'é'::"Role\"""")


def test_names_with_what_stands_between_columns(database: Database) -> None:
    """The columns of a table travel as one text; a name that looks like two columns is still one."""
    forged = "a\x1e25 -1 100 ff\x1fb"
    database.execute(f"CREATE TABLE t (id int, {quoted(forged)} varchar(7) DEFAULT 'x', c text)")
    table = read_database(database.url).table("t")
    assert table is not None
    assert [(column.name, str(column.type)) for column in table.columns] == [
        ("id", "integer"),
        (forged, "varchar(7)"),
        ("c", "text"),
    ]
    assert table.columns[1].default == Default("'x'::character varying", "expression")
