"""Both histories for people, on one screen of 80 columns: what waits or is in the way in full, the rest in a line."""

from collections.abc import Iterator

from schemasync.compare.drift import SEVERITIES
from schemasync.compare.histories import first_line
from schemasync.paths import shown
from schemasync.release.status import Status
from schemasync.report import Terminal
from schemasync.report.layout import Style, display_width, joined, paragraph, rule, visible
from schemasync.witnesses.alembic_history import AlembicHistory
from schemasync.witnesses.prisma_history import PrismaHistory, PrismaMigration

WIDTH = 80
# The widest word in front of a migration: "rolled back", "interrupted".
MARK = 11
SEVERITY = {"failed": "error", "interrupted": "error", "no script": "error", "unknown": "warning", "edited": "warning"}
SEVERITY |= {"running": "warning", "pending": "info", "rolled back": "info", "heads": "warning"}


def render(status: Status, terminal: Terminal) -> str:
    """The status as text."""
    style = Style(terminal.colour, terminal.unicode)
    histories = status.histories
    lines = [f"{style.bold('database')}  {visible(histories.database)}"]
    if histories.prisma is not None:
        lines += _prisma(histories.prisma, style)
    if histories.alembic is not None:
        lines += _alembic(histories.alembic, style)
    lines += ["", *_verdict(status, style)]
    return joined(lines)


def _prisma(history: PrismaHistory, style: Style) -> Iterator[str]:
    counts = _counts(("applied", len(history.applied)), ("pending", len(history.pending)))
    yield from _heading("Prisma", shown(history.folder), counts, style)
    if history.refuses_first_deploy:
        tables = _count(len(history.other_tables), "table")
        yield from _row("no history", f"{tables}, but no _prisma_migrations: the first deploy refuses (P3005)", style)
        return
    calm = [one for one in history.migrations if _word(one) == "applied"]
    if calm:
        yield from _row("applied", _and_earlier(calm[-1].name, len(calm) - 1), style, _when(calm[-1]))
    for migration in history.migrations:
        word = _word(migration)
        if word == "applied":
            continue
        yield from _row(word, migration.name, style, _when(migration))
        if migration.state == "failed":
            yield from paragraph(first_line(migration.logs), WIDTH, indent=MARK + 2)


def _word(migration: PrismaMigration) -> str:
    if migration.stops_deploy and not migration.has_script and migration.in_folder:
        return "no script"
    if migration.state == "applied":
        return "unknown" if migration.is_unknown else "edited" if migration.edited else "applied"
    return migration.state


def _when(migration: PrismaMigration) -> str:
    """The day and minute, in UTC."""
    moment = migration.finished_at or migration.started_at
    return moment[:16] if moment else ""


def _alembic(history: AlembicHistory, style: Style) -> Iterator[str]:
    counts = _counts(("applied", len(history.applied)), ("pending", len(history.pending)))
    yield from _heading("Alembic", shown(history.config), counts, style)
    for identifier in history.unknown:
        yield from _row("unknown", identifier, style)
    if history.applied:
        last = history.revision(history.applied[-1])
        yield from _row("applied", _and_earlier(last.title, len(history.applied) - 1), style)
    for identifier in history.pending:
        yield from _row("pending", history.revision(identifier).title, style)
    if len(history.heads) > 1:
        yield from _row("heads", ", ".join(history.heads), style)


def _heading(name: str, place: str, counts: str, style: Style) -> Iterator[str]:
    place = visible(place)
    yield ""
    gap = WIDTH - len(name) - 2 - display_width(place) - len(counts)
    if gap >= 2:
        yield f"{style.bold(name)}  {style.faint(place)}{'':{gap}}{counts}"
    else:
        yield f"{style.bold(name)}{'':{WIDTH - len(name) - len(counts)}}{counts}"
        yield from (style.faint(line) for line in paragraph(place, WIDTH))
    yield style.faint(rule(WIDTH, style))


def _row(word: str, text: str, style: Style, when: str = "") -> Iterator[str]:
    mark = f"{word:{MARK}}"
    if word in SEVERITY:
        mark = style.severity(SEVERITY[word], mark)
    first, *rest = paragraph(text, WIDTH - MARK - 2)
    room = WIDTH - MARK - 2 - display_width(first) - len(when)
    if rest or not when or room < 2:
        yield f"{mark}  {first}"
    else:
        yield f"{mark}  {first}{'':{room}}{style.faint(when)}"
    yield from (f"{'':{MARK + 2}}{line}" for line in rest)


def _verdict(status: Status, style: Style) -> Iterator[str]:
    if not status.drifts:
        yield style.bold("The database has seen every migration, and nothing else.")
        return
    counts = {name: sum(drift.severity == name for drift in status.drifts) for name in SEVERITIES}
    yield style.bold(", ".join(_count(count, name) for name, count in counts.items() if count) + ".")
    arrow = style.character("→", ">")
    for step in status.next_steps:
        yield from paragraph(f"{arrow} {step}", WIDTH, hanging=2)


def _and_earlier(text: str, earlier: int) -> str:
    return f"{text} (and {earlier} before it)" if earlier else text


def _counts(*counts: tuple[str, int]) -> str:
    return ", ".join(f"{number} {word}" for word, number in counts if number) or "nothing yet"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 or noun == 'info' else 's'}"
