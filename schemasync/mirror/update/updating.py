"""Brings a project's mirrors up to date: adds what is missing, corrects what differs, deletes nothing unasked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemasync.compare.drift import Drift
from schemasync.compare.sides import Speller
from schemasync.errors import SchemasyncError
from schemasync.mirror.plan import Plan, planned
from schemasync.mirror.styles import Style
from schemasync.mirror.update.existing import existing_names
from schemasync.mirror.update.work import TableWork, work_of
from schemasync.mirror.width import usual_width
from schemasync.ownership import Ownership
from schemasync.schema.collection import collection_put_off
from schemasync.schema.model import Schema


@dataclass(frozen=True, slots=True)
class MirrorUpdate:
    """What an update of mirrors would write.

    Args:
        files: the files that change, before and after; before is empty for a new one.
        did, suggested, left: what is done, suggested, and left to people, in sentences.
    """

    files: Mapping[Path, tuple[bytes, bytes]]
    did: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@collection_put_off()
def update_mirrors(
    prisma: Schema,
    models: Schema,
    output: Path,
    *,
    style: Style = "declarative",
    base: str | None = None,
    path: Sequence[Path] = (),
    ownership: Ownership | None = None,
    names: Mapping[str, str] | None = None,
    deletes: bool = False,
    speller: Speller | None = None,
) -> MirrorUpdate:
    """What to write so that the mirrors state what Prisma states; nothing is written yet.

    Args:
        prisma: what the owner states.
        models: the models as they are, read from their metadata; locations say where they stand.
        output: the package's folder, or the one file: where new mirrors go.
        style, base, names: of new mirrors, as for `schemasync.mirror`.
        path: the folders that the models are imported from.
        deletes: whether what the owner lacks is taken away instead of suggested.
        speller: settles expressions that the text alone cannot.

    Raises:
        SchemasyncError: the style is Core's, a file cannot be read, or there is nothing to mirror.
    """
    if style == "table":
        raise SchemasyncError(
            "--update edits mapped classes; tables in the Core style are written anew", hint="leave --update out"
        )
    rules = ownership or Ownership()
    folder = output if output.suffix != ".py" else output.parent
    width = usual_width(folder, sorted(folder.glob("*.py")) if folder == output else [output])
    chosen = {**existing_names(prisma, models), **(names or {})}
    plan = planned(prisma, style, base, ownership=rules, names=chosen, path=path, width=width)
    work, others = work_of(prisma, models, rules, plan, speller)
    if _is_done(plan, models, work.values(), others):
        return MirrorUpdate({})
    # LibCST takes longer to import than most updates take.
    from schemasync.mirror.update.place import Place
    from schemasync.mirror.update.updater import Updater

    place = Place(plan, models, output, path)
    files = Updater(place, work, others, deletes=deletes).update()
    outcome = place.outcome
    return MirrorUpdate(files, tuple(outcome.did), tuple(outcome.suggested), tuple(outcome.left))


def _is_done(plan: Plan, models: Schema, work: Iterable[TableWork], others: Iterable[Drift]) -> bool:
    """Whether every mirror is there and states its owner's facts, so that no file need be read."""
    return (
        all(one.is_marked and not one.missing and not one.drifts for one in work)
        and not list(others)
        and all(key in models.table_by_key for key in plan.join_tables)
    )
