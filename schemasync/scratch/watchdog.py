"""A guard that stops a server and removes its folder when this process ends, however it ends."""

from __future__ import annotations

import os
import select
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from schemasync.scratch.processes import ServerUser

# The shell is the server's parent, so that the number it kills is always the server's. It waits on a pipe
# whose other end only we hold: a line from us or our death, by SIGKILL too, ends the wait. It closes its
# output, so that our end of that pipe tells when the server and all its children are gone. SIGQUIT is
# PostgreSQL's immediate shutdown: what it leaves unwritten is removed with the folder. Removing is tried again
# and again, since a program that prepares the folder may still be at work after our death.
SCRIPT = """
folder=$1; shift
trap : HUP INT TERM
remove() {
  tries=0
  while ! rm -rf "$folder" && [ "$tries" -lt 60 ]; do tries=$((tries + 1)); sleep 0.5; done
}
read -r port && [ "$port" != stop ] || { remove; exit; }
"$@" -p "$port" </dev/null 2>>"$folder/log" &
server=$!
exec >&-
read -r word
kill -QUIT "$server" 2>/dev/null
while kill -0 "$server" 2>/dev/null; do wait "$server"; done
[ "$word" = leave ] || remove
"""


class Watchdog:
    """A shell that starts a server, stops it when we end, and removes its folder.

    Args:
        folder: what is removed in the end, and where the server's `log` goes; its user owns it.
        command: the server's command line, without the port.
        user: who runs the shell and the server.
    """

    def __init__(self, folder: Path, command: Sequence[str | Path], user: ServerUser) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - a script of ours; what varies are its arguments
            ["sh", "-c", SCRIPT, "schemasync-watchdog", folder, *command],  # noqa: S607 - wherever the shell is
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            **user.keywords(),
        )

    def start(self, port: int) -> None:
        """Start the server; called once."""
        self._say(f"{port}\n")

    def runs(self, patience: float) -> bool:
        """Whether the server is still there after so many seconds, or as soon as it is not."""
        assert self._process.stdout is not None
        readable, _, _ = select.select([self._process.stdout], [], [], patience)
        return not (readable and os.read(self._process.stdout.fileno(), 1) == b"")

    def stop(self, *, leave_folder: bool = False) -> None:
        """Stop the server and wait for its end; a second call does nothing.

        Args:
            leave_folder: whether the folder stays, for another attempt.
        """
        if self._process.stdin is None or self._process.stdin.closed:
            return
        # Closing alone would not do: a forked child may hold the pipe open.
        self._say("leave\n" if leave_folder else "stop\n")
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(line.encode())
