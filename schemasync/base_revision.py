"""What a branch brings: a project's drifts without those that an earlier revision of it has too."""

from __future__ import annotations

import dataclasses
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

from schemasync.errors import SchemasyncError
from schemasync.fleet_merging import LOST
from schemasync.git_revisions import RevisionError, checked_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemasync.compare.drift import Comparison, Drift
    from schemasync.config import Configuration


def without_those_of(
    comparison: Comparison, revision: str, configuration: Configuration, compared: Callable[[Configuration], Comparison]
) -> Comparison:
    """A comparison without the drifts that the project has at another revision, with the same values, too.

    Both are judged by today's configuration. What is no file of the repository, such as the live database, is the same
    in both. Of a fleet, a drift stays with those databases that do not have it at the other revision; a database that
    could not be compared stays a finding, since nobody knows what the working tree brings it.

    Args:
        comparison: of the working tree.
        revision: a commit, branch or tag, as git names it.
        compared: gives the comparison of a configuration whose paths lead into the other revision.

    Raises:
        RevisionError: git does not know the revision, or what it has cannot be compared.
    """
    with checked_out(revision, configuration.folder) as (root, tree):
        here = Path.cwd().resolve()
        if not here.is_relative_to(root):
            raise RevisionError(f"the working folder is not in the repository {root}")
        folder = tree / here.relative_to(root)
        if not folder.is_dir():
            raise RevisionError(f"{revision} has no folder {folder.relative_to(tree)}")
        try:
            with chdir(folder):
                before = compared(_moved(configuration, root, tree))
        except SchemasyncError as error:
            raise RevisionError(f"{revision} cannot be compared: {error.message}", hint=error.hint) from error
    known: dict[tuple[object, ...], set[str]] = {}
    for drift in before.drifts:
        known.setdefault(_identity(drift), set()).update(drift.databases)
    kept = tuple(one for drift in comparison.drifts for one in _brought(drift, known.get(_identity(drift))))
    number = len(comparison.drifts) - len(kept)
    note = (f"{number} drift{'s' if number != 1 else ''} that {revision} has too",) if number else ()
    return dataclasses.replace(comparison, drifts=kept, not_compared=(*comparison.not_compared, *note))


def _brought(drift: Drift, before: set[str] | None) -> tuple[Drift, ...]:
    """The drift without the databases that had it before; nothing where that leaves nothing."""
    if before is None or drift.kind in LOST:
        return (drift,)
    new = tuple(name for name in drift.databases if name not in before)
    return (dataclasses.replace(drift, databases=new),) if new else ()


def _identity(drift: Drift) -> tuple[object, ...]:
    values = dict(drift.values)
    if drift.databases and drift.owner is not None and "database" not in drift.behind:
        # Between the declarations alone: what the database has is that of whichever databases came first.
        values.pop("database", None)
    return (drift.fingerprint, tuple(sorted(values.items())))


def _moved(configuration: Configuration, root: Path, tree: Path) -> Configuration:
    """The configuration with every path into the repository moved to the copy."""

    def moved(path: str | None) -> str | None:
        if path is None or not Path(path).is_absolute():
            return path
        resolved = Path(path).resolve()
        return str(tree / resolved.relative_to(root)) if resolved.is_relative_to(root) else path

    folder = configuration.folder.resolve()
    inside = tree / folder.relative_to(root) if folder.is_relative_to(root) else folder
    prisma, sqlalchemy = configuration.prisma, configuration.sqlalchemy
    return dataclasses.replace(
        configuration,
        folder=inside,
        prisma=dataclasses.replace(prisma, schema=moved(prisma.schema), migrations=moved(prisma.migrations)),
        sqlalchemy=dataclasses.replace(sqlalchemy, path=tuple(moved(path) or path for path in sqlalchemy.path)),
        alembic=dataclasses.replace(configuration.alembic, config=moved(configuration.alembic.config)),
        check=dataclasses.replace(configuration.check, baseline=moved(configuration.check.baseline)),
    )
