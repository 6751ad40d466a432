"""SQL in, columns out."""

import pytest
from databases import Database

from schemasync.schema.defaults import Default
from schemasync.schema.model import Column, Generated, Identity, Table
from schemasync.schema.types import DataType
from schemasync.witnesses.database import read_database


def table_of(database: Database, sql: str, name: str = "t") -> Table:
    database.execute(sql)
    found = read_database(database.url).table(name)
    assert found is not None
    return found


def column_of(database: Database, definition: str) -> Column:
    found = table_of(database, f"CREATE TABLE t (c {definition})").column("c")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("text", DataType("text")),
        ("varchar", DataType("varchar")),
        ("varchar(36)", DataType("varchar", (36,))),
        ("char(3)", DataType("char", (3,))),
        ("char", DataType("char", (1,))),
        ("bpchar", DataType("char", ())),
        ('"char"', DataType("char", ("internal",))),
        ("name", DataType("name")),
        ("smallint", DataType("smallint")),
        ("int", DataType("integer")),
        ("bigint", DataType("bigint")),
        ("real", DataType("real")),
        ("float8", DataType("double precision")),
        ("numeric", DataType("numeric")),
        ("numeric(65,30)", DataType("numeric", (65, 30))),
        ("numeric(10)", DataType("numeric", (10, 0))),
        ("numeric(1000,1000)", DataType("numeric", (1000, 1000))),
        ("boolean", DataType("boolean")),
        ("bytea", DataType("bytea")),
        ("uuid", DataType("uuid")),
        ("json", DataType("json")),
        ("jsonb", DataType("jsonb")),
        ("date", DataType("date")),
        ("time", DataType("time")),
        ("time(0) with time zone", DataType("timetz", (0,))),
        ("timestamp(3)", DataType("timestamp", (3,))),
        ("timestamp(6)", DataType("timestamp")),
        ("timestamptz", DataType("timestamptz")),
        ("timestamptz(0)", DataType("timestamptz", (0,))),
        ("interval", DataType("interval")),
        ("interval(3)", DataType("interval", (3,))),
        ("interval year to month", DataType("interval year to month")),
        ("bit", DataType("bit", (1,))),
        ("bit(8)", DataType("bit", (8,))),
        ("varbit", DataType("bit varying")),
        ("bit varying(9)", DataType("bit varying", (9,))),
        ("inet", DataType("inet")),
        ("xml", DataType("xml")),
        ("int4range", DataType("int4range")),
        ("text[]", DataType("text", (), 1)),
        ("varchar(5)[]", DataType("varchar", (5,), 1)),
        ("numeric(4,2)[][]", DataType("numeric", (4, 2), 1)),
        ("timestamp(3)[]", DataType("timestamp", (3,), 1)),
        ("interval(3)[]", DataType("interval", (3,), 1)),
    ],
)
def test_types(database: Database, written: str, expected: DataType) -> None:
    assert column_of(database, written).type == expected


def test_a_negative_scale(database: Database) -> None:
    if database.version < 150000:
        pytest.skip("PostgreSQL 15 and later")
    assert column_of(database, "numeric(3, -6)").type == DataType("numeric", (3, -6))


def test_own_types_have_their_schema_and_extensions_types_none(database: Database) -> None:
    table = table_of(
        database,
        """
        CREATE SCHEMA other;
        CREATE EXTENSION citext SCHEMA other;
        CREATE TYPE "Role" AS ENUM ('a');
        CREATE TYPE other.shade AS ENUM ('b');
        CREATE DOMAIN email AS varchar(9);
        CREATE TYPE pair AS (a int);
        CREATE TABLE u (a int);
        CREATE TABLE t (a "Role", b "Role"[], c other.shade, d email, e other.citext, f pair, g other.citext[], h u);
        """,
    )
    assert [column.type for column in table.columns] == [
        DataType("Role", (), 0, "public"),
        DataType("Role", (), 1, "public"),
        DataType("shade", (), 0, "other"),
        DataType("email", (), 0, "public"),
        DataType("citext"),
        DataType("pair", (), 0, "public"),
        DataType("citext", (), 1),
        DataType("u", (), 0, "public"),
    ]


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("integer DEFAULT 0", Default("0")),
        ("integer DEFAULT '-1'", Default("'-1'::integer")),
        ("text DEFAULT 'it''s'", Default("'it''s'::text")),
        ("timestamp(3) DEFAULT CURRENT_TIMESTAMP", Default("CURRENT_TIMESTAMP")),
        ("uuid DEFAULT gen_random_uuid()", Default("gen_random_uuid()")),
        ("text[] DEFAULT ARRAY['a']", Default("ARRAY['a'::text]")),
        ("text DEFAULT NULL", None),
        ("integer", None),
        ("timestamptz DEFAULT '2020-01-02 03:04:05+02'", Default("'2020-01-02 01:04:05+00'::timestamp with time zone")),
        ("interval DEFAULT '1 day 2 hours'", Default("'1 day 02:00:00'::interval")),
    ],
)
def test_defaults(database: Database, definition: str, expected: Default | None) -> None:
    assert column_of(database, definition).default == expected


def test_an_enum_default_names_the_type_without_public(database: Database) -> None:
    table = table_of(
        database,
        """CREATE SCHEMA other; CREATE TYPE "Role" AS ENUM ('a'); CREATE TYPE other.shade AS ENUM ('b');
        CREATE TABLE t (a "Role" DEFAULT 'a', b other.shade DEFAULT 'b');""",
    )
    assert [column.default for column in table.columns] == [Default("""'a'::"Role\""""), Default("'b'::other.shade")]


@pytest.mark.parametrize("serial", ["serial", "bigserial", "smallserial"])
def test_serial_draws_from_a_sequence(database: Database, serial: str) -> None:
    column = column_of(database, serial)
    assert column.default == Default("nextval('t_c_seq'::regclass)", "sequence")
    assert not column.nullable


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("integer GENERATED ALWAYS AS IDENTITY", Identity(always=True)),
        ("bigint GENERATED BY DEFAULT AS IDENTITY", Identity(always=False)),
        (
            "integer GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 5 MINVALUE 5 MAXVALUE 99 CACHE 3 CYCLE)",
            Identity(
                True,
                (("cache", 3), ("cycle", 1), ("increment", 5), ("maxvalue", 99), ("minvalue", 5), ("start", 10)),
            ),
        ),
        ("integer GENERATED ALWAYS AS IDENTITY (INCREMENT -1)", Identity(True, (("increment", -1),))),
    ],
)
def test_identity(database: Database, definition: str, expected: Identity) -> None:
    assert column_of(database, definition).identity == expected


def test_generated_columns(database: Database) -> None:
    table = table_of(database, "CREATE TABLE t (a text, b text GENERATED ALWAYS AS (upper(a) || '!') STORED)")
    assert table.columns[1].generated == Generated("upper(a) || '!'::text")
    assert table.columns[1].default is None


def test_virtual_columns(database: Database) -> None:
    if database.version < 180000:
        pytest.skip("PostgreSQL 18 and later")
    table = table_of(database, "CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a * 2) VIRTUAL)")
    assert table.columns[1].generated == Generated("a * 2", stored=False)


def test_a_collation_is_stated_where_it_is_not_the_types(database: Database) -> None:
    table = table_of(
        database,
        """CREATE SCHEMA other; CREATE COLLATION other.mine FROM "C"; CREATE DOMAIN plain AS text COLLATE "C";
        CREATE TABLE t (a text, b text COLLATE "C", c text COLLATE other.mine, d plain,
        e name, f plain COLLATE "POSIX")""",
    )
    assert [column.collation for column in table.columns] == [None, "C", "other.mine", None, None, "POSIX"]


def test_a_collation_beside_a_modifier(database: Database) -> None:
    table = table_of(
        database,
        """CREATE TABLE t (a varchar(7) COLLATE "C", b varchar(7)[] COLLATE "POSIX", c name COLLATE "default",
        d interval(3), e interval day to second(2)[], f numeric(7, 2)[], g bit(3))""",
    )
    assert [(str(column.type), column.collation) for column in table.columns] == [
        ("varchar(7)", "C"),
        ("varchar(7)[]", "POSIX"),
        ("name", "default"),
        ("interval(3)", None),
        ("interval day to second(2)[]", None),
        ("numeric(7,2)[]", None),
        ("bit(3)", None),
    ]


def test_expressions_that_are_stored_alike_are_printed_for_each_table(database: Database) -> None:
    """The node tree of a generated column says which column by its number alone."""
    database.execute(
        """CREATE TABLE one (a integer, b integer GENERATED ALWAYS AS (a + 1) STORED, c timestamptz DEFAULT now(),
            d serial);
        CREATE TABLE other (x integer, y integer GENERATED ALWAYS AS (x + 1) STORED, z timestamptz DEFAULT now(),
            d serial)"""
    )
    schema = read_database(database.url)
    found = {
        table.name: [column.generated or (column.default and column.default.sql) for column in table.columns]
        for table in schema.tables
    }
    assert found == {
        "one": [None, Generated("a + 1"), "now()", "nextval('one_d_seq'::regclass)"],
        "other": [None, Generated("x + 1"), "now()", "nextval('other_d_seq'::regclass)"],
    }


def test_columns_stand_in_their_order_and_dropped_ones_are_gone(database: Database) -> None:
    table = table_of(
        database,
        "CREATE TABLE t (z int, b int, a int NOT NULL); ALTER TABLE t DROP b; ALTER TABLE t ADD b int; "
        "COMMENT ON TABLE t IS 'rows'; COMMENT ON COLUMN t.a IS 'first'",
    )
    assert [(column.name, column.nullable, column.comment) for column in table.columns] == [
        ("z", True, None),
        ("a", False, "first"),
        ("b", True, None),
    ]
    assert table.comment == "rows"


def test_many_columns_keep_their_order(database: Database) -> None:
    names = [f"c{number}" for number in range(120)]
    table = table_of(database, f"CREATE TABLE t ({', '.join(f'{name} int' for name in names)})")
    assert [column.name for column in table.columns] == names


def test_a_table_without_columns(database: Database) -> None:
    assert table_of(database, "CREATE TABLE t ()").columns == ()
