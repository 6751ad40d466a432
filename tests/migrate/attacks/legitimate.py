"""Legitimate migrations: by name, the body of `upgrade()`. Every one must pass, on every layer."""

LEGITIMATE: dict[str, str] = {
    "table with a foreign key to prismas": """
op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", ondelete="CASCADE"), index=True))
""",
    "foreign key not valid, then validated": """
op.add_column("notes", sa.Column("user_id", sa.Integer))
op.create_foreign_key("notes_user_fkey", "notes", "users", ["user_id"], ["id"], postgresql_not_valid=True)
op.execute("ALTER TABLE notes VALIDATE CONSTRAINT notes_user_fkey")
""",
    "dropped foreign key": 'op.drop_constraint("teams_owner_id_fkey", "teams")',
    "changed foreign key": """
op.drop_constraint("teams_owner_id_fkey", "teams")
op.create_foreign_key("teams_owner_id_fkey", "teams", "users", ["owner_id"], ["id"], ondelete="SET NULL")
""",
    "foreign key added and dropped again": """
op.create_foreign_key("members_user_fkey", "members", "users", ["user_id"], ["id"])
op.drop_constraint("members_user_fkey", "members")
""",
    "dropped table with a foreign key": 'op.drop_table("members")',
    "columns": """
op.add_column("notes", sa.Column("title", sa.Text, server_default="x", nullable=False))
op.alter_column("notes", "title", server_default=None)
op.alter_column("notes", "body", new_column_name="text")
op.drop_column("notes", "title")
""",
    "change of type": 'op.alter_column("notes", "id", type_=sa.BigInteger)',
    "batch renames": """
with op.batch_alter_table("members") as batch:
    batch.alter_column("user_id", new_column_name="person_id")
    batch.add_column(sa.Column("since", sa.Date))
op.rename_table("members", "memberships")
""",
    "data migration": """
bind = op.get_bind()
bind.execute(sa.text("UPDATE notes SET body = upper(body)"))
bind.execute(sa.text("INSERT INTO notes (body) SELECT email FROM users"))
bind.execute(sa.text("DELETE FROM notes WHERE body IS NULL"))
""",
    "data migration that reads prismas rows": """
rows = op.get_bind().execute(sa.text("SELECT id, email FROM users ORDER BY id")).all()
op.bulk_insert(sa.table("notes", sa.column("body")), [{"body": row.email} for row in rows])
""",
    "locking reads": 'op.get_bind().execute(sa.text("SELECT id FROM users FOR KEY SHARE"))',
    "update from prismas table": """
op.execute("UPDATE teams SET name = email FROM users WHERE users.id = teams.owner_id")
""",
    "orm session": """
from sqlalchemy.orm import Session, declarative_base
Base = declarative_base()
class Note(Base):
    __tablename__ = "notes"
    id = sa.Column(sa.Integer, primary_key=True)
    body = sa.Column(sa.Text)
session = Session(bind=op.get_bind())
session.add(Note(body="from the session"))
session.flush()
for note in session.query(Note):
    note.body = note.body + "!"
session.commit()
""",
    "savepoints": """
bind = op.get_bind()
try:
    with bind.begin_nested():
        bind.execute(sa.text("INSERT INTO notes (id) VALUES (1), (1)"))
except sa.exc.IntegrityError:
    pass
op.execute("SAVEPOINT s")
op.execute("UPDATE notes SET body = 'x'")
op.execute("ROLLBACK TO SAVEPOINT s")
""",
    "enum of its own": """
colour = sa.Enum("RED", "GREEN", name="colour")
colour.create(op.get_bind())
op.add_column("notes", sa.Column("colour", colour))
op.execute("ALTER TYPE mood ADD VALUE 'so-so'")
""",
    "renamed enum value": "op.execute(\"ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'\")",
    "uses prismas enum": 'op.execute("ALTER TABLE notes ADD COLUMN role \\"Role\\"")',
    "block on owned tables": """
op.execute("DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM notes LOOP UPDATE notes SET body = body || '.' "
           "WHERE id = r.id; END LOOP; EXECUTE 'CREATE TABLE made (id int)'; END $$")
""",
    "function and trigger of its own": """
op.execute("CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$")
op.execute("CREATE TRIGGER notes_stamp BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION stamp()")
op.execute("UPDATE notes SET body = 'x'")
op.execute("CREATE OR REPLACE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$")
""",
    "view on prismas table": 'op.execute("CREATE VIEW mails AS SELECT email FROM users")',
    "materialized view": """
op.execute("CREATE MATERIALIZED VIEW counts AS SELECT count(*) FROM users")
op.execute("REFRESH MATERIALIZED VIEW counts")
""",
    "index concurrently": """
with op.get_context().autocommit_block():
    op.create_index("notes_body_idx", "notes", ["body"], postgresql_concurrently=True)
op.add_column("notes", sa.Column("after", sa.Integer))
""",
    "enum value in autocommit": """
with op.get_context().autocommit_block():
    op.execute("ALTER TYPE mood ADD VALUE 'calm'")
op.execute("UPDATE teams SET mood = 'calm'")
""",
    "batches in autocommit": """
with op.get_context().autocommit_block():
    for number in range(3):
        op.execute(sa.text("UPDATE notes SET body = :n WHERE id % 3 = :n2").bindparams(n=str(number), n2=number))
""",
    "vacuum of an owned table": """
with op.get_context().autocommit_block():
    op.execute("VACUUM ANALYZE notes")
""",
    "constraints at once": """
op.execute("ALTER TABLE notes ADD CONSTRAINT body_key UNIQUE (body) DEFERRABLE INITIALLY DEFERRED")
op.execute("UPDATE notes SET body = body || '?'")
op.execute("SET CONSTRAINTS ALL IMMEDIATE")
op.execute("ALTER TABLE notes ADD CHECK (body <> '')")
""",
    "schema of its own": """
op.execute("CREATE SCHEMA reports")
op.create_table("monthly", sa.Column("id", sa.Integer, primary_key=True), schema="reports")
op.execute("GRANT USAGE ON SCHEMA reports TO PUBLIC")
""",
    "partition of its own": """
op.execute("CREATE TABLE measurements_1 PARTITION OF measurements FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')")
op.execute("INSERT INTO measurements VALUES ('2024-05-05', 1)")
""",
    "temporary table named like prismas": """
op.execute("CREATE TEMPORARY TABLE sessions (id int)")
op.execute("INSERT INTO sessions VALUES (1)")
op.execute("DELETE FROM sessions")
op.execute("DROP TABLE pg_temp.sessions")
""",
    "same name in its own schema": """
op.execute("CREATE SCHEMA mine")
op.execute("CREATE TABLE mine.users (id int)")
op.execute("INSERT INTO mine.users VALUES (1)")
op.execute("SET LOCAL search_path = mine, public")
op.execute("UPDATE users SET id = 2")
op.execute("SET LOCAL search_path = public")
""",
    "copy": """
import io
op.get_bind().connection.cursor().copy_expert("COPY notes (body) FROM STDIN", io.StringIO("a\\nb\\n"))
""",
    "cursor of its own": """
cursor = op.get_bind().connection.cursor()
cursor.execute("UPDATE notes SET body = %s", ("100% sure",))
cursor.executemany("INSERT INTO notes (body) VALUES (%s)", [("a",), ("b",)])
""",
    "inspection": """
inspector = sa.inspect(op.get_bind())
if "email" in [column["name"] for column in inspector.get_columns("users")] and inspector.get_table_names():
    op.create_index("notes_idx", "notes", ["body"])
""",
    "percent and colon": """
op.execute("INSERT INTO notes (body) VALUES ('50%')")
op.execute(sa.text("INSERT INTO notes (body) VALUES ('a\\\\:b %')"))
""",
    "comments on owned things": """
op.execute("COMMENT ON TABLE notes IS 'mine'")
op.execute("COMMENT ON COLUMN notes.body IS 'mine'")
op.execute("COMMENT ON TYPE mood IS 'mine'")
""",
    "grants on owned things": """
op.execute("GRANT SELECT ON notes TO PUBLIC")
op.execute("REVOKE ALL ON teams FROM PUBLIC")
""",
    "sequence of an owned table": """
op.execute("SELECT setval('notes_id_seq', 100)")
op.execute("ALTER SEQUENCE notes_id_seq RESTART WITH 500")
op.execute("CREATE SEQUENCE tickets")
op.execute("SELECT nextval('tickets')")
""",
    "extension": 'op.execute("CREATE EXTENSION IF NOT EXISTS citext")',
    "truncate an owned table": 'op.execute("TRUNCATE notes RESTART IDENTITY")',
    "row security on an owned table": """
op.execute("ALTER TABLE notes ENABLE ROW LEVEL SECURITY")
op.execute("CREATE POLICY p ON notes USING (true)")
""",
    "settings of the transaction": """
op.execute("SET LOCAL statement_timeout = '1min'")
op.execute("SELECT set_config('app.user', 'migration', true)")
""",
    "advisory lock of its own": 'op.execute("SELECT pg_advisory_xact_lock(42)")',
    "notification": "op.execute(\"NOTIFY reload, 'schema'\")",
    "listing by a dictionary cursor": """
from psycopg2.extras import RealDictCursor
cursor = op.get_bind().connection.driver_connection.cursor(cursor_factory=RealDictCursor)
cursor.execute("SELECT body FROM notes")
assert all(isinstance(row["body"], str) for row in cursor.fetchall())
""",
    "empty search path": """
op.execute("SELECT pg_catalog.set_config('search_path', '', false)")
op.execute("UPDATE public.notes SET body = 'x'")
op.execute("ALTER TABLE public.notes ADD COLUMN title text")
op.execute("SET search_path = public")
""",
    "server-side cursor": """
raw = op.get_bind().connection.driver_connection
with raw.cursor("rows") as cursor:
    cursor.execute("SELECT id, email FROM users ORDER BY id")
    rows = list(cursor)
op.bulk_insert(sa.table("notes", sa.column("body")), [{"body": email} for _, email in rows])
""",
    "deferrable key": """
op.create_foreign_key("members_user_fkey", "members", "users", ["user_id"], ["id"], deferrable=True,
                      initially="DEFERRED")
op.execute("INSERT INTO members (team_id, user_id) SELECT id, owner_id FROM teams")
""",
    "many rows": """
table = sa.table("notes", sa.column("body"))
op.bulk_insert(table, [{"body": str(number)} for number in range(2000)])
op.get_bind().connection.cursor().executemany("UPDATE notes SET body = %s WHERE body = %s",
                                              [(str(number), str(number)) for number in range(50)])
""",
    "cursor class of one's own": """
import psycopg2.extensions
class Counting(psycopg2.extensions.cursor):
    count = 0
    def execute(self, query, values=None):
        Counting.count += 1
        return super().execute(query, values)
raw = op.get_bind().connection.driver_connection
raw.cursor(cursor_factory=Counting).execute("UPDATE notes SET body = 'x'")
assert Counting.count == 1
""",
    "generated column and expression index": """
op.execute("ALTER TABLE notes ADD COLUMN length integer GENERATED ALWAYS AS (length(body)) STORED")
op.create_index("notes_lower_idx", "notes", [sa.text("lower(body)")])
""",
    "temporary table that is gone at the commit": """
op.execute("CREATE TEMPORARY TABLE batch ON COMMIT DROP AS SELECT id FROM notes")
op.execute("DELETE FROM notes USING batch WHERE notes.id = batch.id")
""",
    "role of the owner": """
role = op.get_bind().execute(sa.text("SELECT current_user")).scalar()
op.execute(f'SET LOCAL ROLE "{role}"')
op.execute("CREATE TABLE made (id integer)")
op.execute("RESET ROLE")
""",
}
