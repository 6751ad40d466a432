"""The report as JSON, for other programs. `docs/check.md` describes it; `version` changes when a reader would break."""

import json

from schemasync.report import Report, Terminal

VERSION = 1


def render(report: Report, _terminal: Terminal) -> str:
    """The report as one JSON object; what the terminal can show makes no difference."""
    comparison = report.comparison
    content = {
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
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
