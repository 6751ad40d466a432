"""Revisions of the git repository that a project is in, checked out beside the working tree."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemasync.archives import unpack
from schemasync.errors import SchemasyncError


class RevisionError(SchemasyncError):
    """Another revision of the project cannot be had, or cannot be read."""


@contextmanager
def checked_out(revision: str, folder: Path) -> Iterator[tuple[Path, Path]]:
    """The repository's root, and a copy of it as it was at the revision; the working tree is not touched.

    Args:
        revision: a commit, branch or tag, as git names it.
        folder: any folder in the repository.

    Raises:
        RevisionError: there is no git, no repository or no such revision.
    """
    git = shutil.which("git")
    if git is None:
        raise RevisionError("git is not installed", hint="another revision of the project is read with it")
    root = Path(_run(git, folder, "rev-parse", "--show-toplevel").decode().rstrip("\n")).resolve()
    commit = _run(
        git,
        root,
        *("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"),
        problem=f"git does not know the revision {revision} here",
    )
    with tempfile.TemporaryDirectory(prefix="schemasync-revision-") as place:
        unpack(_run(git, root, "archive", "--format=tar", commit.decode().strip()), Path(place))
        yield root, Path(place).resolve()


def _run(git: str, folder: Path, *arguments: str, problem: str = "") -> bytes:
    done = subprocess.run([git, *arguments], cwd=folder, capture_output=True, check=False)  # noqa: S603 - git itself
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        hint = "a shallow clone has only the last revisions; fetch the rest: git fetch --unshallow --tags"
        raise RevisionError(problem or f"git {arguments[0]} failed: {reason}", hint=hint if problem else "")
    return done.stdout
