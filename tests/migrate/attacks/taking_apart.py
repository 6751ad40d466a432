"""Python that takes the fence itself apart, from within its process: what only the login role withstands.

Each strikes where the rehearsal does not see it: on the database that has rows. `URL` stands for the database's URL.
"""

_LIVE = 'if op.get_bind().execute(sa.text("SELECT count(*) FROM users")).scalar():\n'


def _live(body: str) -> str:
    return _LIVE + "\n".join(f"    {line}" for line in body.strip().splitlines())


TAKING_APART: dict[str, str] = {
    "the watcher taken off": _live("""
raw = op.get_bind().connection.driver_connection
raw.watcher = None
raw.rollback()
raw.cursor().execute("DELETE FROM sessions")
raw.commit()
"""),
    "psycopg2's own cursor": _live("""
import psycopg2.extensions
cursor = psycopg2.extensions.cursor(op.get_bind().connection.driver_connection)
for statement in ("ROLLBACK", "DELETE FROM sessions", "COMMIT"):
    cursor.execute(statement)
"""),
    "psycopg2's own connection": _live("""
import psycopg2.extensions
other = psycopg2.extensions.connection(URL)
other.cursor().execute("DELETE FROM sessions")
other.commit()
"""),
    "libpq by ctypes": _live("""
import ctypes, pathlib, psycopg2
folder = pathlib.Path(psycopg2.__file__).parents[1] / "psycopg2_binary.libs"
libpq = ctypes.CDLL(str(next(iter(folder.glob("libpq*")), "libpq.so.5")))
libpq.PQconnectdb.restype = ctypes.c_void_p
libpq.PQexec.restype = ctypes.c_void_p
other = ctypes.c_void_p(libpq.PQconnectdb(URL.encode()))
libpq.PQexec(other, b"DELETE FROM sessions")
libpq.PQfinish(other)
"""),
    "a process by ctypes": _live("""
import ctypes, shlex, sys
code = "import psycopg2; c = psycopg2.connect('%s'); c.cursor().execute('DELETE FROM sessions'); c.commit()" % URL
ctypes.CDLL(None).system(shlex.join([sys.executable, "-c", code]).encode())
"""),
    "a thread that waits for the end": _live("""
import threading, time, psycopg2.extensions
raw = op.get_bind().connection.driver_connection
def work():
    while raw.info.transaction_status == 2:
        time.sleep(0.005)
    other = psycopg2.extensions.connection(URL)
    other.cursor().execute("DELETE FROM sessions")
    other.commit()
threading.Thread(target=work).start()
"""),
}
