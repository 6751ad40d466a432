"""Hazards are measured: each statement's locks, rewrites, scans and writes, on a real PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from databases import Database

from schemasync.errors import DatabaseError
from schemasync.release.hazards import Hazard, Size, hazards, live_sizes
from schemasync.release.hazards_meter import Measured, Meter
from schemasync.release.rehearsal_runs import run_measured, script_of, statements_of
from schemasync.release.replayed import PRISMA, Places, Replay, Step
from schemasync.scratch import ScratchServer

TABLES = """
CREATE TABLE users (id int PRIMARY KEY, nick text, age int, mail text NOT NULL);
INSERT INTO users SELECT n, n::text, n, 'm' FROM generate_series(1, 20) n;
CREATE INDEX users_nick ON users (nick);
CREATE TABLE posts (id int PRIMARY KEY, author int);
INSERT INTO posts SELECT n, n FROM generate_series(1, 20) n;
CREATE MATERIALIZED VIEW many AS SELECT 1 AS one;
"""
SIZES = {("public", "users"): Size(12_000_000, 3_330_000_000), ("public", "posts"): Size(950, 81_920)}
ROWS = {("public", "users"): 20, ("public", "posts"): 20}


@pytest.fixture
def tables(database: Database) -> Database:
    database.execute(TABLES)
    return database


def measured(database: Database, *statements: str, autocommit: bool = False) -> list[Measured]:
    opened = database.connect()
    opened.autocommit = autocommit
    meter = Meter(opened, database.url)
    if not autocommit:
        opened.rollback()
    for number, sql in enumerate(statements):
        with (
            meter.statement(sql, f"migration.sql:{number + 1}", number if autocommit else 0),
            opened.cursor() as cursor,
        ):
            cursor.execute(sql)
    if not autocommit:
        opened.rollback()
    return meter.measured


def told(database: Database, *statements: str, autocommit: bool = False) -> list[str]:
    found = measured(database, *statements, autocommit=autocommit)
    return [one.sentence for one in hazards("prisma", "next", found, SIZES, ROWS)]


USERS = "users (12 M rows, 3.1 GB)"
WAITS = "blocks reads and writes"
STATEMENTS = {
    "ALTER TABLE users ADD city text": [f"ACCESS EXCLUSIVE on {USERS}: {WAITS}"],
    "ALTER TABLE users ADD city text NOT NULL DEFAULT ''": [f"ACCESS EXCLUSIVE on {USERS}: {WAITS}"],
    "ALTER TABLE users ADD token uuid DEFAULT gen_random_uuid()": [
        f"ACCESS EXCLUSIVE on {USERS} while it is rewritten: {WAITS}"
    ],
    "ALTER TABLE users ALTER age TYPE bigint": [f"ACCESS EXCLUSIVE on {USERS} while it is rewritten: {WAITS}"],
    "ALTER TABLE users ALTER nick TYPE varchar": [f"ACCESS EXCLUSIVE on {USERS}: {WAITS}"],
    "ALTER TABLE users ALTER nick SET NOT NULL": [f"ACCESS EXCLUSIVE on {USERS} while it is read through: {WAITS}"],
    "ALTER TABLE users ADD CHECK (age > 0)": [f"ACCESS EXCLUSIVE on {USERS} while it is read through: {WAITS}"],
    "ALTER TABLE users ADD CHECK (age > 0) NOT VALID": [f"ACCESS EXCLUSIVE on {USERS}: {WAITS}"],
    "CREATE INDEX ON users (age)": [f"SHARE on {USERS} while it is read through: blocks writes"],
    "ALTER TABLE posts ADD FOREIGN KEY (author) REFERENCES users": [
        f"SHARE ROW EXCLUSIVE on {USERS} while it is read through: blocks writes",
        "SHARE ROW EXCLUSIVE on posts (950 rows, 80 kB) while it is read through: blocks writes",
    ],
    "CREATE TABLE notes (id int PRIMARY KEY, author int REFERENCES users)": [
        f"SHARE ROW EXCLUSIVE on {USERS}: blocks writes"
    ],
    "UPDATE users SET age = age + 1": [
        f"ROW EXCLUSIVE on {USERS} while every row is written: blocks writes to the same rows"
    ],
    "UPDATE users SET age = 1 WHERE id = 1": [],
    "UPDATE users SET age = 1 WHERE nick = '1'": [],
    "UPDATE users SET age = 1 WHERE mail = 'x'": [
        f"ROW EXCLUSIVE on {USERS} while it is read through: reads and writes go on"
    ],
    "INSERT INTO users VALUES (21, 'x', 1, 'x')": [],
    "TRUNCATE users": [f"ACCESS EXCLUSIVE on {USERS} while it is emptied: {WAITS}"],
    "DROP TABLE posts": ["ACCESS EXCLUSIVE on posts (950 rows, 80 kB): blocks reads and writes"],
    "CREATE TABLE alone (id int PRIMARY KEY)": [],
    "COMMENT ON TABLE users IS 'x'": [],
    "LOCK TABLE users IN EXCLUSIVE MODE": [f"EXCLUSIVE on {USERS}: blocks writes"],
}


@pytest.mark.parametrize("sql", STATEMENTS)
def test_one_statement(tables: Database, sql: str) -> None:
    assert told(tables, sql) == STATEMENTS[sql]


def test_a_lock_is_held_while_the_transaction_works_on_another_table(tables: Database) -> None:
    first, *rest = told(tables, "ALTER TABLE posts ADD note text", "UPDATE users SET age = 1", "SELECT 1")
    assert first == f"ROW EXCLUSIVE on {USERS} while every row is written: blocks writes to the same rows"
    assert rest == [f"ACCESS EXCLUSIVE on posts (950 rows, 80 kB) held while {USERS} has every row written: {WAITS}"]


def test_a_second_statement_under_a_lock_that_is_held(tables: Database) -> None:
    found = told(tables, "ALTER TABLE users ADD city text", "UPDATE users SET city = ''")
    assert found == [
        f"ACCESS EXCLUSIVE on {USERS} while every row is written: {WAITS}",
        f"ACCESS EXCLUSIVE on {USERS}: {WAITS}",
    ]


def test_what_the_migration_itself_created_is_no_hazard(tables: Database) -> None:
    assert (
        told(tables, "CREATE TABLE fresh (id int)", "INSERT INTO fresh VALUES (1)", "CREATE INDEX ON fresh (id)") == []
    )


CONCURRENT = {
    "CREATE INDEX CONCURRENTLY ON users (age)": [
        f"SHARE UPDATE EXCLUSIVE on {USERS} while it is read through: reads and writes go on"
    ],
    "DROP INDEX CONCURRENTLY users_nick": [],
    "VACUUM FULL users": [f"ACCESS EXCLUSIVE on {USERS} while it is rewritten: {WAITS}"],
}


@pytest.mark.parametrize("sql", CONCURRENT)
def test_outside_of_a_transaction(tables: Database, sql: str) -> None:
    assert told(tables, sql, autocommit=True) == CONCURRENT[sql]


def test_a_statement_that_fails_leaves_nothing(tables: Database) -> None:
    opened = tables.connect()
    opened.autocommit = False
    meter = Meter(opened, tables.url)
    with (
        pytest.raises(psycopg2.Error),
        meter.statement("ALTER TABLE users DROP x", "here:1", 0),
        opened.cursor() as cursor,
    ):
        cursor.execute("ALTER TABLE users DROP x")
    opened.rollback()
    assert meter.measured == []


SCRIPT = """\
-- Größe; no statement ends here
ALTER TABLE users ADD city text;

/* one; */ UPDATE users
  SET city = 'ä;';
DO $$ BEGIN PERFORM 1; END $$"""


def test_a_script_is_split_as_postgresql_reads_it() -> None:
    assert statements_of(SCRIPT) == [
        (2, "ALTER TABLE users ADD city text"),
        (4, "UPDATE users\n  SET city = 'ä;'"),
        (6, "DO $$ BEGIN PERFORM 1; END $$"),
    ]
    assert statements_of("NO SQL;") == [(1, "NO SQL;")]
    assert statements_of("-- nothing\n") == []


Run = Callable[[str], tuple[Replay, tuple[Measured, ...]]]


@pytest.fixture
def run_prisma(server: ScratchServer, tmp_path: Path) -> Iterator[Run]:
    """Runs a Prisma migration's script on a database with the tables."""
    with server.create_database() as fresh:
        opened = fresh.connect()
        with opened.cursor() as cursor:
            cursor.execute(TABLES)
        opened.close()
        replay = Replay(fresh, Places(tmp_path))

        def run(script: str) -> tuple[Replay, tuple[Measured, ...]]:
            folder = tmp_path / "next"
            folder.mkdir()
            (folder / "migration.sql").write_text(script)
            return replay, run_measured(server, replay, Step(PRISMA, "next"), None)

        yield run


def summary(found: tuple[Measured, ...]) -> list[tuple[str, int]]:
    return [(one.place.rpartition(":")[2], one.transaction) for one in found]


def test_a_prisma_migration_runs_once_and_is_measured_by_statement(run_prisma: Run) -> None:
    replay, found = run_prisma(SCRIPT)
    assert summary(found) == [("2", 0), ("4", 0), ("6", 0)]
    users = replay.schema().table("users")
    assert users is not None
    assert users.column("city") is not None
    script = script_of(replay, "prisma", Step(PRISMA, "next"), found)
    assert (script.text, script.in_transaction) == (SCRIPT, True)


def test_a_script_with_its_own_transactions(run_prisma: Run) -> None:
    _, found = run_prisma(
        "BEGIN; ALTER TABLE users ADD a int; COMMIT; ALTER TABLE users ADD b int; ALTER TABLE users ADD c int;"
    )
    assert [one.transaction for one in found] == [0, 0, 0, 1, 1]


def test_an_index_built_concurrently_alone_in_its_migration(run_prisma: Run) -> None:
    replay, found = run_prisma("CREATE INDEX CONCURRENTLY users_age ON users (age);")
    assert [one.sentence for one in hazards("prisma", "next", found, SIZES, ROWS)] == [
        f"SHARE UPDATE EXCLUSIVE on {USERS} while it is read through: reads and writes go on"
    ]
    assert not script_of(replay, "prisma", Step(PRISMA, "next"), found).in_transaction


def test_a_migration_that_fails(run_prisma: Run) -> None:
    with pytest.raises(DatabaseError, match=r"migration\.sql.*division by zero"):
        run_prisma("ALTER TABLE users ADD a int; SELECT 1/0;")


def test_sizes_of_live_tables(tables: Database) -> None:
    tables.execute(
        """CREATE TABLE parts (id int) PARTITION BY RANGE (id);
        CREATE TABLE part_one PARTITION OF parts FOR VALUES FROM (0) TO (10);
        CREATE TABLE part_two PARTITION OF parts FOR VALUES FROM (10) TO (20);
        INSERT INTO parts SELECT n % 20 FROM generate_series(1, 1000) n;
        CREATE TABLE empty (id int); ANALYZE users; ANALYZE parts"""
    )
    tables.execute("UPDATE pg_class SET reltuples = 12e6, relpages = 406500 WHERE relname = 'users'")
    opened = tables.connect()

    def rows(sql: str) -> list[tuple[object, ...]]:
        with opened.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    sizes = live_sizes(rows)
    assert str(sizes["public", "users"]) == "12 M rows, 3.1 GB"
    assert str(sizes["public", "parts"]) == "1 k rows, 48 kB"
    assert str(sizes["public", "part_one"]) == "500 rows, 24 kB"
    assert str(sizes["public", "posts"]) == "rows never counted, 8 kB"
    assert str(sizes["public", "empty"]) == "empty"
    assert str(Size(1, 8192)) == "1 row, 8 kB"


def test_the_worst_comes_first(tables: Database) -> None:
    found = measured(
        tables, "ALTER TABLE posts ADD a int", "ALTER TABLE posts ADD CHECK (id > 0)", "CREATE INDEX ON users (age)"
    )
    order = [(one.table, one.lasts) for one in hazards("prisma", "next", found, SIZES, ROWS)]
    assert order == [("users", True), ("posts", True), ("posts", True)]
    assert isinstance(hazards("prisma", "next", found, {}, {})[0], Hazard)
