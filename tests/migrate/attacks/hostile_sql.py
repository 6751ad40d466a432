"""Hostile migrations in SQL: by name, the statements of one revision, run one after the other by `op.execute`.

Each changes something that Prisma owns, or that nobody here declared; `tests/migrate/database.sql` is the database.
"""

HOSTILE_SQL: dict[str, tuple[str, ...]] = {
    # Plain statements
    "update rows": ("UPDATE users SET score = 1",),
    "delete rows": ("DELETE FROM sessions",),
    "insert rows": ("INSERT INTO users (email) VALUES ('eve@example.org')",),
    "upsert rows": ("INSERT INTO users (id, email) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET email = 'x'",),
    "merge rows": ("MERGE INTO users u USING teams t ON u.id = t.owner_id WHEN MATCHED THEN UPDATE SET score = 5",),
    "truncate": ("TRUNCATE sessions",),
    "truncate many": ("TRUNCATE members, sessions",),
    "add column": ("ALTER TABLE users ADD COLUMN x integer",),
    "drop column": ("ALTER TABLE users DROP COLUMN bio",),
    "drop and add the same column": (
        "ALTER TABLE users DROP COLUMN badge_id",
        "ALTER TABLE users ADD COLUMN badge_id integer",
    ),
    "change type": ("ALTER TABLE users ALTER COLUMN score TYPE bigint",),
    "drop not null": ("ALTER TABLE users ALTER COLUMN email DROP NOT NULL",),
    "change default": ("ALTER TABLE users ALTER COLUMN role SET DEFAULT 'ADMIN'",),
    "rename column": ("ALTER TABLE users RENAME COLUMN bio TO biography",),
    "rename table": ("ALTER TABLE sessions RENAME TO old_sessions",),
    "drop table": ("DROP TABLE sessions",),
    "drop undeclared table": ("DROP TABLE legacy",),
    "update undeclared table": ("UPDATE legacy SET payload = 'lost'",),
    "move to another schema": ("CREATE SCHEMA attic", "ALTER TABLE sessions SET SCHEMA attic"),
    "add index": ("CREATE INDEX sneaky ON users (score)",),
    "drop index": ("DROP INDEX users_role_idx",),
    "rename index": ("ALTER INDEX users_role_idx RENAME TO other_idx",),
    "rebuild index": ("REINDEX INDEX users_role_idx",),
    "add unique": ("ALTER TABLE sessions ADD CONSTRAINT sneaky UNIQUE (token)",),
    "drop unique": ("ALTER TABLE users DROP CONSTRAINT users_email_key",),
    "drop check": ("ALTER TABLE users DROP CONSTRAINT users_score_check",),
    "drop foreign key": ("ALTER TABLE sessions DROP CONSTRAINT sessions_user_id_fkey",),
    "foreign key from prismas table": (
        "ALTER TABLE sessions ADD FOREIGN KEY (user_id) REFERENCES teams (id) NOT VALID",
    ),
    "comment on table": ("COMMENT ON TABLE users IS 'mine'",),
    "comment on column": ("COMMENT ON COLUMN users.email IS 'mine'",),
    "comment on type": ("COMMENT ON TYPE \"Role\" IS 'mine'",),
    "storage options": ("ALTER TABLE users SET (fillfactor = 50)",),
    "column statistics": ("ALTER TABLE users ALTER COLUMN email SET STATISTICS 500",),
    "column storage": ("ALTER TABLE users ALTER COLUMN email SET STORAGE EXTERNAL",),
    "replica identity": ("ALTER TABLE users REPLICA IDENTITY FULL",),
    "unlogged": ("ALTER TABLE legacy SET UNLOGGED",),
    "cluster": ("CLUSTER users USING users_pkey",),
    "extended statistics": ("CREATE STATISTICS sneaky ON score, role FROM users",),
    "lock": ("LOCK TABLE users IN ACCESS EXCLUSIVE MODE",),
    "prismas history": ("UPDATE _prisma_migrations SET checksum = 'b'",),
    "forge prismas history": (
        "INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('2', 'x', '20990101000000_forged')",
    ),
    # Types, functions, triggers, policies, privileges
    "add enum value": ("ALTER TYPE \"Role\" ADD VALUE 'GUEST'",),
    "rename enum value": ("ALTER TYPE \"Role\" RENAME VALUE 'USER' TO 'MEMBER'",),
    "rename enum": ('ALTER TYPE "Role" RENAME TO role_old',),
    "swap enum values": (
        "ALTER TYPE \"Role\" RENAME VALUE 'ADMIN' TO 'tmp'",
        "ALTER TYPE \"Role\" RENAME VALUE 'USER' TO 'ADMIN'",
        "ALTER TYPE \"Role\" RENAME VALUE 'tmp' TO 'USER'",
    ),
    "loosen domain": ("ALTER DOMAIN short_text DROP CONSTRAINT short_text_check",),
    "replace trigger function": (
        "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
    ),
    "alter function": ("ALTER FUNCTION touch() SET search_path = pg_catalog",),
    "rename function": ("ALTER FUNCTION touch() RENAME TO touched",),
    "add trigger": ("CREATE TRIGGER sneaky BEFORE INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION touch()",),
    "drop trigger": ("DROP TRIGGER users_touch ON users",),
    "disable trigger": ("ALTER TABLE users DISABLE TRIGGER users_touch",),
    "disable all triggers": ("ALTER TABLE users DISABLE TRIGGER ALL",),
    "add rule": ("CREATE RULE sneaky AS ON DELETE TO users DO INSTEAD NOTHING",),
    "add policy": ("CREATE POLICY sneaky ON users USING (false)",),
    "drop policy": ("DROP POLICY users_all ON users",),
    "enable row security": ("ALTER TABLE users ENABLE ROW LEVEL SECURITY",),
    "force row security": ("ALTER TABLE users FORCE ROW LEVEL SECURITY",),
    "grant": ("GRANT ALL ON users TO PUBLIC",),
    "grant column": ("GRANT UPDATE (email) ON users TO PUBLIC",),
    "grant everything in the schema": ("GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC",),
    "revoke": ("REVOKE ALL ON users FROM CURRENT_USER",),
    "revoke usage of the schema": ("REVOKE USAGE ON SCHEMA public FROM PUBLIC",),
    "default privileges": ("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO PUBLIC",),
    "change owner": ("CREATE ROLE {role}", "ALTER TABLE users OWNER TO {role}"),
    "reassign owned": ("CREATE ROLE {role}", "ALTER TABLE sessions OWNER TO {role}", "DROP OWNED BY {role}"),
    "replace view": ("CREATE OR REPLACE VIEW active_users AS SELECT id, email FROM users WHERE false",),
    "drop view": ("DROP VIEW active_users",),
    # Sequences
    "setval": ("SELECT setval('users_id_seq', 1000)",),
    "setval quoted": ('SELECT pg_catalog.setval(\'"public"."users_id_seq"\'::regclass, 1000)',),
    "restart sequence": ("ALTER SEQUENCE users_id_seq RESTART WITH 9000",),
    "sequence increment": ("ALTER SEQUENCE users_id_seq INCREMENT BY -1",),
    "steal sequence": ("ALTER SEQUENCE users_id_seq OWNED BY notes.id",),
    "identity": ("ALTER TABLE events ALTER COLUMN id RESTART WITH 7",),
    # Dynamic SQL, functions, rules and triggers that fire elsewhere
    "dynamic update": ("DO $$ BEGIN EXECUTE 'UPD' || 'ATE users SET score = 3'; END $$",),
    "dynamic ddl": ("DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN x int', 'us' || 'ers'); END $$",),
    "dynamic drop of nothing declared": ("DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'leg' || 'acy'; END $$",),
    "dynamic comment on type": ("DO $$ BEGIN EXECUTE 'COMMENT ON TYPE \"Role\" IS ''x'''; END $$",),
    "static update in a block": ("DO $$ BEGIN UPDATE users SET score = 3; END $$",),
    "loop over the catalogue": (
        "DO $$ DECLARE t text; BEGIN FOR t IN SELECT relname FROM pg_class WHERE relname LIKE 'sess%' "
        "AND relkind = 'r' LOOP EXECUTE 'TRUNCATE ' || quote_ident(t); END LOOP; END $$",
    ),
    "function that writes": (
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'UPDATE users SET score = 4'",
        "SELECT f()",
        "DROP FUNCTION f()",
    ),
    "procedure that writes": (
        "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$",
        "CALL p()",
    ),
    "trigger on an owned table that writes": (
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'UPDATE users SET score = 5'; "
        "RETURN NEW; END $$",
        "CREATE TRIGGER t AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION f()",
        "INSERT INTO notes (body) VALUES ('x')",
        "DROP TRIGGER t ON notes",
    ),
    "rule on an owned table that writes": (
        "CREATE RULE r AS ON INSERT TO notes DO ALSO UPDATE users SET score = 6",
        "INSERT INTO notes (body) VALUES ('x')",
        "DROP RULE r ON notes",
    ),
    "deferred trigger that writes": (
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'UPDATE users SET score = 7'; "
        "RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        "EXECUTE FUNCTION f()",
        "INSERT INTO notes (body) VALUES ('x')",
    ),
    "check constraint that writes": (
        "CREATE FUNCTION f(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'UPDATE users SET score = 8'; "
        "RETURN true; END $$",
        "ALTER TABLE notes ADD CHECK (f(body))",
    ),
    "default that writes": (
        "CREATE FUNCTION f() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'UPDATE users SET score = 8'; "
        "RETURN 1; END $$",
        "ALTER TABLE notes ADD COLUMN n integer DEFAULT f()",
    ),
    "index expression that writes": (
        "CREATE FUNCTION f(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN "
        "EXECUTE 'UPDATE users SET score = 8'; RETURN $1; END $$",
        "CREATE INDEX i ON notes (f(body))",
    ),
    "view that writes": (
        "CREATE VIEW v AS SELECT id, score FROM users",
        "UPDATE v SET score = 9",
        "DROP VIEW v",
    ),
    "writing with in a select": ("WITH gone AS (DELETE FROM sessions RETURNING *) SELECT count(*) FROM gone",),
    "explain analyze": ("EXPLAIN ANALYZE DELETE FROM sessions",),
    "prepared statement": ("PREPARE p AS UPDATE users SET score = 2", "EXECUTE p", "DEALLOCATE p"),
    "prepared in a block": ("DO $$ BEGIN EXECUTE 'PREPARE p AS DELETE FROM sess' || 'ions'; END $$", "EXECUTE p"),
    "event trigger": (
        "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$",
        "CREATE EVENT TRIGGER sneaky ON ddl_command_end EXECUTE FUNCTION e()",
    ),
    # Cascades
    "drop cascade takes prismas foreign key": ("DROP TABLE teams CASCADE",),
    "drop column cascade takes prismas foreign key": ("ALTER TABLE teams DROP COLUMN id CASCADE",),
    "delete fires set null in prismas table": ("DELETE FROM teams WHERE name = 'blue'",),
    "delete cascades through prismas table": (
        "DO $$ BEGIN EXECUTE 'DELETE FROM teams WHERE name = ''bl' || 'ue'''; END $$",
    ),
    "truncate cascade": ("TRUNCATE teams CASCADE",),
    "drop type cascade": ('DROP TYPE "Role" CASCADE',),
    "drop function cascade": ("DROP FUNCTION touch() CASCADE",),
    "drop schema cascade": ("DROP SCHEMA public CASCADE",),
    "drop primary key cascade": ("ALTER TABLE teams DROP CONSTRAINT teams_pkey CASCADE",),
    # Swaps and names
    "swap by rename": (
        "ALTER TABLE sessions RENAME TO sessions_old",
        "CREATE TABLE sessions (LIKE sessions_old INCLUDING ALL)",
    ),
    "swap hidden in a block": (
        "DO $$ BEGIN EXECUTE 'ALTER TABLE leg' || 'acy RENAME TO old'; "
        "EXECUTE 'CREATE TABLE leg' || 'acy (LIKE old INCLUDING ALL)'; EXECUTE 'DROP TABLE o' || 'ld CASCADE'; END $$",
    ),
    "rename there and back": (
        "ALTER TABLE users RENAME TO u",
        "UPDATE u SET score = 1",
        "ALTER TABLE u RENAME TO users",
    ),
    "search path": ("SET LOCAL search_path = pg_catalog", "UPDATE public.users SET score = 1"),
    "quoted names": ('UPDATE "public"."users" SET "score" = 1',),
    "unicode names": ('UPDATE U&"\\0075sers" SET score = 1',),
    "comment in the middle": ("UPDATE/* x */users/**/SET score = 1",),
    "two statements in one": ("SELECT 1; DELETE FROM sessions; SELECT 2",),
    "owned name first": ("UPDATE ONLY notes SET body = 'x'; UPDATE ONLY users SET score = 1",),
    "function that shadows": (
        "CREATE SCHEMA shade",
        "CREATE TABLE shade.users (id int)",
        "SET LOCAL search_path = shade, public",
        "DELETE FROM sessions",
    ),
    "temporary table of the same name": ("CREATE TEMPORARY TABLE users (id int)", "UPDATE public.users SET score = 1"),
    # Inheritance and partitions
    "child that adds rows": ("CREATE TABLE ghosts () INHERITS (users)",),
    "child by alter": (
        "CREATE TABLE ghosts (LIKE legacy INCLUDING ALL)",
        "ALTER TABLE ghosts INHERIT legacy",
    ),
    "partition of prismas table": (
        "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
    ),
    "prismas table as a partition": (
        "CREATE TABLE heap (LIKE legacy) PARTITION BY LIST (id)",
        "ALTER TABLE heap ATTACH PARTITION legacy DEFAULT",
    ),
    # Transactions and sessions
    "commit": ("UPDATE notes SET body = 'x'", "COMMIT"),
    "commit and go on": ("COMMIT", "DELETE FROM sessions", "BEGIN"),
    "rollback and go on": ("ROLLBACK", "DELETE FROM sessions", "COMMIT"),
    "commit hidden behind a comment": ("/* x */ COMMIT",),
    "commit in a procedure": (
        "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN DELETE FROM sessions; COMMIT; END $$",
        "CALL p()",
    ),
    "commit among others": ("DELETE FROM sessions; COMMIT; SELECT 1",),
    "prepare transaction": ("PREPARE TRANSACTION 'x'",),
    "replication role": (
        "SET LOCAL session_replication_role = replica",
        "DELETE FROM teams WHERE name = 'blue'",
    ),
    "replication role by function": (
        "SELECT set_config('session_replication_role', 'replica', true)",
        "DELETE FROM users WHERE id = 1",
    ),
    "rolled back savepoint is not enough": ("SAVEPOINT s", "DELETE FROM sessions", "RELEASE SAVEPOINT s"),
    "dblink": ("CREATE EXTENSION dblink", "SELECT dblink_exec('{dsn}', 'DELETE FROM sessions')"),
    "dblink hidden": (
        "CREATE EXTENSION dblink",
        "DO $$ BEGIN EXECUTE 'SELECT db' || 'link_exec(''{dsn}'', ''DELETE FROM sessions'')'; END $$",
    ),
    # The database and the server
    "setting of the database": (
        "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET work_mem = 64'; END $$",
    ),
    "setting of a role": ("ALTER ROLE CURRENT_USER SET work_mem = '1MB'",),
    "new superuser": ("CREATE ROLE {role}", "ALTER ROLE {role} SUPERUSER"),
    "membership": ("CREATE ROLE {role}", "DO $$ BEGIN EXECUTE 'GRANT pg_read_all_data TO {role}'; END $$"),
    "publication": ("CREATE PUBLICATION sneaky FOR TABLE sessions",),
    "cast": (
        "CREATE FUNCTION f(text) RETURNS mood LANGUAGE sql AS 'SELECT NULL::mood'",
        "CREATE CAST (text AS mood) WITH FUNCTION f(text) AS IMPLICIT",
    ),
    "drop extension": ("DROP EXTENSION plpgsql CASCADE",),
    "copy program": ("COPY notes (body) FROM PROGRAM 'echo x'",),
}
