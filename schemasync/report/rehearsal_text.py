"""A rehearsal for people: each stage with what was tried there, then what was proved and what could not be."""

from collections.abc import Iterator, Sequence

from schemasync.release.rehearsal import Rehearsal, Stage
from schemasync.release.rehearsal_trials import DEPENDS, KNOWN, PASSED, Trial
from schemasync.report import Terminal
from schemasync.report.hazards_text import WIDTH, hazard_lines
from schemasync.report.layout import Style, joined, paragraph, titled_list
from schemasync.report.plan_text import render as plan_text
from schemasync.schema.names import qualified


def render(rehearsal: Rehearsal, terminal: Terminal) -> str:
    """The rehearsal as text; the plan's where it has no order to rehearse."""
    if rehearsal.plan.order is None:
        return plan_text(rehearsal.plan, terminal)
    style = Style(terminal.colour, terminal.unicode)
    rows = sum(rehearsal.filled.rows.values())
    tables = sum(count > 0 for count in rehearsal.filled.rows.values())
    filled = f"with {rows} made-up rows in {tables} table{'' if tables == 1 else 's'}" if tables else "without a table"
    lines = paragraph(f"Rehearsed on {rehearsal.start}, {filled}.", WIDTH)
    width = len(str(len(rehearsal.stages)))
    for number, stage in enumerate(rehearsal.stages):
        lines += ["", *_stage(rehearsal, stage, number, width, style)]
    lines += titled_list("Proved:", rehearsal.proved, style)
    lines += titled_list("Not proved:", rehearsal.unproved, style)
    lines += ["", style.bold(_verdict(rehearsal))]
    return joined(lines)


def _stage(rehearsal: Rehearsal, stage: Stage, number: int, width: int, style: Style) -> Iterator[str]:
    indent = width + 2
    title = stage.step.title if stage.step is not None else "what is deployed"
    for place, line in enumerate(paragraph(title, WIDTH - indent)):
        yield f"{style.bold(f'{number:{width}}') if place == 0 else ' ' * width}  {style.bold(line)}"
    bullet = style.character("•", "-")
    if stage.failure:
        yield from paragraph(f"{bullet} it fails: {stage.failure}", WIDTH, indent=indent, hanging=2)
    for difference in stage.differences:
        yield from paragraph(f"{bullet} not as planned: {difference}", WIDTH, indent=indent, hanging=2)
    if not stage.failure:
        yield from paragraph(_summary(stage), WIDTH, indent=indent, hanging=2)
    for trial in _once(stage.failed):
        yield from paragraph(f"{bullet} {_told(trial)}", WIDTH, indent=indent, hanging=2)
    for sentence in stage.lost:
        yield from paragraph(f"{bullet} {sentence}", WIDTH, indent=indent, hanging=2)
    lint = [one for one in rehearsal.lint if stage.step is not None and one.step == stage.step.id]
    yield from hazard_lines(stage.hazards, lint, style, indent)


def _summary(stage: Stage) -> str:
    counts = {outcome: sum(one.outcome == outcome for one in stage.trials) for outcome in (PASSED, KNOWN, DEPENDS)}
    failed = len(stage.failed)
    parts = [f"{counts[PASSED]} of {len(stage.trials)} statements pass"]
    parts += [f"{counts[KNOWN]} failed before the release too"] if counts[KNOWN] and stage.step is not None else []
    parts += [f"{counts[KNOWN]} fail already"] if counts[KNOWN] and stage.step is None else []
    parts += [f"{counts[DEPENDS]} depend on the values"] if counts[DEPENDS] else []
    parts += [f"{failed} fail"] if failed else []
    if not stage.running:
        return "nothing runs yet"
    running = ", ".join(stage.running)
    return f"{running}: {', '.join(parts)}" if stage.trials else f"{running}: nothing was tried"


def _told(trial: Trial) -> str:
    table = qualified(trial.schema, trial.table)
    return f"{trial.service}: {trial.statement} on {table} ({trial.variant}) fails: {trial.reason}"


def _once(trials: Sequence[Trial]) -> Iterator[Trial]:
    """Of statements of one kind that fail for one reason the first."""
    told = set()
    for trial in trials:
        key = (trial.service, trial.statement, trial.schema, trial.table, trial.reason)
        if key not in told:
            told.add(key)
            yield trial


def _verdict(rehearsal: Rehearsal) -> str:
    if rehearsal.is_sound:
        return "The release went as planned."
    failed = sum(len(list(_once(stage.failed))) + len(stage.differences) for stage in rehearsal.stages)
    failed += sum(bool(stage.failure) for stage in rehearsal.stages)
    return f"The release did not go as planned: {failed} failure{'' if failed == 1 else 's'}."
