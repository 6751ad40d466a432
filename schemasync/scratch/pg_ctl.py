"""A server started and stopped by pg_ctl, for Windows: there is no shell there to stand guard.

Windows' `pg_ctl` gives up administrators' rights, with which PostgreSQL refuses to run. What a killed
process leaves behind stays until somebody removes it.
"""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

from schemasync.scratch.processes import run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from schemasync.scratch.processes import ServerUser


class PgCtl:
    """Starts and stops a server by PostgreSQL's own `pg_ctl`.

    Args:
        folder: what is removed in the end; holds `data`, and the server's `log`.
        program: `pg_ctl` itself.
        settings: the server's arguments, without the port.
        user: who runs the server.
    """

    def __init__(self, folder: Path, program: Path, settings: Sequence[str], user: ServerUser) -> None:
        self._folder = folder
        self._command = [str(program), "-D", str(folder / "data")]
        self._settings = " ".join(settings)
        self._user = user
        self._started = False

    def start(self, port: int) -> None:
        """Start the server and wait until it takes connections or has failed."""
        log = ["-l", str(self._folder / "log")]
        options = ["-o", f"{self._settings} -p {port}"]
        # The server inherits what pg_ctl prints to; only a file does not keep us waiting for its end.
        with (self._folder / "pg_ctl.log").open("wb") as output:
            run(self._user, [*self._command, *log, *options, "-w", "start"], stdout=output, stderr=output)
        self._started = True

    def runs(self, patience: float) -> bool:
        """Whether the server is there after so many seconds."""
        time.sleep(patience)
        return run(self._user, [*self._command, "status"]).returncode == 0

    def stop(self, *, leave_folder: bool = False) -> None:
        """Stop the server at once and remove the folder, unless that is to stay; a second call does nothing."""
        if self._started:
            run(self._user, [*self._command, "-m", "immediate", "-w", "stop"])
            self._started = False
        if not leave_folder:
            shutil.rmtree(self._folder, ignore_errors=True)
