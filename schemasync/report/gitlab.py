"""The report as GitLab's code quality JSON: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from schemasync.report.layout import no_command_in_json
from schemasync.report.places import full_text, primary_place

if TYPE_CHECKING:
    from schemasync.report import Report, Terminal

SEVERITIES = {"error": "critical", "warning": "minor", "info": "info"}


def render(report: Report, _terminal: Terminal) -> str:
    """The drifts as a list of issues, each with a path and a line from 1, and a fingerprint of its own."""
    issues: list[dict[str, Any]] = []
    taken: set[str] = set()
    for drift in report.comparison.drifts:
        place = primary_place(drift, report)
        fingerprint = drift.fingerprint
        while fingerprint in taken:  # GitLab drops the second issue of the same fingerprint
            fingerprint = hashlib.sha256(fingerprint.encode()).hexdigest()[:16]
        taken.add(fingerprint)
        issues.append(
            {
                "description": full_text(drift, report),
                "check_name": drift.kind,
                "fingerprint": fingerprint,
                "severity": SEVERITIES[drift.severity],
                "location": {
                    # GitLab demands a path; "." is the project itself, for what no file states.
                    "path": place.path if place else ".",
                    "lines": {"begin": place.line if place else 1},
                },
            }
        )
    return no_command_in_json(json.dumps(issues, ensure_ascii=False, indent=2)) + "\n"
