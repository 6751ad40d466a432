"""The search for a safe order: pure, over the lattice of states that a release's steps span.

A state is the set of steps that have been taken. A step may be taken in a state where nothing that runs breaks, neither
before nor after it. Of all safe orders the one with the fewest switches between actors is found, by Dijkstra's
algorithm over pairs of state and last actor.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

State = frozenset[str]

# Up to this many steps every smaller release is looked at for the smallest conflict; the states double with each step.
_EXHAUSTIVE = 12


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


@dataclass(frozen=True, slots=True)
class Placed:
    """A step at its place in an order.

    Args:
        step: the step.
        follows: the step that it must not come before; None where nothing keeps it from being the first.
        because: what would break if it did.
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
    """

    placed: tuple[Placed, ...]
    switches: int

    @property
    def steps(self) -> tuple[ReleaseStep, ...]:
        """The steps in order."""
        return tuple(one.step for one in self.placed)


@dataclass(frozen=True, slots=True)
class Conflict:
    """The smallest release within a release that has no safe order.

    Args:
        steps: what cannot be done together.
        objections: for each step that could come next in some safe state, why it cannot.
    """

    steps: tuple[ReleaseStep, ...]
    objections: tuple[tuple[ReleaseStep, str], ...]


def find_order(steps: Sequence[ReleaseStep], objections: Objections) -> Order | None:
    """The safe order with the fewest switches; None where there is none.

    Args:
        steps: of the release. Of orders with as few switches, the one that takes earlier-listed steps first wins.
        objections: why a step cannot be taken in a state; asked once for each.
    """
    answered = _Remembered(objections)
    found = _search(steps, answered)
    if found is None:
        return None
    switches = sum(one.actor != other.actor for one, other in pairwise(found))
    return Order(tuple(_placed(found, number, answered) for number in range(len(found))), switches)


def find_conflict(steps: Sequence[ReleaseStep], objections: Objections) -> Conflict:
    """The smallest set of steps, with all that they need, that has no safe order; for a release that has none itself.

    Args:
        steps: of the release.
        objections: why a step cannot be taken in a state.
    """
    answered = _Remembered(objections)
    smallest = tuple(steps)
    if len(steps) <= _EXHAUSTIVE:
        smallest = next((part for part in _smaller_releases(steps) if _search(part, answered) is None), smallest)
    return Conflict(smallest, tuple(_frontier(smallest, answered)))


class _Remembered:
    """Objections, each asked for once: an answer may take a run in a scratch database."""

    def __init__(self, objections: Objections) -> None:
        self._objections = objections
        self._known: dict[tuple[State, str], tuple[str, ...]] = {}

    def __call__(self, state: State, step: ReleaseStep) -> tuple[str, ...]:
        key = (state, step.id)
        if key not in self._known:
            self._known[key] = self._objections(state, step)
        return self._known[key]


def _search(steps: Sequence[ReleaseStep], objections: Objections) -> list[ReleaseStep] | None:
    rank = {step.id: number for number, step in enumerate(steps)}
    everything = frozenset(rank)
    # Switches, then the ranks of the steps taken: a total order, so that the same release gives the same plan.
    queue: list[tuple[int, tuple[int, ...], State, str]] = [(0, (), frozenset(), "")]
    done: set[tuple[State, str]] = set()
    while queue:
        switches, taken, state, actor = heapq.heappop(queue)
        if state == everything:
            return [steps[number] for number in taken]
        if (state, actor) in done:
            continue
        done.add((state, actor))
        for step in steps:
            if step.id in state or not step.after & everything <= state or objections(state, step):
                continue
            more = int(bool(taken) and step.actor != actor)
            heapq.heappush(queue, (switches + more, (*taken, rank[step.id]), state | {step.id}, step.actor))
    return None


def _placed(order: Sequence[ReleaseStep], number: int, objections: Objections) -> Placed:
    """Why a step does not come earlier: the nearest place before its own where it could not stand."""
    step = order[number]
    for place in range(number - 1, -1, -1):
        state = frozenset(one.id for one in order[:place])
        if not step.after & {one.id for one in order} <= state:
            return Placed(step, order[place], (f"it needs {order[place].title}",))
        reasons = objections(state, step)
        if reasons:
            return Placed(step, order[place], reasons)
    return Placed(step, None, ())


def _smaller_releases(steps: Sequence[ReleaseStep]) -> Iterator[tuple[ReleaseStep, ...]]:
    """Every set of steps that holds what its steps need, the smallest first."""
    ids = {step.id for step in steps}
    for size in range(1, len(steps) + 1):
        for part in combinations(steps, size):
            chosen = {step.id for step in part}
            if all(step.after & ids <= chosen for step in part):
                yield part


def _frontier(steps: Sequence[ReleaseStep], objections: Objections) -> Iterator[tuple[ReleaseStep, str]]:
    """What is in the way in the furthest states that can be reached, each sentence once."""
    everything = frozenset(step.id for step in steps)
    reached: set[State] = {frozenset()}
    waiting: list[State] = [frozenset()]
    told: set[tuple[str, str]] = set()
    while waiting:
        state = waiting.pop(0)
        for step in steps:
            if step.id in state or not step.after & everything <= state:
                continue
            reasons = objections(state, step)
            if not reasons and state | {step.id} not in reached:
                reached.add(state | {step.id})
                waiting.append(state | {step.id})
            for reason in reasons:
                if (step.id, reason) not in told:
                    told.add((step.id, reason))
                    yield step, reason
