"""Hostile migrations in Python that use drivers, SQLAlchemy and Alembic otherwise than one does. `URL` as elsewhere.

Where they begin by asking for rows, the rehearsal on a clone without rows sees nothing: the live run alone must hold.
"""

_LIVE = 'if op.get_bind().execute(sa.text("SELECT count(*) FROM users")).scalar():\n'
_HIDDEN = """cursor.execute("DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$")"""


def _live(body: str) -> str:
    return _LIVE + "\n".join(f"    {line}" for line in body.strip().splitlines())


HOSTILE_DRIVERS: dict[str, str] = {
    "isolation level of the driver": _live(f"""
raw = op.get_bind().connection.driver_connection
raw.set_isolation_level(0)
cursor = raw.cursor()
{_HIDDEN}
"""),
    "autocommit of the driver": _live(f"""
raw = op.get_bind().connection.driver_connection
raw.rollback()
raw.autocommit = True
cursor = raw.cursor()
{_HIDDEN}
"""),
    "session of the driver": _live(f"""
raw = op.get_bind().connection.driver_connection
raw.rollback()
raw.set_session(autocommit=True)
cursor = raw.cursor()
{_HIDDEN}
"""),
    "reset of the driver": _live(f"""
raw = op.get_bind().connection.driver_connection
raw.reset()
cursor = raw.cursor()
{_HIDDEN}
raw.commit()
"""),
    "encoding of the driver": _live("""
raw = op.get_bind().connection.driver_connection
raw.set_client_encoding("SJIS")
raw.cursor().execute("SELECT E'\\u8868'; DELETE FROM sessions; COMMIT; --'")
"""),
    "encoding by sql": _live("""
raw = op.get_bind().connection.driver_connection
raw.cursor().execute("SET client_encoding = 'SJIS'")
raw.cursor().execute("SELECT E'\\u8868'; ROLLBACK; DELETE FROM sessions; COMMIT; --'")
"""),
    "strings by sql": _live("""
raw = op.get_bind().connection.driver_connection
raw.cursor().execute("SELECT set_config('standard_conforming_strings', 'off', false)")
raw.cursor().execute("SELECT '\\\\', '; ROLLBACK; DELETE FROM sessions; COMMIT; --'")
"""),
    "cursor class that sends something else": _live("""
import psycopg2.extensions
class Other(psycopg2.extensions.cursor):
    def execute(self, query, values=None):
        return super().execute("ROLLBACK; DELETE FROM sessions; COMMIT")
op.get_bind().connection.driver_connection.cursor(cursor_factory=Other).execute("SELECT 1")
"""),
    "cursor of psycopg2 itself": """
import psycopg2.extensions
psycopg2.extensions.cursor(op.get_bind().connection.driver_connection).execute("DELETE FROM sessions")
""",
    "dictionary cursor": """
from psycopg2.extras import DictCursor
op.get_bind().connection.driver_connection.cursor(cursor_factory=DictCursor).execute("DELETE FROM sessions")
""",
    "batch of statements": """
from psycopg2.extras import execute_batch
execute_batch(op.get_bind().connection.cursor(), "DELETE FROM sessions WHERE id = %s", [(1,), (2,)])
""",
    "large object of the driver": _live("""
raw = op.get_bind().connection.driver_connection
raw.lobject(4242, "w").write("lost")
"""),
    "large object unlinked": _live("""
op.get_bind().connection.driver_connection.lobject(4242).unlink()
"""),
    "named cursor with hold": _live("""
op.execute("CREATE FUNCTION f() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN "
           "EXECUTE 'COMMENT ON TYPE \\"Role\\" IS ''x'''; RETURN 1; END $$")
cursor = op.get_bind().connection.driver_connection.cursor("kept", withhold=True)
cursor.execute("SELECT f()")
"""),
    "deferred trigger that is not rehearsed": _live("""
op.execute("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
           "EXECUTE 'UPDATE users SET sc' || 'ore = 7'; RETURN NULL; END $$")
op.execute("CREATE CONSTRAINT TRIGGER t AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
           "EXECUTE FUNCTION f()")
op.execute("INSERT INTO notes (body) VALUES ('x')")
"""),
    "callproc": 'op.get_bind().connection.cursor().callproc("purge")',
    "raw_connection": """
other = op.get_bind().engine.raw_connection()
other.cursor().execute("DELETE FROM sessions")
other.commit()
""",
    "autocommit by execution options": """
bind = op.get_bind()
bind.rollback()
bind = bind.execution_options(isolation_level="AUTOCOMMIT")
bind.execute(sa.text("DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$"))
""",
    "listener that rewrites": """
def rewrite(connection, cursor, statement, parameters, context, executemany):
    return "DELETE FROM sessions", parameters
sa.event.listen(op.get_bind(), "before_cursor_execute", rewrite, retval=True)
op.execute("SELECT 1")
""",
    "alembics own autocommit_block": """
from alembic.runtime.migration import MigrationContext
with MigrationContext.autocommit_block(op.get_context()):
    op.execute("DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$")
""",
    "alembics own transaction": """
with op.get_context().begin_transaction(_per_migration=True):
    op.execute("DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$")
op.get_bind().connection.commit()
""",
    "a context of its own": """
from alembic.migration import MigrationContext
from alembic.operations import Operations
engine = sa.create_engine(URL.replace("postgresql:", "postgresql+psycopg2:"))
with engine.begin() as other:
    Operations(MigrationContext.configure(other)).execute("DELETE FROM sessions")
""",
    "invalidated and connected again": _live("""
bind = op.get_bind()
bind.invalidate()
bind.rollback()
bind.execute(sa.text("DO $$ BEGIN EXECUTE 'DELETE FROM sess' || 'ions'; END $$"))
bind.commit()
"""),
    "closed and connected again": _live("""
import psycopg2
op.get_bind().connection.driver_connection.close()
other = psycopg2.connect(URL)
other.cursor().execute("DELETE FROM sessions")
other.commit()
"""),
    "the driver's inner connect": """
import psycopg2._psycopg
other = psycopg2._psycopg._connect(URL)
other.cursor().execute("DELETE FROM sessions")
other.commit()
""",
    "a pool of its own": """
from psycopg2.pool import SimpleConnectionPool
other = SimpleConnectionPool(1, 1, URL).getconn()
other.cursor().execute("DELETE FROM sessions")
other.commit()
""",
    "fork": """
import os, psycopg2
child = os.fork()
if child == 0:
    try:
        other = psycopg2.connect(URL)
        other.cursor().execute("DELETE FROM sessions")
        other.commit()
    finally:
        os._exit(0)
os.waitpid(child, 0)
""",
    "multiprocessing": """
import multiprocessing, psycopg2
def work():
    other = psycopg2.connect(URL)
    other.cursor().execute("DELETE FROM sessions")
    other.commit()
process = multiprocessing.get_context("fork").Process(target=work)
process.start(); process.join()
""",
    "posix_spawn": """
import os, sys
code = "import psycopg2; c = psycopg2.connect('%s'); c.cursor().execute('DELETE FROM sessions'); c.commit()" % URL
os.waitpid(os.posix_spawn(sys.executable, [sys.executable, "-c", code], os.environ), 0)
""",
    "psycopg 3": """
import psycopg
with psycopg.connect(URL) as other:
    other.execute("DELETE FROM sessions")
""",
    "psycopg 3, asynchronous": """
import asyncio, psycopg
async def work():
    async with await psycopg.AsyncConnection.connect(URL) as other:
        await other.execute("DELETE FROM sessions")
asyncio.run(work())
""",
    "asyncpg": """
import asyncio, asyncpg
async def work():
    other = await asyncpg.connect(URL)
    await other.execute("DELETE FROM sessions")
asyncio.run(work())
""",
    "engine of another driver": """
with sa.create_engine(URL.replace("postgresql:", "postgresql+psycopg:")).begin() as other:
    other.execute(sa.text("DELETE FROM sessions"))
""",
    "alter system in autocommit": """
with op.get_context().autocommit_block():
    op.execute("ALTER SYSTEM SET log_min_duration_statement = '77s'")
""",
    "held cursor in autocommit": """
op.execute("CREATE FUNCTION f() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN "
           "EXECUTE 'COMMENT ON TYPE \\"Role\\" IS ''x'''; RETURN 1; END $$")
with op.get_context().autocommit_block():
    op.execute("DECLARE c CURSOR WITH HOLD FOR SELECT f()")
""",
    "deferred trigger in autocommit": """
op.execute("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
           "EXECUTE 'DELETE FROM sess' || 'ions'; RETURN NULL; END $$")
op.execute("CREATE CONSTRAINT TRIGGER t AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
           "EXECUTE FUNCTION f()")
with op.get_context().autocommit_block():
    op.execute("INSERT INTO notes (body) VALUES ('x')")
""",
    "commit and write in autocommit": """
with op.get_context().autocommit_block():
    op.execute("SELECT 1; COMMIT; DELETE FROM sessions")
""",
    "catalogue update in autocommit": """
with op.get_context().autocommit_block():
    op.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'users_role_idx'::regclass")
""",
}
