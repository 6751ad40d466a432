-- Changes of sequences, types, functions, triggers, policies and all else that is no table. `{role}` is a role.

-- a sequence's start
ALTER SEQUENCE loose START 20;
-- back
ALTER SEQUENCE loose START 10;

-- a sequence's increment
ALTER SEQUENCE loose INCREMENT 6;
-- back
ALTER SEQUENCE loose INCREMENT 5;

-- a sequence's minimum
ALTER SEQUENCE loose MINVALUE 1;
-- back
ALTER SEQUENCE loose MINVALUE 5;

-- a sequence's maximum
ALTER SEQUENCE loose NO MAXVALUE;
-- back
ALTER SEQUENCE loose MAXVALUE 1000;

-- a sequence's name
ALTER SEQUENCE loose RENAME TO looser;
-- back
ALTER SEQUENCE looser RENAME TO loose;

-- a sequence's comment
COMMENT ON SEQUENCE loose IS 'a';
-- back
COMMENT ON SEQUENCE loose IS NULL;

-- an unlogged sequence (PostgreSQL 15)
ALTER SEQUENCE loose SET UNLOGGED;
-- back
ALTER SEQUENCE loose SET LOGGED;

-- an enum's new value
CREATE TYPE steps AS ENUM ('a', 'c');
ALTER TYPE steps ADD VALUE 'b' BEFORE 'c';
-- back
DROP TYPE steps;

-- an enum's renamed value
ALTER TYPE beside.mood RENAME VALUE 'sad' TO 'blue';
-- back
ALTER TYPE beside.mood RENAME VALUE 'blue' TO 'sad';

-- an enum's name
ALTER TYPE beside.mood RENAME TO humour;
-- back
ALTER TYPE beside.humour RENAME TO mood;

-- an enum's schema
ALTER TYPE beside.mood SET SCHEMA public;
-- back
ALTER TYPE public.mood SET SCHEMA beside;

-- an enum's order
DROP TYPE beside.mood;
CREATE TYPE beside.mood AS ENUM ('glad', 'sad');
-- back
DROP TYPE beside.mood;
CREATE TYPE beside.mood AS ENUM ('sad', 'glad');

-- a domain's base
CREATE DOMAIN extra AS varchar(10);
-- back
DROP DOMAIN extra;

-- a domain without its default
ALTER DOMAIN amount DROP DEFAULT;
-- back
ALTER DOMAIN amount SET DEFAULT 0;

-- a domain's other default
ALTER DOMAIN amount SET DEFAULT 1;
-- back
ALTER DOMAIN amount SET DEFAULT 0;

-- a domain may be null
ALTER DOMAIN amount DROP NOT NULL;
-- back
ALTER DOMAIN amount SET NOT NULL;

-- a domain's check's name
ALTER DOMAIN amount RENAME CONSTRAINT small TO little;
-- back
ALTER DOMAIN amount RENAME CONSTRAINT little TO small;

-- a domain's check not valid
ALTER DOMAIN amount ADD CONSTRAINT odd CHECK (VALUE > 5) NOT VALID;
-- back
ALTER DOMAIN amount DROP CONSTRAINT odd;

-- a domain's collation
DROP DOMAIN word;
CREATE DOMAIN word AS text COLLATE "POSIX";
-- back
DROP DOMAIN word;
CREATE DOMAIN word AS text COLLATE "C";

-- a domain's comment
COMMENT ON DOMAIN amount IS 'a';
-- back
COMMENT ON DOMAIN amount IS NULL;

-- a domain's owner
ALTER DOMAIN amount OWNER TO {role};
-- back
ALTER DOMAIN amount OWNER TO CURRENT_USER;

-- a domain's privilege
REVOKE USAGE ON DOMAIN amount FROM PUBLIC;
-- back
GRANT USAGE ON DOMAIN amount TO PUBLIC;

-- a composite type's attribute's type
ALTER TYPE triple ALTER ATTRIBUTE c TYPE numeric(6, 2);
-- back
ALTER TYPE triple ALTER ATTRIBUTE c TYPE numeric(5, 2);

-- a composite type's attribute's name
ALTER TYPE triple RENAME ATTRIBUTE c TO d;
-- back
ALTER TYPE triple RENAME ATTRIBUTE d TO c;

-- a composite type's attribute's collation
ALTER TYPE triple ALTER ATTRIBUTE b TYPE text COLLATE "POSIX";
-- back
ALTER TYPE triple ALTER ATTRIBUTE b TYPE text COLLATE "C";

-- a collation of the same name elsewhere
CREATE COLLATION beside."C" FROM "POSIX";
ALTER TYPE triple ALTER ATTRIBUTE b TYPE text COLLATE beside."C";
-- back
ALTER TYPE triple ALTER ATTRIBUTE b TYPE text COLLATE pg_catalog."C";
DROP COLLATION beside."C";

-- a composite type's comment
COMMENT ON TYPE triple IS 'a';
-- back
COMMENT ON TYPE triple IS NULL;

-- a composite type's attribute's comment
COMMENT ON COLUMN triple.b IS 'a';
-- back
COMMENT ON COLUMN triple.b IS NULL;

-- a composite type's owner
ALTER TYPE triple OWNER TO {role};
-- back
ALTER TYPE triple OWNER TO CURRENT_USER;

-- a range type's difference
DROP TYPE distance;
CREATE TYPE distance AS RANGE (SUBTYPE = float8);
-- back
DROP TYPE distance;
CREATE TYPE distance AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);

-- a range type's operator class
CREATE TYPE stretch AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = text_pattern_ops, COLLATION = "C");
-- back
DROP TYPE stretch;

-- a range type's multirange (PostgreSQL 14)
DROP TYPE distance;
CREATE TYPE distance AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi, MULTIRANGE_TYPE_NAME = many_distances);
-- back
DROP TYPE distance;
CREATE TYPE distance AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);

-- a range type's comment
COMMENT ON TYPE distance IS 'a';
-- back
COMMENT ON TYPE distance IS NULL;

-- a shell type
CREATE TYPE empty_shell;
-- back
DROP TYPE empty_shell;

-- a base type
CREATE TYPE whole;
CREATE FUNCTION whole_in(cstring) RETURNS whole LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION whole_out(whole) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE whole (INPUT = whole_in, OUTPUT = whole_out, LIKE = int4, CATEGORY = 'N');
-- back
DROP TYPE whole CASCADE;

-- a function's language
CREATE OR REPLACE FUNCTION twice(integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
-- back
CREATE OR REPLACE FUNCTION twice(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 2';

-- a function's volatility
ALTER FUNCTION twice(integer) IMMUTABLE;
-- back
ALTER FUNCTION twice(integer) VOLATILE;

-- a function's strictness
ALTER FUNCTION twice(integer) STRICT;
-- back
ALTER FUNCTION twice(integer) CALLED ON NULL INPUT;

-- a function leaks nothing
ALTER FUNCTION twice(integer) LEAKPROOF;
-- back
ALTER FUNCTION twice(integer) NOT LEAKPROOF;

-- a function in parallel
ALTER FUNCTION twice(integer) PARALLEL SAFE;
-- back
ALTER FUNCTION twice(integer) PARALLEL UNSAFE;

-- a function's cost
ALTER FUNCTION twice(integer) COST 7;
-- back
ALTER FUNCTION twice(integer) COST 100;

-- a function's rows
ALTER FUNCTION rows_of(integer) ROWS 99;
-- back
ALTER FUNCTION rows_of(integer) ROWS 10;

-- a function's setting
ALTER FUNCTION twice(integer) SET work_mem = '5MB';
-- back
ALTER FUNCTION twice(integer) RESET work_mem;

-- a function's two settings
ALTER FUNCTION twice(integer) SET work_mem = '5MB' SET search_path = public, pg_temp;
-- back
ALTER FUNCTION twice(integer) RESET ALL;

-- a function's planner support
ALTER FUNCTION twice(integer) SUPPORT textlike_support;
-- back
CREATE OR REPLACE FUNCTION twice(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 2';

-- a function's argument's default
CREATE OR REPLACE FUNCTION adder(a integer, b integer DEFAULT 2, OUT total integer) LANGUAGE plpgsql IMMUTABLE STRICT
    AS 'BEGIN total := a + b; END';
-- back
CREATE OR REPLACE FUNCTION adder(a integer, b integer DEFAULT 1, OUT total integer) LANGUAGE plpgsql IMMUTABLE STRICT
    AS 'BEGIN total := a + b; END';

-- a function's name
ALTER FUNCTION twice(integer) RENAME TO doubled;
-- back
ALTER FUNCTION doubled(integer) RENAME TO twice;

-- an overloaded function
CREATE FUNCTION twice(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * 2';
-- back
DROP FUNCTION twice(bigint);

-- a function's result
DROP FUNCTION twice(integer);
CREATE FUNCTION twice(integer) RETURNS bigint LANGUAGE sql AS 'SELECT ($1 * 2)::bigint';
-- back
DROP FUNCTION twice(integer);
CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 2';

-- a function with SQL's own body (PostgreSQL 14)
CREATE OR REPLACE FUNCTION twice(integer) RETURNS integer LANGUAGE sql RETURN $1 * 2;
-- back
CREATE OR REPLACE FUNCTION twice(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 2';

-- a window function
CREATE FUNCTION nth_of_mine(anyelement, integer) RETURNS anyelement LANGUAGE internal WINDOW IMMUTABLE STRICT AS 'window_nth_value';
-- back
DROP FUNCTION nth_of_mine(anyelement, integer);

-- a function's transform
CREATE TRANSFORM FOR integer LANGUAGE second_plpgsql (FROM SQL WITH FUNCTION prsd_lextype(internal));
-- back
DROP TRANSFORM FOR integer LANGUAGE second_plpgsql;

-- a procedure's body
CREATE OR REPLACE PROCEDURE chores(INOUT done integer) LANGUAGE plpgsql AS 'BEGIN done := 2; END';
-- back
CREATE OR REPLACE PROCEDURE chores(INOUT done integer) LANGUAGE plpgsql AS 'BEGIN done := 1; END';

-- a procedure's comment
COMMENT ON PROCEDURE chores(integer) IS 'a';
-- back
COMMENT ON PROCEDURE chores(integer) IS NULL;

-- a procedure's owner
ALTER PROCEDURE chores(integer) OWNER TO {role};
-- back
ALTER PROCEDURE chores(integer) OWNER TO CURRENT_USER;

-- an aggregate's sort operator
CREATE OR REPLACE AGGREGATE longest(text) (SFUNC = text_larger, STYPE = text, SORTOP = <, PARALLEL = SAFE);
-- back
CREATE OR REPLACE AGGREGATE longest(text) (SFUNC = text_larger, STYPE = text, SORTOP = >, PARALLEL = SAFE);

-- an aggregate's initial value
CREATE OR REPLACE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '1');
-- back
CREATE OR REPLACE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');

-- an aggregate's combination
CREATE OR REPLACE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0', COMBINEFUNC = int4pl);
-- back
CREATE OR REPLACE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');

-- an aggregate in parallel
CREATE OR REPLACE AGGREGATE longest(text) (SFUNC = text_larger, STYPE = text, SORTOP = >);
-- back
CREATE OR REPLACE AGGREGATE longest(text) (SFUNC = text_larger, STYPE = text, SORTOP = >, PARALLEL = SAFE);

-- an aggregate's state's size
CREATE OR REPLACE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0', SSPACE = 99);
-- back
CREATE OR REPLACE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');

-- an aggregate's moving window
CREATE OR REPLACE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0', MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer);
-- back
CREATE OR REPLACE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');

-- an ordered-set aggregate
CREATE AGGREGATE middle(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
-- back
DROP AGGREGATE middle(float8 ORDER BY anyelement);

-- an aggregate's comment
COMMENT ON AGGREGATE longest(text) IS 'a';
-- back
COMMENT ON AGGREGATE longest(text) IS NULL;

-- an aggregate's owner
ALTER AGGREGATE longest(text) OWNER TO {role};
-- back
ALTER AGGREGATE longest(text) OWNER TO CURRENT_USER;

-- an aggregate's privilege
REVOKE EXECUTE ON FUNCTION longest(text) FROM PUBLIC;
-- back
GRANT EXECUTE ON FUNCTION longest(text) TO PUBLIC;

-- a trigger's columns
DROP TRIGGER accounts_touch ON accounts;
CREATE TRIGGER accounts_touch AFTER UPDATE OF email ON accounts FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION touch('one', 'two');
-- back
DROP TRIGGER accounts_touch ON accounts;
CREATE TRIGGER accounts_touch AFTER UPDATE OF email, balance ON accounts FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION touch('one', 'two');

-- a trigger's arguments
DROP TRIGGER accounts_touch ON accounts;
CREATE TRIGGER accounts_touch AFTER UPDATE OF email, balance ON accounts FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION touch('one', 'three');
-- back
DROP TRIGGER accounts_touch ON accounts;
CREATE TRIGGER accounts_touch AFTER UPDATE OF email, balance ON accounts FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION touch('one', 'two');

-- a trigger's condition
DROP TRIGGER accounts_touch ON accounts;
CREATE TRIGGER accounts_touch AFTER UPDATE OF email, balance ON accounts FOR EACH ROW EXECUTE FUNCTION touch('one', 'two');
-- back
DROP TRIGGER accounts_touch ON accounts;
CREATE TRIGGER accounts_touch AFTER UPDATE OF email, balance ON accounts FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION touch('one', 'two');

-- a constraint trigger's timing
DROP TRIGGER accounts_checked ON accounts;
CREATE CONSTRAINT TRIGGER accounts_checked AFTER INSERT ON accounts DEFERRABLE FOR EACH ROW EXECUTE FUNCTION touch();
-- back
DROP TRIGGER accounts_checked ON accounts;
CREATE CONSTRAINT TRIGGER accounts_checked AFTER INSERT ON accounts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION touch();

-- a constraint trigger's other table
DROP TRIGGER accounts_checked ON accounts;
CREATE CONSTRAINT TRIGGER accounts_checked AFTER INSERT ON accounts FROM users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION touch();
-- back
DROP TRIGGER accounts_checked ON accounts;
CREATE CONSTRAINT TRIGGER accounts_checked AFTER INSERT ON accounts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION touch();

-- a trigger's transition table
DROP TRIGGER accounts_statement ON accounts;
CREATE TRIGGER accounts_statement AFTER INSERT ON accounts REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT
    EXECUTE FUNCTION touch();
-- back
DROP TRIGGER accounts_statement ON accounts;
CREATE TRIGGER accounts_statement AFTER INSERT ON accounts REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION touch();

-- a trigger's name
ALTER TRIGGER accounts_touch ON accounts RENAME TO other_touch;
-- back
ALTER TRIGGER other_touch ON accounts RENAME TO accounts_touch;

-- a trigger on a replica
ALTER TABLE accounts ENABLE REPLICA TRIGGER accounts_touch;
-- back
ALTER TABLE accounts ENABLE TRIGGER accounts_touch;

-- all triggers of users
ALTER TABLE accounts DISABLE TRIGGER USER;
-- back
ALTER TABLE accounts ENABLE TRIGGER USER;

-- a partition's trigger always
ALTER TABLE measures_2024 ENABLE ALWAYS TRIGGER part_touched;
-- back
ALTER TABLE measures_2024 ENABLE TRIGGER part_touched;

-- a rule's action
CREATE OR REPLACE RULE never AS ON UPDATE TO scribbles WHERE (new.id > 6) DO ALSO NOTHING;
-- back
CREATE OR REPLACE RULE never AS ON UPDATE TO scribbles WHERE (new.id > 5) DO ALSO NOTHING;

-- a rule's comment
COMMENT ON RULE never ON scribbles IS 'a';
-- back
COMMENT ON RULE never ON scribbles IS NULL;

-- a rule always
ALTER TABLE scribbles ENABLE ALWAYS RULE never;
-- back
ALTER TABLE scribbles ENABLE RULE never;

-- a policy's check
ALTER POLICY limited ON accounts WITH CHECK (balance > 1);
-- back
ALTER POLICY limited ON accounts WITH CHECK (balance > 0);

-- a policy's command
DROP POLICY limited ON accounts;
CREATE POLICY limited ON accounts AS RESTRICTIVE FOR ALL TO {role} USING (id > 0) WITH CHECK (balance > 0);
-- back
DROP POLICY limited ON accounts;
CREATE POLICY limited ON accounts AS RESTRICTIVE FOR UPDATE TO {role} USING (id > 0) WITH CHECK (balance > 0);

-- a policy permissive
DROP POLICY limited ON accounts;
CREATE POLICY limited ON accounts FOR UPDATE TO {role} USING (id > 0) WITH CHECK (balance > 0);
-- back
DROP POLICY limited ON accounts;
CREATE POLICY limited ON accounts AS RESTRICTIVE FOR UPDATE TO {role} USING (id > 0) WITH CHECK (balance > 0);

-- a policy's name
ALTER POLICY limited ON accounts RENAME TO narrow;
-- back
ALTER POLICY narrow ON accounts RENAME TO limited;

-- a policy's comment
COMMENT ON POLICY limited ON accounts IS 'a';
-- back
COMMENT ON POLICY limited ON accounts IS NULL;

-- extended statistics' columns
DROP STATISTICS accounts_stats;
CREATE STATISTICS accounts_stats (dependencies, mcv) ON kind, email FROM accounts;
-- back
DROP STATISTICS accounts_stats;
CREATE STATISTICS accounts_stats (dependencies, mcv) ON kind, balance FROM accounts;

-- extended statistics' kinds
DROP STATISTICS accounts_stats;
CREATE STATISTICS accounts_stats (mcv) ON kind, balance FROM accounts;
-- back
DROP STATISTICS accounts_stats;
CREATE STATISTICS accounts_stats (dependencies, mcv) ON kind, balance FROM accounts;

-- extended statistics of expressions (PostgreSQL 14)
CREATE STATISTICS of_words ON lower(email) FROM accounts;
-- back
DROP STATISTICS of_words;

-- extended statistics' comment
COMMENT ON STATISTICS accounts_stats IS 'a';
-- back
COMMENT ON STATISTICS accounts_stats IS NULL;

-- extended statistics' owner
ALTER STATISTICS accounts_stats OWNER TO {role};
-- back
ALTER STATISTICS accounts_stats OWNER TO CURRENT_USER;

-- extended statistics' schema
ALTER STATISTICS accounts_stats SET SCHEMA beside;
-- back
ALTER STATISTICS beside.accounts_stats SET SCHEMA public;

-- an extension's schema
ALTER EXTENSION pg_trgm SET SCHEMA beside;
-- back
ALTER EXTENSION pg_trgm SET SCHEMA public;

-- an extension's version
DROP EXTENSION pg_trgm;
CREATE EXTENSION pg_trgm VERSION '1.4';
-- back
ALTER EXTENSION pg_trgm UPDATE;

-- an extension's comment
COMMENT ON EXTENSION pg_trgm IS 'a';
-- back
COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

-- an extension's function's privilege
REVOKE EXECUTE ON FUNCTION similarity(text, text) FROM PUBLIC;
-- back
GRANT EXECUTE ON FUNCTION similarity(text, text) TO PUBLIC;

-- a publication's operations
ALTER PUBLICATION everything SET (publish = 'insert');
-- back
ALTER PUBLICATION everything SET (publish = 'insert, delete');

-- a publication via the root
ALTER PUBLICATION everything SET (publish_via_partition_root = true);
-- back
ALTER PUBLICATION everything SET (publish_via_partition_root = false);

-- a publication's generated columns (PostgreSQL 18)
ALTER PUBLICATION everything SET (publish_generated_columns = stored);
-- back
ALTER PUBLICATION everything SET (publish_generated_columns = none);

-- a publication's owner
ALTER PUBLICATION changes OWNER TO {role};
-- back
ALTER PUBLICATION changes OWNER TO CURRENT_USER;

-- a publication's name
ALTER PUBLICATION changes RENAME TO news;
-- back
ALTER PUBLICATION news RENAME TO changes;

-- a publication's comment
COMMENT ON PUBLICATION changes IS 'a';
-- back
COMMENT ON PUBLICATION changes IS NULL;

-- a publication's columns (PostgreSQL 15)
ALTER PUBLICATION changes SET TABLE users (id, email);
-- back
ALTER PUBLICATION changes SET TABLE users;

-- a subscription's publications
ALTER SUBSCRIPTION follows SET PUBLICATION remote_one WITH (refresh = false);
-- back
ALTER SUBSCRIPTION follows SET PUBLICATION remote_one, remote_two WITH (refresh = false);

-- a subscription's commit (PostgreSQL 14)
ALTER SUBSCRIPTION follows SET (synchronous_commit = 'local');
-- back
ALTER SUBSCRIPTION follows SET (synchronous_commit = 'off');

-- a subscription's slot
ALTER SUBSCRIPTION follows SET (slot_name = 'own_slot');
-- back
ALTER SUBSCRIPTION follows SET (slot_name = NONE);

-- a subscription in binary (PostgreSQL 14)
ALTER SUBSCRIPTION follows SET (binary = true);
-- back
ALTER SUBSCRIPTION follows SET (binary = false);

-- a subscription streaming (PostgreSQL 14)
ALTER SUBSCRIPTION follows SET (streaming = {not_streaming});
-- back
ALTER SUBSCRIPTION follows SET (streaming = {streaming});

-- a subscription ends on an error (PostgreSQL 15)
ALTER SUBSCRIPTION follows SET (disable_on_error = true);
-- back
ALTER SUBSCRIPTION follows SET (disable_on_error = false);

-- a subscription's origin (PostgreSQL 16)
ALTER SUBSCRIPTION follows SET (origin = none);
-- back
ALTER SUBSCRIPTION follows SET (origin = any);

-- a subscription as its owner (PostgreSQL 16)
ALTER SUBSCRIPTION follows SET (run_as_owner = true);
-- back
ALTER SUBSCRIPTION follows SET (run_as_owner = false);

-- a subscription without a password (PostgreSQL 16)
ALTER SUBSCRIPTION follows SET (password_required = false);
-- back
ALTER SUBSCRIPTION follows SET (password_required = true);

-- a subscription's comment
COMMENT ON SUBSCRIPTION follows IS 'a';
-- back
COMMENT ON SUBSCRIPTION follows IS NULL;

-- an event trigger's state
ALTER EVENT TRIGGER watching DISABLE;
-- back
ALTER EVENT TRIGGER watching ENABLE;

-- an event trigger always
ALTER EVENT TRIGGER watching ENABLE ALWAYS;
-- back
ALTER EVENT TRIGGER watching ENABLE;

-- an event trigger's tags
DROP EVENT TRIGGER watching;
CREATE EVENT TRIGGER watching ON ddl_command_end WHEN TAG IN ('CREATE EXTENSION', 'CREATE CAST') EXECUTE FUNCTION noticed();
-- back
DROP EVENT TRIGGER watching;
CREATE EVENT TRIGGER watching ON ddl_command_end WHEN TAG IN ('CREATE EXTENSION') EXECUTE FUNCTION noticed();

-- an event trigger's event
DROP EVENT TRIGGER watching;
CREATE EVENT TRIGGER watching ON ddl_command_start WHEN TAG IN ('CREATE EXTENSION') EXECUTE FUNCTION noticed();
-- back
DROP EVENT TRIGGER watching;
CREATE EVENT TRIGGER watching ON ddl_command_end WHEN TAG IN ('CREATE EXTENSION') EXECUTE FUNCTION noticed();

-- an event trigger's comment
COMMENT ON EVENT TRIGGER watching IS 'a';
-- back
COMMENT ON EVENT TRIGGER watching IS NULL;

-- a wrapper's options
ALTER FOREIGN DATA WRAPPER wrap OPTIONS (ADD debug 'true');
-- back
ALTER FOREIGN DATA WRAPPER wrap OPTIONS (DROP debug);

-- a wrapper's privilege
GRANT USAGE ON FOREIGN DATA WRAPPER wrap TO {role};
-- back
REVOKE USAGE ON FOREIGN DATA WRAPPER wrap FROM {role};

-- a wrapper's comment
COMMENT ON FOREIGN DATA WRAPPER wrap IS 'a';
-- back
COMMENT ON FOREIGN DATA WRAPPER wrap IS NULL;

-- a server's version
ALTER SERVER typed VERSION '10';
-- back
ALTER SERVER typed VERSION '9';

-- a server's owner
ALTER SERVER typed OWNER TO CURRENT_USER;
GRANT USAGE ON FOREIGN DATA WRAPPER wrap TO {role};
ALTER SERVER typed OWNER TO {role};
-- back
ALTER SERVER typed OWNER TO CURRENT_USER;
REVOKE USAGE ON FOREIGN DATA WRAPPER wrap FROM {role};

-- a server's privilege
GRANT USAGE ON FOREIGN SERVER typed TO {role};
-- back
REVOKE USAGE ON FOREIGN SERVER typed FROM {role};

-- a server's comment
COMMENT ON SERVER typed IS 'a';
-- back
COMMENT ON SERVER typed IS NULL;

-- a foreign table's server
DROP FOREIGN TABLE far_too;
CREATE FOREIGN TABLE far_too (id integer NOT NULL, name text OPTIONS (column_name 'n')) SERVER typed OPTIONS (sheet '1');
-- back
DROP FOREIGN TABLE far_too;
CREATE FOREIGN TABLE far_too (id integer NOT NULL, name text OPTIONS (column_name 'n')) SERVER remote OPTIONS (sheet '1');

-- a foreign table's check
ALTER FOREIGN TABLE far_too ADD CONSTRAINT p CHECK (id > 0);
-- back
ALTER FOREIGN TABLE far_too DROP CONSTRAINT p;

-- a user mapping's user
ALTER USER MAPPING FOR {role} SERVER typed OPTIONS (SET user 'v');
-- back
ALTER USER MAPPING FOR {role} SERVER typed OPTIONS (SET user 'u');

-- a user mapping for everybody
CREATE USER MAPPING FOR PUBLIC SERVER typed;
-- back
DROP USER MAPPING FOR PUBLIC SERVER typed;

-- a text search template
DROP TEXT SEARCH TEMPLATE simpler;
-- back
CREATE TEXT SEARCH TEMPLATE simpler (INIT = dsimple_init, LEXIZE = dsimple_lexize);

-- a text search parser's headline
DROP TEXT SEARCH PARSER plain_parser;
CREATE TEXT SEARCH PARSER plain_parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
    LEXTYPES = prsd_lextype);
-- back
DROP TEXT SEARCH PARSER plain_parser;
CREATE TEXT SEARCH PARSER plain_parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
    LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);

-- a text search configuration's token
ALTER TEXT SEARCH CONFIGURATION words DROP MAPPING FOR url;
-- back
ALTER TEXT SEARCH CONFIGURATION words ADD MAPPING FOR url WITH simple;

-- a text search configuration's two dictionaries
ALTER TEXT SEARCH CONFIGURATION words ALTER MAPPING FOR email WITH short, simple;
-- back
ALTER TEXT SEARCH CONFIGURATION words ALTER MAPPING FOR email WITH simple;

-- a text search configuration's owner
ALTER TEXT SEARCH CONFIGURATION words OWNER TO {role};
-- back
ALTER TEXT SEARCH CONFIGURATION words OWNER TO CURRENT_USER;

-- a text search configuration's comment
COMMENT ON TEXT SEARCH CONFIGURATION words IS 'a';
-- back
COMMENT ON TEXT SEARCH CONFIGURATION words IS NULL;

-- a text search dictionary's comment
COMMENT ON TEXT SEARCH DICTIONARY short IS 'a';
-- back
COMMENT ON TEXT SEARCH DICTIONARY short IS NULL;

-- a text search parser's comment
COMMENT ON TEXT SEARCH PARSER plain_parser IS 'a';
-- back
COMMENT ON TEXT SEARCH PARSER plain_parser IS NULL;

-- a text search template's comment
COMMENT ON TEXT SEARCH TEMPLATE simpler IS 'a';
-- back
COMMENT ON TEXT SEARCH TEMPLATE simpler IS NULL;

-- an operator's owner
ALTER OPERATOR ### (integer, integer) OWNER TO {role};
-- back
ALTER OPERATOR ### (integer, integer) OWNER TO CURRENT_USER;

-- an operator's comment
COMMENT ON OPERATOR ### (integer, integer) IS 'a';
-- back
COMMENT ON OPERATOR ### (integer, integer) IS NULL;

-- an operator's function
DROP OPERATOR ### (integer, integer);
CREATE OPERATOR ### (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4gt);
-- back
DROP OPERATOR ### (integer, integer);
CREATE OPERATOR ### (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4lt);

-- an operator on a composite type's schema
ALTER OPERATOR ### (integer, integer) SET SCHEMA beside;
-- back
ALTER OPERATOR beside.### (integer, integer) SET SCHEMA public;

-- an operator that hashes
DROP OPERATOR === (accounts, accounts);
CREATE OPERATOR === (LEFTARG = accounts, RIGHTARG = accounts, FUNCTION = in_order, COMMUTATOR = ===, HASHES, MERGES);
-- back
DROP OPERATOR === (accounts, accounts);
CREATE OPERATOR === (LEFTARG = accounts, RIGHTARG = accounts, FUNCTION = in_order, COMMUTATOR = ===);

-- a prefix operator
CREATE OPERATOR !# (RIGHTARG = integer, FUNCTION = int4um);
-- back
DROP OPERATOR !# (NONE, integer);

-- an operator family's members
ALTER OPERATOR FAMILY kin USING btree ADD OPERATOR 1 < (integer, bigint), FUNCTION 1 (integer, bigint) btint48cmp(integer, bigint);
-- back
ALTER OPERATOR FAMILY kin USING btree DROP OPERATOR 1 (integer, bigint), FUNCTION 1 (integer, bigint);

-- an operator family's owner
ALTER OPERATOR FAMILY kin USING btree OWNER TO {role};
-- back
ALTER OPERATOR FAMILY kin USING btree OWNER TO CURRENT_USER;

-- an operator family's comment
COMMENT ON OPERATOR FAMILY kin USING btree IS 'a';
-- back
COMMENT ON OPERATOR FAMILY kin USING btree IS NULL;

-- an operator class's owner
ALTER OPERATOR CLASS backwards USING btree OWNER TO {role};
-- back
ALTER OPERATOR CLASS backwards USING btree OWNER TO CURRENT_USER;

-- an operator class's comment
COMMENT ON OPERATOR CLASS backwards USING btree IS 'a';
-- back
COMMENT ON OPERATOR CLASS backwards USING btree IS NULL;

-- an operator class's name
ALTER OPERATOR CLASS backwards USING btree RENAME TO reversed;
-- back
ALTER OPERATOR CLASS reversed USING btree RENAME TO backwards;

-- an operator class in another family
CREATE OPERATOR CLASS kin_ops FOR TYPE integer USING btree FAMILY kin AS OPERATOR 1 <, FUNCTION 1 btint4cmp(integer, integer);
-- back
DROP OPERATOR CLASS kin_ops USING btree;

-- a cast's context
DROP CAST (couple AS text);
CREATE CAST (couple AS text) WITH FUNCTION couple_text(couple) AS IMPLICIT;
-- back
DROP CAST (couple AS text);
CREATE CAST (couple AS text) WITH FUNCTION couple_text(couple) AS ASSIGNMENT;

-- a cast's method
DROP CAST (couple AS text);
CREATE CAST (couple AS text) WITH INOUT AS ASSIGNMENT;
-- back
DROP CAST (couple AS text);
CREATE CAST (couple AS text) WITH FUNCTION couple_text(couple) AS ASSIGNMENT;

-- a cast's comment
COMMENT ON CAST (couple AS text) IS 'a';
-- back
COMMENT ON CAST (couple AS text) IS NULL;

-- a conversion's default
DROP CONVERSION latin_to_utf;
CREATE DEFAULT CONVERSION latin_to_utf FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
-- back
DROP CONVERSION latin_to_utf;
CREATE CONVERSION latin_to_utf FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;

-- a conversion's comment
COMMENT ON CONVERSION latin_to_utf IS 'a';
-- back
COMMENT ON CONVERSION latin_to_utf IS NULL;

-- a conversion's owner
ALTER CONVERSION latin_to_utf OWNER TO {role};
-- back
ALTER CONVERSION latin_to_utf OWNER TO CURRENT_USER;

-- a collation's comment
COMMENT ON COLLATION plain IS 'a';
-- back
COMMENT ON COLLATION plain IS NULL;

-- a collation's owner
ALTER COLLATION plain OWNER TO {role};
-- back
ALTER COLLATION plain OWNER TO CURRENT_USER;

-- a language's owner
ALTER LANGUAGE second_plpgsql OWNER TO {role};
-- back
ALTER LANGUAGE second_plpgsql OWNER TO CURRENT_USER;

-- a language's trust
DROP LANGUAGE second_plpgsql;
CREATE TRUSTED LANGUAGE second_plpgsql HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
-- back
DROP LANGUAGE second_plpgsql;
CREATE LANGUAGE second_plpgsql HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;

-- a language's validator
DROP LANGUAGE second_plpgsql;
CREATE LANGUAGE second_plpgsql HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler;
-- back
DROP LANGUAGE second_plpgsql;
CREATE LANGUAGE second_plpgsql HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;

-- a language's comment
COMMENT ON LANGUAGE second_plpgsql IS 'a';
-- back
COMMENT ON LANGUAGE second_plpgsql IS NULL;

-- a language's privilege
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
-- back
GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC;

-- an access method's comment
COMMENT ON ACCESS METHOD heap_too IS 'a';
-- back
COMMENT ON ACCESS METHOD heap_too IS NULL;

-- another schema
CREATE SCHEMA third;
-- back
DROP SCHEMA third;

-- a schema's name
ALTER SCHEMA beside RENAME TO besides;
-- back
ALTER SCHEMA besides RENAME TO beside;

-- a schema's owner
ALTER SCHEMA beside OWNER TO {role};
-- back
ALTER SCHEMA beside OWNER TO CURRENT_USER;

-- a schema's own comment
COMMENT ON SCHEMA beside IS 'a';
-- back
COMMENT ON SCHEMA beside IS NULL;

-- the owner of the schema public
ALTER SCHEMA public OWNER TO {role};
-- back
ALTER SCHEMA public OWNER TO {public_owner};

-- nobody may use a schema
REVOKE ALL ON SCHEMA public FROM PUBLIC;
-- back
GRANT {public_privileges} ON SCHEMA public TO PUBLIC;

-- a table's other privilege
GRANT TRUNCATE, REFERENCES, TRIGGER ON users TO {role};
-- back
REVOKE TRUNCATE, REFERENCES, TRIGGER ON users FROM {role};

-- the right to maintain (PostgreSQL 17)
GRANT MAINTAIN ON users TO {role};
-- back
REVOKE MAINTAIN ON users FROM {role};

-- a privilege becomes grantable
GRANT SELECT (email) ON accounts TO {role} WITH GRANT OPTION;
-- back
REVOKE GRANT OPTION FOR SELECT (email) ON accounts FROM {role};

-- the grant option alone is revoked
REVOKE GRANT OPTION FOR INSERT ON accounts FROM {role};
-- back
GRANT INSERT ON accounts TO {role} WITH GRANT OPTION;

-- everybody may read
GRANT SELECT ON users TO PUBLIC;
-- back
REVOKE SELECT ON users FROM PUBLIC;

-- another grants
SET ROLE {role};
GRANT SELECT ON accounts TO pg_monitor;
RESET ROLE;
-- back
SET ROLE {role};
REVOKE SELECT ON accounts FROM pg_monitor;
RESET ROLE;

-- default privileges of functions
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- back
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;

-- default privileges of schemas
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO {role};
-- back
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON SCHEMAS FROM {role};

-- default privileges of types
ALTER DEFAULT PRIVILEGES IN SCHEMA beside GRANT USAGE ON TYPES TO {role};
-- back
ALTER DEFAULT PRIVILEGES IN SCHEMA beside REVOKE USAGE ON TYPES FROM {role};

-- default privileges of large objects (PostgreSQL 18)
ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO {role};
-- back
ALTER DEFAULT PRIVILEGES REVOKE SELECT ON LARGE OBJECTS FROM {role};

-- default privileges another way
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO {role};
-- back
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON SEQUENCES FROM {role};

-- the privilege to use a system function
REVOKE EXECUTE ON FUNCTION pg_sleep(double precision) FROM PUBLIC;
-- back
GRANT EXECUTE ON FUNCTION pg_sleep(double precision) TO PUBLIC;

-- the privilege to read a system view
REVOKE SELECT ON pg_catalog.pg_tables FROM PUBLIC;
-- back
GRANT SELECT ON pg_catalog.pg_tables TO PUBLIC;

-- a table in the other schema
ALTER TABLE beside.far_off ADD extra integer;
-- back
ALTER TABLE beside.far_off DROP extra;

-- a view in the other schema
ALTER VIEW beside.far_view SET (security_barrier = true);
-- back
ALTER VIEW beside.far_view RESET (security_barrier);

-- a function in the other schema
ALTER FUNCTION beside.helper() STABLE;
-- back
ALTER FUNCTION beside.helper() VOLATILE;

-- the comment on the database
COMMENT ON DATABASE {database} IS 'a';
-- back
COMMENT ON DATABASE {database} IS NULL;

-- a setting of the database
ALTER DATABASE {database} SET statement_timeout = '7s';
-- back
ALTER DATABASE {database} RESET statement_timeout;

-- a setting of the database, another value
ALTER DATABASE {database} SET search_path = public, beside;
-- back
ALTER DATABASE {database} RESET search_path;

-- a role's setting in the database
ALTER ROLE {role} IN DATABASE {database} SET work_mem = '5MB';
-- back
ALTER ROLE {role} IN DATABASE {database} RESET work_mem;

-- an application's setting in the database
ALTER DATABASE {database} SET application.mode = 'strict';
-- back
ALTER DATABASE {database} RESET application.mode;

-- the database's owner
ALTER DATABASE {database} OWNER TO {role};
-- back
ALTER DATABASE {database} OWNER TO CURRENT_USER;

-- the privileges on the database
REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC;
-- back
GRANT TEMPORARY ON DATABASE {database} TO PUBLIC;

-- the database's number of connections
ALTER DATABASE {database} CONNECTION LIMIT 50;
-- back
ALTER DATABASE {database} CONNECTION LIMIT -1;
