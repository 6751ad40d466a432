-- What changes nothing that pg_dump prints; neither must a comparison find anything. `{role}` is a role.

-- rows
INSERT INTO accounts (email, balance) VALUES ('a@b', 1), ('c@d', 2);
DELETE FROM accounts;

-- statistics gathered
ANALYZE;

-- numbers drawn
SELECT nextval('loose'), nextval('accounts_id_seq'), setval('tickets', 50);

-- an index built again
REINDEX TABLE accounts;

-- a table rewritten
TRUNCATE scribbles;
CLUSTER users USING users_pkey;
ALTER TABLE users SET WITHOUT CLUSTER;

-- a view's rows
REFRESH MATERIALIZED VIEW sums;

-- a name there and back
ALTER TABLE scribbles RENAME TO s;
ALTER TABLE s RENAME TO scribbles;
ALTER TABLE accounts RENAME email TO e;
ALTER TABLE accounts RENAME e TO email;

-- a constraint dropped and made again
ALTER TABLE orders DROP CONSTRAINT orders_user_fkey;
ALTER TABLE orders ADD CONSTRAINT orders_user_fkey FOREIGN KEY (user_id) REFERENCES users (id);

-- a column that came and went
ALTER TABLE lonely ADD gone integer;
ALTER TABLE lonely DROP gone;

-- an index dropped and made again, otherwise spelled
DROP INDEX users_name_idx;
CREATE INDEX users_name_idx ON public.users USING btree (name ASC NULLS LAST);

-- a check otherwise spelled
ALTER TABLE accounts DROP CONSTRAINT balance_positive;
ALTER TABLE accounts ADD CONSTRAINT balance_positive CHECK (((balance)) >= 0::numeric);

-- a function made again
CREATE OR REPLACE FUNCTION twice(integer) RETURNS integer LANGUAGE sql VOLATILE COST 100 AS 'SELECT $1 * 2';

-- a trigger made again
DROP TRIGGER touched ON users;
CREATE TRIGGER touched BEFORE UPDATE ON users FOR EACH ROW EXECUTE PROCEDURE touch();

-- a grant twice
GRANT SELECT ON accounts TO {role};

-- what the owner has anyway
GRANT ALL ON lonely TO CURRENT_USER;

-- granted and revoked
GRANT SELECT ON lonely TO {role};
REVOKE SELECT ON lonely FROM {role};

-- a column's privilege granted and revoked
GRANT SELECT (a) ON lonely TO {role};
REVOKE SELECT (a) ON lonely FROM {role};

-- privileges in another order
REVOKE ALL ON accounts FROM {role};
GRANT INSERT ON accounts TO {role} WITH GRANT OPTION;
GRANT UPDATE (code, email), SELECT (email) ON accounts TO {role};
GRANT SELECT ON accounts TO {role} WITH GRANT OPTION;

-- default privileges given and taken
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM {role};

-- a comment given and taken
COMMENT ON TABLE lonely IS 'a';
COMMENT ON TABLE lonely IS '';

-- an option set and reset
ALTER TABLE lonely SET (fillfactor = 50);
ALTER TABLE lonely RESET (fillfactor);

-- a column's option set and reset
ALTER TABLE lonely ALTER a SET (n_distinct = 5);
ALTER TABLE lonely ALTER a RESET (n_distinct);

-- a default of a child as its parent's
ALTER TABLE grown_more ALTER a SET DEFAULT 1;

-- a state set to what it is
ALTER TABLE users ENABLE TRIGGER touched;
ALTER TABLE users REPLICA IDENTITY DEFAULT;
ALTER TABLE users NO FORCE ROW LEVEL SECURITY;

-- statistics at the default
ALTER TABLE users ALTER name SET STATISTICS 100;
ALTER TABLE users ALTER name SET STATISTICS -1;

-- a temporary table
CREATE TEMPORARY TABLE passing (id integer PRIMARY KEY);

-- a temporary view and sequence
CREATE TEMPORARY VIEW passing_view AS SELECT 1 AS a;
CREATE TEMPORARY SEQUENCE passing_seq;

-- an owner that is so already
ALTER TABLE users OWNER TO CURRENT_USER;

-- a large object
SELECT lo_create(0);

-- another search path
SET search_path = beside, pg_catalog, public;
RESET search_path;

-- an enum type dropped and made again
DROP TYPE beside.mood;
CREATE TYPE beside.mood AS ENUM ('sad', 'glad');

-- row security there and back
ALTER TABLE lonely ENABLE ROW LEVEL SECURITY;
ALTER TABLE lonely DISABLE ROW LEVEL SECURITY;

-- a default of NULL, which is none
ALTER TABLE accounts ALTER email SET DEFAULT NULL::text;
