"""Made-up rows: what PostgreSQL's constraints demand, they have."""

import pytest
from databases import Database

from schemasync.demo import example_folder
from schemasync.release.synthetic_rows import Filled, RowMaker, fill
from schemasync.release.synthetic_values import natural_value
from schemasync.schema.types import DataType, data_type, parse_type
from schemasync.witnesses.database import read_database
from schemasync.witnesses.replay import replay_alembic, replay_prisma

ROWS = 6


def filled(database: Database, sql: str, rows: int = ROWS) -> Filled:
    database.execute(sql)
    return fill(database.connect(), read_database(database.url), rows)


def count(database: Database, table: str) -> int:
    number: int = database.execute(f"SELECT count(*) FROM {table}")[0][0]
    return number


TYPES = [
    "boolean",
    "smallint",
    "bigint",
    "numeric",
    "numeric(5,4)",
    "real",
    "money",
    "text",
    "varchar(3)",
    "char(3)",
    '"char"',
    "bytea",
    "date",
    "time",
    "timetz",
    "timestamp(3)",
    "timestamptz",
    "interval",
    "uuid",
    "json",
    "jsonb",
    "inet",
    "cidr",
    "macaddr",
    "bit(4)",
    "bit varying",
    "point",
    "circle",
    "tsvector",
    "int4range",
    "daterange",
    "tstzrange",
    "text[]",
    "jsonb[]",
    "numeric(10,2)[]",
]


@pytest.mark.parametrize("type_", TYPES)
def test_a_required_column_of_any_type(database: Database, type_: str) -> None:
    found = filled(database, f"CREATE TABLE t (id serial PRIMARY KEY, value {type_} NOT NULL)")
    assert (found.rows, found.reasons) == ({("public", "t"): ROWS}, {})


@pytest.mark.parametrize("type_", [one for one in TYPES if one not in ("boolean", '"char"', "json", "point", "circle")])
def test_values_differ_from_row_to_row(type_: str) -> None:
    parsed = parse_type(type_)
    assert len({natural_value("value", parsed, number) for number in range(16)}) == 16


def test_a_type_of_which_nothing_is_known() -> None:
    assert natural_value("value", data_type("pg_snapshot"), 0) is None
    assert natural_value("value", DataType("role", (), 0, "public"), 1, ("A", "B")) == "B"


CHECKS = [
    "a int NOT NULL CHECK (a BETWEEN 1000 AND 1005)",
    "a text NOT NULL CHECK (a IN ('billing', 'shipping'))",
    "a text NOT NULL CHECK (a = lower(a) AND char_length(a) = 12)",
    "a text NOT NULL CHECK (a ~ '^[^@]+@[^@]+\\.[a-z]+$')",
    "a date NOT NULL, b date NOT NULL, CHECK (b > a)",
    "a numeric(12,2) NOT NULL, b numeric(12,2) NOT NULL, c numeric(12,2) NOT NULL, CHECK (c = a + b AND a > 3)",
    "a int, b int, CHECK (num_nonnulls(a, b) = 1)",
    "a int, CHECK (a IS NULL OR a > 50), b int NOT NULL, CHECK (b < a)",
    "a boolean NOT NULL CHECK (a)",
    "a jsonb NOT NULL CHECK (jsonb_typeof(a) = 'array')",
    "a char(3) NOT NULL UNIQUE CHECK (a = upper(a))",
]


@pytest.mark.parametrize("columns", CHECKS)
def test_check_constraints(database: Database, columns: str) -> None:
    found = filled(database, f"CREATE TABLE t (id serial PRIMARY KEY, {columns})")
    assert (found.rows[("public", "t")], found.reasons) == (ROWS, {})


def test_domains_and_enums(database: Database) -> None:
    found = filled(
        database,
        "CREATE DOMAIN rating AS numeric(3,1) CHECK (VALUE BETWEEN 5 AND 6);"
        "CREATE TYPE role AS ENUM ('USER', 'ADMIN');"
        "CREATE TABLE t (id int PRIMARY KEY, rating rating NOT NULL, role role NOT NULL, roles role[] NOT NULL)",
    )
    assert found.rows == {("public", "t"): ROWS}
    assert database.execute("SELECT DISTINCT role::text FROM t ORDER BY 1") == [("ADMIN",), ("USER",)]


def test_foreign_keys_whatever_their_order(database: Database) -> None:
    found = filled(
        database,
        """CREATE TABLE z_parent (id uuid PRIMARY KEY, boss uuid REFERENCES z_parent);
        CREATE TABLE a_child (id serial PRIMARY KEY, parent uuid NOT NULL REFERENCES z_parent);
        CREATE TABLE a_profile (parent uuid PRIMARY KEY REFERENCES z_parent, name text);
        CREATE TABLE pairs (one uuid REFERENCES z_parent, other int REFERENCES a_child, PRIMARY KEY (one, other));
        CREATE TABLE a_circle (id int PRIMARY KEY);
        CREATE TABLE b_circle (id int PRIMARY KEY, a int REFERENCES a_circle);
        ALTER TABLE a_circle ADD b int REFERENCES b_circle;
        CREATE TABLE composite (x int, y int, PRIMARY KEY (x, y));
        CREATE TABLE refers (id serial PRIMARY KEY, x int, y int, FOREIGN KEY (x, y) REFERENCES composite)""",
    )
    assert found.reasons == {}
    # Some parents stay free for the rows that services insert.
    assert found.rows.pop(("public", "a_profile")) == ROWS - 2
    assert set(found.rows.values()) == {ROWS}


def test_what_cannot_be_filled_is_told_with_its_reason(database: Database) -> None:
    found = filled(
        database,
        """CREATE TABLE odd (id int PRIMARY KEY, a text NOT NULL CHECK (md5(a) = 'x'));
        CREATE TABLE below (id int PRIMARY KEY, odd int NOT NULL REFERENCES odd);
        CREATE TABLE fine (id int PRIMARY KEY)""",
    )
    assert found.rows == {("public", "odd"): 0, ("public", "below"): 0, ("public", "fine"): ROWS}
    assert 'violates check constraint "odd_a_check"' in found.reasons["public", "odd"]
    assert found.reasons["public", "below"] == "odd, to which it must refer, has no row that is free"


def test_nulls_where_they_are_allowed(database: Database) -> None:
    database.execute("CREATE TABLE t (id int PRIMARY KEY, a text, b text)")
    schema = read_database(database.url)
    fill(database.connect(), schema, ROWS, may_be_null=lambda _, column: column == "a")
    assert database.execute("SELECT count(*) FILTER (WHERE a IS NULL) > 0, count(b) FROM t") == [(True, ROWS)]


def test_a_row_for_an_insert_leaves_nothing_behind(database: Database) -> None:
    filled(database, "CREATE TABLE t (id serial PRIMARY KEY, name text NOT NULL UNIQUE, rank int DEFAULT 7)")
    schema = read_database(database.url)
    found, reason = RowMaker(database.connect(), schema).candidate(schema.tables[0], 0)
    assert found is not None
    assert reason == ""
    assert database.execute(f"SELECT count(*) FROM t WHERE name = '{found['name']}'") == [(0,)]
    assert count(database, "t") == ROWS


def test_every_table_of_the_example(database: Database) -> None:
    folder = example_folder()
    replay_prisma(folder / "frontend/prisma/migrations", database.url)
    replay_alembic(folder / "backend/api/migrations", database.url)
    schema = read_database(database.url)
    found = fill(database.connect(), schema, 10)
    assert {key: reason for key, reason in found.reasons.items() if key[1] != "alembic_version"} == {}
    assert min(found.rows.values()) >= 8
    assert len(found.rows) > 25


def test_a_row_that_postgresql_refuses_comes_with_its_reason(database: Database) -> None:
    database.execute("CREATE TABLE odd (id int PRIMARY KEY, a text NOT NULL CHECK (md5(a) = 'x'))")
    schema = read_database(database.url)
    found, reason = RowMaker(database.connect(), schema).candidate(schema.tables[0], 3)
    assert found == {"id": "3", "a": "a 3"}
    assert 'violates check constraint "odd_a_check"' in reason


def test_foreign_keys_that_share_columns(database: Database) -> None:
    found = filled(
        database,
        """CREATE TABLE players (id serial PRIMARY KEY);
        CREATE TABLE snapshots (player int REFERENCES players, day date, PRIMARY KEY (player, day));
        ALTER TABLE players ADD latest date, ADD FOREIGN KEY (id, latest) REFERENCES snapshots;
        CREATE TABLE scores (player int NOT NULL REFERENCES players, game int NOT NULL, first date, last date,
            PRIMARY KEY (player, game), FOREIGN KEY (player, first) REFERENCES snapshots,
            FOREIGN KEY (player, last) REFERENCES snapshots)""",
    )
    assert (set(found.rows.values()), found.reasons) == ({ROWS}, {})
    assert count(database, "scores WHERE first IS NOT NULL AND last IS NOT NULL") > 0
    # The numbers are the sequence's own, so that the next one is free.
    database.execute("INSERT INTO players DEFAULT VALUES")
