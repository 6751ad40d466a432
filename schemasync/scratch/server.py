"""Scratch databases on a server that the user names."""

from __future__ import annotations

import json
import os
import socket
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemasync.errors import SchemasyncError, ScratchError
from schemasync.scratch.base import PREFIX, DatabaseServer, connect, drop, execute, quoted
from schemasync.scratch.undertaker import Undertaker
from schemasync.urls import connection_parameters, with_database

if TYPE_CHECKING:
    from psycopg2.extensions import connection

MARK = "schemasync scratch database "
SECONDS_BEFORE_SWEEPING = 24 * 60 * 60

LEFTOVERS = """
SELECT datname, shobj_description(oid, 'pg_database'), extract(epoch FROM now())::bigint
FROM pg_catalog.pg_database
WHERE datname ~ %s AND pg_get_userbyid(datdba) = current_user
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity WHERE datid = pg_database.oid)
"""


class NamedServer(DatabaseServer):
    """A server that runs already. Libpq's environment variables fill in what its URL leaves open.

    Args:
        url: the URL, of a role that may create databases.

    Raises:
        ConfigurationError: it is no PostgreSQL URL.
    """

    kind = "server"
    heeds_environment = True

    def __init__(self, url: str) -> None:
        super().__init__()
        database = connection_parameters(url).get("dbname", "postgres")
        self._named = with_database(url, database)
        self._undertaker: Undertaker | None = None

    def _start(self) -> str:
        return self._named

    def _prepare(self, administration: connection) -> None:
        may_create = "SELECT rolcreatedb OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"
        if not execute(administration, may_create)[0][0]:
            raise ScratchError(
                f"the role {administration.info.user} may not create databases on the scratch server",
                hint=f"ALTER ROLE {quoted(administration.info.user)} CREATEDB, or name another server",
            )
        _sweep(administration)
        undertaker = Undertaker("databases")
        self._at_end(_drop_all, self._named, self._names, undertaker)
        undertaker.tell(self._named)
        self._undertaker = undertaker

    def _create(self, administration: connection, name: str, template: str) -> None:
        assert self._undertaker is not None
        self._undertaker.tell("+" + name)
        super()._create(administration, name, template)
        created = execute(administration, "SELECT extract(epoch FROM now())::bigint")[0][0]
        comment = MARK + json.dumps({**this_process(), "created": int(created)})
        execute(administration, f"COMMENT ON DATABASE {quoted(name)} IS %s", comment)

    def drop_database(self, name: str) -> None:
        """Drop a database that this object created, with whoever is connected; a second call does nothing."""
        super().drop_database(name)
        if self._undertaker is not None and not self._closed:
            self._undertaker.tell("-" + name)


def this_process() -> dict[str, Any]:
    """What tells this process from all others: machine, time of its start, and number."""
    machine = [socket.gethostname()]
    # Containers share a machine's name or its boot, but not the space of their process numbers.
    with suppress(OSError):
        machine.append(str(Path("/proc/self/ns/pid").readlink()))
    boot = ""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return {"machine": " ".join(machine), "boot": boot, "process": os.getpid()}


def _sweep(administration: connection) -> None:
    """Drop what processes of this machine that are dead left behind more than a day ago, and nothing else."""
    here = this_process()
    for name, comment, now in execute(administration, LEFTOVERS, f"^{PREFIX}[0-9a-f]{{12}}$"):
        try:
            owner = json.loads((comment or "").removeprefix(MARK))
            is_old = now - owner["created"] > SECONDS_BEFORE_SWEEPING
            is_of_this_machine = owner["machine"] == here["machine"]
            is_dead = owner["boot"] != here["boot"] or not _lives(owner["process"])
        except (ValueError, KeyError, TypeError):
            continue
        if is_old and is_of_this_machine and is_dead:
            # Without FORCE: whoever has connected meanwhile has a use for it.
            with suppress(ScratchError):
                execute(administration, f"DROP DATABASE {quoted(name)}")


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _drop_all(url: str, names: set[str], undertaker: Undertaker) -> None:
    """Drop every database that is left, as far as the server lets us; what it keeps is swept another day."""
    if names:
        with suppress(SchemasyncError), closing(connect(url, heed_environment=True)) as administration:
            while names:
                with suppress(SchemasyncError):
                    drop(administration, names.pop())
    undertaker.dismiss()
