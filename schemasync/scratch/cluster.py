"""A new database cluster: initdb's work, kept as an archive for the next time."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from schemasync.errors import ScratchError
from schemasync.scratch.processes import ENGINE_HINT, cache_folder, run

if TYPE_CHECKING:
    from schemasync.scratch.binaries import Binaries
    from schemasync.scratch.processes import ServerUser

# Dumped schemas and migrations say OWNER TO postgres more often than anything else.
SUPERUSER = "postgres"
FIRST_VERSION_WITH_BUILTIN_LOCALES = 17
FIRST_VERSION_THAT_CHECKSUMS_BY_ITSELF = 18
# To be raised when initdb's options change: archives of earlier releases are then not used any more.
LAYOUT = 1


def create_cluster(binaries: Binaries, folder: Path, user: ServerUser, password: str) -> Path:
    """Make a data folder whose superuser has the password.

    Args:
        binaries: PostgreSQL's programs.
        folder: where the data folder is made; the server's user owns it.
        user: the server's user.
        password: letters and digits only. It is set before the server listens for the first time.

    Raises:
        ScratchError: initdb failed.
    """
    data = folder / "data"
    archive = _archive(binaries)
    if archive is None or not _unpack(archive, data, user):
        _initdb(binaries, folder, data, user)
        if archive is not None:
            _pack(data, archive, user)
    _set_password(binaries, data, user, password)
    return data


def _archive(binaries: Binaries) -> Path | None:
    """Where the archive of a new cluster is or will be; None without a cache folder or `tar`."""
    cache = cache_folder()
    if cache is None or shutil.which("tar") is None:
        return None
    return cache / f"cluster-{binaries.major}-{binaries.key}-{LAYOUT}.tar"


def _initdb(binaries: Binaries, folder: Path, data: Path, user: ServerUser) -> None:
    password_file = folder / "password"
    # Only the first of two: the one that counts is set for each start.
    with os.fdopen(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(16))
    user.owns(password_file)
    options = ["--encoding=UTF8", "--no-sync", "--auth=scram-sha-256", f"--username={SUPERUSER}"]
    # Small segments: the archive stays small, and nothing here is ever replayed.
    options += [f"--pwfile={password_file}", "--wal-segsize=1"]
    if binaries.major >= FIRST_VERSION_WITH_BUILTIN_LOCALES:
        # PostgreSQL's own C.UTF-8: not every operating system has one.
        options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    else:
        options += ["--locale=C.UTF-8"]
    if binaries.major >= FIRST_VERSION_THAT_CHECKSUMS_BY_ITSELF:
        options += ["--no-data-checksums"]
    try:
        completed = run(user, [binaries.program("initdb"), "-D", data, *options])
    except OSError as error:
        raise ScratchError(f"initdb could not be run: {error.strerror}", hint=ENGINE_HINT) from None
    finally:
        password_file.unlink()
    if completed.returncode:
        said = completed.stderr.decode(errors="replace").strip()
        raise ScratchError(f"initdb failed: {said}", hint=ENGINE_HINT)


def _pack(data: Path, archive: Path, user: ServerUser) -> None:
    """Keep the cluster; renamed into place, so that nobody ever reads half an archive. Failing is no harm."""
    with suppress(OSError):
        number, building = tempfile.mkstemp(prefix=".cluster-", dir=archive.parent)
        try:
            with os.fdopen(number, "wb") as file:
                completed = run(user, ["tar", "-C", data, "-cf", "-", "."], stdout=file)
            if completed.returncode == 0:
                Path(building).replace(archive)
        finally:
            Path(building).unlink(missing_ok=True)


def _unpack(archive: Path, data: Path, user: ServerUser) -> bool:
    """Unpack the archive as the server's user, who need not be able to read the cache folder."""
    try:
        with archive.open("rb") as file:
            data.mkdir(mode=0o700)
            user.owns(data)
            if run(user, ["tar", "-C", data, "-xpf", "-"], stdin=file).returncode == 0:
                return True
    except FileNotFoundError:
        return False
    except OSError:
        pass
    # An archive that does not unpack is of no use to anybody.
    with suppress(OSError):
        archive.unlink()
    shutil.rmtree(data, ignore_errors=True)
    return False


def _set_password(binaries: Binaries, data: Path, user: ServerUser, password: str) -> None:
    """Set the password in single-user mode (PostgreSQL manual, `postgres`), which opens no port."""
    statement = f"ALTER ROLE {SUPERUSER} PASSWORD '{password}'\n".encode()
    command: list[str | Path] = [binaries.program("postgres"), "--single", "-F", "-D", data]
    command += ["-c", "password_encryption=scram-sha-256", "postgres"]
    try:
        completed = run(user, command, input=statement)
    except OSError as error:
        raise ScratchError(f"PostgreSQL could not be run: {error.strerror}", hint=ENGINE_HINT) from None
    said = completed.stderr.decode(errors="replace").replace(password, "***").strip()
    if completed.returncode or "ERROR:" in said:
        raise ScratchError(f"PostgreSQL's single-user mode failed: {said}", hint=ENGINE_HINT)
