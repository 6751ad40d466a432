"""The page's part on many databases: what became of each, and which drifts it has."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from schemasync.compare.drift import SEVERITIES
from schemasync.fleet_merging import LOST
from schemasync.report.fleet import compared_databases, fleet_verdict, having_in_words
from schemasync.report.layout import visible
from schemasync.report.places import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemasync.compare.drift import Drift
    from schemasync.report import Report

STATES = {"compared": "compared", "unreachable": "✕ unreachable", "unrelated": "✕ unrelated"}


def shared_sets(report: Report) -> dict[tuple[str, ...], int]:
    """A number for each set of databases that share drifts."""
    return {databases: number for number, databases in enumerate(dict.fromkeys(_sets(report)), start=1)}


def database_filter(report: Report) -> Iterator[str]:
    """The choice of one database; an option's value are the sets that it is in."""
    if not report.members:
        return
    within: dict[str, list[str]] = {member.name: [] for member in report.members}
    for databases, number in shared_sets(report).items():
        for name in databases:
            within[name].append(str(number))
    yield '<label class="field"><span>Database</span><select name="database"><option value="">any</option>'
    everyone = compared_databases(report)
    some = " ".join(str(number) for names, number in shared_sets(report).items() if names != everyone)
    if some:
        yield f'<option value="{some}">what not all share</option>'
    for name, numbers in within.items():
        yield f'<option value="{" ".join(numbers) or "none"}">{_text(name)}</option>'
    yield "</select></label>"


def verdict(report: Report) -> Iterator[str]:
    """How the databases fared, in a line that leads to all of them."""
    if report.members:
        yield f'<p>{_text(fleet_verdict(report))}: <a href="#databases">all databases</a></p>'


def having(drift: Drift, report: Report) -> Iterator[str]:
    """Which databases have a drift; all of their names where they are not spelled out."""
    if not report.members or not drift.databases or drift.kind in LOST:
        return
    words = having_in_words(drift.databases, report)
    if " more" not in words:
        yield f"<p>In {_text(words)}.</p>"
        return
    names = ", ".join(drift.databases)
    yield f"<details><summary>In {_text(words)}</summary><p>{_text(names)}</p></details>"


def databases(report: Report) -> Iterator[str]:
    """Every database in a table: what became of it, and how many drifts it has."""
    if not report.members:
        return
    counts = {member.name: dict.fromkeys(SEVERITIES, 0) for member in report.members}
    for drift in report.comparison.drifts:
        for name in drift.databases:
            counts[name][drift.severity] += 1
    yield '<h2 id="databases">Databases</h2>'
    yield f"<details{' open' if len(report.members) <= 20 else ''}><summary>{len(report.members):,} databases</summary>"
    yield '<div class="scroll"><table><thead><tr><th scope="col">database</th><th scope="col">URL</th>'
    yield '<th scope="col">state</th><th scope="col">group</th><th scope="col">drifts</th></tr></thead><tbody>'
    for member in sorted(report.members, key=lambda member: (member.state == "compared", -(member.group or 0))):
        found = ", ".join(count(number, name) for name, number in counts[member.name].items() if number)
        yield f'<tr><th scope="row">{_text(member.name)}</th><td><code>{_text(member.source)}</code></td>'
        state = f'<td class="error">{STATES[member.state]}</td>' if member.state != "compared" else "<td>compared</td>"
        yield f"{state}<td>{member.group or ''}</td><td>{found or 'none'}</td></tr>"
    yield "</tbody></table></div></details>"


def _sets(report: Report) -> Iterator[tuple[str, ...]]:
    return (drift.databases for drift in report.comparison.drifts if drift.databases)


def _text(value: str) -> str:
    return escape(visible(value))
