"""The report as GitHub workflow commands: annotations on the changed files of a pull request.

GitHub shows at most ten annotations of each severity from one step, so no more are written; the whole report belongs
into the step's summary (`summary`, written to `$GITHUB_STEP_SUMMARY` by the command line). The syntax and its escapes:
https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemasync.compare.drift import SEVERITIES
from schemasync.report.layout import visible
from schemasync.report.places import count, full_text, primary_place, severities_in_words, subject

if TYPE_CHECKING:
    from schemasync.compare.drift import Drift
    from schemasync.report import Report, Terminal

COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
PER_STEP = 10
SUMMARY_BYTES = 1024 * 1024  # of one step


def render(report: Report, _terminal: Terminal) -> str:
    """The first ten drifts of each severity as commands, then a line of how many there are."""
    lines = []
    left = 0
    for severity in SEVERITIES:
        drifts = [drift for drift in report.comparison.drifts if drift.severity == severity]
        lines += [_command(drift, report) for drift in drifts[:PER_STEP]]
        left += max(len(drifts) - PER_STEP, 0)
    found = f"schemasync: {severities_in_words(report)} in {count(report.comparison.tables, 'table')}"
    more = f"; {left} more in the step's summary" if left else ""
    return "\n".join([*lines, found + more]) + "\n"


def summary(report: Report) -> str:
    """The whole report as Markdown, for the step's summary."""
    from schemasync.report.markdown import within

    return within(report, SUMMARY_BYTES)


def _command(drift: Drift, report: Report) -> str:
    place = primary_place(drift, report)
    properties = {"file": place.path, "line": str(place.line), "col": str(place.column)} if place else {}
    properties["title"] = f"{drift.kind}: {subject(drift)}" if subject(drift) else drift.kind
    written = ",".join(f"{name}={_property(visible(value))}" for name, value in properties.items())
    return f"::{COMMANDS[drift.severity]} {written}::{_data(visible(full_text(drift, report)))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
