"""Paths as people read them."""

import os
from pathlib import Path


def shown(path: str | Path, start: Path | None = None) -> str:
    """A path relative to the working folder where that is the shorter way to write it; always with forward slashes.

    Args:
        path: absolute, or relative to the working folder.
        start: another folder to start from.
    """
    absolute = Path(path).absolute()
    try:
        relative = os.path.relpath(absolute, start or Path.cwd())
    except ValueError:  # another drive, on Windows
        return absolute.as_posix()
    return Path(min(relative, str(absolute), key=len)).as_posix()
