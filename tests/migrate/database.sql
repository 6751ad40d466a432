CREATE TABLE _prisma_migrations (
    id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
    logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0);
INSERT INTO _prisma_migrations VALUES ('1', 'a', now(), '20240101000000_init', NULL, NULL, now(), 1);

-- Prisma's.
CREATE TYPE "Role" AS ENUM ('ADMIN', 'USER');
CREATE DOMAIN short_text AS text CHECK (length(VALUE) < 200);
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, role "Role" NOT NULL DEFAULT 'USER', bio short_text,
    score integer NOT NULL DEFAULT 0 CHECK (score >= 0), badge_id integer);
CREATE TABLE sessions (id serial PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token text NOT NULL);
CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY, at date NOT NULL) PARTITION BY RANGE (at);
CREATE INDEX users_role_idx ON users (role);
COMMENT ON TABLE users IS 'accounts';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.score := NEW.score; RETURN NEW; END $$;
CREATE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
CREATE POLICY users_all ON users USING (true);
CREATE VIEW active_users AS SELECT id, email FROM users WHERE score >= 0;
CREATE FUNCTION purge() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM sessions';
SELECT lo_from_bytea(4242, 'kept');
DO $$ BEGIN CREATE ROLE fence_application LOGIN PASSWORD 'old'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
INSERT INTO users (email) VALUES ('ada@example.org'), ('bob@example.org');
INSERT INTO sessions (user_id, token) VALUES (1, 't');

-- Alembic's.
CREATE TYPE mood AS ENUM ('happy', 'sad');
CREATE TABLE teams (id serial PRIMARY KEY, name text NOT NULL, mood mood, owner_id integer REFERENCES users (id));
CREATE TABLE members (id serial PRIMARY KEY, team_id integer REFERENCES teams (id) ON DELETE CASCADE, user_id integer);
CREATE TABLE notes (id serial PRIMARY KEY, body text);
CREATE TABLE measurements (at date NOT NULL, value integer) PARTITION BY RANGE (at);
INSERT INTO teams (name, owner_id) VALUES ('red', 1), ('blue', 2);
INSERT INTO members (team_id, user_id) SELECT 1, 1;
INSERT INTO notes (body) VALUES ('one'), ('two');
CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
INSERT INTO alembic_version VALUES ('base0');

-- Prisma's table that refers to Alembic's.
CREATE TABLE badges (id serial PRIMARY KEY, team_id integer REFERENCES teams (id) ON DELETE SET NULL, label text);
INSERT INTO badges (team_id, label) VALUES (2, 'b');

-- Nobody's.
CREATE TABLE legacy (id serial PRIMARY KEY, payload text);
INSERT INTO legacy (payload) VALUES ('kept');
