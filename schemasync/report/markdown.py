"""The report as Markdown for a comment on a pull request: short first, a table's details folded.

A comment on GitHub holds 65,536 characters; what does not fit is left out table by table, and said.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from schemasync.compare.drift import SEVERITIES
from schemasync.report.fleet import by_databases, fleet_verdict, having_in_words, lost_databases
from schemasync.report.layout import visible
from schemasync.report.places import count, primary_place, sentence, severities_in_words, tables_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from schemasync.compare.drift import Drift
    from schemasync.report import Report, Terminal

COMMENT_CHARACTERS = 65_536
ROOM_FOR_A_MARKER = 512
SHOWN_FIRST = 10
MARKS = {"error": "❌", "warning": "⚠️", "info": "ℹ️"}  # noqa: RUF001 - the sign that is meant
OWNERS = {"prisma": "Prisma", "sqlalchemy": "SQLAlchemy"}
# Whatever Markdown, HTML or GitHub gives a meaning to; as references these characters have none.
SPECIAL = re.compile(r"[&<>\"\\`*{}\[\]#!|~@$^=]|:(?=//)|(?<=www)\.|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")


def render(report: Report, _terminal: Terminal) -> str:
    """The report, short enough for a comment."""
    return within(report, COMMENT_CHARACTERS - ROOM_FOR_A_MARKER)


def within(report: Report, limit: int) -> str:
    """The report in at most `limit` bytes: details of tables are left out from the end, and their number is said."""
    start = "\n".join(_start(report))
    end = "\n".join(_end(report))
    if _size(end) > limit // 4:
        left_out = count(len(report.comparison.not_compared), "remark")
        end = f"\n\n_{left_out} on what was not compared: see the JSON report._\n"
    tables = list(_details(report))
    room = limit - _size(start) - _size(end) - 200
    kept: list[str] = []
    for text in tables:
        if _size(text) + 1 > room:
            break
        kept.append(text)
        room -= _size(text) + 1
    if len(kept) < len(tables):
        left = count(len(tables) - len(kept), "table")
        kept.append(f"\n_Details of {left} more do not fit here; the text and JSON reports have them._\n")
    return "\n".join([start, *kept]) + end


def _details(report: Report) -> Iterator[str]:
    """Each table's details; of many databases those that share drifts stand together."""
    if not report.members:
        for name, drifts in _by_table(report.comparison.drifts):
            yield "\n".join(_table(name, drifts, report))
        return
    for databases, listed in by_databases(report):
        heading = f"\n#### {_capital(prose(having_in_words(databases, report)))}\n\n"
        for name, drifts in _by_table(listed):
            yield heading + "\n".join(_table(name, drifts, report))
            heading = ""
    if lost := lost_databases(report):
        yield "\n".join([f"\n#### {count(len(lost), 'database')} could not be compared\n", *_lost(lost, report)])


def _lost(lost: Sequence[Drift], report: Report) -> Iterator[str]:
    for drift in lost[:SHOWN_FIRST]:
        yield from _drift(drift, report)
    if len(lost) > SHOWN_FIRST:
        yield f"\n… and {len(lost) - SHOWN_FIRST:,} more; the JSON report has all."


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def _size(text: str) -> int:
    return len(text.encode())


def _start(report: Report) -> Iterator[str]:
    comparison = report.comparison
    accepted = f", {report.baselined} accepted by the baseline" if report.baselined else ""
    mark = next((MARKS[name] for name in SEVERITIES if comparison.severities[name]), "✅")
    yield f"### {mark} Schemasync: {severities_in_words(report)} in {tables_in_words(report)}{accepted}"
    yield ""
    if report.members:
        yield f"{fleet_verdict(report)}."
        yield ""
    if comparison.drifts:
        yield "| | drift | of | behind |" + (" in |" if report.members else "")
        yield "| --- | --- | --- | --- |" + (" --- |" if report.members else "")
        worst = sorted(comparison.drifts, key=lambda drift: SEVERITIES.index(drift.severity))
        for drift in worst[:SHOWN_FIRST]:
            behind = ", ".join(drift.behind)
            where = f" {prose(having_in_words(drift.databases, report, most=3))} |" if report.members else ""
            yield f"| {MARKS[drift.severity]} | {code(drift.kind)} | {_subject(drift)} | {behind} |{where}"
        if len(worst) > SHOWN_FIRST:
            yield f"\n… and {len(worst) - SHOWN_FIRST} more, below."
        yield ""


def _subject(drift: Drift) -> str:
    names = [name for name in (drift.table, drift.object) if name]
    if drift.schema and drift.schema != "public":
        names.insert(0, drift.schema)
    return code(".".join(names)) if names else ""


def _by_table(drifts: Sequence[Drift]) -> list[tuple[str, list[Drift]]]:
    def name(drift: Drift) -> tuple[bool, str, str]:
        return (drift.table is None, drift.schema, drift.table or "")

    found = []
    for (no_table, schema, table), group in groupby(sorted(drifts, key=name), key=name):
        listed = list(group)
        shown = "without a table" if no_table else code(table if schema == "public" else f"{schema}.{table}")
        found.append((shown, listed))
    return sorted(found, key=lambda item: min(SEVERITIES.index(drift.severity) for drift in item[1]))


def _table(name: str, drifts: Sequence[Drift], report: Report) -> Iterator[str]:
    owners = {drift.owner for drift in drifts}
    owner = next(iter(owners)) if len(owners) == 1 else None
    owned = f", owned by {OWNERS.get(owner, owner)}" if owner else ""
    numbers = {severity: sum(drift.severity == severity for drift in drifts) for severity in SEVERITIES}
    counted = ", ".join(count(number, severity) for severity, number in numbers.items() if number)
    yield f"<details><summary>{name}{owned}: {counted}</summary>"
    yield ""
    for drift in sorted(drifts, key=lambda drift: SEVERITIES.index(drift.severity)):
        yield from _drift(drift, report)
    yield "</details>"


def _drift(drift: Drift, report: Report) -> Iterator[str]:
    of = f" {code(drift.object)}" if drift.object else ""
    yield f"- {MARKS[drift.severity]} {code(drift.kind)}{of}: {prose(sentence(drift.message))}"
    if drift.values:
        said = (f"{name} {code(value) if value is not None else '*absent*'}" for name, value in drift.values.items())
        yield f"  <br>{', '.join(said)}"
    if drift.breaks:
        yield f"  <br>{prose(sentence(drift.breaks))}"
    if drift.fix:
        yield f"  <br>→ {prose(sentence(drift.fix))}"
    if drift.explained_by:
        yield f"  <br>Pending: {code(drift.explained_by)} explains it."
    place = primary_place(drift, report)
    if place:
        yield f"  <br>{code(f'{place.path}:{place.line}')}"


def _end(report: Report) -> Iterator[str]:
    yield ""
    yield ""
    if not report.comparison.not_compared:
        yield "Nothing was left out of the comparison."
    else:
        yield "<details><summary>Not compared</summary>"
        yield ""
        yield from (f"- {prose(sentence(text))}" for text in report.comparison.not_compared)
        yield ""
        yield "</details>"
    yield ""


def code(text: str) -> str:
    """A name or value from a schema, shown as it is: nothing in it is markup, a link or a mention."""
    return f"<code>{_referenced(visible(text))}</code>"


def prose(text: str) -> str:
    """A sentence that may quote a schema: as plain text. An empty comment after @ and # keeps GitHub from mentions."""
    plain = _referenced(visible(text))
    return plain.replace("&#64;", "&#64;<!-- -->").replace("&#35;", "&#35;<!-- -->")


def _referenced(text: str) -> str:
    return SPECIAL.sub(lambda found: f"&#{ord(found[0])};", text)
