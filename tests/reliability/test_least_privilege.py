"""A role that may do nothing but connect can check, on a replica and through a pooler too; and nothing is written."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import spawned
from google.protobuf.message import DecodeError
from own_server import OwnServer, Pooler, own_server
from postgast import parse, scan
from postgast.walk import unwrap_node

import schemasync

HERE = Path(__file__).parent
PRISMA = """
datasource db {
  provider = "postgresql"
}

enum Role {
  ADMIN
  USER
}

model User {
  id    Int     @id @default(autoincrement())
  email String  @unique @db.VarChar(255)
  role  Role    @default(USER)
  posts Post[]

  @@map("people")
}

model Post {
  id       Int    @id @default(autoincrement())
  title    String
  authorId Int    @map("author_id")
  author   User   @relation(fields: [authorId], references: [id])

  @@map("posts")
}
"""
GROUND = """
CREATE TYPE "Role" AS ENUM ('ADMIN', 'USER');
CREATE TABLE people (id serial CONSTRAINT people_pkey PRIMARY KEY, email varchar(255) NOT NULL,
    role "Role" NOT NULL DEFAULT 'USER');
CREATE UNIQUE INDEX people_email_key ON people (email);
CREATE TABLE posts (id serial CONSTRAINT posts_pkey PRIMARY KEY, title text NOT NULL, author_id integer NOT NULL,
    CONSTRAINT posts_author_id_fkey FOREIGN KEY (author_id) REFERENCES people ON DELETE RESTRICT ON UPDATE CASCADE);
CREATE VIEW names AS SELECT id, email FROM people;
CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 2';
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON people USING (id > 0);
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION twice(integer) FROM PUBLIC;
CREATE ROLE reader LOGIN;
CREATE ROLE read_only LOGIN;
ALTER ROLE read_only SET default_transaction_read_only = on;
"""
# Statements that can change nothing, by the names of PostgreSQL's own grammar.
HARMLESS = {"SelectStmt", "VariableSetStmt", "VariableShowStmt", "TransactionStmt"}
# Words without which nothing is written; in strings and quoted names they are no words.
WRITING = {
    *("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "INTO", "COPY", "CREATE", "ALTER", "DROP", "GRANT", "REVOKE"),
    *("CALL", "DO", "EXECUTE", "LOCK", "NOTIFY", "REFRESH", "REINDEX", "VACUUM", "CLUSTER", "LO_CREATE", "SETVAL"),
}


@pytest.fixture(scope="module")
def primary() -> Iterator[OwnServer]:
    server = own_server()
    server.execute(GROUND)
    yield server
    server.close()


@pytest.fixture(scope="module")
def replica(primary: OwnServer) -> Iterator[OwnServer]:
    server = OwnServer(primary.binaries, primary.user, primary)
    yield server
    server.close()


@pytest.fixture
def schema_file(tmp_path: Path) -> Path:
    path = tmp_path / "schema.prisma"
    path.write_text(PRISMA)
    return path


def agrees(schema_file: Path, url: str) -> None:
    """A check succeeds, with the database truly read."""
    result = spawned("check", "--prisma", schema_file, "--database", url, "--format", "json", folder=schema_file.parent)
    assert (result.code, result.err) == (0, ""), result
    assert '"database": {"tables": 2' in " ".join(result.out.split()).replace('{ "', '{"')


def writing(statements: list[str]) -> list[str]:
    """Those of some logged messages that are anything but harmless."""
    found = []
    for message in statements:
        try:
            parsed = parse(message).stmts
        except DecodeError:  # nested too deeply for the tree's format: its words have to do
            words = {message.encode()[token.start : token.end].decode().upper() for token in scan(message).tokens}
            found += [message] if words & WRITING else []
            continue
        for raw in parsed:
            node = unwrap_node(raw.stmt)
            name = type(node).__name__
            locks = name == "SelectStmt" and (len(node.locking_clause) > 0 or node.HasField("into_clause"))
            if name not in HARMLESS or locks:
                found.append(message)
    return found


def test_a_role_without_any_privilege_checks(primary: OwnServer, schema_file: Path) -> None:
    agrees(schema_file, primary.url("reader"))


def test_such_a_role_reads_the_same_facts_as_a_superuser(primary: OwnServer) -> None:
    """Completely, too: no fact may depend on who looks."""
    for complete in (False, True):
        seen, whole = (
            replace(schemasync.read_database(primary.url(role), complete=complete), source="")
            for role in ("reader", "postgres")
        )
        assert seen == whole


def test_a_transaction_that_is_read_only_by_default_is_enough(primary: OwnServer, schema_file: Path) -> None:
    agrees(schema_file, primary.url("read_only"))


def test_a_replica_in_recovery_is_enough(primary: OwnServer, replica: OwnServer, schema_file: Path) -> None:
    primary.execute("SELECT pg_switch_wal()")
    assert replica.execute("SELECT pg_is_in_recovery()") == [(True,)]
    agrees(schema_file, replica.url("reader"))
    assert writing(replica.statements_of("reader")) == []
    assert replica.statements_of("reader") != []


@pytest.mark.parametrize("parameters", ["", "?pgbouncer=true", "?schema=public&pgbouncer=true&connection_limit=1"])
def test_a_transaction_pooler_is_enough(primary: OwnServer, schema_file: Path, parameters: str) -> None:
    pooler = Pooler(primary)
    try:
        agrees(schema_file, pooler.url + parameters)
    finally:
        pooler.close()


def test_nothing_is_ever_written(primary: OwnServer, schema_file: Path, tmp_path: Path) -> None:
    """The server's own log says every statement: of checks, of a complete snapshot, of a status, of a wait."""
    folder, url = schema_file.parent, primary.url("reader")
    snapshot = tmp_path / "snapshot.json"
    migrations = tmp_path / "migrations" / "1_first"
    migrations.mkdir(parents=True)
    (migrations / "migration.sql").write_text("SELECT 1;")
    (tmp_path / "schemasync.toml").write_text(
        f'[prisma]\nschema = "schema.prisma"\nmigrations = "migrations"\n[database]\nurl = "{url}"\n'
    )
    for arguments in (
        ["check"],
        ["snapshot", "--witness", "database", "--complete", "--output", snapshot],
        ["check", "--snapshot", snapshot, "--witness", "snapshot", "--witness", "database"],
        ["wait"],
        ["status"],
        ["graph"],
    ):
        result = spawned(*arguments, folder=folder)
        assert result.code in (0, 1), result
    assert snapshot.exists()
    statements = primary.statements_of("reader")
    assert len(statements) >= 4
    assert writing(statements) == []


def test_the_judge_of_statements_knows_a_write() -> None:
    messages = ["SET a.b = '1'; SELECT 1", "SELECT 1; CREATE TEMPORARY TABLE t (a int)", "SELECT 1 FOR UPDATE"]
    assert writing(messages) == messages[1:]
    # Too deep for a tree.
    deep = "SELECT " + "(" * 200 + "1" + ")" * 200
    union = " UNION ALL ".join(["SELECT 'INSERT'"] * 300)
    assert writing([deep, union]) == []
    assert writing([union + " FOR UPDATE", f"CREATE TABLE t AS {union}"]) == [
        union + " FOR UPDATE",
        f"CREATE TABLE t AS {union}",
    ]
