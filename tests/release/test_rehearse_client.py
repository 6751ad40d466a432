"""What Prisma's client sends, held against the query log of the real one: @prisma/client 7.10.0 with adapter-pg."""

from pathlib import Path

import pytest
from databases import Database

from schemasync.compatibility import Service
from schemasync.release.rehearsal_services import Troupe
from schemasync.release.rehearsal_statements import ClientStatement, client_statements
from schemasync.release.rehearsal_trials import ALL, FEW, Trial, judged_code
from schemasync.release.synthetic_rows import RowMaker, fill
from schemasync.schema.model import Schema
from schemasync.witnesses.database import read_database
from schemasync.witnesses.prisma.read import read_prisma

SCHEMA = """\
datasource db {
  provider = "postgresql"
}
enum Role {
  USER
  ADMIN
  @@map("role")
}
model User {
  id   String @id @default(uuid()) @db.Uuid
  name String
  nick String?
  age Int @default(3)
  role Role @default(USER)
  roles Role[]
  tags String[]
  score Decimal? @db.Decimal(8,2)
  seen DateTime @default(now())
  upd DateTime @updatedAt
  data Json?
  posts Post[]
  @@map("users")
}
model Post {
  id Int @id @default(autoincrement())
  user_id String @db.Uuid
  user User @relation(fields: [user_id], references: [id])
  big BigInt?
  raw Bytes?
  @@map("posts")
}
"""
TABLES = """
CREATE TYPE role AS ENUM ('USER', 'ADMIN');
CREATE TABLE users (id uuid PRIMARY KEY, name text NOT NULL, nick text, age int NOT NULL DEFAULT 3,
    role role NOT NULL DEFAULT 'USER', roles role[], tags text[], score numeric(8,2),
    seen timestamp(3) NOT NULL DEFAULT now(), upd timestamp(3) NOT NULL, data jsonb);
CREATE TABLE posts (id serial PRIMARY KEY, user_id uuid NOT NULL REFERENCES users, big bigint, raw bytea);
"""
WANTED = (
    '"public"."users"."id", "public"."users"."name", "public"."users"."nick", "public"."users"."age", '
    '"public"."users"."role"::text, "public"."users"."roles"::text[], "public"."users"."tags", '
    '"public"."users"."score", "public"."users"."seen", "public"."users"."upd", "public"."users"."data"'
)
# As the client logs them: create({ data: { name } }), create with all fields, findMany(), findUnique(), update.
LOG = {
    ("INSERT", FEW): 'INSERT INTO "public"."users" ("id","name","age","role","seen","upd") '
    f'VALUES ($1,$2,$3,CAST($4::text AS "public"."role"),$5,$6) RETURNING {WANTED}',
    ("INSERT", ALL): 'INSERT INTO "public"."users" '
    '("id","name","nick","age","role","roles","tags","score","seen","upd","data") '
    'VALUES ($1,$2,$3,$4,CAST($5::text AS "public"."role"),CAST($6::text[] AS "public"."role"[]),$7,$8,$9,$10,$11) '
    f"RETURNING {WANTED}",
    ("SELECT", "every row"): f'SELECT {WANTED} FROM "public"."users" WHERE 1=1 OFFSET $1',
    ("SELECT", "by its key"): f'SELECT {WANTED} FROM "public"."users" '
    'WHERE ("public"."users"."id" = $1 AND 1=1) LIMIT $2 OFFSET $3',
    ("UPDATE", ALL): 'UPDATE "public"."users" SET "name" = $1, "nick" = $2, "age" = $3, '
    '"role" = CAST($4::text AS "public"."role"), "roles" = CAST($5::text[] AS "public"."role"[]), "tags" = $6, '
    '"score" = $7, "seen" = $8, "upd" = $9, "data" = $10 WHERE ("public"."users"."id" = $11 AND 1=1) '
    f"RETURNING {WANTED}",
}
POST = (
    'INSERT INTO "public"."posts" ("user_id","big","raw") VALUES ($1,$2,$3) RETURNING "public"."posts"."id", '
    '"public"."posts"."user_id", "public"."posts"."big", "public"."posts"."raw"'
)


@pytest.fixture
def facts(tmp_path: Path) -> Schema:
    (tmp_path / "schema.prisma").write_text(SCHEMA)
    return read_prisma(tmp_path / "schema.prisma")


def numbered(one: ClientStatement) -> str:
    """With the client's own placeholders."""
    first, *rest = one.sql.split("%s")
    assert len(rest) == len(one.values)
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))


def test_the_statements_are_the_clients_own(facts: Schema) -> None:
    users, posts = facts.table("users"), facts.table("posts")
    assert users is not None
    assert posts is not None
    row = {column.name: "1" for column in users.columns}
    sent = {
        (one.statement, one.variant): numbered(one)
        for one in client_statements(users, facts, existing=row, candidate=row)
    }
    assert sent == LOG
    made = {
        (one.statement, one.variant): numbered(one)
        for one in client_statements(posts, facts, existing=None, candidate={})
    }
    assert made["INSERT", ALL] == POST
    assert set(made) == {("SELECT", "every row"), ("INSERT", ALL), ("INSERT", FEW)}


def test_what_the_database_generates_is_left_to_it(tmp_path: Path) -> None:
    """As logged for create({ data: { note } })."""
    (tmp_path / "schema.prisma").write_text(
        """\
datasource db {
  provider = "postgresql"
}
model Thing {
  id   String @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  seen DateTime @default(dbgenerated("now()"))
  note String
  @@map("things")
}
"""
    )
    facts = read_prisma(tmp_path / "schema.prisma")
    sent = client_statements(facts.tables[0], facts, existing=None, candidate={"note": "a"})
    few = next(one for one in sent if (one.statement, one.variant) == ("INSERT", FEW))
    assert numbered(few).startswith('INSERT INTO "public"."things" ("note") VALUES ($1) RETURNING')


def trials(database: Database, facts: Schema, change: str = "SELECT 1") -> list[Trial]:
    database.execute(TABLES)
    opened = database.connect()
    fill(opened, read_database(database.url), 4)
    database.execute(change)
    service = Service("front end", "prisma", facts)
    return Troupe({"front end": service}).trials(
        "front end", database.url, RowMaker(opened, read_database(database.url))
    )


def failed(found: list[Trial]) -> set[tuple[str, str, str]]:
    return {(one.table, one.statement, one.code) for one in found if one.outcome == "failed"}


def test_all_pass_on_the_tables_that_the_client_knows(database: Database, facts: Schema) -> None:
    found = trials(database, facts)
    assert {one.outcome for one in found} == {"passed"}
    assert len(found) == 10
    assert database.execute("SELECT count(*) FROM users") == [(4,)]


CHANGES = {
    "ALTER TABLE users ADD city text NOT NULL DEFAULT ''": set(),
    "ALTER TABLE users DROP nick": {("users", kind, "42703") for kind in ("SELECT", "INSERT", "UPDATE")},
    "ALTER TABLE users ADD city text NOT NULL DEFAULT ''; ALTER TABLE users ALTER city DROP DEFAULT": {
        ("users", "INSERT", "23502")
    },
    "ALTER TABLE posts RENAME TO articles": {("posts", "SELECT", "42P01")},
    "ALTER TYPE role RENAME TO roles_of": {("users", "INSERT", "42704"), ("users", "UPDATE", "42704")},
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change(database: Database, facts: Schema, change: str) -> None:
    assert failed(trials(database, facts, change)) == CHANGES[change]


@pytest.mark.parametrize("change", ["role = 'ROOT'", "roles = '{ROOT}'"])
def test_an_enum_value_that_the_client_does_not_know(database: Database, facts: Schema, change: str) -> None:
    """Its own words: Value 'ROOT' not found in enum 'Role'. NULL in a required field it takes, and in a list."""
    assert failed(trials(database, facts, "ALTER TABLE users ALTER name DROP NOT NULL")) == set()
    database.execute("ALTER TYPE role ADD VALUE 'ROOT'")
    database.execute(f"UPDATE users SET {change}, name = NULL, tags = NULL")
    service = Service("front end", "prisma", facts)
    maker = RowMaker(database.connect(), read_database(database.url))
    found = Troupe({"front end": service}).trials("front end", database.url, maker)
    reasons = {one.reason.partition(" (")[0] for one in found if one.outcome == "failed" and one.statement == "SELECT"}
    assert reasons == {"Value 'ROOT' not found in enum 'Role'"}


@pytest.mark.parametrize(
    ("statement", "code", "outcome"),
    [
        ("SELECT", "42703", "failed"),
        ("SELECT", "22P02", "failed"),
        ("INSERT", "23502", "failed"),
        ("INSERT", "22P02", "failed"),
        ("INSERT", "23505", "depends"),
        ("INSERT", "23514", "depends"),
        ("UPDATE", "22001", "depends"),
        ("INSERT", "P0001", "depends"),
        ("UPDATE", "42804", "failed"),
    ],
)
def test_what_an_error_code_says(statement: str, code: str, outcome: str) -> None:
    assert judged_code(statement, code) == outcome
