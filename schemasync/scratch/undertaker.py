"""A small process that outlives ours and removes what we could not: containers, databases on other servers.

It waits on a pipe whose other end only we hold. Our death, by SIGKILL too, closes the pipe. No signal
handler of the program is touched.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import IO


class Undertaker:
    """Our end of the pipe.

    Args:
        task: `container`, then told a container's name; or `databases`, then told a URL and after it the
            databases created (`+name`) and dropped (`-name`).
    """

    def __init__(self, task: str) -> None:
        search_path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
        self._process = subprocess.Popen(  # noqa: S603 - this very file
            [sys.executable, "-m", __name__, task],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": search_path},
            bufsize=0,
            # Out of reach of a terminal's Ctrl-C, which ends us first.
            start_new_session=True,
        )

    def tell(self, line: str) -> None:
        """Tell it one line of its task."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(line.encode() + b"\n")

    def dismiss(self) -> None:
        """End it: all is removed already."""
        self._process.kill()
        self._leave()

    def bury(self) -> None:
        """Have it remove what is left, now, and wait for that."""
        self.tell("")
        self._leave()

    def _leave(self) -> None:
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        self._process.wait()


def _remove_container(orders: list[str]) -> None:
    from testcontainers.core.docker_client import DockerClient

    from schemasync.scratch.container import engine_errors

    for name in orders:
        with suppress(*engine_errors()):
            DockerClient().client.api.remove_container(name, v=True, force=True)


def _drop_databases(orders: list[str]) -> None:
    from schemasync.errors import SchemasyncError
    from schemasync.scratch.base import connect, drop

    if not orders:
        return
    url, *changes = orders
    names: set[str] = set()
    for change in changes:
        (names.add if change[0] == "+" else names.discard)(change[1:])
    if names:
        # The server may still be busy with the last CREATE DATABASE of a client that is gone.
        time.sleep(1)
        with suppress(SchemasyncError), closing(connect(url, heed_environment=True)) as administration:
            for name in names:
                with suppress(SchemasyncError):
                    drop(administration, name)


def _listen(source: IO[str]) -> list[str]:
    """Every line until the empty one, or the end."""
    orders = []
    for line in source:
        if not line.strip():
            break
        orders.append(line.rstrip("\n"))
    return orders


if __name__ == "__main__":
    {"container": _remove_container, "databases": _drop_databases}[sys.argv[1]](_listen(sys.stdin))
