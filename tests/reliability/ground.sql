-- What stands beside tests/database/one_of_everything.sql. `{role}` is a role of the test's own.
CREATE SCHEMA beside;
CREATE TABLE beside.far_off (id integer PRIMARY KEY, note text);
CREATE VIEW beside.far_view AS SELECT id FROM beside.far_off;
CREATE TYPE beside.mood AS ENUM ('sad', 'glad');
CREATE FUNCTION beside.helper() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TYPE couple AS (a integer, b text);
CREATE TABLE accounts (
    id serial PRIMARY KEY,
    email text CONSTRAINT accounts_email_key UNIQUE,
    kind "Role",
    owner_id integer CONSTRAINT accounts_owner_fkey REFERENCES users ON DELETE CASCADE DEFERRABLE,
    balance numeric(12, 2) CONSTRAINT balance_positive CHECK (balance >= 0),
    tags text[] DEFAULT '{}',
    body jsonb,
    code char(3) COLLATE "C",
    made timestamptz(3) DEFAULT now(),
    span interval day to second(2),
    doubled numeric GENERATED ALWAYS AS (balance * 2) STORED,
    mail email,
    "both" couple,
    CONSTRAINT accounts_pair UNIQUE (kind, balance) DEFERRABLE
) WITH (fillfactor = 90);
CREATE INDEX accounts_body_idx ON accounts USING gin (body jsonb_path_ops);
CREATE INDEX accounts_email_idx ON accounts (email COLLATE "C" text_pattern_ops DESC NULLS LAST, lower(email)) INCLUDE (code)
    WHERE balance > 0;
CREATE INDEX accounts_brin_idx ON accounts USING brin (id) WITH (pages_per_range = 16);
CREATE TABLE listed (region text, n integer, PRIMARY KEY (region, n)) PARTITION BY LIST (region);
CREATE TABLE listed_eu PARTITION OF listed FOR VALUES IN ('de', 'fr');
CREATE TABLE listed_rest PARTITION OF listed DEFAULT;
CREATE TABLE hashed (id integer, part text) PARTITION BY HASH (id);
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE INDEX hashed_part_idx ON hashed (part);
CREATE INDEX hashed_only_idx ON ONLY hashed (id);
CREATE INDEX hashed_0_id_own ON hashed_0 (id);
CREATE TABLE grown (a integer DEFAULT 1, b text, CONSTRAINT a_positive CHECK (a > 0));
CREATE TABLE grown_more (c integer) INHERITS (grown);
CREATE TABLE grown_twin (a integer DEFAULT 1, b text, CONSTRAINT a_positive CHECK (a > 0));
CREATE TABLE of_couple OF couple;
CREATE UNLOGGED TABLE scribbles (id integer);
CREATE VIEW checked AS SELECT id, email, balance FROM accounts WHERE balance > 1 WITH LOCAL CHECK OPTION;
CREATE VIEW plain_view AS SELECT id, email FROM accounts;
CREATE MATERIALIZED VIEW sums AS SELECT kind, sum(balance) AS total FROM accounts GROUP BY kind;
CREATE UNIQUE INDEX sums_kind ON sums (kind);
CREATE SEQUENCE loose START 10 INCREMENT 5 MINVALUE 5 MAXVALUE 1000;
CREATE DOMAIN amount AS numeric(10, 2) DEFAULT 0 NOT NULL CONSTRAINT small CHECK (VALUE < 1000000);
CREATE DOMAIN word AS text COLLATE "C";
CREATE TYPE distance AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE TYPE shell_type;
CREATE TYPE triple AS (a integer, b text COLLATE "C", c numeric(5, 2));
CREATE FUNCTION adder(a integer, b integer DEFAULT 1, OUT total integer) LANGUAGE plpgsql IMMUTABLE STRICT
    AS 'BEGIN total := a + b; END';
CREATE FUNCTION rows_of(n integer) RETURNS SETOF integer LANGUAGE sql STABLE ROWS 10 COST 50 AS 'SELECT 1';
CREATE FUNCTION joined(VARIADIC parts text[]) RETURNS text LANGUAGE sql AS 'SELECT 1::text';
CREATE FUNCTION in_order(a accounts, b accounts) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION couple_text(couple) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT 1::text';
CREATE PROCEDURE chores(INOUT done integer) LANGUAGE plpgsql AS 'BEGIN done := 1; END';
CREATE AGGREGATE longest(text) (SFUNC = text_larger, STYPE = text, SORTOP = >, PARALLEL = SAFE);
CREATE TRIGGER accounts_touch AFTER UPDATE OF email, balance ON accounts FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION touch('one', 'two');
CREATE CONSTRAINT TRIGGER accounts_checked AFTER INSERT ON accounts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION touch();
CREATE TRIGGER accounts_statement AFTER INSERT ON accounts REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION touch();
CREATE RULE never AS ON UPDATE TO scribbles WHERE (new.id > 5) DO ALSO NOTHING;
CREATE POLICY limited ON accounts AS RESTRICTIVE FOR UPDATE TO {role} USING (id > 0) WITH CHECK (balance > 0);
CREATE STATISTICS accounts_stats (dependencies, mcv) ON kind, balance FROM accounts;
CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert, delete');
CREATE SUBSCRIPTION follows CONNECTION 'host=nowhere dbname=none' PUBLICATION remote_one, remote_two
    WITH (connect = false, slot_name = NONE);
CREATE EVENT TRIGGER watching ON ddl_command_end WHEN TAG IN ('CREATE EXTENSION') EXECUTE FUNCTION noticed();
CREATE EXTENSION pg_trgm;
CREATE FOREIGN TABLE far_too (id integer NOT NULL, name text OPTIONS (column_name 'n')) SERVER remote OPTIONS (sheet '1');
CREATE SERVER typed TYPE 'oracle' VERSION '9' FOREIGN DATA WRAPPER wrap;
CREATE USER MAPPING FOR {role} SERVER typed OPTIONS (user 'u');
CREATE TEXT SEARCH TEMPLATE simpler (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH PARSER plain_parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
    LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE OPERATOR === (LEFTARG = accounts, RIGHTARG = accounts, FUNCTION = in_order, COMMUTATOR = ===);
CREATE OPERATOR FAMILY kin USING btree;
CREATE OPERATOR CLASS backwards FOR TYPE text USING btree AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=,
    OPERATOR 5 <, FUNCTION 1 bttextcmp(text, text);
CREATE CAST (couple AS text) WITH FUNCTION couple_text(couple) AS ASSIGNMENT;
CREATE CONVERSION latin_to_utf FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE LANGUAGE second_plpgsql HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON SEQUENCES TO {role};
ALTER DEFAULT PRIVILEGES FOR ROLE {role} IN SCHEMA beside REVOKE ALL ON TABLES FROM {role};
GRANT SELECT (email), UPDATE (email, code) ON accounts TO {role};
GRANT SELECT, INSERT ON accounts TO {role} WITH GRANT OPTION;
