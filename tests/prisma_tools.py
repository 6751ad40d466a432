"""Prisma's migration tools: a folder with `migrate.mjs`, which does what `prisma migrate` does."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

BESIDE_THE_CLONE = Path(__file__).resolve().parents[2]


class ToolsMissingError(Exception):
    """Why there are no tools here."""


def find_tools() -> Path:
    """The folder of the installed tools; installed into the user's cache folder if need be."""
    if shutil.which("node") is None:
        raise ToolsMissingError("Node is not installed")
    named = os.environ.get("SCHEMASYNC_ORACLE")
    if named:
        if not _is_installed(Path(named)):
            raise ToolsMissingError(f"SCHEMASYNC_ORACLE={named} holds no installed tools")
        return Path(named)
    if _is_installed(BESIDE_THE_CLONE / "oracle"):
        return BESIDE_THE_CLONE / "oracle"
    source = BESIDE_THE_CLONE / "shared" / "oracle"
    if not (source / "install").is_file():
        raise ToolsMissingError("neither SCHEMASYNC_ORACLE nor a folder oracle or shared/oracle beside the clone")
    if shutil.which("npm") is None:
        raise ToolsMissingError("npm is not installed")
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    target = Path(cache) / "schemasync" / "oracle"
    target.parent.mkdir(parents=True, exist_ok=True)
    # The workers of one run would install it all at once.
    with (target.parent / "oracle.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_installed(target):
            completed = subprocess.run(["sh", source / "install", target], capture_output=True, text=True, check=False)
            if completed.returncode or not _is_installed(target):
                raise ToolsMissingError(f"the tools could not be installed: {completed.stderr.strip()[-500:]}")
    return target


def _is_installed(folder: Path) -> bool:
    packages = [folder / f"prisma{major}" / "node_modules" / ".package-lock.json" for major in (6, 7)]
    return (folder / "oracle.mjs").is_file() and all(one.is_file() for one in packages)
