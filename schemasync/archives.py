"""Unpacks a revision of a repository."""

import io
import posixpath
import tarfile
from pathlib import Path
from typing import Any


def unpack(archive: bytes, folder: Path) -> None:
    """Unpack what `git archive --format=tar` has written.

    Left out are links that lead out of the archive and whatever is neither a file, a folder nor a link, as with the
    filter `data` of Python's `tarfile`, which is missing before Python 3.11.4.

    Args:
        archive: the whole archive.
        folder: is filled with its content.
    """
    with tarfile.open(fileobj=io.BytesIO(archive)) as content:
        kept = [member for member in content.getmembers() if _stays_inside(member)]
        options: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        content.extractall(folder, kept, **options)  # noqa: S202 - each member has been looked at


def _stays_inside(member: tarfile.TarInfo) -> bool:
    if not (member.isfile() or member.isdir() or member.issym()):
        return False
    names = [member.name]
    if member.issym():
        names.append(posixpath.join(posixpath.dirname(member.name), member.linkname))
    return not any(posixpath.isabs(name) or posixpath.normpath(name).partition("/")[0] == ".." for name in names)
