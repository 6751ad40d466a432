"""The plan of a release as JSON. `docs/plan.md` describes it; `version` changes when a reader would break."""

import dataclasses
import json
from typing import Any

from schemasync.release.lattice import ReleaseStep
from schemasync.release.plan import Plan
from schemasync.report.layout import no_command_in_json
from schemasync.report.rehearsal_json import Kept, hazard_json

VERSION = 1


def render(plan: Plan, rehearsed: Kept | None = None) -> str:
    """The plan as one JSON object.

    Args:
        plan: the plan.
        rehearsed: what a rehearsal found; None where there was none.
    """
    content: dict[str, Any] = {
        "version": VERSION,
        "safe": plan.order is not None,
        "switches": None if plan.order is None else plan.order.switches,
        "order": None
        if plan.order is None
        else [
            {
                **_step(placed.step),
                "follows": None if placed.follows is None else placed.follows.id,
                "because": list(placed.because),
            }
            for placed in plan.order.placed
        ],
        "conflict": None
        if plan.conflict is None
        else {
            "together": [[step.id for step in part] for part in plan.conflict.together],
            "objections": [{"step": step.id, "reason": reason} for step, reason in plan.conflict.objections],
        },
        "splits": [
            {"subject": one.subject, "change": one.change, "releases": list(one.releases)} for one in plan.splits
        ],
        "cautions": [
            {
                "schema": one.schema,
                "table": one.table,
                "column": one.column,
                "value": one.value,
                "is_new": one.is_new,
                "since": one.since.id,
                "until": one.until.id,
                "because": list(one.because),
            }
            for one in plan.cautions
        ],
        "steps": [_step(step) for step in plan.steps],
        "risks": list(plan.risks),
        "rows": [one.sentence for one in plan.rows],
        "known": list(plan.known),
        "base": None
        if plan.base is None
        else {"differences": list(plan.base.differences), "elsewhere": plan.base.elsewhere},
        "notes": list(plan.notes),
        "hazards": None if rehearsed is None else [hazard_json(one) for one in rehearsed.hazards],
        "lint": None if rehearsed is None else [dataclasses.asdict(one) for one in rehearsed.lint],
    }
    return no_command_in_json(json.dumps(content, ensure_ascii=False, indent=2)) + "\n"


def _step(step: ReleaseStep) -> dict[str, Any]:
    return {"id": step.id, "actor": step.actor, "title": step.title, "after": sorted(step.after)}
