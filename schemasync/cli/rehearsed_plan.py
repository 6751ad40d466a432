"""The plan of a release, with what a rehearsal says of it where one was made or is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemasync.cli.output import remark

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from schemasync.config import Configuration
    from schemasync.release.plan import Plan
    from schemasync.report.rehearsal_json import Kept


def plan_of(
    configuration: Configuration,
    *,
    deployed: str | None,
    manifests: Sequence[Path],
    stub_missing: bool,
    now: bool,
    file: Path | None,
) -> tuple[Plan, Kept | None, bool]:
    """The plan, what a rehearsal of it found, and whether that went as planned.

    Args:
        configuration, deployed, manifests, stub_missing: as for `plan`.
        now: whether to rehearse it.
        file: a rehearsal that was kept.

    Raises:
        SnapshotError: the file is no rehearsal, or one of another release.
        SchemasyncError: there can be no plan.
    """
    from schemasync.errors import SnapshotError
    from schemasync.paths import shown
    from schemasync.project_plan import plan
    from schemasync.project_rehearsal import rehearse
    from schemasync.report.rehearsal_json import kept, read_kept

    if now:
        found = rehearse(configuration, deployed=deployed, manifests=manifests, stub_missing=stub_missing)
        if found.plan.order is not None and not found.is_sound:
            remark("the rehearsal did not go as planned: schemasync rehearse tells how")
        return found.plan, kept(found), found.is_sound
    before = None if file is None else read_kept(file)
    made = plan(configuration, deployed=deployed, manifests=manifests, stub_missing=stub_missing)
    titles = {step.title for step in made.steps}
    if file is not None and before is not None and not before.titles <= titles:
        other = ", ".join(sorted(before.titles - titles))
        raise SnapshotError(
            f"{shown(file)} is a rehearsal of another release: it has the step {other}",
            hint="schemasync plan --rehearse makes one of this",
        )
    return made, before, True
