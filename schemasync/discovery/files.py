"""A project's files, without what others put there."""

import os
from collections.abc import Iterator
from pathlib import Path

SKIPPED = frozenset(
    {"node_modules", "site-packages", "venv", "env", "dist", "build", "__pycache__", "out", "coverage", "vendor"}
)
CONFIGURATION = ".config"  # where some tools, Prisma among them, look for their settings
# Deep enough for apps/web/packages/db/prisma/schema in a monorepo.
DEPTH = 8


def project_files(root: Path) -> Iterator[Path]:
    """Every file that may be the project's own, the shallow ones first, else by name."""
    folders = [root]
    for _ in range(DEPTH):
        deeper: list[Path] = []
        for folder in folders:
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError:
                continue  # a folder that we may not read holds nothing that we could use
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if _is_own(entry):
                        deeper.append(Path(entry.path))
                elif entry.is_file():
                    yield Path(entry.path)
        folders = deeper


def _is_own(folder: os.DirEntry[str]) -> bool:
    if folder.name in SKIPPED or (folder.name.startswith(".") and folder.name != CONFIGURATION):
        return False
    return not Path(folder.path, "pyvenv.cfg").exists()


def text_of(path: Path) -> str:
    """A file's text, whatever its bytes; empty where it cannot be read."""
    try:
        return path.read_bytes().decode(errors="replace")
    except OSError:
        return ""
