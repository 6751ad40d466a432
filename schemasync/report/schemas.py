"""JSON schemas of the configuration and of what is written as JSON, made from the code that reads and writes it."""

from __future__ import annotations

import json
from typing import Any

from schemasync.compare.drift import SEVERITIES
from schemasync.compare.kinds import catalogue
from schemasync.config import SETTINGS
from schemasync.config_file import Entry
from schemasync.report.json import VERSION
from schemasync.report.release_schemas import plan_schema, rehearsal_schema, status_schema, verification_schema
from schemasync.report.schema_parts import NUMBER, OPTIONAL, TEXT, TEXTS, closed_object, open_object, titled


def schemas() -> dict[str, str]:
    """Each schema's text by its file's name."""
    made = {
        "configuration.schema.json": configuration_schema(),
        "report.schema.json": report_schema(),
        "plan.schema.json": plan_schema(),
        "rehearsal.schema.json": rehearsal_schema(),
        "status.schema.json": status_schema(drift_schema()),
        "verification.schema.json": verification_schema(),
    }
    return {name: json.dumps(schema, indent=2) + "\n" for name, schema in made.items()}


def configuration_schema() -> dict[str, Any]:
    """What a `schemasync.toml` may hold, or the table `[tool.schemasync]` of a `pyproject.toml`."""
    sections = {
        section: closed_object(
            {name: {"description": entry.meaning, **_setting(entry)} for name, entry in settings.items()}
        )
        for section, settings in SETTINGS.items()
    }
    return titled("Schemasync's configuration", closed_object(sections))


def _setting(entry: Entry) -> dict[str, Any]:
    if entry.shape == "choice":
        return {"enum": list(entry.choices)}
    if entry.shape == "number":
        return {"enum": [int(choice) for choice in entry.choices]}
    if entry.shape == "mirror":
        return {"oneOf": [{"enum": ["all", "none"]}, TEXTS]}
    if entry.shape == "kinds":
        names = "|".join(catalogue())
        return {"type": "array", "items": {"type": "string", "pattern": rf"^(?:(?:{names})|[^:]*[*?\[][^:]*)(?::.*)?$"}}
    if entry.shape == "severities":
        kinds = {"anyOf": [{"enum": list(catalogue())}, {"pattern": r"[*?\[]"}]}
        return {"type": "object", "propertyNames": kinds, "additionalProperties": {"enum": list(SEVERITIES)}}
    if entry.shape == "names":
        return {"type": "object", "additionalProperties": TEXT}
    return TEXTS if entry.shape == "texts" else TEXT


def drift_schema() -> dict[str, Any]:
    """A drift, wherever it is written."""
    location = open_object({"path": TEXT, "line": {"type": "integer", "minimum": 1}, "column": NUMBER, "witness": TEXT})
    return open_object(
        {
            "kind": TEXT,
            "severity": {"enum": list(SEVERITIES)},
            "owner": {"enum": ["prisma", "sqlalchemy", None]},
            "schema": TEXT,
            "table": OPTIONAL,
            "object": OPTIONAL,
            "values": {"type": "object", "additionalProperties": OPTIONAL},
            "behind": TEXTS,
            "message": TEXT,
            "breaks": TEXT,
            "fix": TEXT,
            "explained_by": OPTIONAL,
            "locations": {"type": "array", "items": location},
            "fingerprint": TEXT,
        },
        databases=TEXTS,
    )


def report_schema() -> dict[str, Any]:
    """What `schemasync check --format json` writes. Fields may be added; a reader must not refuse them."""
    drift = drift_schema()
    witness = open_object({"tables": NUMBER, "source": TEXT})
    counts = dict.fromkeys((*SEVERITIES, "tables", "facts", "baselined"), NUMBER)
    member = open_object(
        {
            "source": TEXT,
            "state": {"enum": ["compared", "unreachable", "unrelated"]},
            "group": {"type": ["integer", "null"], "minimum": 1},
            "tables": NUMBER,
            "drifts": open_object(dict.fromkeys(SEVERITIES, NUMBER)),
        }
    )
    return titled(
        "Schemasync's report",
        open_object(
            {
                "version": {"const": VERSION},
                "witnesses": {"type": "object", "additionalProperties": witness},
                "summary": open_object(counts),
                "drifts": {"type": "array", "items": drift},
                "not_compared": TEXTS,
            },
            databases={"type": "object", "additionalProperties": member},
        ),
    )
