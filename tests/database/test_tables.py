"""SQL in, tables and enums out."""

import pytest
from databases import Database

from schemasync.errors import DatabaseError
from schemasync.schema.model import CatalogObject, Enum
from schemasync.witnesses.database import read_database


def test_every_kind_of_relation(database: Database) -> None:
    database.execute(
        """CREATE TABLE a (x int); CREATE TABLE b (x int) PARTITION BY LIST (x); CREATE VIEW c AS SELECT * FROM a;
        CREATE MATERIALIZED VIEW d AS SELECT * FROM a; CREATE FOREIGN DATA WRAPPER w;
        CREATE SERVER s FOREIGN DATA WRAPPER w;
        CREATE FOREIGN TABLE e (x int) SERVER s; CREATE UNLOGGED TABLE f (x int); CREATE SEQUENCE g;"""
    )
    assert {table.name: table.kind for table in read_database(database.url).tables} == {
        "a": "table",
        "b": "partitioned table",
        "c": "view",
        "d": "materialized view",
        "e": "foreign table",
        "f": "table",
    }


def test_partitions_are_tables_only_in_a_complete_reading(database: Database) -> None:
    database.execute(
        """CREATE TABLE u (id int PRIMARY KEY);
        CREATE TABLE p (x int REFERENCES u, PRIMARY KEY (x)) PARTITION BY RANGE (x);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9); CREATE TABLE p2 PARTITION OF p DEFAULT;
        CREATE TABLE r (x int REFERENCES p);"""
    )
    plain = read_database(database.url)
    assert [table.name for table in plain.tables] == ["p", "r", "u"]
    assert plain.notes == ("public.p: its 2 partitions are read through the parent, not as tables",)
    assert [(key.name, key.referenced_table) for key in plain.tables[1].foreign_keys] == [("r_x_fkey", "p")]
    complete = read_database(database.url, complete=True)
    assert [table.name for table in complete.tables] == ["p", "p1", "p2", "r", "u"]
    assert complete.notes == ()
    assert [key.name for key in complete.tables[3].foreign_keys] == ["r_x_fkey"]
    bounds = {item.table: dict(item.attributes) for item in complete.objects if item.kind == "partition"}
    assert bounds["p1"] == {"bound": "FOR VALUES FROM (0) TO (9)"}
    assert bounds["p"]["key"] == "RANGE (x)"


def test_extensions_and_temporary_tables_are_left_out(database: Database) -> None:
    database.execute("CREATE EXTENSION pg_stat_statements; CREATE EXTENSION hstore; CREATE TEMP TABLE gone (x int)")
    for complete in (False, True):
        assert read_database(database.url, complete=complete).tables == ()
    functions = [item for item in read_database(database.url, complete=True).objects if item.kind == "function"]
    assert functions == []


def test_the_histories_tables_are_read_like_others(database: Database) -> None:
    database.execute("CREATE TABLE _prisma_migrations (id text); CREATE TABLE alembic_version (version_num text)")
    names = [table.name for table in read_database(database.url).tables]
    assert names == ["_prisma_migrations", "alembic_version"]


def test_enums_in_their_sort_order(database: Database) -> None:
    database.execute(
        """CREATE TYPE z AS ENUM ('b', 'a'); ALTER TYPE z ADD VALUE 'first' BEFORE 'b'; COMMENT ON TYPE z IS 'said';
        CREATE TYPE "A" AS ENUM ();"""
    )
    assert read_database(database.url).enums == (
        Enum("A", ()),
        Enum("z", ("first", "b", "a"), comment="said"),
    )


def test_schemas_are_chosen_by_name(database: Database) -> None:
    database.execute(
        """CREATE SCHEMA other; CREATE TABLE a (x int PRIMARY KEY); CREATE TABLE other.a (x int REFERENCES public.a);
        CREATE TYPE other.e AS ENUM ('x');"""
    )
    assert [table.key for table in read_database(database.url).tables] == [("public", "a")]
    other = read_database(database.url, ["other"])
    assert other.namespaces == ("other",)
    assert [enum.key for enum in other.enums] == [("other", "e")]
    (key,) = other.tables[0].foreign_keys
    assert (key.referenced_schema, key.referenced_table, key.referenced_columns) == ("public", "a", ("x",))
    both = read_database(database.url, ("public", "other", "public"))
    assert [table.key for table in both.tables] == [("other", "a"), ("public", "a")]
    assert read_database(database.url, None).namespaces == ("other", "public")
    assert read_database(database.url, "other").tables == other.tables


def test_a_schema_that_does_not_exist(database: Database) -> None:
    database.execute("CREATE SCHEMA billing")
    with pytest.raises(DatabaseError, match="has no schema 'biling'") as caught:
        read_database(database.url, ("public", "biling"))
    assert caught.value.hint == "did you mean 'billing'?"
    with pytest.raises(DatabaseError, match="no PostgreSQL schema"):
        read_database(database.url, ())


def test_an_empty_schema_is_no_error(database: Database) -> None:
    found = read_database(database.url)
    assert (found.tables, found.namespaces, found.witness) == ((), ("public",), "database")


def test_the_order_of_creation_changes_nothing(database: Database) -> None:
    parts = [
        "CREATE TYPE b AS ENUM ('x')",
        "CREATE TYPE a AS ENUM ('y')",
        "CREATE TABLE z (id int PRIMARY KEY, k int UNIQUE, CHECK (k > 0), CHECK (k < 9))",
        "CREATE TABLE y (id int PRIMARY KEY, k int)",
        "CREATE VIEW w AS SELECT 1 AS one",
    ]
    later = [
        "CREATE INDEX y_k ON y (k)",
        "CREATE INDEX a_k ON y (k, id)",
        "ALTER TABLE y ADD CONSTRAINT f FOREIGN KEY (k) REFERENCES z",
        "ALTER TABLE y ADD CONSTRAINT e FOREIGN KEY (k) REFERENCES z (k)",
        "COMMENT ON TABLE y IS 'y'",
        "GRANT SELECT ON y TO PUBLIC",
        "GRANT SELECT ON z TO PUBLIC",
    ]
    readings = []
    for first, second in ((parts, later), (parts[::-1], later[::-1])):
        database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        for statement in (*first, *second):
            database.execute(statement)
        readings.append((read_database(database.url), read_database(database.url, complete=True)))
    assert readings[0] == readings[1]


def test_an_object_that_is_not_validated_in_postgresql_18_is_noted(database: Database) -> None:
    if database.version < 180000:
        pytest.skip("PostgreSQL 18 and later")
    database.execute("CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT there NOT NULL a NOT VALID")
    found = read_database(database.url)
    assert not found.tables[0].columns[0].nullable
    assert found.tables[0].checks == ()
    assert found.notes == ("public.t: the NOT NULL constraint 'there' is not validated; its column counts as NOT NULL",)


def test_a_table_called_like_a_part_of_it(database: Database) -> None:
    database.execute(
        """CREATE TABLE "column x" (x text); ALTER TABLE "column x" ALTER x SET STORAGE EXTERNAL;
        ALTER TABLE "column x" SET (fillfactor = 70)"""
    )
    storage = [item for item in read_database(database.url, complete=True).objects if item.kind == "storage"]
    assert storage == [
        CatalogObject("storage", "public", "column x", "column x", (("options", "{fillfactor=70}"),)),
        CatalogObject("storage", "public", "column x (2)", "column x", (("storage", "external"),)),
    ]
