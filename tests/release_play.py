"""Plays a scenario: each release is planned and rehearsed, then carried out, and is what the next one starts from."""

import dataclasses
import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from types import ModuleType

from release_pieces import Scenario, Tree
from release_project import MODELS, Release, demand_valid

import schemasync
from schemasync.compatibility import Service
from schemasync.config import load
from schemasync.project_histories import places_of
from schemasync.project_plan import ReleaseInputs, planned
from schemasync.project_rehearsal import live_tables
from schemasync.release.lattice import Order, Placed, ReleaseStep, State
from schemasync.release.plan import Plan
from schemasync.release.rehearsal import Stage, Stagehand
from schemasync.release.rehearsal_services import Troupe
from schemasync.release.rehearsal_trials import PASSED, Trial
from schemasync.release.rehearsal_worker import ModelProcess, Models
from schemasync.release.replayed import replayed, steps_of
from schemasync.release.world import World
from schemasync.report.plan_json import render as as_json
from schemasync.schema.model import Schema
from schemasync.scratch import ScratchServer
from schemasync.witnesses.histories import read_histories

ROWS = 3


@dataclass(frozen=True)
class Played:
    """What became of one release.

    Args:
        order: what is done, in short; None where there is no safe order.
        statements: how many real statements passed in its rehearsal.
        states: at how many states they were tried.
        unsafe: how many orders were carried out all the same, and failed where the plan objects.
    """

    order: tuple[str, ...] | None
    statements: int = 0
    states: int = 0
    unsafe: int = 0


class Cast:
    """Models' processes, each started once, whatever versions and scenarios have the same models.

    Args:
        folder: where the models are written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._processes: dict[str, ModelProcess] = {}
        self._schemas: dict[str, Schema] = {}

    def schema(self, models: str) -> Schema:
        """What models state."""
        if models not in self._schemas:
            module = ModuleType(f"models_of_scenario_{len(self._schemas)}")
            sys.modules[module.__name__] = module
            exec(compile(MODELS + models, "models.py", "exec"), module.__dict__)
            self._schemas[models] = schemasync.read_metadata(module.__dict__["Base"])
        return self._schemas[models]

    def process(self, models: str) -> ModelProcess:
        """A process that has imported the models."""
        if models not in self._processes:
            folder = self.folder / str(len(self._processes))
            folder.mkdir()
            (folder / "models.py").write_text(MODELS + models)
            self._processes[models] = ModelProcess("", Models("models:Base", (str(folder),), str(folder)))
        return self._processes[models]

    def close(self) -> None:
        """End the processes."""
        for process in self._processes.values():
            process.close()


class Version(ModelProcess):
    """One version's models, in a process that others may use too."""

    def __init__(self, service: str, process: ModelProcess) -> None:
        self.service, self.process = service, process

    def trials(self, url: str, tables: Mapping[str, object]) -> list[Trial]:
        return [dataclasses.replace(one, service=self.service) for one in self.process.trials(url, tables)]


class Play:
    """Releases of a project, one after the other.

    Args:
        release: the project, whose first release is deployed.
        server: where everything is tried.
        cast: the models' processes.
        every_order: carry out every order of the steps of every release, rather than one of each kind where none is
            safe.
    """

    def __init__(self, release: Release, server: ScratchServer, cast: Cast, *, every_order: bool = False) -> None:
        self.release, self.server, self.cast, self.every_order = release, server, cast, every_order
        self.number, self.head = 1, "a1"
        self.revisions: list[str] = []
        self.files: list[Path] = []
        self.tree = Tree()
        self.deployed: Tree | None = self.tree

    def all_of(self, scenario: Scenario) -> list[Played]:
        """Every release of a scenario; fails where one does not go as expected."""
        if scenario.before is not None:
            self.write(scenario.before)
            self.carry_out()
        played = []
        for number, tree in enumerate(scenario.releases):
            self.write(tree)
            played.append(self.played())
            if tree.order is None:
                self.take_back()
            elif number < len(scenario.releases) - 1:
                self.carry_out()
        return played

    def write(self, tree: Tree) -> None:
        """Make the project's tree the one that is released."""
        self.number += 1
        self.tree, self.files, self.revisions = tree, [], []
        if tree.prisma:
            self.files.append(self.release.prisma.write(f"2024{self.number:02}01000000_next", tree.prisma).parent)
        head = self.head
        for place, body in enumerate(tree.alembic, 1):
            revision = f"r{self.number}{place}"
            self.files.append(self.release.alembic.write(revision, head, body))
            self.revisions.append(revision)
            head = revision
        self.release.declare(tree.schema, tree.models)

    def take_back(self) -> None:
        """Remove the migrations of a release that is not carried out."""
        for file in self.files:
            if file.is_dir():
                shutil.rmtree(file)
            else:
                file.unlink()

    def carry_out(self) -> None:
        """Run the migrations: what the tree declares is what the next release starts from."""
        if self.files:
            self.release.carry_out()
        self.head = (self.head, *self.revisions)[-1]
        self.deployed = self.tree

    def played(self) -> Played:
        """Plan and rehearse the release."""
        inputs = self.inputs()
        plan = planned(inputs, self.server)
        unsafe = self.in_other_orders(inputs, plan) if plan.order is None or self.every_order else 0
        found = None if plan.order is None else [step.id for step in plan.order.steps]
        wanted = None if self.tree.order is None else [self._id(name) for name in self.tree.order]
        assert found == wanted, (found, wanted, plan.conflict)
        content = json.loads(as_json(plan))
        demand_valid("plan", content)
        for name, told in self.tree.tells:
            assert json.dumps(told)[1:-1] in json.dumps(content[name]), (told, content[name])
        if plan.order is None:
            assert unsafe
            return Played(None, unsafe=unsafe)
        stages = self.stages(inputs, plan)
        assert len(stages) == len(plan.order.steps) + 1, stages[-1].failure
        for stage in stages:
            assert stage.is_sound, (stage.step, stage.failure, stage.failed, stage.differences)
        return played(plan.order, stages)

    def inputs(self) -> ReleaseInputs:
        """What `release_inputs` would read: the services of the deployed tree and of this one, and both histories."""
        configuration = load(self.release.folder / "schemasync.toml")
        places, url = places_of(configuration), self.release.database.url
        histories = read_histories(url, migrations=places.migrations, alembic=places.alembic)
        before = {} if self.deployed is None else self._facts(self.deployed)
        after = self._facts(self.tree)
        return ReleaseInputs(configuration, url, places, histories, before, after, None)

    def stages(self, inputs: ReleaseInputs, plan: Plan) -> tuple[Stage, ...]:
        """Carry a plan out."""
        replay = replayed(self.server, inputs.places, steps_of(inputs.histories, pending=False))
        with replay.database:
            hand = Stagehand(self.server, replay, inputs.histories, plan, self._troupe(plan), ROWS)
            hand.sizes, hand.may_be_null = live_tables(inputs, plan)
            return hand.rehearse("what the histories built")[1]

    def in_other_orders(self, inputs: ReleaseInputs, plan: Plan) -> int:
        """Carry orders out whatever the plan says: each must fail exactly where the plan objects."""
        unsafe = 0
        world = World(self.server, inputs.places, inputs.histories, plan.rollouts)
        try:
            for order in self._orders(plan, world):
                forced, objected = _forced(plan, world, order)
                sound = [stage.is_sound for stage in self.stages(inputs, forced)]
                assert sound == [True] * len(order) + [not objected], order
                unsafe += objected
        finally:
            world.close()
        return unsafe

    def _orders(self, plan: Plan, world: World) -> Iterator[tuple[ReleaseStep, ...]]:
        """Orders of the steps, each as far as nothing stands against it and one step further."""
        services = [step for step in plan.steps if step.id.startswith("service:")]
        others = [step for step in plan.steps if step not in services]
        chosen: Sequence[Sequence[ReleaseStep]] = [
            [*others, *services],
            [*services, *others],
            [*reversed(services), *others],
        ]
        tried = set()
        for order in permutations(plan.steps) if self.every_order else chosen:
            prefix = tuple(_as_far_as_it_goes(world, order))
            if prefix not in tried:
                tried.add(prefix)
                yield prefix

    def _facts(self, tree: Tree) -> dict[str, Schema]:
        file = self.release.folder / "facts.prisma"
        self.release.declare(tree.schema, tree.models)
        declared = self.release.folder / "prisma" / "schema.prisma"
        file.write_text(declared.read_text())
        return {"prisma": schemasync.read_prisma(file), "sqlalchemy": self.cast.schema(tree.models)}

    def _troupe(self, plan: Plan) -> Troupe:
        services: dict[str, Service] = {}
        processes: dict[str, ModelProcess] = {}
        for rollout in plan.rollouts:
            for service, tree in ((rollout.before, self.deployed), (rollout.after, self.tree)):
                if service is None or tree is None:
                    continue
                services[service.name] = service
                if service.client == "sqlalchemy":
                    processes[service.name] = Version(service.name, self.cast.process(tree.models))
        return Troupe(services, processes)

    def _id(self, name: str) -> str:
        return f"alembic:{self.revisions[int(name[1:]) - 1]}" if name[0] == "a" else name


def played(order: Order, stages: Sequence[Stage]) -> Played:
    """What became of a release that was rehearsed as planned."""
    counts = [sum(trial.outcome == PASSED for trial in stage.trials) for stage in stages]
    return Played(tuple(map(_short, order.steps)), sum(counts), sum(map(bool, counts)))


def _as_far_as_it_goes(world: World, order: Sequence[ReleaseStep]) -> Iterator[ReleaseStep]:
    state: State = frozenset()
    ids = {step.id for step in order}
    for step in order:
        if not step.after & ids <= state:
            return
        yield step
        if world.objections(state, step):
            return
        state |= {step.id}


def _forced(plan: Plan, world: World, order: Sequence[ReleaseStep]) -> tuple[Plan, bool]:
    """The plan with another order, and whether there is anything against the last step."""
    state: State = frozenset()
    states = [world.schema(state)]
    objected = False
    for step in order:
        objected = any(_can_be_seen(world, one) for one in world.objections(state, step))
        state |= {step.id}
        try:
            states.append(world.schema(state))
        except KeyError:  # the migration fails
            states.append(states[-1])
    placed = tuple(Placed(step, None, ()) for step in order)
    return dataclasses.replace(plan, order=Order(placed, 0), states=tuple(states)), objected


def _can_be_seen(world: World, objection: str) -> bool:
    """Whether a rehearsal sees what the plan objects to.

    How Prisma's client decodes values it leaves to the plan, and writes no enum value that the database does not have.
    """
    one = world.breakage(objection)
    is_decoding = one is not None and one.service.startswith("front end") and " takes it for " in one.reason
    return not is_decoding and (one is None or one.value is None or one.statement != "INSERT")


def _short(step: ReleaseStep) -> str:
    return {"prisma": "Prisma", "alembic": "Alembic"}.get(step.actor, step.actor)
