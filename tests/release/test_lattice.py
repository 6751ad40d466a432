"""The search against brute force: on small random releases every order is tried.

`SCHEMASYNC_RELEASES` is how many releases; `make releases` tries 20,000.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from schemasync.release.lattice import Objections, ReleaseStep, State, find_conflict, find_order

FACTS = ("a", "b", "c", "d")
SERVICES = ("front", "back")
RELEASES = int(os.environ.get("SCHEMASYNC_RELEASES", "400"))


@dataclass(frozen=True)
class Needs:
    """A version of a service: facts that must be there, facts that must not, and facts that it is wary of."""

    present: frozenset[str]
    absent: frozenset[str]
    wary: frozenset[str]

    def runs_on(self, facts: frozenset[str]) -> bool:
        return self.present <= facts and not self.absent & facts


@dataclass(frozen=True)
class Release:
    """Migrations that add and take facts, and services that move from one version to the next."""

    start: frozenset[str]
    migrations: tuple[tuple[str, frozenset[str], frozenset[str]], ...]
    versions: tuple[tuple[Needs, Needs], ...]
    after: tuple[frozenset[int], ...]

    @property
    def steps(self) -> list[ReleaseStep]:
        made = [
            ReleaseStep(f"m{number}", actor, f"m{number}", frozenset(f"m{other}" for other in self.after[number]))
            for number, (actor, _, _) in enumerate(self.migrations)
        ]
        return [*made, *(ReleaseStep(f"s{number}", name, name) for number, name in enumerate(SERVICES))]

    def facts(self, state: State) -> frozenset[str]:
        found = self.start
        for number, (_, added, taken) in enumerate(self.migrations):
            if f"m{number}" in state:
                found = (found | added) - taken
        return found

    def running(self, state: State) -> list[Needs]:
        return [pair[f"s{number}" in state] for number, pair in enumerate(self.versions)]

    def during(self, state: State, step: ReleaseStep) -> tuple[list[Needs], State]:
        """What runs while a step is taken, and the state whose facts it meets then."""
        running = self.running(state)
        if step.id.startswith("s"):
            running.append(self.versions[int(step.id[1:])][1])
        return running, state | {step.id} if step.id.startswith("m") else state

    def cautions(self, state: State, step: ReleaseStep) -> tuple[str, ...]:
        running, after = self.during(state, step)
        met = self.facts(after)
        return tuple(f"{number} {fact}" for number, one in enumerate(running) for fact in sorted(one.wary & met))

    def objections(self, state: State, step: ReleaseStep) -> tuple[str, ...]:
        running, after = self.during(state, step)
        bad = [one for one in running if not one.runs_on(self.facts(state)) or not one.runs_on(self.facts(after))]
        return tuple(sorted(str(one) for one in bad))


facts = st.frozensets(st.sampled_from(FACTS), max_size=2)
few_facts = st.frozensets(st.sampled_from(FACTS), max_size=1)
needs = st.builds(Needs, facts, few_facts, few_facts)
migration = st.tuples(st.sampled_from(["prisma", "alembic"]), facts, facts)


@st.composite
def releases(draw: st.DrawFn) -> Release:
    migrations = tuple(draw(st.lists(migration, min_size=1, max_size=4)))
    after = tuple(
        frozenset(draw(st.sets(st.integers(0, number - 1), max_size=1))) if number else frozenset()
        for number in range(len(migrations))
    )
    versions = (draw(st.tuples(needs, needs)), draw(st.tuples(needs, needs)))
    return Release(draw(facts), migrations, versions, after)


def safe_orders(steps: list[ReleaseStep], objections: Objections) -> Iterator[tuple[ReleaseStep, ...]]:
    ids = {step.id for step in steps}
    for order in permutations(steps):
        state: State = frozenset()
        for step in order:
            if not step.after & ids <= state or objections(state, step):
                break
            state |= {step.id}
        else:
            yield order


def switches(order: tuple[ReleaseStep, ...]) -> int:
    return sum(one.actor != other.actor for one, other in pairwise(order))


def cautions(order: tuple[ReleaseStep, ...], release: Release) -> int:
    states = [frozenset(step.id for step in order[:number]) for number in range(len(order))]
    return sum(len(release.cautions(state, step)) for state, step in zip(states, order, strict=True))


@settings(max_examples=RELEASES, deadline=None)
@given(releases())
def test_an_order_is_found_exactly_when_there_is_one_and_none_is_better(release: Release) -> None:
    safe = list(safe_orders(release.steps, release.objections))
    found = find_order(release.steps, release.objections, release.cautions)
    if found is None:
        assert safe == []
        return
    assert found.steps in safe
    assert found.cautions == cautions(found.steps, release)
    assert found.switches == switches(found.steps)
    assert (found.cautions, found.switches) == min((cautions(order, release), switches(order)) for order in safe)
    without = find_order(release.steps, release.objections)
    assert without is not None
    assert without.switches == min(map(switches, safe))
    state: State = frozenset()
    for placed in found.placed:
        assert (placed.follows is None) == (placed.because == ())
        if placed.follows is not None:
            assert placed.follows.id in state
        state |= {placed.step.id}


def states_reached(steps: list[ReleaseStep], objections: Objections) -> set[State]:
    ids = {step.id for step in steps}
    found: set[State] = {frozenset()}
    for order in permutations(steps):
        state: State = frozenset()
        for step in order:
            if not step.after & ids <= state or objections(state, step):
                break
            state |= {step.id}
            found.add(state)
    return found


@settings(max_examples=RELEASES // 2, deadline=None)
@given(releases())
def test_a_conflict_is_the_smallest_that_is_never_reached_together(release: Release) -> None:
    if find_order(release.steps, release.objections) is not None:
        return
    reached = states_reached(release.steps, release.objections)
    conflict = find_conflict(release.steps, release.objections)
    size = len(conflict.together[0])
    for number in range(1, size + 1):
        for part in combinations(release.steps, number):
            together = any({step.id for step in part} <= state for state in reached)
            assert together == (part not in conflict.together), part
    assert conflict.objections


def test_both_outcomes_are_common() -> None:
    """Else the tests above would show nothing."""
    outcomes: list[bool] = []

    @settings(max_examples=200, deadline=None, database=None, derandomize=True)
    @given(releases())
    def collect(release: Release) -> None:
        outcomes.append(find_order(release.steps, release.objections) is not None)

    collect()
    assert min(outcomes.count(True), outcomes.count(False)) >= 20


def nothing_breaks(state: State, step: ReleaseStep) -> tuple[str, ...]:
    return ()


def test_steps_of_one_actor_stay_together() -> None:
    steps = [
        ReleaseStep("a1", "alembic", "a1"),
        ReleaseStep("p", "prisma", "p"),
        ReleaseStep("a2", "alembic", "a2", frozenset({"a1"})),
    ]
    found = find_order(steps, nothing_breaks)
    assert found is not None
    assert ([step.id for step in found.steps], found.switches) == (["a1", "a2", "p"], 1)


def test_an_actor_is_cut_in_two_where_it_must() -> None:
    def objections(state: State, step: ReleaseStep) -> tuple[str, ...]:
        if step.id == "p" and "a1" not in state:
            return ("p needs what a1 makes",)
        return ("a2 needs what p makes",) if step.id == "a2" and "p" not in state else ()

    steps = [ReleaseStep("p", "prisma", "the Prisma block"), ReleaseStep("a1", "alembic", "a1")]
    steps.append(ReleaseStep("a2", "alembic", "a2", frozenset({"a1"})))
    found = find_order(steps, objections)
    assert found is not None
    assert ([step.id for step in found.steps], found.switches) == (["a1", "p", "a2"], 2)
    assert [placed.because for placed in found.placed] == [(), ("p needs what a1 makes",), ("a2 needs what p makes",)]


def test_fewer_cautions_win_over_fewer_switches() -> None:
    steps = [ReleaseStep("a1", "alembic", "a1"), ReleaseStep("a2", "alembic", "a2"), ReleaseStep("s", "front", "s")]

    def cautions(state: State, step: ReleaseStep) -> tuple[str, ...]:
        return ("nobody may write it",) if step.id == "s" and state != frozenset({"a1"}) else ()

    found = find_order(steps, nothing_breaks, cautions)
    assert found is not None
    assert ([step.id for step in found.steps], found.switches, found.cautions) == (["a1", "s", "a2"], 2, 0)
    assert [placed.because for placed in found.placed] == [(), ("nobody may write it",), ()]


def test_an_empty_release() -> None:
    found = find_order([], nothing_breaks)
    assert found is not None
    assert found.steps == ()
