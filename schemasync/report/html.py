"""The report as one page that needs nothing else: summary, drifts with filters, and the diagram of the tables.

Only the page's own script and style may run (a Content-Security-Policy by their hashes), so that nothing which a schema
holds can; without the script everything is shown, unfiltered.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING

from schemasync.compare.drift import SEVERITIES
from schemasync.report.diagram import diagram_of
from schemasync.report.fleet_html import database_filter, databases, having, shared_sets, verdict
from schemasync.report.layout import no_command_in_markup, visible
from schemasync.report.places import count, sentence, severities_in_words, tables_in_words
from schemasync.report.svg import OWNERS, SIGNS, STYLE, anchor, svg

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from schemasync.compare.drift import Drift
    from schemasync.report import Report, Terminal
    from schemasync.report.diagram import Diagram

NO_TABLE = "without a table"


def render(report: Report, _terminal: Terminal) -> str:
    """The report as a page."""
    diagram = diagram_of(report.schemas, report.ownership, report.comparison.drifts) if report.schemas else None
    body = [*_summary(report), *_drifts(report), *databases(report)]
    if diagram is not None and diagram.entities:
        body += _diagram(diagram)
    body += _not_compared(report)
    return page(f"Schemasync: {severities_in_words(report)}", body)


def diagram_page(diagram: Diagram, title: str) -> str:
    """A diagram alone as a page."""
    return page(title, [f"<header><h1>{text(title)}</h1></header><main>", *_diagram(diagram), "</main>"])


def page(title: str, body: Sequence[str]) -> str:
    """A whole page around a body."""
    style = STYLE + _asset("page.css")
    script = _asset("page.js")
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'"
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{no_command_in_markup(text(title))}</title><style>{style}</style></head><body>",
        no_command_in_markup("\n".join(body)),
        f"<script>{script}</script></body></html>",
    ]
    return "\n".join(lines) + "\n"


def text(value: str) -> str:
    """A text from a schema, as text: no markup, no control characters."""
    return escape(visible(value))


def _asset(name: str) -> str:
    return files("schemasync.report").joinpath(name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _summary(report: Report) -> Iterator[str]:
    comparison = report.comparison
    yield '<a class="skip" href="#drifts">To the drifts</a><header><h1>Schemasync</h1>'
    accepted = f", {report.baselined} accepted by the baseline" if report.baselined else ""
    state = "" if comparison.drifts else " good"
    yield f'<p class="verdict{state}">{severities_in_words(report)} in {tables_in_words(report)}{accepted}</p>'
    yield from verdict(report)
    yield '<ul class="counts">'
    for severity in SEVERITIES:
        number = comparison.severities[severity]
        noun = severity if number == 1 or severity == "info" else f"{severity}s"
        yield f'<li><b class="{severity}">{SIGNS[severity]} {number}</b>{noun}</li>'
    yield f"<li><b>{comparison.facts:,}</b>facts compared</li></ul>"
    yield '<div class="scroll"><table><thead><tr><th scope="col">witness</th><th scope="col">source</th>'
    yield '<th scope="col">tables</th></tr></thead><tbody>'
    for witness in report.witnesses:
        yield f'<tr><th scope="row">{text(witness.name)}</th><td><code>{text(witness.source)}</code></td>'
        yield f"<td>{witness.tables}</td></tr>"
    yield "</tbody></table></div></header><main>"


def _drifts(report: Report) -> Iterator[str]:
    drifts = report.comparison.drifts
    yield '<h2 id="drifts">Drifts</h2>'
    if not drifts:
        yield '<p class="good">✓ The witnesses agree on everything that was compared.</p>'
        return
    yield from _filters(drifts, report)
    shared = shared_sets(report)

    def place(drift: Drift) -> tuple[bool, str, str]:
        return (drift.table is None, drift.schema, drift.table or "")

    for (no_table, schema, table), group in groupby(sorted(drifts, key=place), key=place):
        listed = sorted(group, key=lambda drift: SEVERITIES.index(drift.severity))
        name = NO_TABLE if no_table else table if schema == "public" else f"{schema}.{table}"
        numbers = {severity: sum(drift.severity == severity for drift in listed) for severity in SEVERITIES}
        counted = ", ".join(count(number, severity) for severity, number in numbers.items() if number)
        owners = {drift.owner for drift in listed}
        owned = OWNERS.get(next(iter(owners)), "") + ": " if len(owners) == 1 and not no_table else ""
        identity = anchor((schema, table)) if not no_table else f"no-{anchor((schema, table))}"
        yield f'<section class="table" id="{identity}" data-name="{text(name)}" aria-labelledby="{identity}-name">'
        yield f'<div class="head"><h3 id="{identity}-name">{text(name)}</h3><span>{owned}{counted}</span></div>'
        for drift in listed:
            yield from _drift(drift, report, shared)
        yield "</section>"


def _filters(drifts: Sequence[Drift], report: Report) -> Iterator[str]:
    yield '<form id="filters" hidden aria-label="Filter the drifts"><fieldset><legend>Severity</legend>'
    for severity in SEVERITIES:
        number = sum(drift.severity == severity for drift in drifts)
        yield f'<label><input type="checkbox" name="severity" value="{severity}" checked> '
        yield f'<span class="{severity}">{SIGNS[severity]} {severity} ({number})</span></label>'
    yield "</fieldset>"
    yield from _choice("kind", "Kind", sorted({drift.kind for drift in drifts}))
    yield from _choice("owner", "Owner", sorted({drift.owner for drift in drifts if drift.owner}))
    yield from _choice("behind", "Behind", sorted({name for drift in drifts for name in drift.behind}))
    yield from database_filter(report)
    yield '<label class="field"><span>Text</span><input type="search" name="text"></label>'
    yield '<button type="reset">Show all</button></form><p class="status" id="status" role="status"></p>'


def _choice(name: str, title: str, values: Sequence[str]) -> Iterator[str]:
    yield f'<label class="field"><span>{title}</span><select name="{name}"><option value="">any</option>'
    yield from (f"<option>{text(value)}</option>" for value in values)
    yield "</select></label>"


def _drift(drift: Drift, report: Report, shared: Mapping[tuple[str, ...], int]) -> Iterator[str]:
    data = f'data-kind="{text(drift.kind)}" data-severity="{drift.severity}" data-owner="{text(drift.owner or "")}"'
    data += f' data-shared="{shared[drift.databases]}"' if drift.databases else ""
    yield f'<article class="drift" {data} data-behind="{text(" ".join(drift.behind))}">'
    sign = f'<span class="sign {drift.severity}">{SIGNS[drift.severity]} {drift.severity}</span>'
    of = f" <code>{text(drift.object)}</code>" if drift.object else ""
    yield f"<h4>{sign} {text(drift.kind)}{of}</h4><p>{text(sentence(drift.message))}</p>"
    if drift.values:
        yield '<div class="scroll"><table><thead><tr>'
        yield from (f'<th scope="col">{text(name)}{_behind(name, drift)}</th>' for name in drift.values)
        yield "</tr></thead><tbody><tr>"
        for name, value in drift.values.items():
            shown = (
                f'<span class="value">{text(value)}</span>'
                if value is not None
                else '<span class="absent">absent</span>'
            )
            yield f"<td{' class=behind' if name in drift.behind else ''}>{shown}</td>"
        yield "</tr></tbody></table></div>"
    if drift.breaks:
        yield f"<p>{text(sentence(drift.breaks))}</p>"
    if drift.fix:
        yield f"<p><strong>Fix:</strong> {text(sentence(drift.fix))}</p>"
    if drift.explained_by:
        yield f"<p>Pending: <code>{text(drift.explained_by)}</code> explains it.</p>"
    yield from having(drift, report)
    if drift.locations:
        places = ", ".join(f"<code>{text(place.path)}:{place.line}</code>" for place in drift.locations)
        yield f'<p class="places">{places}</p>'
    yield "</article>"


def _behind(name: str, drift: Drift) -> str:
    return " (behind)" if name in drift.behind else ""


def _diagram(diagram: Diagram) -> Iterator[str]:
    yield '<h2 id="diagram">Tables</h2><div id="tools" class="tools" hidden><label class="field"><span>Show what a '
    yield 'table is joined to</span><select id="picker"><option value="">all tables</option>'
    yield from (f'<option value="{anchor(entity.key)}">{text(entity.name)}</option>' for entity in diagram.entities)
    yield '</select></label> <button type="button" id="larger">Larger</button>'
    yield '<button type="button" id="smaller">Smaller</button> <button type="button" id="fit">Whole width</button>'
    yield '<p class="status" id="neighbours" role="status"></p>'
    yield '<ul id="joined" class="legend joined" aria-label="Its neighbours"></ul></div><ul class="legend">'
    used = {entity.owner for entity in diagram.entities}
    yield from (
        f'<li><span class="key {name or "nobody"}"></span>{OWNERS[name]}</li>' for name in OWNERS if name in used
    )
    if any(entity.mirrored is False for entity in diagram.entities):
        yield '<li><span class="key unmirrored"></span>without a mirror</li>'
    if any(entity.drifts for entity in diagram.entities):
        yield '<li><span class="key badge"></span>drifts, by the worst</li>'
    yield '</ul><div class="frame" id="frame" tabindex="0" role="region" aria-label="Diagram of the tables">'
    yield svg(diagram, standalone=False)
    yield "</div>"


def _not_compared(report: Report) -> Iterator[str]:
    left_out = report.comparison.not_compared
    yield "<h2>Not compared</h2>"
    if left_out:
        yield "<ul>" + "".join(f"<li>{text(sentence(line))}</li>" for line in left_out) + "</ul></main>"
    else:
        yield "<p>Nothing was left out of the comparison.</p></main>"
