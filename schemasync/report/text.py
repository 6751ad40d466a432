"""The report for people: by table, the witnesses' values side by side, what breaks, what to do. At most 80 columns."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from schemasync.compare.drift import SEVERITIES, Drift
from schemasync.fleet_merging import LOST
from schemasync.report import Report, Terminal
from schemasync.report.fleet import by_databases, fleet_verdict, having_in_words, lost_databases
from schemasync.report.layout import Style, columns, joined, paragraph, rule, visible
from schemasync.report.places import count, tables_in_words

WIDTH = 80
OWNERS = {"prisma": "Prisma", "sqlalchemy": "SQLAlchemy"}
ENUMS, OTHERS = "enum types", "not of a table"
MESSAGES_AT_MOST = 20


def render(report: Report, terminal: Terminal) -> str:
    """The report as text; of many databases those that share drifts stand together.

    Drifts of one table that tell the same story (kind, severity, who is behind, what breaks) share a block. What
    breaks is spelled out the first time; later blocks refer back to it where it is long.
    """
    style = Style(terminal.colour, terminal.unicode)
    lines = [*_witnesses(report, style), ""]
    told: dict[str, str] = {}
    if report.members:
        for databases, drifts in by_databases(report):
            lines += _databases(having_in_words(databases, report), drifts, style)
            for name, listed in _by_table(drifts):
                lines += _table(name, listed, style, told)
        if lost := lost_databases(report):
            lines += _databases(f"{count(len(lost), 'database')} could not be compared", lost, style)
            for block in _blocks(lost):
                lines += _block("", block, style, told)
    else:
        for name, drifts in _by_table(report.comparison.drifts):
            lines += _table(name, drifts, style, told)
    lines += [*_summary(report, style), *_not_compared(report, style)]
    return joined(lines)


def _witnesses(report: Report, style: Style) -> Iterator[str]:
    width = max(len(witness.name) for witness in report.witnesses)
    for witness in report.witnesses:
        name = style.bold(witness.name.ljust(width))
        about = f"{witness.source} ({_count(witness.tables, 'table')})" if witness.source else ""
        about = about or _count(witness.tables, "table")
        first, *rest = paragraph(about, WIDTH - width - 2)
        yield f"{name}  {first}"
        yield from (f"{'':{width}}  {line}" for line in rest)


def _databases(which: str, drifts: Sequence[Drift], style: Style) -> Iterator[str]:
    """The heading above the drifts that the same databases have."""
    yield ""
    shown = f"{which[0].upper()}{which[1:]}"
    first, *rest = paragraph(f"{shown}: {_severities(drifts)}", WIDTH)
    yield style.bold(first)
    yield from (style.bold(line) for line in rest)
    yield style.faint(style.character("═", "=") * WIDTH)


def _by_table(drifts: Sequence[Drift]) -> Iterator[tuple[str, list[Drift]]]:
    """Tables by name, the errors of each first; at the end what belongs to no table, enum types before the rest."""

    def name(drift: Drift) -> tuple[bool, bool, str, str]:
        is_enum = drift.kind.startswith("enum-")
        return (drift.table is None, drift.table is None and not is_enum, drift.schema, drift.table or "")

    for (no_table, no_enum, schema, table), group in groupby(sorted(drifts, key=name), key=name):
        shown = OTHERS if no_enum else ENUMS if no_table else table
        yield visible(shown if schema == "public" else f"{schema}.{shown}"), list(group)


def _table(name: str, drifts: list[Drift], style: Style, told: dict[str, str]) -> Iterator[str]:
    owners = {drift.owner for drift in drifts}
    owner = next(iter(owners)) if len(owners) == 1 else None
    owned = f"owned by {OWNERS.get(owner, owner)}" if owner else "" if drifts[0].table is None else "declared by nobody"
    counts = _severities(drifts)
    gap = WIDTH - len(name) - 2 - len(owned) - len(counts)
    yield ""
    if gap >= 2:
        yield f"{style.bold(name)}  {style.faint(owned)}{'':{gap}}{counts}"
    else:
        yield style.bold(name)
        yield f"{style.faint(owned)}  {counts}".lstrip()
    yield style.faint(rule(WIDTH, style))
    for block in _blocks(drifts):
        yield from _block(name, block, style, told)


def _blocks(drifts: Iterable[Drift]) -> list[list[Drift]]:
    """Drifts that share one explanation, together; blocks with the worst first, then in the drifts' own order."""
    blocks: dict[tuple[object, ...], list[Drift]] = {}
    for drift in drifts:
        key = (drift.kind, drift.severity, drift.behind, tuple(drift.values), _masked(drift.breaks, drift))
        blocks.setdefault((*key, drift.explained_by, drift.table is None), []).append(drift)
    return sorted(blocks.values(), key=lambda block: SEVERITIES.index(block[0].severity))


def _block(table: str, drifts: list[Drift], style: Style, told: dict[str, str]) -> Iterator[str]:
    drift = drifts[0]
    mark = style.severity(drift.severity, f"{drift.severity:7}")
    behind = f"  {style.faint('behind: ' + ', '.join(drift.behind))}" if drift.behind else ""
    yield f"{mark}  {style.bold(drift.kind)}{behind}"
    if drift.kind not in LOST:
        yield from _values(drifts, style)
    yield from _messages(drifts)
    yield from _what_breaks(table, drifts, told)
    yield from _fixes(drifts, style)
    if drift.explained_by:
        yield from paragraph(f"Pending: {drift.explained_by} explains it.", WIDTH, indent=9)
    yield from (style.faint(line) for line in _locations(drifts))
    yield ""


def _values(drifts: Sequence[Drift], style: Style) -> Iterator[str]:
    """A row an object and a column a witness where they fit; else a line a witness under each object."""
    names = list(drifts[0].values)
    absent = style.character("\u2013", "-")
    rows = [[drift.object or "", *(drift.values[name] or absent for name in names)] for drift in drifts]
    emphasised = {number + 1 for number, name in enumerate(names) if name in drifts[0].behind}
    titled = any(drift.object for drift in drifts)
    if not titled:
        rows = [row[1:] for row in rows]
        emphasised = {number - 1 for number in emphasised}
    aligned = columns([[*[""] * titled, *names], *rows], WIDTH, 9, style, emphasised)
    if aligned:
        yield from aligned
        return
    width = max(map(len, names), default=0)
    for drift in drifts:
        if drift.object:
            yield from paragraph(drift.object, WIDTH, indent=9)
        for name in names:
            value = drift.values[name] or absent
            lines = paragraph(value, WIDTH, indent=11 + width + 2)
            shown = [style.behind(line.strip()) if name in drift.behind else line.strip() for line in lines]
            yield f"{'':11}{style.faint(name.ljust(width))}  {shown[0]}"
            yield from (f"{'':{13 + width}}{line}" for line in shown[1:])


def _messages(drifts: Sequence[Drift]) -> Iterator[str]:
    """What happened, in a sentence, for kinds whose values do not say it."""
    if any(drift.values for drift in drifts):
        return
    for drift in drifts[:MESSAGES_AT_MOST]:
        yield from paragraph(_sentence(drift.message), WIDTH, indent=9, hanging=2)
    if len(drifts) > MESSAGES_AT_MOST:
        yield f"{'':9}and {len(drifts) - MESSAGES_AT_MOST:,} more, which the JSON report names."


def _what_breaks(table: str, drifts: Sequence[Drift], told: dict[str, str]) -> Iterator[str]:
    drift = drifts[0]
    if not drift.breaks:
        return
    key = f"{drift.kind} {_masked(drift.breaks, drift)}"
    lines = paragraph(drift.breaks, WIDTH, indent=9)
    if key in told and len(lines) > 1:
        lines = paragraph(f"The same as in {told[key]}, above.", WIDTH, indent=9)
    told.setdefault(key, table)
    yield from lines


def _fixes(drifts: Sequence[Drift], style: Style) -> Iterator[str]:
    """Each different instruction once; where they differ only in the object, once for all; the place once."""
    fixes = list(dict.fromkeys(drift.fix for drift in drifts if drift.fix))
    objects = list(dict.fromkeys(drift.object for drift in drifts if drift.object))
    if len(fixes) > 1 and len({_masked(drift.fix, drift) for drift in drifts}) == 1:
        together = f"{', '.join(objects[:-1])} and {objects[-1]}"
        plural = re.sub(rf"\bcolumn (?={re.escape(objects[0])}\b)", "columns ", fixes[0])
        fixes = [re.sub(rf"\b{re.escape(objects[0])}\b", lambda _: together, plural)]
    arrow = style.character("→", ">")
    places = {fix.partition(": ")[0] for fix in fixes if ": " in fix}
    if len(fixes) > 1 and len(places) == 1 and all(": " in fix for fix in fixes):
        yield from paragraph(f"{arrow} {places.pop()}:", WIDTH, indent=9, hanging=2)
        for fix in fixes:
            yield from paragraph(fix.partition(": ")[2], WIDTH, indent=11, hanging=2)
        return
    for fix in fixes:
        yield from paragraph(f"{arrow} {fix}", WIDTH, indent=9, hanging=2)


def _locations(drifts: Sequence[Drift]) -> Iterator[str]:
    """`path:line` of what each witness states; further lines of the same file as `:line`."""
    places: dict[str, list[int]] = {}
    for drift in drifts:
        for place in drift.locations:
            places.setdefault(place.path, []).append(place.line)
    for path, numbers in places.items():
        first, *rest = sorted(set(numbers))
        yield from paragraph(f"{path}:{first}" + "".join(f", :{line}" for line in rest), WIDTH, indent=9)


def _summary(report: Report, style: Style) -> Iterator[str]:
    comparison = report.comparison
    yield ""
    found = _severities(comparison.drifts) if comparison.drifts else "no drift"
    verdict = f"{found} in {tables_in_words(report)}"
    if report.baselined:
        verdict += f", {report.baselined} accepted by the baseline"
    fleet = fleet_verdict(report)
    verdict += f"; {fleet}" if fleet else ""
    first, *rest = paragraph(f"{verdict}; {_count(comparison.facts, 'fact')} compared.", WIDTH)
    yield style.bold(first)
    yield from (style.bold(line) for line in rest)


def _not_compared(report: Report, style: Style) -> Iterator[str]:
    yield ""
    if not report.comparison.not_compared:
        yield "Nothing was left out of the comparison."
        return
    yield "Not compared:"
    bullet = style.character("•", "-")
    for sentence in report.comparison.not_compared:
        yield from paragraph(f"{bullet} {_sentence(sentence)}", WIDTH, indent=2, hanging=2)


def _masked(text: str, drift: Drift) -> str:
    """A drift's text without the names that make it this drift's own."""
    for name in (drift.object, drift.table):
        if name:
            text = re.sub(rf"\b{re.escape(name)}\b", "…", text)
    return text


def _severities(drifts: Sequence[Drift]) -> str:
    counts = {severity: sum(drift.severity == severity for drift in drifts) for severity in SEVERITIES}
    # "info" is no noun that could be counted.
    return ", ".join(
        f"{count} info" if severity == "info" else _count(count, severity)
        for severity, count in counts.items()
        if count
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."
