"""What only PostgreSQL states: after the snapshot of `before` somebody ran `sql`; the good one takes it back."""

from schemasync.compare.examples import Example, Pair, pair

T = "CREATE TABLE t (id integer PRIMARY KEY, name text, n integer);\n"
TRIGGER_FUNCTION = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\n"
SERVER = "CREATE FOREIGN DATA WRAPPER files;\nCREATE SERVER remote FOREIGN DATA WRAPPER files OPTIONS (host 'a');\n"


def _change(before: str, change: str, back: str) -> Pair:
    return pair(Example(before=T + before, sql=change + "\n"), sql=f"{change}\n{back}\n")


PAIRS: dict[str, Pair] = {
    "view": _change(
        "CREATE VIEW v AS SELECT id FROM t;\n",
        "CREATE OR REPLACE VIEW v AS SELECT id FROM t WHERE id > 1;",
        "CREATE OR REPLACE VIEW v AS SELECT id FROM t;",
    ),
    "materialized-view": _change(
        "CREATE MATERIALIZED VIEW m AS SELECT id FROM t;\n",
        "DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m AS SELECT id FROM t WHERE id > 1;",
        "DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m AS SELECT id FROM t;",
    ),
    "sequence": _change(
        "CREATE SEQUENCE tickets;\n", "ALTER SEQUENCE tickets CYCLE;", "ALTER SEQUENCE tickets NO CYCLE;"
    ),
    "domain": _change(
        "CREATE DOMAIN email AS text;\n", "ALTER DOMAIN email SET DEFAULT 'a@b';", "ALTER DOMAIN email DROP DEFAULT;"
    ),
    "type": _change(
        "CREATE TYPE pair AS (a integer, b text);\n",
        "ALTER TYPE pair ADD ATTRIBUTE c date;",
        "ALTER TYPE pair DROP ATTRIBUTE c;",
    ),
    "trigger": _change(
        TRIGGER_FUNCTION + "CREATE TRIGGER touched BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();\n",
        "ALTER TABLE t DISABLE TRIGGER touched;",
        "ALTER TABLE t ENABLE TRIGGER touched;",
    ),
    "rule": _change(
        "CREATE RULE quiet AS ON DELETE TO t DO INSTEAD NOTHING;\n",
        "ALTER TABLE t DISABLE RULE quiet;",
        "ALTER TABLE t ENABLE RULE quiet;",
    ),
    "function": _change(
        "CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 2';\n",
        "ALTER FUNCTION twice(integer) SECURITY DEFINER;",
        "ALTER FUNCTION twice(integer) SECURITY INVOKER;",
    ),
    "policy": _change(
        "CREATE POLICY own ON t USING (id > 0);\n",
        "ALTER POLICY own ON t USING (true);",
        "ALTER POLICY own ON t USING (id > 0);",
    ),
    "privilege": _change("", "GRANT SELECT ON t TO PUBLIC;", "REVOKE SELECT ON t FROM PUBLIC;"),
    "owner": _change("", "ALTER TABLE t OWNER TO pg_monitor;", "ALTER TABLE t OWNER TO CURRENT_USER;"),
    "extension": _change("", "CREATE EXTENSION citext;", "DROP EXTENSION citext;"),
    "partition": _change(
        "CREATE TABLE parted (id integer) PARTITION BY RANGE (id);\n"
        "CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (10);\n",
        "ALTER TABLE parted DETACH PARTITION part;",
        "ALTER TABLE parted ATTACH PARTITION part FOR VALUES FROM (0) TO (10);",
    ),
    "inheritance": _change(
        "CREATE TABLE parent (n integer);\n", "ALTER TABLE t INHERIT parent;", "ALTER TABLE t NO INHERIT parent;"
    ),
    "storage": _change("", "ALTER TABLE t SET (fillfactor = 70);", "ALTER TABLE t RESET (fillfactor);"),
    "statistics": _change(
        "CREATE STATISTICS st ON id, n FROM t;\n",
        "ALTER STATISTICS st SET STATISTICS 100;",
        "ALTER STATISTICS st SET STATISTICS -1;",
    ),
    "schema": _change(
        "", "COMMENT ON SCHEMA public IS 'ours';", "COMMENT ON SCHEMA public IS 'standard public schema';"
    ),
    "column-order": _change(
        "",
        "ALTER TABLE t DROP name; ALTER TABLE t ADD name text;",
        "ALTER TABLE t DROP n; ALTER TABLE t ADD n integer;",
    ),
    "comment": _change(
        "CREATE INDEX t_name_idx ON t (name);\n",
        "COMMENT ON INDEX t_name_idx IS 'for the search';",
        "COMMENT ON INDEX t_name_idx IS NULL;",
    ),
    "event-trigger": _change(
        "CREATE FUNCTION noticed() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';\n",
        "CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION noticed();",
        "DROP EVENT TRIGGER watch;",
    ),
    "publication": _change(
        "CREATE PUBLICATION changes FOR TABLE t;\n",
        "ALTER PUBLICATION changes SET (publish = 'insert');",
        "ALTER PUBLICATION changes SET (publish = 'insert, update, delete, truncate');",
    ),
    "operator": _change(
        "CREATE FUNCTION near(integer, integer) RETURNS boolean LANGUAGE sql AS 'SELECT abs($1 - $2) < 2';\n"
        "CREATE OPERATOR ### (LEFTARG = integer, RIGHTARG = integer, FUNCTION = near);\n",
        "ALTER OPERATOR ### (integer, integer) SET (RESTRICT = scalarltsel);",
        "ALTER OPERATOR ### (integer, integer) SET (RESTRICT = NONE);",
    ),
    "text-search": _change(
        "CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);\n",
        "ALTER TEXT SEARCH CONFIGURATION words ALTER MAPPING FOR asciiword WITH english_stem;",
        "ALTER TEXT SEARCH CONFIGURATION words ALTER MAPPING FOR asciiword WITH simple;",
    ),
    "cast": _change(
        "CREATE TYPE pair AS (a integer, b text);\n",
        "CREATE CAST (pair AS text) WITH INOUT;",
        "DROP CAST (pair AS text);",
    ),
    "constraint": _change(
        "CREATE TABLE pairs (a integer NOT NULL, b integer);\n",
        "ALTER TABLE pairs ADD PRIMARY KEY (a) INCLUDE (b);",
        "ALTER TABLE pairs DROP CONSTRAINT pairs_pkey;",
    ),
    "not-null": _change(
        "ALTER TABLE t ADD CONSTRAINT named NOT NULL name;\n",
        "ALTER TABLE t RENAME CONSTRAINT named TO renamed;",
        "ALTER TABLE t RENAME CONSTRAINT renamed TO named;",
    ),
    "collation": _change("", 'CREATE COLLATION posix FROM "POSIX";', "DROP COLLATION posix;"),
    "conversion": _change(
        "",
        "CREATE CONVERSION own FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;",
        "DROP CONVERSION own;",
    ),
    "subscription": _change(
        "",
        "CREATE SUBSCRIPTION feed CONNECTION 'dbname=other' PUBLICATION changes\n"
        "  WITH (connect = false, slot_name = NONE, enabled = false);",
        "DROP SUBSCRIPTION feed;",
    ),
    "language": _change("", "CREATE LANGUAGE own HANDLER plpgsql_call_handler;", "DROP LANGUAGE own;"),
    "access-method": _change("", "CREATE ACCESS METHOD own TYPE INDEX HANDLER bthandler;", "DROP ACCESS METHOD own;"),
    "foreign-server": _change(
        SERVER, "ALTER SERVER remote OPTIONS (SET host 'b');", "ALTER SERVER remote OPTIONS (SET host 'a');"
    ),
    "setting": _change(
        "",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''9MB''', current_database()); END $$;",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET work_mem', current_database()); END $$;",
    ),
}
