"""What only PostgreSQL states: a complete snapshot against the database after one change."""

from typing import NamedTuple

import pytest
from databases import Database

import schemasync
from schemasync.schema.model import Schema

GROUND = """
CREATE TABLE a (id int PRIMARY KEY, t text, n numeric);
CREATE TABLE b (id int, a_id int REFERENCES a);
CREATE VIEW v AS SELECT id FROM a;
CREATE MATERIALIZED VIEW m AS SELECT id FROM a;
CREATE SEQUENCE s;
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();
CREATE POLICY p ON a USING (id > 0);
CREATE TABLE parted (id int) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
CREATE STATISTICS st ON id, t FROM a;
"""


class Change(NamedTuple):
    sql: str
    kind: str
    object: str | None
    table: str | None = None


CHANGES = [
    Change("CREATE OR REPLACE VIEW v AS SELECT id FROM a WHERE id > 1", "view", "v"),
    Change("ALTER SEQUENCE s INCREMENT 5", "sequence", "s"),
    Change("ALTER DOMAIN positive SET DEFAULT 3", "domain", "positive"),
    Change(
        "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'", "function", "f()"
    ),
    Change("ALTER TABLE a DISABLE TRIGGER tr", "trigger", "tr", "a"),
    Change("DROP TRIGGER tr ON a", "trigger", "tr", "a"),
    Change("ALTER POLICY p ON a USING (id > 1)", "policy", "p", "a"),
    Change("DROP STATISTICS st", "statistics", "st", "a"),
    Change("DROP VIEW v", "view", "v"),
    Change("CREATE OR REPLACE VIEW v AS SELECT id, t FROM a", "view", "v"),
    Change("ALTER TABLE a DROP COLUMN n", "column-missing", "n", "a"),
    Change("ALTER TABLE a ADD x serial", "column-extra", "x", "a"),
    Change("DROP TABLE b", "table-missing", None, "b"),
    Change("CREATE TABLE z (id serial PRIMARY KEY, t text)", "table-extra", None, "z"),
    Change("CREATE TYPE mood AS ENUM ('good')", "enum-extra", "mood"),
    Change("ALTER TABLE a ALTER n SET DEFAULT 3", "column-default", "n", "a"),
    Change("ALTER TABLE b DROP CONSTRAINT b_a_id_fkey", "foreign-key-missing", "b_a_id_fkey", "b"),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.sql[:60])
def test_one_change_is_one_drift(change: Change, database: Database) -> None:
    database.execute(GROUND)
    before = Schema.from_json(schemasync.read_database(database.url, complete=True).to_json())
    assert (
        schemasync.compare({"snapshot": before, "database": schemasync.read_database(database.url, complete=True)})
        == []
    )
    database.execute(change.sql)
    after = schemasync.read_database(database.url, complete=True)
    found = schemasync.compare({"snapshot": before, "database": after})
    assert [(drift.kind, drift.object, drift.table, drift.behind) for drift in found] == [
        (change.kind, change.object, change.table, ("database",))
    ], "\n".join(f"{drift.message} {drift.values}" for drift in found)


@pytest.mark.parametrize(
    "sql",
    [
        "GRANT SELECT ON a TO PUBLIC",
        "REFRESH MATERIALIZED VIEW m; ALTER MATERIALIZED VIEW m SET (fillfactor = 50)",
        "ALTER TABLE a ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE a SET (fillfactor = 70)",
        "ALTER TABLE a ALTER t SET STORAGE EXTERNAL",
        "ALTER TABLE a ALTER t SET STATISTICS 500",
        "ALTER TABLE a REPLICA IDENTITY FULL",
        "ALTER TABLE b SET UNLOGGED",
        "CREATE RULE r AS ON DELETE TO b DO INSTEAD NOTHING",
        "COMMENT ON COLUMN a.t IS 'x'",
        "COMMENT ON INDEX a_pkey IS 'x'",
        "ALTER TABLE parted DETACH PARTITION part_1",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC",
        "ALTER TABLE b DROP id; ALTER TABLE b ADD id int",
        "ALTER TABLE b ALTER a_id SET NOT NULL",
        "CREATE TYPE pair AS (x int, y int)",
        "CREATE OR REPLACE FUNCTION g(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE b DROP CONSTRAINT b_a_id_fkey; ALTER TABLE b ADD FOREIGN KEY (a_id) REFERENCES a DEFERRABLE",
        "ALTER TABLE a RENAME TO c",
    ],
)  # fmt: skip
def test_a_change_is_seen_and_the_state_before_equals_itself(sql: str, database: Database) -> None:
    database.execute(GROUND)
    before = schemasync.read_database(database.url, complete=True)
    for statement in sql.split("; "):
        database.execute(statement)
    after = schemasync.read_database(database.url, complete=True)
    assert schemasync.compare({"snapshot": before, "database": after})
    assert schemasync.compare({"snapshot": after, "database": after}) == []
