"""The report as SARIF 2.1.0, for code scanning.

The rules of the format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html.
What GitHub reads of it:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from schemasync.compare.kinds import catalogue
from schemasync.report.layout import no_command_in_json
from schemasync.report.places import full_text, other_places, primary_place, sentence, subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemasync.compare.drift import Drift, DriftLocation
    from schemasync.report import Report, Terminal

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
ROOT = "%SRCROOT%"


def render(report: Report, _terminal: Terminal) -> str:
    """The report as one SARIF run; drifts that are accepted are results with a suppression."""
    from schemasync import __version__

    suppressed = report.comparison.suppressed
    drifts = [*report.comparison.drifts, *(item.drift for item in suppressed)]
    kinds = list(dict.fromkeys(drift.kind for drift in drifts))
    results = [_result(drift, kinds.index(drift.kind), report) for drift in report.comparison.drifts]
    for item in suppressed:
        place = {"kind": item.place, "status": "accepted", "justification": item.justification}
        results.append({**_result(item.drift, kinds.index(item.drift.kind), report), "suppressions": [place]})
    run = {
        "tool": {
            "driver": {
                "name": "Schemasync",
                "semanticVersion": __version__,
                "rules": [_rule(kind) for kind in kinds],
            }
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "note", "message": {"text": _unlinked(f"Not compared: {sentence(text)}")}}
                    for text in report.comparison.not_compared
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return (
        no_command_in_json(
            json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)
        )
        + "\n"
    )


def _rule(name: str) -> dict[str, Any]:
    kind = catalogue().get(name)
    rule: dict[str, Any] = {"id": name, "name": "".join(part.title() for part in name.split("-"))}
    if kind is None:
        return rule
    rule["shortDescription"] = {"text": kind.meaning}
    rule["fullDescription"] = {"text": f"{kind.meaning} {kind.breaks}"}
    rule["help"] = {
        "text": f"{kind.meaning}\n\nWhat breaks: {kind.breaks}\n\nWhat to do: {kind.fix}",
        "markdown": f"{kind.meaning}\n\n**What breaks.** {kind.breaks}\n\n**What to do.** {kind.fix}",
    }
    rule["properties"] = {"tags": ["database", kind.group]}
    return rule


def _result(drift: Drift, rule: int, report: Report) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": drift.kind,
        "ruleIndex": rule,
        "level": LEVELS[drift.severity],
        "message": {"text": _unlinked(full_text(drift, report))},
        "partialFingerprints": {"schemasync/v1": drift.fingerprint},
        "properties": {
            "owner": drift.owner,
            "behind": list(drift.behind),
            "values": dict(drift.values),
            "explainedBy": drift.explained_by,
        },
    }
    if drift.databases:
        result["properties"]["databases"] = list(drift.databases)
    place = primary_place(drift, report)
    logical = {"fullyQualifiedName": subject(drift), "kind": "member"} if subject(drift) else None
    location: dict[str, Any] = {"physicalLocation": _physical(place)} if place else {}
    if logical:
        location["logicalLocations"] = [logical]
    if location:
        result["locations"] = [location]
    related = _related(other_places(drift, report))
    if related:
        result["relatedLocations"] = related
    return result


def _related(places: Sequence[DriftLocation]) -> list[dict[str, Any]]:
    return [
        {"id": number, "physicalLocation": _physical(place), "message": {"text": f"what {place.witness} states"}}
        for number, place in enumerate(places, start=1)
    ]


def _physical(place: DriftLocation) -> dict[str, Any]:
    if place.path.startswith("/"):
        artifact = {"uri": "file://" + quote(place.path)}
    else:
        artifact = {"uri": quote(place.path), "uriBaseId": ROOT}
    return {"artifactLocation": artifact, "region": {"startLine": place.line, "startColumn": place.column}}


def _unlinked(text: str) -> str:
    """A message's text in which nothing is a link: a bracket of the data's own is escaped (SARIF 2.1.0, 3.11.6)."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]") if "](" in text else text
