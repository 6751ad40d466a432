"""The search for a safe order: pure, over the lattice of states that a release's steps span.

A state is the set of steps that have been taken. A step may be taken in a state where nothing that runs breaks, neither
before nor after it. Of all safe orders the one with the fewest cautions is found, of these the one with the fewest
switches between actors, by Dijkstra's algorithm over pairs of state and last actor.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

State = frozenset[str]


@dataclass(frozen=True, slots=True)
class ReleaseStep:
    """One thing that a release does.

    Args:
        id: unique in the release.
        actor: who takes it: steps of one actor that follow each other are one command.
        title: what people call it.
        after: the steps that must have been taken before, whatever runs.
    """

    id: str
    actor: str
    title: str
    after: State = frozenset()


# Why a step cannot be taken in a state: sentences; none where it can.
Objections = Callable[[State, ReleaseStep], tuple[str, ...]]
# What people must refrain from while a step is taken in a state: sentences.
Cautions = Callable[[State, ReleaseStep], tuple[str, ...]]


def without_cautions(_state: State, _step: ReleaseStep) -> tuple[str, ...]:
    """The cautions of a release that needs none."""
    return ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A step at its place in an order.

    Args:
        step: the step.
        follows: the step that it must not come before; None where nothing keeps it from being the first.
        because: what would break if it did, or what people would have to refrain from.
    """

    step: ReleaseStep
    follows: ReleaseStep | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """A safe order.

    Args:
        placed: the steps, with why each stands where it stands.
        switches: how often the actor changes.
        cautions: how many cautions its steps have, all together.
    """

    placed: tuple[Placed, ...]
    switches: int
    cautions: int = 0

    @property
    def steps(self) -> tuple[ReleaseStep, ...]:
        """The steps in order."""
        return tuple(one.step for one in self.placed)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why a release has no safe order.

    Args:
        together: the smallest sets of steps that no safe sequence of steps ever takes together; all of one size.
        objections: for each of these steps, why it cannot be taken where the safe sequences end.
    """

    together: tuple[tuple[ReleaseStep, ...], ...]
    objections: tuple[tuple[ReleaseStep, str], ...]

    @property
    def steps(self) -> tuple[ReleaseStep, ...]:
        """The steps of all these sets, each once."""
        return tuple({step.id: step for part in self.together for step in part}.values())


def find_order(
    steps: Sequence[ReleaseStep], objections: Objections, cautions: Cautions = without_cautions
) -> Order | None:
    """The safe order with the fewest cautions, and of these the fewest switches; None where there is no safe order.

    Args:
        steps: of the release. Of orders that are alike, the one that takes earlier-listed steps first wins.
        objections: why a step cannot be taken in a state; asked once for each.
        cautions: what people must refrain from while a step is taken; asked only where nothing objects.
    """
    objecting, cautioning = _Remembered(objections), _Remembered(cautions)
    found = _search(steps, objecting, cautioning)
    if found is None:
        return None
    placed, number, state = [], 0, frozenset[str]()
    for place, step in enumerate(found):
        placed.append(_placed(found, place, objecting, cautioning))
        number += len(cautioning(state, step))
        state |= {step.id}
    return Order(tuple(placed), sum(one.actor != other.actor for one, other in pairwise(found)), number)


def find_conflict(steps: Sequence[ReleaseStep], objections: Objections) -> Conflict:
    """What is in the way of a release that has no safe order.

    Args:
        steps: of the release.
        objections: why a step cannot be taken in a state.

    Raises:
        ValueError: there is a safe order.
    """
    answered = _Remembered(objections)
    reached = _reachable(steps, answered)
    ends = [state for state in reached if not any(state < other for other in reached)]
    together: tuple[tuple[ReleaseStep, ...], ...] = ()
    for size in range(1, len(steps) + 1):
        parts = combinations(steps, size)
        together = tuple(part for part in parts if not any({one.id for one in part} <= state for state in ends))
        if together:
            break
    else:
        raise ValueError("the release has a safe order")
    conflict = Conflict(together, ())
    return Conflict(together, tuple(_objections(conflict.steps, steps, ends, answered)))


class _Remembered:
    """Answers, each asked for once: one may take a run in a scratch database."""

    def __init__(self, ask: Objections) -> None:
        self._ask = ask
        self._known: dict[tuple[State, str], tuple[str, ...]] = {}

    def __call__(self, state: State, step: ReleaseStep) -> tuple[str, ...]:
        key = (state, step.id)
        if key not in self._known:
            self._known[key] = self._ask(state, step)
        return self._known[key]


def _search(steps: Sequence[ReleaseStep], objections: Objections, cautions: Cautions) -> list[ReleaseStep] | None:
    rank = {step.id: number for number, step in enumerate(steps)}
    everything = frozenset(rank)
    # Cautions, switches, the ranks of the steps taken: a total order, so that the same release gives the same plan.
    queue: list[tuple[int, int, tuple[int, ...], State, str]] = [(0, 0, (), frozenset(), "")]
    done: set[tuple[State, str]] = set()
    while queue:
        cautious, switches, taken, state, actor = heapq.heappop(queue)
        if state == everything:
            return [steps[number] for number in taken]
        if (state, actor) in done:
            continue
        done.add((state, actor))
        for step in steps:
            if step.id in state or not step.after & everything <= state or objections(state, step):
                continue
            heapq.heappush(
                queue,
                (
                    cautious + len(cautions(state, step)),
                    switches + int(bool(taken) and step.actor != actor),
                    (*taken, rank[step.id]),
                    state | {step.id},
                    step.actor,
                ),
            )
    return None


def _placed(order: Sequence[ReleaseStep], number: int, objections: Objections, cautions: Cautions) -> Placed:
    """Why a step does not come earlier: the nearest place before its own where it could not stand, or less well."""
    step = order[number]
    here = cautions(frozenset(one.id for one in order[:number]), step)
    for place in range(number - 1, -1, -1):
        state = frozenset(one.id for one in order[:place])
        if not step.after & {one.id for one in order} <= state:
            return Placed(step, order[place], (f"it needs {order[place].title}",))
        reasons = objections(state, step)
        if not reasons:
            reasons = tuple(one for one in cautions(state, step) if one not in here)
        if reasons:
            return Placed(step, order[place], reasons)
    return Placed(step, None, ())


def _reachable(steps: Sequence[ReleaseStep], objections: Objections) -> list[State]:
    """The states to which safe sequences of steps lead."""
    everything = frozenset(step.id for step in steps)
    reached: dict[State, None] = {frozenset(): None}
    waiting: list[State] = [frozenset()]
    while waiting:
        state = waiting.pop(0)
        for step in steps:
            after = state | {step.id}
            if after in reached or not step.after & everything <= state or objections(state, step):
                continue
            reached[after] = None
            waiting.append(after)
    return list(reached)


def _objections(
    wanted: Sequence[ReleaseStep], steps: Sequence[ReleaseStep], ends: Sequence[State], objections: Objections
) -> Iterator[tuple[ReleaseStep, str]]:
    """Why the wanted steps cannot be taken where the safe sequences end, each sentence once."""
    titles = {step.id: step.title for step in steps}
    told: set[tuple[str, str]] = set()
    for step in wanted:
        for state in ends:
            if step.id in state:
                continue
            missing = sorted(step.after & titles.keys() - state)
            reasons = tuple(f"it needs {titles[need]}" for need in missing) or objections(state, step)
            for reason in reasons:
                if (step.id, reason) not in told:
                    told.add((step.id, reason))
                    yield step, reason
