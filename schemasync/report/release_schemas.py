"""JSON schemas of what `plan`, `rehearse`, `status` and `verify` write; fields may be added later."""

from typing import Any

from schemasync.compare.drift import SEVERITIES
from schemasync.report import plan_json, rehearsal_json, status_json, verification
from schemasync.report.schema_parts import NUMBER, OPTIONAL, TEXT, TEXTS, TRUTH, list_of, open_object, or_null, titled

STEP = open_object({"id": TEXT, "actor": TEXT, "title": TEXT})
LINT = open_object({"step": TEXT, "migration": TEXT, "place": TEXT, "rule": TEXT, "level": TEXT, "message": TEXT})
HAZARD = open_object(
    {
        **dict.fromkeys(("step", "migration", "place", "sql", "schema", "table", "blocks", "sentence"), TEXT),
        "lock": OPTIONAL,
        "work": {"enum": ["rewritten", "emptied", "read through", "written", None]},
        "held": TEXTS,
        "size": or_null(open_object({"rows": {"type": ["integer", "null"]}, "bytes": NUMBER})),
        "lasts": TRUTH,
    }
)


def plan_schema() -> dict[str, Any]:
    """What `schemasync plan --format json` writes."""
    step = open_object({**STEP["properties"], "after": TEXTS})
    caution = dict.fromkeys(("schema", "table", "column", "value", "since", "until"), TEXT)
    return titled(
        "Schemasync's plan of a release",
        open_object(
            {
                "version": {"const": plan_json.VERSION},
                "safe": TRUTH,
                "switches": {"type": ["integer", "null"]},
                "order": or_null(list_of(open_object({**step["properties"], "follows": OPTIONAL, "because": TEXTS}))),
                "conflict": or_null(
                    open_object(
                        {
                            "together": list_of(TEXTS),
                            "objections": list_of(open_object({"step": TEXT, "reason": TEXT})),
                        }
                    )
                ),
                "splits": list_of(open_object({"subject": TEXT, "change": TEXT, "releases": TEXTS})),
                "cautions": list_of(open_object({**caution, "is_new": TRUTH, "because": TEXTS})),
                "steps": list_of(step),
                **dict.fromkeys(("risks", "rows", "known", "notes"), TEXTS),
                "base": or_null(open_object({"differences": TEXTS, "elsewhere": NUMBER})),
                "hazards": or_null(list_of(HAZARD)),
                "lint": or_null(list_of(LINT)),
            }
        ),
    )


def rehearsal_schema() -> dict[str, Any]:
    """What `schemasync rehearse --format json` writes."""
    trial = dict.fromkeys(("service", "statement", "variant", "schema", "table", "outcome", "reason", "code"), TEXT)
    stage = open_object(
        {
            "step": or_null(STEP),
            "running": TEXTS,
            "sound": TRUTH,
            "failure": OPTIONAL,
            "differences": TEXTS,
            "lost": TEXTS,
            "statements": open_object(dict.fromkeys(("passed", "failed", "known", "depends"), NUMBER)),
            "not_passed": list_of(open_object(trial)),
            "hazards": list_of(HAZARD),
        }
    )
    rows = open_object(
        {
            "made": {"type": "object", "additionalProperties": NUMBER},
            "none": {"type": "object", "additionalProperties": TEXT},
        }
    )
    return titled(
        "Schemasync's rehearsal of a release",
        open_object(
            {
                "version": {"const": rehearsal_json.VERSION},
                "safe": TRUTH,
                "sound": TRUTH,
                "start": TEXT,
                "rows": rows,
                "stages": list_of(stage),
                "lint": list_of(LINT),
                "proved": TEXTS,
                "unproved": TEXTS,
            }
        ),
    )


def status_schema(drift: dict[str, Any]) -> dict[str, Any]:
    """What `schemasync status --format json` writes.

    Args:
        drift: a drift's schema.
    """
    migration = {
        **dict.fromkeys(("name", "state"), TEXT),
        **dict.fromkeys(("in_folder", "has_script", "edited", "by_hand"), TRUTH),
        "attempts": NUMBER,
        **dict.fromkeys(("started_at", "finished_at", "logs"), OPTIONAL),
    }
    revision = {**dict.fromkeys(("revision", "message", "state", "path"), TEXT), "needs": TEXTS}
    prisma = {"migrations": TEXT, **dict.fromkeys(("has_table", "locked", "refuses_first_deploy"), TRUTH)}
    alembic = {"config": TEXT, "has_table": TRUTH, **dict.fromkeys(("at", "heads", "unknown"), TEXTS)}
    lists = {"applied": TEXTS, "pending": TEXTS}
    return titled(
        "Schemasync's status of both histories",
        open_object(
            {
                "version": {"const": status_json.VERSION},
                "database": TEXT,
                "prisma": or_null(open_object({**prisma, **lists, "history": list_of(open_object(migration))})),
                "alembic": or_null(open_object({**alembic, **lists, "history": list_of(open_object(revision))})),
                "summary": open_object(dict.fromkeys(SEVERITIES, NUMBER)),
                "drifts": list_of(drift),
                "next": TEXTS,
            }
        ),
    )


def verification_schema() -> dict[str, Any]:
    """What `schemasync verify --format json` writes."""
    return titled(
        "Schemasync's verification of a step",
        open_object(
            {
                "version": {"const": verification.VERSION},
                "step": TEXT,
                "done": TRUTH,
                "missing": TEXTS,
                "migrations": TEXTS,
                "objects": NUMBER,
                "notes": TEXTS,
            }
        ),
    )
