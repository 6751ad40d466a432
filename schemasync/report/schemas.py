"""JSON schemas of the configuration and of the JSON report, made from the code that reads and writes them.

Draft 2020-12: https://json-schema.org/draft/2020-12/json-schema-core.
"""

from __future__ import annotations

import json
from typing import Any

from schemasync.compare.drift import SEVERITIES
from schemasync.compare.kinds import catalogue
from schemasync.config import SETTINGS
from schemasync.config_file import Entry
from schemasync.report.json import VERSION

DRAFT = "https://json-schema.org/draft/2020-12/schema"
TEXT: dict[str, Any] = {"type": "string"}
TEXTS: dict[str, Any] = {"type": "array", "items": TEXT}
NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
OPTIONAL: dict[str, Any] = {"type": ["string", "null"]}


def schemas() -> dict[str, str]:
    """Each schema's text by its file's name."""
    made = {"configuration.schema.json": configuration_schema(), "report.schema.json": report_schema()}
    return {name: json.dumps(schema, indent=2) + "\n" for name, schema in made.items()}


def configuration_schema() -> dict[str, Any]:
    """What a `schemasync.toml` may hold, or the table `[tool.schemasync]` of a `pyproject.toml`."""
    sections = {
        section: _closed({name: {"description": entry.meaning, **_setting(entry)} for name, entry in settings.items()})
        for section, settings in SETTINGS.items()
    }
    return {"$schema": DRAFT, "title": "Schemasync's configuration", **_closed(sections)}


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


def report_schema() -> dict[str, Any]:
    """What `schemasync check --format json` writes. Fields may be added; a reader must not refuse them."""
    location = _open({"path": TEXT, "line": {"type": "integer", "minimum": 1}, "column": NUMBER, "witness": TEXT})
    drift = _open(
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
    witness = _open({"tables": NUMBER, "source": TEXT})
    counts = dict.fromkeys((*SEVERITIES, "tables", "facts", "baselined"), NUMBER)
    member = _open(
        {
            "source": TEXT,
            "state": {"enum": ["compared", "unreachable", "unrelated"]},
            "group": {"type": ["integer", "null"], "minimum": 1},
            "tables": NUMBER,
            "drifts": _open(dict.fromkeys(SEVERITIES, NUMBER)),
        }
    )
    return {
        "$schema": DRAFT,
        "title": "Schemasync's report",
        **_open(
            {
                "version": {"const": VERSION},
                "witnesses": {"type": "object", "additionalProperties": witness},
                "summary": _open(counts),
                "drifts": {"type": "array", "items": drift},
                "not_compared": TEXTS,
            },
            databases={"type": "object", "additionalProperties": member},
        ),
    }


def _open(properties: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {**properties, **optional}, "required": list(properties)}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}
