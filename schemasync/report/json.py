"""The report as JSON, for other programs. `docs/check.md` describes it; `version` changes when a reader would break."""

import json
from typing import Any

from schemasync.compare.drift import SEVERITIES
from schemasync.report import Report, Terminal
from schemasync.report.layout import no_command_in_json

VERSION = 1


def render(report: Report, _terminal: Terminal) -> str:
    """The report as one JSON object; what the terminal can show makes no difference."""
    comparison = report.comparison
    content: dict[str, Any] = {
        "version": VERSION,
        "witnesses": {
            witness.name: {"tables": witness.tables, "source": witness.source} for witness in report.witnesses
        },
        "summary": {
            **comparison.severities,
            "tables": comparison.tables,
            "facts": comparison.facts,
            "baselined": report.baselined,
        },
        "drifts": [drift.to_dict() for drift in comparison.drifts],
        "not_compared": list(comparison.not_compared),
    }
    if report.members:
        content["databases"] = {
            member.name: {
                "source": member.source,
                "state": member.state,
                "group": member.group,
                "tables": member.tables,
                "drifts": {
                    severity: sum(
                        drift.severity == severity and member.name in drift.databases for drift in comparison.drifts
                    )
                    for severity in SEVERITIES
                },
            }
            for member in report.members
        }
    return no_command_in_json(json.dumps(content, ensure_ascii=False, indent=2)) + "\n"
