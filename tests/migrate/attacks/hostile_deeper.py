"""Hostile migrations in SQL, the deeper ones: the catalogue, what runs at the commit, what deceives the fence."""

HOSTILE_DEEPER: dict[str, tuple[str, ...]] = {
    # The catalogue itself
    "catalogue update": (
        "UPDATE pg_attribute SET attnotnull = false WHERE attrelid = 'users'::regclass AND attname = 'email'",
    ),
    "catalogue update hidden": (
        "DO $$ BEGIN EXECUTE 'UPDATE pg_catalog.pg_attri' || 'bute SET attnotnull = false WHERE attrelid = ''users'''"
        " || '::regclass AND attname = ''email'''; END $$",
    ),
    "catalogue update of an enum": ("UPDATE pg_catalog.pg_enum SET enumlabel = 'BOSS' WHERE enumlabel = 'ADMIN'",),
    "index made invalid": (
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.users_role_idx'::regclass",
    ),
    "policy deleted from the catalogue": ("DELETE FROM pg_catalog.pg_policy WHERE polrelid = 'users'::regclass",),
    "catalogue update of a function": (
        "SET LOCAL allow_system_table_mods = on",
        "UPDATE pg_proc SET prosrc = 'BEGIN RETURN NULL; END' WHERE proname = 'touch'",
    ),
    # Functions that others own
    "security definer": ("SELECT purge()",),
    "security definer behind a view": (
        "CREATE VIEW v AS SELECT 1 AS one, purge() AS done",
        "SELECT * FROM v",
        "DROP VIEW v",
    ),
    "security definer in a default": ("ALTER TABLE notes ADD COLUMN x text DEFAULT purge()::text",),
    # What runs at the commit, after every check
    "held cursor that writes": ("DECLARE c CURSOR WITH HOLD FOR SELECT purge()",),
    "held cursor that changes a type": (
        "CREATE FUNCTION f() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN "
        "EXECUTE 'COMMENT ON TYPE \"Role\" IS ''x'''; RETURN 1; END $$",
        "DECLARE c CURSOR WITH HOLD FOR SELECT f()",
    ),
    "held cursor hidden": (
        "CREATE FUNCTION f() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN "
        "EXECUTE 'COMMENT ON TYPE \"Role\" IS ''x'''; RETURN 1; END $$",
        "DO $$ BEGIN EXECUTE 'DECLARE c CUR' || 'SOR WITH HOLD FOR SELECT f()'; END $$",
    ),
    "deferred trigger that changes a type": (
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "EXECUTE 'COMMENT ON TYPE \"Role\" IS ''x'''; RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        "EXECUTE FUNCTION f()",
        "INSERT INTO notes (body) VALUES ('x')",
    ),
    "deferred trigger that defers itself": (
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN SET CONSTRAINTS ALL DEFERRED; "
        "IF NEW.body < 'xxx' THEN INSERT INTO notes (body) VALUES (NEW.body || 'x'); "
        "ELSE EXECUTE 'COMMENT ON TYPE \"Role\" IS ''x'''; END IF; RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        "EXECUTE FUNCTION f()",
        "INSERT INTO notes (body) VALUES ('x')",
    ),
    "deferred trigger that never ends": (
        "CREATE TABLE turns (n integer)",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN SET CONSTRAINTS ALL DEFERRED; "
        "IF NEW.n < 40 THEN INSERT INTO turns VALUES (NEW.n + 1); "
        "ELSE EXECUTE 'COMMENT ON TYPE \"Role\" IS ''x'''; END IF; RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON turns DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        "EXECUTE FUNCTION f()",
        "INSERT INTO turns VALUES (1)",
    ),
    # What deceives whoever looks
    "operators that shadow": (
        "CREATE SCHEMA evil",
        "CREATE FUNCTION evil.no(oid, oid) RETURNS boolean LANGUAGE sql AS 'SELECT false'",
        "CREATE FUNCTION evil.no(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false'",
        "CREATE OPERATOR evil.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = evil.no)",
        "CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.no)",
        "CREATE OPERATOR evil.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.no)",
        "SET LOCAL search_path = evil, pg_catalog, public",
        "DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$",
    ),
    "catalogue that is shadowed": (
        "CREATE TEMPORARY TABLE pg_locks (locktype text, pid integer, granted boolean, relation oid, mode text)",
        "CREATE TEMPORARY TABLE pg_class (oid oid)",
        "SET LOCAL search_path = pg_temp, pg_catalog, public",
        "DO $$ BEGIN EXECUTE 'LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE; DELETE FROM public.sess' || 'ions'; "
        "END $$",
    ),
    "strings that are read otherwise": (
        "SET LOCAL standard_conforming_strings = off",
        "SELECT '\\', '; DELETE FROM sessions; --'",
    ),
    "commit in strings that are read otherwise": (
        "SET LOCAL standard_conforming_strings = off",
        "SELECT '\\', '; ROLLBACK; DELETE FROM sessions; COMMIT; --'",
    ),
    "characters that swallow": (
        "SET LOCAL client_encoding = 'SJIS'",
        "SELECT E'表'; DELETE FROM sessions; --'",
    ),
    "counting switched off": (
        "SET LOCAL track_counts = off",
        "DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$",
    ),
    "the gate taken down": ("DROP TABLE IF EXISTS pg_temp.schemasync_gate", "DELETE FROM sessions", "COMMIT"),
    "the gate's function replaced": (
        "CREATE OR REPLACE FUNCTION pg_temp.schemasync_gate() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NULL; END $$",
        "DELETE FROM sessions",
        "COMMIT",
    ),
    "temporary things discarded": ("DISCARD TEMP", "DELETE FROM sessions", "COMMIT"),
    "end": ("END", "DELETE FROM sessions", "BEGIN"),
    "commit and chain": ("DELETE FROM sessions", "COMMIT AND CHAIN"),
    "abort": ("ABORT", "DELETE FROM sessions", "END"),
    "guard terminated": (
        "DO $$ BEGIN EXECUTE 'SELECT pg_term' || 'inate_backend(pid) FROM pg_stat_activity WHERE application_name "
        "LIKE ''schemasync %'' AND datname = current_database()'; EXECUTE 'DELETE FROM sess' || 'ions'; END $$",
    ),
    # Sequences, large objects, schemas, extensions
    "nextval": ("SELECT nextval('users_id_seq')",),
    "default from prismas sequence": (
        "ALTER TABLE notes ALTER COLUMN id SET DEFAULT nextval('users_id_seq')",
        "INSERT INTO notes (body) VALUES ('x')",
        "ALTER TABLE notes ALTER COLUMN id SET DEFAULT nextval('notes_id_seq')",
    ),
    "drop sequence cascade": ("DROP SEQUENCE users_id_seq CASCADE",),
    "large object dropped": ("SELECT lo_unlink(4242)",),
    "large object overwritten": ("DO $$ BEGIN PERFORM lo_put(4242, 0, 'lost'); END $$",),
    "rename schema": ("ALTER SCHEMA public RENAME TO old",),
    "owner of the schema": ("CREATE ROLE {role}", "ALTER SCHEMA public OWNER TO {role}"),
    "extension that takes a table": ("ALTER EXTENSION plpgsql ADD TABLE sessions",),
    "extension that takes a table hidden": (
        "DO $$ BEGIN EXECUTE 'ALTER EXTENSION plpgsql ADD TABLE sess' || 'ions'; END $$",
    ),
    "foreign data wrapper": (
        "CREATE EXTENSION postgres_fdw",
        "CREATE SERVER here FOREIGN DATA WRAPPER postgres_fdw OPTIONS ({options})",
        "CREATE USER MAPPING FOR CURRENT_USER SERVER here OPTIONS ({login})",
        "CREATE FOREIGN TABLE there (id integer) SERVER here OPTIONS (table_name 'sessions')",
        "DELETE FROM there",
    ),
    "view of prismas": ("UPDATE active_users SET email = 'x'",),
    # The database, its roles and settings, hidden
    "event trigger hidden": (
        "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$",
        "DO $$ BEGIN EXECUTE 'CREATE EVENT TRIG' || 'GER sneaky ON ddl_command_end EXECUTE FUNCTION e()'; END $$",
    ),
    "default privileges hidden": (
        "DO $$ BEGIN EXECUTE 'ALTER DEFAULT PRIVI' || 'LEGES IN SCHEMA public GRANT ALL ON TABLES TO PUBLIC'; END $$",
    ),
    "comment on the database": (
        "DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS ''mine''', current_database()); END $$",
    ),
    "connection limit": (
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 77', current_database()); END $$",
    ),
    "connecting revoked": (
        "DO $$ BEGIN EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', current_database()); END $$",
    ),
    "password of an application": (
        "DO $$ BEGIN EXECUTE 'ALTER ROLE fence_application PASS' || 'WORD ''new'''; END $$",
    ),
    "search path of an application": (
        "DO $$ BEGIN EXECUTE 'ALTER ROLE fence_appli' || 'cation SET search_path = evil'; END $$",
    ),
}
