"""A rehearsal as JSON. `docs/rehearse.md` describes it; `version` changes when a reader would break."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemasync.errors import SnapshotError
from schemasync.paths import shown
from schemasync.release.hazards import Hazard, Size
from schemasync.release.rehearsal import Rehearsal, Stage
from schemasync.release.rehearsal_trials import PASSED
from schemasync.release.squawk import LintFinding
from schemasync.report.layout import no_command_in_json
from schemasync.schema.names import qualified

VERSION = 1


def render(rehearsal: Rehearsal) -> str:
    """The rehearsal as one JSON object."""
    filled = rehearsal.filled
    content: dict[str, Any] = {
        "version": VERSION,
        "safe": rehearsal.plan.order is not None,
        "sound": rehearsal.is_sound,
        "start": rehearsal.start,
        "rows": {
            "made": {qualified(*key): count for key, count in filled.rows.items()},
            "none": {qualified(*key): reason for key, reason in filled.reasons.items()},
        },
        "stages": [_stage(stage) for stage in rehearsal.stages],
        "lint": [dataclasses.asdict(one) for one in rehearsal.lint],
        "proved": list(rehearsal.proved),
        "unproved": list(rehearsal.unproved),
    }
    return no_command_in_json(json.dumps(content, ensure_ascii=False, indent=2)) + "\n"


def hazard_json(hazard: Hazard) -> dict[str, Any]:
    """A hazard as JSON, with its sentence."""
    return {**dataclasses.asdict(hazard), "lasts": hazard.lasts, "sentence": hazard.sentence}


@dataclass(frozen=True, slots=True)
class Kept:
    """What a plan shows of a rehearsal.

    Args:
        hazards: what its steps do to tables in use.
        lint: what squawk says of its migrations.
        titles: of the steps that were rehearsed.
    """

    hazards: tuple[Hazard, ...] = ()
    lint: tuple[LintFinding, ...] = ()
    titles: frozenset[str] = frozenset()


def kept(rehearsal: Rehearsal) -> Kept:
    """What a plan shows of a rehearsal that was made just now."""
    hazards = tuple(hazard for stage in rehearsal.stages for hazard in stage.hazards)
    titles = frozenset(stage.step.title for stage in rehearsal.stages if stage.step is not None)
    return Kept(hazards, rehearsal.lint, titles)


def read_kept(path: Path) -> Kept:
    """What a plan shows of a rehearsal that was kept.

    Args:
        path: what `schemasync rehearse --format json --output` wrote.

    Raises:
        SnapshotError: the file cannot be read, or is no rehearsal.
    """
    try:
        content = json.loads(path.read_bytes())
        hazards = [_hazard(one) for stage in content["stages"] for one in stage["hazards"]]
        titles = [stage["step"]["title"] for stage in content["stages"] if stage["step"] is not None]
        return Kept(tuple(hazards), tuple(LintFinding(**one) for one in content["lint"]), frozenset(titles))
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no rehearsal of this version"
        raise SnapshotError(
            f"cannot read the rehearsal {shown(path)}: {reason}",
            hint="schemasync rehearse --format json --output FILE writes one",
        ) from error


def _stage(stage: Stage) -> dict[str, Any]:
    counts = dict.fromkeys(("passed", "failed", "known", "depends"), 0)
    for trial in stage.trials:
        counts[trial.outcome] += 1
    step = stage.step
    return {
        "step": None if step is None else {"id": step.id, "actor": step.actor, "title": step.title},
        "running": list(stage.running),
        "sound": stage.is_sound,
        "failure": stage.failure or None,
        "differences": list(stage.differences),
        "lost": list(stage.lost),
        "statements": counts,
        "not_passed": [dataclasses.asdict(trial) for trial in stage.trials if trial.outcome != PASSED],
        "hazards": [hazard_json(hazard) for hazard in stage.hazards],
    }


def _hazard(content: Mapping[str, Any]) -> Hazard:
    fields = {field.name: content[field.name] for field in dataclasses.fields(Hazard)}
    size = fields.pop("size")
    return Hazard(**{**fields, "held": tuple(fields["held"])}, size=None if size is None else Size(**size))
