"""What the command line's own process may do, and a program that calls from Python must not."""

import subprocess
import sys

import pytest

from schemasync.own_process import kept
from tests.databases import Database

WATCHED = """
import gc
from schemasync.own_process import begin, kept

class Watched:
    def __del__(self):
        print("taken apart")

{before}
print(kept(Watched()))
gc.freeze()
"""

WITHOUT = """
import sys
from threading import Event, Thread
from schemasync.own_process import without_import_of

end = Event()
for _ in range({threads}):
    Thread(target=end.wait).start()
with without_import_of("ssl"):
    print("ssl" in sys.modules)
print("ssl" in sys.modules)
end.set()
"""

CONNECTED = """
import sys
from schemasync.own_process import begin
from schemasync.witnesses.catalog_connection import connected

begin()
with connected({url!r}) as connection:
    print("ssl" in sys.modules, connection.closed)
import ssl
print(ssl.OPENSSL_VERSION_INFO >= (1, 1))
"""


def said(program: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize(("before", "lines"), [("", ["taken apart", "False"]), ("begin(); begin()", ["True"])])
def test_a_process_that_ends_soon_takes_nothing_apart(before: str, lines: list[str]) -> None:
    assert said(WATCHED.format(before=before)) == lines


def test_whoever_calls_from_python_keeps_nothing() -> None:
    assert not kept(object())


def test_the_command_line_says_that_its_process_ends_soon() -> None:
    program = "from schemasync.cli.main import _run; from schemasync.own_process import kept; "
    called = "print(kept(0)); _run(['explain', 'nothing-of-that-name']); print(kept(0))"
    assert said(program + called) == ["False", "True"]


def test_the_driver_makes_do_without_ssl_and_it_is_there_for_others(database: Database) -> None:
    assert said(CONNECTED.format(url=database.url)) == ["False 0", "True"]


@pytest.mark.parametrize(("threads", "lines"), [(0, ["True", "False"]), (1, ["False", "False"])])
def test_a_module_is_kept_from_nobody_else(threads: int, lines: list[str]) -> None:
    assert said(WITHOUT.format(threads=threads)) == lines
