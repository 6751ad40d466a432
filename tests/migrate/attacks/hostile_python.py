"""Hostile migrations in Python: by name, the body of `upgrade()`. `URL` stands for the database's URL."""

HOSTILE_PYTHON: dict[str, str] = {
    "op.drop_table": 'op.drop_table("sessions")',
    "op.add_column": 'op.add_column("users", sa.Column("x", sa.Integer))',
    "op.alter_column": 'op.alter_column("users", "email", nullable=True)',
    "op.drop_constraint": 'op.drop_constraint("users_email_key", "users")',
    "op.create_index": 'op.create_index("sneaky", "users", ["score"])',
    "op.bulk_insert": 'op.bulk_insert(sa.table("users", sa.column("email")), [{"email": "a"}, {"email": "b"}])',
    "op.rename_table": 'op.rename_table("sessions", "gone")',
    "batch": 'with op.batch_alter_table("users") as batch:\n    batch.drop_column("bio")',
    "bind parameters": 'op.get_bind().execute(sa.text("UPDATE users SET score = :n"), {"n": 4})',
    "exec_driver_sql": 'op.get_bind().exec_driver_sql("DELETE FROM sessions")',
    "expression": 't = sa.table("users", sa.column("score"))\nop.execute(t.update().values(score=3))',
    "name put together": 'op.execute("DELETE FROM " + "".join(["ses", "sions"]))',
    "data-dependent branch": """
if op.get_bind().execute(sa.text("SELECT count(*) FROM notes")).scalar():
    op.execute("DELETE FROM sessions")
""",
    "only where it is not rehearsed": """
if op.get_bind().execute(sa.text("SELECT count(*) FROM users")).scalar():
    op.execute("DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$")
""",
    "swallowed error": """
try:
    op.execute("DELETE FROM sessions")
except Exception:
    pass
""",
    "nested savepoint": """
with op.get_bind().begin_nested():
    op.execute("DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$")
""",
    "orm session": """
from sqlalchemy.orm import Session
session = Session(bind=op.get_bind())
session.execute(sa.text("UPDATE users SET score = 2"))
session.commit()
""",
    "raw cursor": """
cursor = op.get_bind().connection.cursor()
cursor.execute("DELETE FROM sessions")
""",
    "raw commit": """
op.execute("DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$")
op.get_bind().connection.driver_connection.commit()
""",
    "connection commit": """
op.execute("DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$")
op.get_bind().commit()
""",
    "raw rollback, then commit": """
raw = op.get_bind().connection.driver_connection
raw.rollback()
raw.cursor().execute("DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$")
raw.commit()
""",
    "copy from": """
import io
op.get_bind().connection.cursor().copy_expert("COPY sessions (user_id, token) FROM STDIN", io.StringIO("1\\tx\\n"))
""",
    "copy from a table's name": """
import io
op.get_bind().connection.cursor().copy_from(io.StringIO("1\\tx\\n"), "sessions", columns=("user_id", "token"))
""",
    "executemany": """
op.get_bind().connection.cursor().executemany("UPDATE users SET score = %s", [(1,), (2,)])
""",
    "execute_values": """
from psycopg2.extras import execute_values
cursor = op.get_bind().connection.cursor()
execute_values(cursor, "INSERT INTO users (email) VALUES %s", [("a",), ("b",)])
""",
    "second connection": """
import psycopg2
other = psycopg2.connect(URL)
other.autocommit = True
other.cursor().execute("DELETE FROM sessions")
""",
    "second engine": """
with sa.create_engine(URL.replace("postgresql:", "postgresql+psycopg2:")).begin() as other:
    other.execute(sa.text("DELETE FROM sessions"))
""",
    "engine of the connection": """
with op.get_bind().engine.connect() as other:
    other.execute(sa.text("DELETE FROM sessions"))
    other.commit()
""",
    "setval on a second connection": """
import psycopg2
other = psycopg2.connect(URL)
other.cursor().execute("SELECT setval('users_id_seq', 500)")
""",
    "thread": """
import threading, psycopg2
def work():
    other = psycopg2.connect(URL)
    other.autocommit = True
    other.cursor().execute("DELETE FROM sessions")
thread = threading.Thread(target=work)
thread.start(); thread.join()
""",
    "another process": """
import subprocess, sys
code = "import psycopg2; c = psycopg2.connect('%s'); c.autocommit = True; c.cursor().execute('DELETE FROM sessions')"
subprocess.run([sys.executable, "-c", code % URL], check=True)
""",
    "os.system": """
import os, shlex, sys
code = "import psycopg2; c = psycopg2.connect('%s'); c.autocommit = True; c.cursor().execute('DELETE FROM sessions')"
os.system(shlex.join([sys.executable, "-c", code % URL]))
""",
    "a socket of one's own": """
import socket, urllib.parse
url = urllib.parse.urlsplit(URL)
socket.create_connection((url.hostname, url.port)).close()
raise SystemExit("reached the server")
""",
    "concurrently on prismas table": """
with op.get_context().autocommit_block():
    op.create_index("sneaky", "users", ["score"], postgresql_concurrently=True)
""",
    "drop concurrently": """
with op.get_context().autocommit_block():
    op.execute("DROP INDEX CONCURRENTLY users_role_idx")
""",
    "enum value in autocommit": """
with op.get_context().autocommit_block():
    op.execute("ALTER TYPE \\"Role\\" ADD VALUE 'GUEST'")
""",
    "write in autocommit": """
with op.get_context().autocommit_block():
    op.execute("DELETE FROM sessions")
""",
    "hidden write in autocommit": """
with op.get_context().autocommit_block():
    op.execute("DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$")
""",
    "hidden change in autocommit": """
with op.get_context().autocommit_block():
    op.execute("DO $$ BEGIN EXECUTE 'COMMENT ON TYPE \\"Role\\" IS ''x'''; END $$")
""",
    "procedure that commits in autocommit": """
op.execute("CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; COMMIT; END $$")
with op.get_context().autocommit_block():
    op.execute("CALL p()")
""",
    "hidden write before autocommit": """
op.execute("DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$")
with op.get_context().autocommit_block():
    op.execute("SELECT 1")
""",
    "vacuum full": """
with op.get_context().autocommit_block():
    op.execute("VACUUM FULL users")
""",
    "vacuum everything": """
with op.get_context().autocommit_block():
    op.execute("VACUUM FULL")
""",
    "reindex the database": """
with op.get_context().autocommit_block():
    op.execute("REINDEX SCHEMA public")
""",
    "two-phase": """
raw = op.get_bind().connection.driver_connection
raw.rollback()
raw.tpc_begin(raw.xid(1, "a", "b"))
raw.cursor().execute("DELETE FROM sessions")
raw.tpc_commit()
""",
    "mark prismas migration as rolled back": """
op.execute(sa.text("UPDATE _prisma_migrations SET rolled_back_at = now() WHERE id = :id").bindparams(id="1"))
""",
}
