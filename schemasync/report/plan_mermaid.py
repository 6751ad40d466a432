"""The lattice of a release's states as a Mermaid flowchart: the safe order thick, what is not safe dotted."""

from itertools import pairwise

from schemasync.release.lattice import State
from schemasync.release.plan import Plan
from schemasync.report.layout import visible


def render(plan: Plan) -> str:
    """The flowchart; GitHub shows it in a block of the language `mermaid`."""
    path: list[State] = [frozenset()]
    for step in plan.order.steps if plan.order is not None else ():
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
    lines += [f"    class {names[state]} unsafe" for state in states if state in unsafe - safe]
    lines.append("    classDef unsafe stroke-dasharray: 4")
    return "\n".join(lines) + "\n"


def _short(state: State, plan: Plan) -> list[str]:
    return [step.id.removeprefix("service:") for step in plan.steps if step.id in state]


def _escaped(text: str) -> str:
    """Within quotes Mermaid takes everything as text but quotes and entities."""
    plain = visible(text).replace("#", "#35;")
    return plain.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
