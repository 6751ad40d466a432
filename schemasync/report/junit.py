"""The report as JUnit XML, as Jenkins and GitLab read it: a test case a drift, and one for each table without any."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from schemasync.report.layout import no_command_in_markup, visible
from schemasync.report.places import count, full_text, primary_place, sentence, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemasync.compare.drift import Drift
    from schemasync.report import Report, Terminal

SUITE = "schemasync"


def render(report: Report, _terminal: Terminal) -> str:
    """Errors and warnings are failures, what is merely cosmetic is skipped, a table that agrees passes."""
    drifts = report.comparison.drifts
    agreeing = _agreeing(report)
    severities = report.comparison.severities
    failures = severities["error"] + severities["warning"]
    numbers = f'tests="{len(drifts) + len(agreeing)}" failures="{failures}" errors="0" skipped="{severities["info"]}"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    lines.append(f"  <testsuite name={_attribute(SUITE)} {numbers}>")
    for drift in drifts:
        lines += _drift(drift, report)
    for name in agreeing:
        lines.append(f"    <testcase classname={_attribute(SUITE + '.' + name)} name={_attribute('agrees')}/>")
    if report.comparison.not_compared:
        text = "\n".join(f"Not compared: {line}" for line in report.comparison.not_compared)
        lines.append(f"    <system-out>{_text(text)}</system-out>")
    lines.append("  </testsuite>")
    if report.members:
        lines += _databases(report)
    lines.append("</testsuites>")
    return no_command_in_markup("\n".join(lines) + "\n")


def _databases(report: Report) -> Iterator[str]:
    """A suite with a case for each of many databases, which fails by the drifts that the database has."""
    own: dict[str, list[Drift]] = {member.name: [] for member in report.members}
    for drift in report.comparison.drifts:
        for name in drift.databases:
            own[name].append(drift)
    lost = sum(member.state != "compared" for member in report.members)
    failing = sum(
        member.state == "compared" and any(drift.severity != "info" for drift in own[member.name])
        for member in report.members
    )
    numbers = f'tests="{len(report.members)}" failures="{failing}" errors="{lost}" skipped="0"'
    yield f"  <testsuite name={_attribute(f'{SUITE}.databases')} {numbers}>"
    for member in report.members:
        drifts = [drift for drift in own[member.name] if drift.severity != "info"]
        case = f"    <testcase classname={_attribute(f'{SUITE}.databases')} name={_attribute(member.name)}"
        if not drifts:
            yield f"{case}/>"
            continue
        tag = "failure" if member.state == "compared" else "error"
        message = count(len(drifts), "drift") if member.state == "compared" else member.state
        text = "\n".join(
            sentence(drift.message) if tag == "error" else f"{drift.severity} {drift.kind}: {subject(drift)}"
            for drift in drifts
        )
        kind = _attribute(drifts[0].kind if tag == "error" else "drifts")
        yield f"{case}>"
        yield f"      <{tag} type={kind} message={_attribute(message)}>{_text(text)}</{tag}>"
        yield "    </testcase>"
    yield "  </testsuite>"


def _agreeing(report: Report) -> list[str]:
    """Tables without a drift; a suite is never empty, since Jenkins takes an empty one for a failure to run."""
    found = {(drift.schema, drift.table) for drift in report.comparison.drifts}
    names = [
        name if schema == "public" else f"{schema}.{name}"
        for schema, name in report.compared_tables()
        if (schema, name) not in found
    ]
    return names or ([] if report.comparison.drifts else ["comparison"])


def _drift(drift: Drift, report: Report) -> Iterator[str]:
    where = drift.table or drift.object or SUITE
    where = where if drift.schema == "public" else f"{drift.schema}.{where}"
    name = f"{drift.kind}: {subject(drift)}" if subject(drift) else drift.kind
    yield f"    <testcase classname={_attribute(f'{SUITE}.{where}')} name={_attribute(name)}>"
    place = primary_place(drift, report)
    text = full_text(drift, report) + (f"\n{place.path}:{place.line}" if place else "")
    values = "".join(f"\n{name}: {value if value is not None else '(absent)'}" for name, value in drift.values.items())
    if drift.severity == "info":
        yield f"      <skipped>{_text(text + values)}</skipped>"
    else:
        kind = _attribute(f"{drift.severity}:{drift.kind}")
        yield f"      <failure type={kind} message={_attribute(drift.message)}>{_text(text + values)}</failure>"
    yield "    </testcase>"


def _text(text: str) -> str:
    """Character data: control characters, which XML 1.0 cannot hold, are spelled out; line ends stay."""
    return "\n".join(escape(visible(line)) for line in text.split("\n"))


def _attribute(text: str) -> str:
    return quoteattr(visible(text))
