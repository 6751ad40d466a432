"""SQL in, keys and checks out."""

import pytest
from databases import Database

from schemasync.schema.model import Check, Exclusion, ForeignKey, PrimaryKey, Table, Unique
from schemasync.witnesses.database import read_database

USERS = "CREATE TABLE users (id int PRIMARY KEY, org int, UNIQUE (org, id)); "


def table_of(database: Database, sql: str) -> Table:
    database.execute(sql)
    found = read_database(database.url).table("t")
    assert found is not None
    return found


def test_a_primary_key_in_its_own_order(database: Database) -> None:
    table = table_of(database, "CREATE TABLE t (a int, b int, CONSTRAINT key PRIMARY KEY (b, a) DEFERRABLE)")
    assert table.primary_key == PrimaryKey(("b", "a"), "key", deferrable=True)
    assert table.indexes == ()


def test_unique_constraints_are_no_indexes(database: Database) -> None:
    table = table_of(
        database,
        """CREATE TABLE t (a int, b int, c int, CONSTRAINT z UNIQUE (b, a), CONSTRAINT y UNIQUE (a) INCLUDE (c),
        CONSTRAINT x UNIQUE (c) DEFERRABLE INITIALLY DEFERRED); CREATE UNIQUE INDEX w ON t (b);""",
    )
    assert table.uniques == (
        Unique(("c",), "x", deferrable=True, initially_deferred=True),
        Unique(("a",), "y", include=("c",)),
        Unique(("b", "a"), "z"),
    )
    assert [index.name for index in table.indexes] == ["w"]


def test_nulls_not_distinct(database: Database) -> None:
    if database.version < 150000:
        pytest.skip("PostgreSQL 15 and later")
    table = table_of(database, "CREATE TABLE t (a int, CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a))")
    assert table.uniques == (Unique(("a",), "u", nulls_not_distinct=True),)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("", {}),
        ("ON DELETE CASCADE ON UPDATE RESTRICT", {"on_delete": "CASCADE", "on_update": "RESTRICT"}),
        ("ON DELETE SET NULL ON UPDATE SET DEFAULT", {"on_delete": "SET NULL", "on_update": "SET DEFAULT"}),
        ("MATCH FULL", {"match_full": True}),
        ("DEFERRABLE", {"deferrable": True}),
        ("DEFERRABLE INITIALLY DEFERRED", {"deferrable": True, "initially_deferred": True}),
    ],
)
def test_foreign_keys(database: Database, clause: str, expected: dict[str, object]) -> None:
    table = table_of(
        database,
        USERS + f"CREATE TABLE t (u int, o int, CONSTRAINT f FOREIGN KEY (o, u) REFERENCES users (org, id) {clause})",
    )
    plain = {"columns": ("o", "u"), "referenced_columns": ("org", "id"), "name": "f"}
    key = ForeignKey(referenced_schema="public", referenced_table="users", **{**plain, **expected})  # type: ignore[arg-type]
    assert table.foreign_keys == (key,)


def test_a_foreign_key_to_the_table_itself_and_one_that_is_not_validated(database: Database) -> None:
    table = table_of(
        database,
        """CREATE TABLE t (id int PRIMARY KEY, parent int REFERENCES t);
        ALTER TABLE t ADD CONSTRAINT late FOREIGN KEY (parent) REFERENCES t NOT VALID;""",
    )
    assert [(key.name, key.referenced_table, key.validated) for key in table.foreign_keys] == [
        ("late", "t", False),
        ("t_parent_fkey", "t", True),
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a > 0", "a > 0"),
        ("a > 0 AND b < 0", "(a > 0) AND (b < 0)"),
        ("(a > 0) OR (b < 0)", "(a > 0) OR (b < 0)"),
        ("length(c) > 1", "length(c) > 1"),
        ("d", "d"),
        ("c <> ')' AND c <> '('", "(c <> ')'::text) AND (c <> '('::text)"),
        ("c IN ('a', 'b')", "c = ANY (ARRAY['a'::text, 'b'::text])"),
    ],
)
def test_checks_without_their_outer_brackets(database: Database, written: str, expected: str) -> None:
    table = table_of(database, f"CREATE TABLE t (a int, b int, c text, d boolean, CONSTRAINT k CHECK ({written}))")
    assert table.checks == (Check(expected, "k"),)


def test_what_else_a_check_says(database: Database) -> None:
    table = table_of(
        database,
        """CREATE TABLE t (a int NOT NULL); ALTER TABLE t ADD CONSTRAINT late CHECK (a > 0) NOT VALID;
        ALTER TABLE t ADD CONSTRAINT here CHECK (a > 1) NO INHERIT; ALTER TABLE t ADD CONSTRAINT none CHECK (true);""",
    )
    assert table.checks == (
        Check("a > 1", "here", no_inherit=True),
        Check("a > 0", "late", validated=False),
        Check("true", "none"),
    )


def test_an_exclusion(database: Database) -> None:
    table = table_of(
        database, "CREATE TABLE t (r int4range, CONSTRAINT x EXCLUDE USING gist (r WITH &&) WHERE (r <> 'empty'))"
    )
    assert table.exclusions == (Exclusion("EXCLUDE USING gist (r WITH &&) WHERE ((r <> 'empty'::int4range))", "x"),)
    assert table.indexes == ()
