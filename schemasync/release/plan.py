"""The plan of a release: the safe order and why, or what is in the way and how to split it."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schemasync.compatibility import Breakage
from schemasync.errors import SchemasyncError
from schemasync.release.awaited import AwaitedMigration, awaited, unknown
from schemasync.release.cautions import Caution, cautions_of
from schemasync.release.data import Count, RowHazard, row_hazards
from schemasync.release.differences import Base, Key, concerned_tables
from schemasync.release.lattice import Conflict, Order, ReleaseStep, State, find_conflict, find_order
from schemasync.release.replayed import Places, Replay
from schemasync.release.splits import Split, splits
from schemasync.release.world import Rollout, World, rollouts_of
from schemasync.schema.model import Schema
from schemasync.scratch.interface import ScratchServer
from schemasync.witnesses.histories import Histories

# Holds the live database against the replayed histories, with the tables that the release is about.
Hold = Callable[[Replay, frozenset[Key]], Base]


@dataclass(frozen=True, slots=True)
class Edge:
    """A step out of a state that the search looked at, and why it cannot be taken; no objections where it can."""

    state: State
    step: ReleaseStep
    objections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What `schemasync plan` tells.

    Args:
        steps: of the release, in no order yet.
        order: the safe order; None where there is none.
        conflict: what cannot be done together; None where there is an order.
        splits: what would work instead.
        cautions: what must not be written, and until when, for the order to be safe.
        known: what fails before the release already, and is not held against it.
        risks: what can fail on the way, depending on the rows.
        rows: what the migrations destroy or can fail on, counted in the live database.
        edges: what the search looked at.
        notes: what was assumed.
        rollouts: the services, with what the deployed versions were taken to rely on.
        states: what the database states before the order's first step and after each; empty without an order.
        awaited: the migrations that the database has not seen.
        unknown: what the database has seen and no folder has.
        failing: what `known` tells, one by one.
        base: how the live database differs from what the plan starts from; None where it was not asked.
    """

    steps: tuple[ReleaseStep, ...]
    order: Order | None
    conflict: Conflict | None
    splits: tuple[Split, ...]
    cautions: tuple[Caution, ...]
    known: tuple[str, ...]
    risks: tuple[str, ...]
    rows: tuple[RowHazard, ...]
    edges: tuple[Edge, ...]
    notes: tuple[str, ...]
    rollouts: tuple[Rollout, ...] = ()
    states: tuple[Schema, ...] = ()
    awaited: tuple[AwaitedMigration, ...] = ()
    unknown: tuple[str, ...] = ()
    failing: tuple[Breakage, ...] = ()
    base: Base | None = None


def make_plan(
    server: ScratchServer,
    places: Places,
    histories: Histories,
    before: Mapping[str, Schema],
    after: Mapping[str, Schema],
    names: Mapping[str, str],
    *,
    count: Count | None = None,
    hold: Hold | None = None,
    notes: tuple[str, ...] = (),
) -> Plan:
    """Find the order of a release in which everything that runs can run at every moment.

    Args:
        server: where the migrations are tried.
        places: where the histories are.
        histories: what the deployed database has seen, and what is pending.
        before: what the deployed services rely on: `prisma`, `sqlalchemy`. Where a witness of `after` is missing here,
            its service is taken to rely on every column that the applied migrations built.
        after: what the new ones rely on.
        names: what to call the services.
        count: asks the live database how many rows a change concerns; None does not ask.
        hold: holds the live database against what the histories say that it has seen; None does not.
        notes: what was assumed already.

    Raises:
        SchemasyncError: Prisma's history must be mended first, or the applied migrations cannot be replayed.
    """
    _demand_order(histories)
    world = World(server, places, histories, rollouts_of(before, after, names))
    try:
        notes = (*notes, *_assume_the_strictest(world))
        steps = world.steps()
        edges: dict[tuple[State, str], Edge] = {}

        def objections(state: State, step: ReleaseStep) -> tuple[str, ...]:
            found = world.objections(state, step)
            edges[state, step.id] = Edge(state, step, found)
            return found

        order = find_order(steps, objections, world.cautions)
        conflict = None if order is not None else find_conflict(steps, objections)
        advice: tuple[Split, ...] = ()
        if conflict is not None:
            told = [world.breakage(sentence) for _, sentence in conflict.objections]
            advice = splits([one for one in told if one is not None], world.schema(frozenset()), world.final_schema())
        cautions = cautions_of(world, order.steps) if order is not None else ()
        # A value that was there before may be in the rows, whoever holds it back.
        held_back = {(one.schema, one.table, one.column, one.value) for one in cautions if one.is_new}
        return Plan(
            steps,
            order,
            conflict,
            advice,
            cautions,
            tuple(dict.fromkeys(one.sentence for one in world.known_breakages())),
            world.risks(order.steps, held_back) if order is not None else (),
            row_hazards(world.schema(frozenset()), world.final_schema(), count) if count is not None else (),
            tuple(edges.values()),
            notes,
            tuple(world.rollouts),
            _states(world, order) if order is not None else (),
            awaited(histories),
            unknown(histories),
            world.known_breakages(),
            None if hold is None else hold(world.base(), _concerned(world)),
        )
    finally:
        world.close()


def _concerned(world: World) -> frozenset[Key]:
    services = [one for rollout in world.rollouts for one in (rollout.before, rollout.after) if one is not None]
    states = (world.schema(frozenset()), world.final_schema())
    return concerned_tables(states, [service.facts for service in services])


def _states(world: World, order: Order) -> tuple[Schema, ...]:
    taken = [frozenset(step.id for step in order.steps[:number]) for number in range(len(order.steps) + 1)]
    return tuple(world.schema(state) for state in taken)


def _demand_order(histories: Histories) -> None:
    """Refuse a base on which no release can start."""
    if histories.prisma is not None:
        for migration in histories.prisma.stopped_by:
            raise SchemasyncError(
                f"Prisma's migration {migration.name} is {migration.state}: no release can start before that is mended",
                hint="schemasync status says what to do",
            )
        if histories.prisma.refuses_first_deploy:
            raise SchemasyncError(
                "the database has tables and no history of Prisma's: its first prisma migrate deploy refuses (P3005)",
                hint="schemasync status says what to do",
            )
    if histories.alembic is not None:
        for identifier in histories.alembic.unknown:
            raise SchemasyncError(
                f"the database is at Alembic's revision {identifier}, which this tree lacks: another release has been "
                "there",
                hint="merge what it released into this tree, and plan again",
            )


def _assume_the_strictest(world: World) -> tuple[str, ...]:
    """Give services of which nothing is known the whole applied state to rely on."""
    unknown = [rollout for rollout in world.rollouts if rollout.before is None]
    if not unknown or not world.schema(frozenset()).tables:
        return ()  # on an empty database nothing runs yet
    state = world.schema(frozenset())
    strict: list[Rollout] = []
    for rollout in world.rollouts:
        if rollout.before is not None:
            strict.append(rollout)
            continue
        declared = rollout.after.facts.table_by_key
        known = tuple(table for table in state.tables if table.key in declared)
        facts = dataclasses.replace(state, tables=known)
        old = dataclasses.replace(rollout.after, name=f"{rollout.name} (old)", facts=facts)
        strict.append(dataclasses.replace(rollout, before=old))
    world.rollouts = strict
    names = " and the ".join(rollout.name for rollout in unknown)
    return (
        f"What the deployed {names} relies on is not known: taken to be every column of its tables that the applied "
        "migrations built. --deployed says it exactly.",
    )
