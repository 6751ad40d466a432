"""How PostgreSQL's programs are run: as which user, in which environment, and where their files may be."""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from schemasync.errors import ScratchError

if TYPE_CHECKING:
    from collections.abc import Sequence

ENGINE_HINT = "set SCHEMASYNC_SCRATCH to container, or to the URL of a server on which databases may be created"
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp makes the name
# A scratch server takes some 30 MB and 8 MB more for each database; containers often have 64 MB in all.
ROOM_IN_MEMORY = 1 << 30


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The user that the server runs as: ourselves, or `nobody` where we are root, whom PostgreSQL refuses.

    Args:
        uid: None for ourselves.
        gid: None for ourselves.
    """

    uid: int | None = None
    gid: int | None = None

    def owns(self, path: Path) -> None:
        """Make the user the owner of a file or folder that we have just made."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def reaches(self, folder: Path) -> bool:
        """Whether the user can get into a folder; told by the permissions that everybody has."""
        if self.uid is None:
            return os.access(folder, os.R_OK | os.X_OK)
        resolved = folder.resolve()
        return all(part.is_dir() and part.stat().st_mode & stat.S_IXOTH for part in (resolved, *resolved.parents))

    def keywords(self) -> dict[str, Any]:
        """The arguments that make `subprocess` run a program as this user, out of reach of a terminal's Ctrl-C."""
        keywords: dict[str, Any] = {"env": server_environment(), "start_new_session": True}
        if self.uid is not None:
            keywords |= {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": "/"}
        return keywords


def server_user() -> ServerUser:
    """The user to run a server as.

    Raises:
        ScratchError: we are root and there is no user `nobody`.
    """
    if os.name == "nt" or os.geteuid() != 0:
        return ServerUser()
    import pwd

    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise ScratchError(
            "PostgreSQL does not run as root, and there is no user nobody to run it as", hint=ENGINE_HINT
        ) from None
    return ServerUser(nobody.pw_uid, nobody.pw_gid)


def server_environment() -> dict[str, str]:
    """Our environment without what would change PostgreSQL's behaviour: its own variables and the locale."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "LC_")) and name not in ("LANG", "LANGUAGE", "TZ")
    }
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def run(
    user: ServerUser,
    command: Sequence[str | Path],
    *,
    input: bytes | None = None,  # noqa: A002 - the name that subprocess.run has for it
    stdin: IO[bytes] | None = None,
    stdout: IO[bytes] | None = None,
    stderr: IO[bytes] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end and return what it printed.

    Raises:
        OSError: it could not be started.
    """
    streams: dict[str, Any] = {"stdout": stdout or subprocess.PIPE, "stderr": stderr or subprocess.PIPE}
    if input is not None:
        streams["input"] = input
    else:
        streams["stdin"] = stdin or subprocess.DEVNULL
    arguments = {**streams, **user.keywords()}
    return subprocess.run(command, check=False, **arguments)  # noqa: S603 - PostgreSQL's programs and tar, no shell


def workspace(user: ServerUser) -> Path:
    """A new folder that only the server's user can enter, and that this user may also remove.

    Raises:
        ScratchError: no temporary folder will do.
    """
    for parent in [*_memory_folder(user), *temporary_folders(user)]:
        try:
            folder = Path(tempfile.mkdtemp(prefix="schemasync-", dir=parent))
        except OSError:
            continue
        user.owns(folder)
        return folder
    raise ScratchError("no temporary folder in which PostgreSQL could run", hint="set TMPDIR to a writable folder")


def _memory_folder(user: ServerUser) -> list[Path]:
    """Linux's folder in memory, where there is room: a cluster is a thousand small files, and disks are slow at that.

    Who sets TMPDIR has chosen a place already.
    """
    if "TMPDIR" in os.environ or not IN_MEMORY.is_mount() or not os.access(IN_MEMORY, os.W_OK | os.X_OK):
        return []
    system = os.statvfs(IN_MEMORY)
    roomy = system.f_bavail * system.f_frsize >= ROOM_IN_MEMORY
    others_may_write = IN_MEMORY.stat().st_mode & stat.S_IWOTH
    return [IN_MEMORY] if roomy and (user.uid is None or others_may_write) else []


def temporary_folders(user: ServerUser) -> list[Path]:
    """The temporary folders that the server's user can use."""
    if user.uid is None:
        return [Path(tempfile.gettempdir())]
    candidates = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]  # noqa: S108 - mkdtemp makes the name
    return [one for one in candidates if one.is_dir() and user.reaches(one) and one.stat().st_mode & stat.S_IWOTH]


def cache_folder() -> Path | None:
    """The user's cache folder for this project, made if need be; None where none can be written."""
    configured = os.environ.get("XDG_CACHE_HOME", "")
    try:
        root = Path(configured) if Path(configured).is_absolute() else Path.home() / ".cache"
        folder = root / "schemasync"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # RuntimeError: no home folder is known
        return None
    return folder if os.access(folder, os.W_OK | os.X_OK) else None
