"""One change of the database, one drift: the right kind, table, object, owner and witness behind."""

from pathlib import Path
from typing import NamedTuple

import pytest
from agreed import compared, create, read_witnesses
from databases import Database


class Change(NamedTuple):
    """A statement, and the drift that it causes."""

    sql: str
    kind: str
    table: str | None
    object: str | None
    owner: str | None
    severity: str


CHANGES = [
    Change("DROP TABLE posts", "table-missing", "posts", None, "prisma", "error"),
    Change("DROP TABLE users CASCADE", "table-missing", "users", None, "prisma", "error"),
    Change("DROP TABLE invoice_lines", "table-missing", "invoice_lines", None, "sqlalchemy", "error"),
    Change("CREATE TABLE stray (id int)", "table-extra", "stray", None, None, "warning"),
    Change("COMMENT ON TABLE invoices IS 'other'", "table-comment", "invoices", None, "sqlalchemy", "info"),
    Change("ALTER TABLE users DROP COLUMN score", "column-missing", "users", "score", "prisma", "error"),
    Change("ALTER TABLE users DROP COLUMN email", "column-missing", "users", "email", "prisma", "error"),
    Change("ALTER TABLE posts DROP COLUMN author_id", "column-missing", "posts", "author_id", "prisma", "error"),
    Change("ALTER TABLE users DROP COLUMN id CASCADE", "column-missing", "users", "id", "prisma", "error"),
    Change("ALTER TABLE invoices DROP COLUMN due", "column-missing", "invoices", "due", "sqlalchemy", "error"),
    Change("ALTER TABLE users ADD legacy text", "column-extra", "users", "legacy", "prisma", "warning"),
    Change("ALTER TABLE posts ADD must int NOT NULL", "column-extra", "posts", "must", "prisma", "error"),
    Change("ALTER TABLE invoices ADD legacy int", "column-extra", "invoices", "legacy", "sqlalchemy", "warning"),
    Change("ALTER TABLE posts ALTER slug TYPE varchar(50)", "column-type", "posts", "slug", "prisma", "error"),
    Change("ALTER TABLE users ALTER name TYPE varchar", "column-type", "users", "name", "prisma", "warning"),
    Change(
        "ALTER TABLE users ALTER updated_at TYPE timestamptz(3)",
        "column-type", "users", "updated_at", "prisma", "error",
    ),
    Change("ALTER TABLE users ALTER email TYPE varchar(100)", "column-length", "users", "email", "prisma", "error"),
    Change("ALTER TABLE users ALTER email TYPE varchar(300)", "column-length", "users", "email", "prisma", "warning"),
    Change("ALTER TABLE users ALTER score TYPE numeric(4, 2)", "column-length", "users", "score", "prisma", "error"),
    Change("ALTER TABLE users ALTER updated_at TYPE timestamp(0)", "column-length", "users", "updated_at", "prisma",
           "error"),
    Change("ALTER TABLE invoices ALTER currency TYPE varchar(9)", "column-length", "invoices", "currency",
           "sqlalchemy", "warning"),
    Change("ALTER TABLE users ALTER name SET NOT NULL", "column-nullability", "users", "name", "prisma", "error"),
    Change("ALTER TABLE posts ALTER title DROP NOT NULL", "column-nullability", "posts", "title", "prisma", "error"),
    Change("ALTER TABLE users ALTER role DROP DEFAULT", "column-default", "users", "role", "prisma", "error"),
    Change("ALTER TABLE users ALTER role SET DEFAULT 'ADMIN'", "column-default", "users", "role", "prisma", "error"),
    Change("ALTER TABLE users ALTER name SET DEFAULT 'x'", "column-default", "users", "name", "prisma", "warning"),
    Change("ALTER TABLE users ALTER created_at SET DEFAULT clock_timestamp()", "column-default", "users",
           "created_at", "prisma", "error"),
    Change("ALTER TABLE posts ALTER id DROP DEFAULT", "column-default", "posts", "id", "prisma", "error"),
    Change("ALTER TABLE invoices ALTER status DROP DEFAULT", "column-default", "invoices", "status", "sqlalchemy",
           "error"),
    Change("ALTER TABLE invoices ALTER id DROP IDENTITY", "column-identity", "invoices", "id", "sqlalchemy", "error"),
    Change("ALTER TABLE invoices ALTER id SET GENERATED ALWAYS", "column-identity", "invoices", "id", "sqlalchemy",
           "error"),
    Change("ALTER TABLE invoices ALTER taxed DROP EXPRESSION", "column-generated", "invoices", "taxed",
           "sqlalchemy", "error"),
    Change(
        "ALTER TABLE invoices DROP taxed; "
        "ALTER TABLE invoices ADD taxed numeric(12, 2) GENERATED ALWAYS AS (amount * 1.3) STORED",
        "column-generated", "invoices", "taxed", "sqlalchemy", "error",
    ),
    Change('ALTER TABLE invoices ALTER label TYPE text COLLATE "POSIX"', "column-collation", "invoices", "label",
           "sqlalchemy", "warning"),
    Change("COMMENT ON COLUMN invoices.number IS NULL", "column-comment", "invoices", "number", "sqlalchemy", "info"),
    Change("ALTER TABLE posts DROP CONSTRAINT posts_pkey", "primary-key", "posts", "posts_pkey", "prisma", "error"),
    Change(
        "ALTER TABLE posts DROP CONSTRAINT posts_pkey, ADD CONSTRAINT posts_pkey PRIMARY KEY (id, slug)",
        "primary-key", "posts", "posts_pkey", "prisma", "error",
    ),
    Change("DROP INDEX users_email_key", "unique-missing", "users", "users_email_key", "prisma", "error"),
    Change("ALTER TABLE invoices DROP CONSTRAINT invoices_number_key", "unique-missing", "invoices",
           "invoices_number_key", "sqlalchemy", "error"),
    Change("CREATE UNIQUE INDEX users_name_key ON users (name)", "unique-extra", "users", "users_name_key", "prisma",
           "warning"),
    Change("ALTER TABLE users ADD CONSTRAINT one_name UNIQUE (name)", "unique-extra", "users", "one_name", "prisma",
           "warning"),
    Change("ALTER TABLE posts DROP CONSTRAINT posts_author_id_fkey", "foreign-key-missing", "posts",
           "posts_author_id_fkey", "prisma", "error"),
    Change("ALTER TABLE invoice_lines ADD CONSTRAINT extra FOREIGN KEY (id) REFERENCES posts", "foreign-key-extra",
           "invoice_lines", "extra", "sqlalchemy", "warning"),
    Change(
        "ALTER TABLE posts DROP CONSTRAINT posts_author_id_fkey, ADD CONSTRAINT posts_author_id_fkey "
        "FOREIGN KEY (author_id) REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE",
        "foreign-key-action", "posts", "posts_author_id_fkey", "prisma", "error",
    ),
    Change(
        "ALTER TABLE posts DROP CONSTRAINT posts_author_id_fkey, ADD CONSTRAINT posts_author_id_fkey "
        "FOREIGN KEY (author_id) REFERENCES users ON DELETE SET NULL",
        "foreign-key-action", "posts", "posts_author_id_fkey", "prisma", "warning",
    ),
    Change("ALTER TABLE invoices ALTER CONSTRAINT invoices_user_id_fkey NOT DEFERRABLE", "foreign-key-deferrable",
           "invoices", "invoices_user_id_fkey", "sqlalchemy", "warning"),
    Change("ALTER TABLE invoices DROP CONSTRAINT invoices_amount_check", "check-missing", "invoices",
           "invoices_amount_check", "sqlalchemy", "error"),
    Change("ALTER TABLE invoices ADD CONSTRAINT more CHECK (amount < 100)", "check-extra", "invoices", "more",
           "sqlalchemy", "error"),
    Change(
        "ALTER TABLE invoices DROP CONSTRAINT invoices_amount_check, "
        "ADD CONSTRAINT invoices_amount_check CHECK (amount > 0 AND currency IN ('EUR', 'USD'))",
        "check-expression", "invoices", "invoices_amount_check", "sqlalchemy", "error",
    ),
    Change("ALTER TABLE invoices DROP CONSTRAINT invoices_period_excl", "exclusion", "invoices",
           "invoices_period_excl", "sqlalchemy", "error"),
    Change("ALTER TABLE posts RENAME CONSTRAINT posts_author_id_fkey TO fk", "constraint-name", "posts",
           "posts_author_id_fkey", "prisma", "info"),
    Change("ALTER TABLE posts RENAME CONSTRAINT posts_pkey TO pk", "constraint-name", "posts", "posts_pkey",
           "prisma", "info"),
    Change("ALTER TABLE invoices RENAME CONSTRAINT invoices_amount_check TO c", "constraint-name", "invoices",
           "invoices_amount_check", "sqlalchemy", "info"),
    Change("ALTER TABLE invoices RENAME CONSTRAINT invoices_number_key TO k", "constraint-name", "invoices",
           "invoices_number_key", "sqlalchemy", "info"),
    Change(
        "ALTER TABLE posts DROP CONSTRAINT posts_author_id_fkey, ADD CONSTRAINT posts_author_id_fkey "
        "FOREIGN KEY (author_id) REFERENCES users ON DELETE SET NULL ON UPDATE CASCADE NOT VALID",
        "constraint-not-valid", "posts", "posts_author_id_fkey", "prisma", "warning",
    ),
    Change(
        "ALTER TABLE invoices DROP CONSTRAINT invoices_amount_check, ADD CONSTRAINT invoices_amount_check "
        "CHECK (amount >= 0 AND currency IN ('EUR', 'USD')) NOT VALID",
        "constraint-not-valid", "invoices", "invoices_amount_check", "sqlalchemy", "warning",
    ),
    Change("DROP INDEX posts_title_idx", "index-missing", "posts", "posts_title_idx", "prisma", "warning"),
    Change("CREATE INDEX slow ON posts (slug)", "index-extra", "posts", "slow", "prisma", "warning"),
    Change(
        "DROP INDEX posts_title_idx; CREATE INDEX posts_title_idx ON posts USING hash (title)",
        "index-definition", "posts", "posts_title_idx", "prisma", "warning",
    ),
    Change(
        "DROP INDEX users_email_key; CREATE INDEX users_email_key ON users (email)",
        "index-definition", "users", "users_email_key", "prisma", "error",
    ),
    Change(
        "DROP INDEX users_created_at_name_idx; CREATE INDEX users_created_at_name_idx ON users (created_at, name)",
        "index-definition", "users", "users_created_at_name_idx", "prisma", "warning",
    ),
    Change(
        "DROP INDEX invoices_open_idx; CREATE INDEX invoices_open_idx ON invoices (number) WHERE status = 'open'",
        "index-definition", "invoices", "invoices_open_idx", "sqlalchemy", "warning",
    ),
    Change("ALTER INDEX posts_title_idx RENAME TO other", "index-name", "posts", "posts_title_idx", "prisma", "info"),
    Change("ALTER INDEX users_email_key RENAME TO other", "index-name", "users", "users_email_key", "prisma", "info"),
    Change(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'posts_title_idx'::regclass",
        "index-invalid", "posts", "posts_title_idx", "prisma", "warning",
    ),
    Change("CREATE TYPE stray AS ENUM ('a')", "enum-extra", None, "stray", None, "info"),
    Change("ALTER TYPE role ADD VALUE 'GUEST'", "enum-values", None, "role", "prisma", "error"),
    Change("ALTER TYPE role RENAME VALUE 'ADMIN' TO 'ROOT'", "enum-values", None, "role", "prisma", "error"),
    Change("ALTER TYPE invoice_status ADD VALUE 'void'", "enum-values", None, "invoice_status", "sqlalchemy", "error"),
]  # fmt: skip


def test_the_ground_agrees(database: Database, tmp_path: Path) -> None:
    create(database)
    comparison = compared(read_witnesses(database, tmp_path))
    assert [drift.message for drift in comparison.drifts] == []
    assert comparison.tables == 4
    assert comparison.facts > 100


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change.kind}: {change.sql}"[:70])
def test_one_change_is_one_drift(change: Change, database: Database, tmp_path: Path) -> None:
    create(database)
    for statement in change.sql.split("; "):
        database.execute(statement)
    drifts = compared(read_witnesses(database, tmp_path)).drifts
    found = [(drift.kind, drift.table, drift.object, drift.owner, drift.severity, drift.behind) for drift in drifts]
    expected = (change.kind, change.table, change.object, change.owner, change.severity, ("database",))
    assert found == [expected], "\n".join(drift.message for drift in drifts)


def test_a_view_in_place_of_a_table(database: Database, tmp_path: Path) -> None:
    create(database)
    database.execute("ALTER TABLE invoice_lines RENAME TO lines; CREATE VIEW invoice_lines AS SELECT * FROM lines")
    found = {(drift.kind, drift.table) for drift in compared(read_witnesses(database, tmp_path)).drifts}
    assert ("table-kind", "invoice_lines") in found
    assert ("table-extra", "lines") in found


def test_an_enum_of_which_the_order_differs(database: Database, tmp_path: Path) -> None:
    create(database)
    database.execute("""
        ALTER TABLE users ALTER role DROP DEFAULT;
        ALTER TYPE role RENAME TO old_role;
        CREATE TYPE role AS ENUM ('ADMIN', 'USER');
        ALTER TABLE users ALTER role TYPE role USING role::text::role, ALTER role SET DEFAULT 'USER';
        DROP TYPE old_role;
    """)
    (drift,) = compared(read_witnesses(database, tmp_path)).drifts
    assert (drift.kind, drift.table, drift.object, drift.behind) == ("enum-order", None, "role", ("database",))
    assert drift.values == {"prisma": "USER, ADMIN", "sqlalchemy": "USER, ADMIN", "database": "ADMIN, USER"}


def test_an_enum_that_the_database_lacks(database: Database, tmp_path: Path) -> None:
    create(database)
    database.execute("ALTER TABLE users ALTER role DROP DEFAULT, ALTER role TYPE text; DROP TYPE role")
    drifts = compared(read_witnesses(database, tmp_path)).drifts
    assert [(drift.kind, drift.table, drift.object) for drift in drifts] == [
        ("column-type", "users", "role"),
        ("column-default", "users", "role"),
        ("enum-missing", None, "role"),
    ]


def test_the_same_change_undone_is_no_drift(database: Database, tmp_path: Path) -> None:
    create(database)
    database.execute("ALTER TABLE users ALTER name SET NOT NULL")
    assert compared(read_witnesses(database, tmp_path)).drifts
    database.execute("ALTER TABLE users ALTER name DROP NOT NULL")
    assert compared(read_witnesses(database, tmp_path)).drifts == ()
