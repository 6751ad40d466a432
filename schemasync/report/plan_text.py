"""The plan of a release for people: the order with its reasons, or what is in the way and what would work instead."""

from collections.abc import Iterator, Sequence

from schemasync.release.hazards import Hazard
from schemasync.release.lattice import ReleaseStep
from schemasync.release.plan import Plan
from schemasync.release.squawk import LintFinding
from schemasync.report import Terminal
from schemasync.report.hazards_text import hazard_lines
from schemasync.report.layout import Style, joined, paragraph, titled_list

WIDTH = 80
# How many differences from the plan's base are told one by one.
MOST = 5


def render(plan: Plan, terminal: Terminal, hazards: Sequence[Hazard] = (), lint: Sequence[LintFinding] = ()) -> str:
    """The plan as text.

    Args:
        plan: the plan.
        terminal: what can be shown.
        hazards: what a rehearsal found that its steps do to tables in use.
        lint: what squawk says of its migrations.
    """
    style = Style(terminal.colour, terminal.unicode)
    lines = list(_base(plan, style))
    if plan.order is not None:
        lines += _order(plan, style, hazards, lint)
    elif plan.conflict is not None:
        lines += _conflict(plan, style)
    lines += _cautions(plan, style)
    lines += titled_list("Depends on the rows:", plan.risks, style)
    lines += titled_list(
        "Happens to the rows, unless the migrations see to it:", [one.sentence for one in plan.rows], style
    )
    lines += titled_list("Fails already, before the release, and is not held against it:", plan.known, style)
    lines += titled_list("Assumed:", plan.notes, style)
    return joined(lines)


def _base(plan: Plan, style: Style) -> Iterator[str]:
    """What is to be known before the plan is believed: the database is not what it starts from."""
    if plan.base is None or not plan.base.count:
        return
    told = "The database is not what the plan starts from: the migrations that it has seen build something else."
    yield from (style.bold(line) for line in paragraph(told, WIDTH))
    bullet = style.character("•", "-")
    for sentence in plan.base.differences[:MOST]:
        yield from paragraph(f"{bullet} {sentence}", WIDTH, indent=2, hanging=2)
    rest = plan.base.count - min(len(plan.base.differences), MOST)
    if rest:
        more = f"and {rest} more" if plan.base.differences else f"{rest} difference{'' if rest == 1 else 's'}"
        whose = "" if plan.base.elsewhere == rest else f"{plan.base.elsewhere} of them "
        more += f", {whose}in what this release does not touch" if plan.base.elsewhere else ""
        yield from paragraph(f"{bullet} {more}", WIDTH, indent=2, hanging=2)
    told = "schemasync check --at-applied tells them all; schemasync rehearse --from database tries what is there."
    yield from paragraph(told, WIDTH, indent=2)
    yield ""


def _order(plan: Plan, style: Style, hazards: Sequence[Hazard], lint: Sequence[LintFinding]) -> Iterator[str]:
    assert plan.order is not None
    if not plan.order.placed:
        yield style.bold("There is nothing to do.")
        return
    numbers = {placed.step.id: number for number, placed in enumerate(plan.order.placed, 1)}
    width = len(str(len(numbers)))
    for placed in plan.order.placed:
        mark = f"{numbers[placed.step.id]:{width}}"
        first, *rest = paragraph(placed.step.title, WIDTH - width - 2)
        yield f"{style.bold(mark)}  {style.bold(first)}"
        yield from (f"{'':{width + 2}}{style.bold(line)}" for line in rest)
        if placed.follows is not None:
            more = len(placed.because) - 1
            also = f" (and {more} more)" if more else ""
            reason = f"not before {numbers[placed.follows.id]}: {placed.because[0]}{also}"
            yield from paragraph(reason, WIDTH, indent=width + 2, hanging=2)
        mine = [one for one in hazards if one.step == placed.step.id]
        findings = [one for one in lint if one.step == placed.step.id]
        yield from hazard_lines(mine, findings, style, width + 2)
    switches = plan.order.switches
    yield ""
    held = ", as long as nobody writes what is to be held back" if plan.cautions else ""
    told = f"A safe order, with {switches} switch{'' if switches == 1 else 'es'}: at every moment all that runs can run"
    told += f"{held}."
    yield from (style.bold(line) for line in paragraph(told, WIDTH))


def _cautions(plan: Plan, style: Style) -> Iterator[str]:
    if plan.order is None or not plan.cautions:
        return
    numbers = {step.id: number for number, step in enumerate(plan.order.steps, 1)}
    yield ""
    yield style.bold("Hold back meanwhile:")
    bullet = style.character("•", "-")
    for one in plan.cautions:
        until = f"{numbers[one.until.id]} ({one.until.title}) is done"
        told = f"{bullet} {one.place}: nobody may write {one.value!r} until {until}"
        if not one.is_new:
            told += f"; from {numbers[one.since.id]} on no row may hold it"
        yield from paragraph(told, WIDTH, indent=2, hanging=2)
        for reason in one.because:
            yield from paragraph(reason, WIDTH, indent=4, hanging=2)


def _conflict(plan: Plan, style: Style) -> Iterator[str]:
    assert plan.conflict is not None
    yield style.bold(f"There is no safe order. {_never(plan)}")
    bullet = style.character("•", "-")
    for part in plan.conflict.together:
        yield from paragraph(f"{bullet} {'; '.join(step.title for step in part)}", WIDTH, indent=2, hanging=2)
    yield ""
    yield "In the way:"
    grouped: dict[str, tuple[ReleaseStep, list[str]]] = {}
    for step, reason in plan.conflict.objections:
        grouped.setdefault(step.id, (step, []))[1].append(reason)
    for step, reasons in grouped.values():
        yield from paragraph(f"{bullet} {step.title}", WIDTH, indent=2, hanging=2)
        for reason in reasons:
            yield from paragraph(reason, WIDTH, indent=4, hanging=2)
    for split in plan.splits:
        yield ""
        yield style.bold(f"{split.subject}: {split.change}, in {len(split.releases)} releases")
        for number, release in enumerate(split.releases, 1):
            yield from paragraph(f"{number}. {release}", WIDTH, indent=2, hanging=3)


def _never(plan: Plan) -> str:
    assert plan.conflict is not None
    alone = len(plan.conflict.together[0]) == 1
    return "Never safe in this release:" if alone else "Never safe together in this release:"
