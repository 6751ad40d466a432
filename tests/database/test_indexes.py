"""SQL in, indexes out."""

import pytest
from databases import Database

from schemasync.schema.model import Index, IndexPart
from schemasync.witnesses.database import read_database

TABLE = """CREATE EXTENSION citext; CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gin; CREATE TYPE e AS ENUM ('a');
CREATE TABLE t (a int, b text, c varchar(9), d jsonb, f text COLLATE "C", g citext, h e, i int[], j tsvector, k uuid,
    l int4range, m inet, n char(2));
"""


def index_of(database: Database, sql: str) -> Index:
    database.execute(TABLE + sql)
    found = read_database(database.url).table("t")
    assert found is not None
    (index,) = found.indexes
    return index


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ("(a)", [IndexPart("a")]),
        ("(b, a)", [IndexPart("b"), IndexPart("a")]),
        ("(a DESC)", [IndexPart("a", descending=True, nulls_first=True)]),
        ("(a DESC NULLS LAST)", [IndexPart("a", descending=True)]),
        ("(a NULLS FIRST)", [IndexPart("a", nulls_first=True)]),
        ("(c)", [IndexPart("c")]),
        ("(g, h, i, k)", [IndexPart("g"), IndexPart("h"), IndexPart("i"), IndexPart("k")]),
        ("(l, m, n)", [IndexPart("l"), IndexPart("m"), IndexPart("n")]),
        ("(b text_pattern_ops)", [IndexPart("b", operator_class="text_pattern_ops")]),
        ("(c varchar_pattern_ops)", [IndexPart("c", operator_class="varchar_pattern_ops")]),
        ("(g text_ops)", [IndexPart("g", operator_class="text_ops")]),
        ('(b COLLATE "C")', [IndexPart("b", collation="C")]),
        ("(f)", [IndexPart("f")]),
        ('(f COLLATE "POSIX")', [IndexPart("f", collation="POSIX")]),
        ('(f COLLATE "default")', [IndexPart("f", collation="default")]),
        ("(lower(b))", [IndexPart(expression="lower(b)")]),
        ("((a + 1), b)", [IndexPart(expression="a + 1"), IndexPart("b")]),
        ("(a, lower(b) DESC)", [IndexPart("a"), IndexPart(expression="lower(b)", descending=True, nulls_first=True)]),
        (
            "(lower(b) text_pattern_ops)",
            [IndexPart(expression="lower(b)", operator_class="text_pattern_ops")],
        ),
        ("((d ->> 'x'))", [IndexPart(expression="d ->> 'x'::text")]),
    ],
)
def test_parts(database: Database, parts: str, expected: list[IndexPart]) -> None:
    index = index_of(database, f"CREATE INDEX x ON t {parts}")
    assert index == Index(tuple(expected), "x")


@pytest.mark.parametrize(
    ("definition", "method", "operator_class"),
    [
        ("gin (d)", "gin", None),
        ("gin (d jsonb_path_ops)", "gin", "jsonb_path_ops"),
        ("gin (i)", "gin", None),
        ("gin (j)", "gin", None),
        ("gin (b gin_trgm_ops)", "gin", "gin_trgm_ops"),
        ("gist (l)", "gist", None),
        ("gist (m inet_ops)", "gist", "inet_ops"),
        ("hash (b)", "hash", None),
        ("brin (a)", "brin", None),
        ("spgist (b)", "spgist", None),
    ],
)
def test_methods(database: Database, definition: str, method: str, operator_class: str | None) -> None:
    index = index_of(database, f"CREATE INDEX x ON t USING {definition}")
    assert index.method == method
    assert index.parts[0].operator_class == operator_class


def test_everything_else(database: Database) -> None:
    index = index_of(
        database, "CREATE UNIQUE INDEX x ON t (a) INCLUDE (b, c) WITH (fillfactor = 70) WHERE b <> 'x' AND a > 0"
    )
    assert index == Index(
        (IndexPart("a"),),
        "x",
        unique=True,
        include=("b", "c"),
        options=(("fillfactor", "70"),),
        predicate="(b <> 'x'::text) AND (a > 0)",
    )


def test_nulls_not_distinct(database: Database) -> None:
    if database.version < 150000:
        pytest.skip("PostgreSQL 15 and later")
    assert index_of(database, "CREATE UNIQUE INDEX x ON t (a) NULLS NOT DISTINCT").nulls_not_distinct


def test_an_index_that_failed_to_build_is_not_valid(database: Database) -> None:
    database.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)")
    with pytest.raises(Exception, match="could not create unique index"):
        database.execute("CREATE UNIQUE INDEX CONCURRENTLY x ON t (a)")
    (index,) = read_database(database.url).tables[0].indexes
    assert not index.valid


def test_an_index_of_a_materialized_view(database: Database) -> None:
    database.execute("CREATE MATERIALIZED VIEW v AS SELECT 1 AS a; CREATE UNIQUE INDEX x ON v (a)")
    (index,) = read_database(database.url).tables[0].indexes
    assert index == Index((IndexPart("a"),), "x", unique=True)


def test_an_index_after_columns_were_dropped(database: Database) -> None:
    database.execute("CREATE TABLE t (z int, a int, b int); ALTER TABLE t DROP z; CREATE INDEX x ON t (b, a)")
    (index,) = read_database(database.url).tables[0].indexes
    assert index.columns == ("b", "a")
