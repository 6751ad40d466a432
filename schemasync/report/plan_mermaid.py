"""The lattice of a release's states as a Mermaid flowchart: the safe order thick, what is not safe dotted.

What each step of the order does to rows and locks, and what must be held back meanwhile, stands in a note beside it.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from textwrap import wrap

from schemasync.release.data import place_of
from schemasync.release.hazards import Hazard
from schemasync.release.lattice import ReleaseStep, State
from schemasync.release.plan import Plan
from schemasync.report.layout import visible

# A note tells so many things, in lines of so many characters: more would push the states apart.
MOST = 3
WIDTH = 44


def render(plan: Plan, hazards: Sequence[Hazard] = ()) -> str:
    """The flowchart; GitHub shows it in a block of the language `mermaid`.

    Args:
        plan: the plan.
        hazards: what a rehearsal found that its steps do to tables in use.
    """
    path: list[State] = [frozenset()]
    order = plan.order.steps if plan.order is not None else ()
    for step in order:
        path.append(path[-1] | {step.id})
    taken = set(pairwise(path))
    states: dict[State, None] = {frozenset(): None}
    for edge in plan.edges:
        states[edge.state] = None
        states[edge.state | {edge.step.id}] = None
    names = {state: f"s{number}" for number, state in enumerate(states)}
    titles = {step.id: step.title for step in plan.steps}
    everything = frozenset(titles)
    lines = ["flowchart TD"]
    for state, name in names.items():
        label = "deployed" if not state else "released" if state == everything else ", ".join(_short(state, plan))
        lines.append(f'    {name}["{_escaped(label)}"]')
    for edge in plan.edges:
        source, target = names[edge.state], names[edge.state | {edge.step.id}]
        arrow = "-.->" if edge.objections else "==>" if (edge.state, edge.state | {edge.step.id}) in taken else "-->"
        label = _escaped(titles[edge.step.id])
        lines.append(f'    {source} {arrow}|"{label}"| {target}')
    unsafe = {edge.state | {edge.step.id} for edge in plan.edges if edge.objections}
    safe = {edge.state | {edge.step.id} for edge in plan.edges if not edge.objections}
    dotted = [names[state] for state in states if state in unsafe - safe]
    lines += [f"    class {','.join(dotted)} unsafe", "    classDef unsafe stroke-dasharray: 4"] if dotted else []
    notes = [(number, list(_cautions(plan, number, step, hazards))) for number, step in enumerate(order, 1)]
    notes += [(0, [one.sentence for one in plan.rows])] if plan.order is None else []
    for number, told in notes:
        if told:
            lines.append(f'    n{number}["{_note(told)}"]:::note')
            lines.append(f"    {names[path[number]]} -.- n{number}")
    if any(told for _, told in notes):
        lines.append("    classDef note text-align:left,stroke-width:0")
    return "\n".join(lines) + "\n"


def _cautions(plan: Plan, number: int, step: ReleaseStep, hazards: Sequence[Hazard]) -> Iterator[str]:
    """What is to be known of a step: what it does to the rows, what it locks for long, what to hold back from it on."""
    yield from (one.sentence for one in plan.rows if place_of(one, plan.states) == number - 1)
    yield from (
        one.sentence for one in hazards if one.step == step.id and one.lasts and (not one.size or one.size.bytes)
    )
    for one in plan.cautions:
        if one.since.id == step.id:
            yield f"hold back {one.value!r} in {one.place} until: {one.until.title}"


def _note(told: Sequence[str]) -> str:
    shown = list(told[:MOST]) if len(told) <= MOST else [*told[: MOST - 1], f"and {len(told) - MOST + 1} more"]
    lines = [line for one in shown for line in wrap(f"• {one}", WIDTH)]
    return "<br/>".join(_escaped(line) for line in lines)


def _short(state: State, plan: Plan) -> list[str]:
    return [step.id.removeprefix("service:") for step in plan.steps if step.id in state]


def _escaped(text: str) -> str:
    """Within quotes Mermaid takes everything as text but quotes and entities."""
    plain = visible(text).replace("#", "#35;")
    return plain.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
