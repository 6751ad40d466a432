"""Asks servers what the tests want to know; runs `holder.py` and looks at what is left of it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from schemasync.scratch.embedded import EmbeddedServer

REPOSITORY = Path(__file__).resolve().parents[2]
SECONDS_OF_PATIENCE = 30


@contextmanager
def hold(
    choice: str, *flags: str, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A process that holds a scratch database, and what it says of it."""
    owner = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("holder.py"), choice, *flags],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path]), **(environment or {})},
        start_new_session=True,
    )
    try:
        assert owner.stdout is not None
        line = owner.stdout.readline()
        if not line:
            raise AssertionError(owner.communicate()[1])
        yield owner, json.loads(line)
    finally:
        owner.kill()
        owner.communicate()


def is_gone(process: int) -> bool:
    """Whether no process has this number any more, but perhaps a dead one that its new parent forgets."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False)
    return state.stdout.strip()[:1] in ("", "Z")


def wait_until(condition: Callable[[], object]) -> None:
    """Wait for something that another process does; it fails long after it should have happened."""
    deadline = time.monotonic() + SECONDS_OF_PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def ask(server: EmbeddedServer, sql: str) -> Any:
    """The one value that a new database answers with."""
    with server.create_database() as database:
        connection = database.connect()
        with connection.cursor() as cursor:
            cursor.execute(sql)
            row = cursor.fetchone()
        connection.close()
    assert row is not None
    return row[0]


def folder_of(server: EmbeddedServer) -> Path:
    """The folder that holds the server's data and log."""
    return Path(ask(server, "SELECT current_setting('data_directory')")).parent
