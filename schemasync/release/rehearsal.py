"""The rehearsal of a release: the plan's steps on a scratch database with rows, statements tried at every state."""

import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from schemasync.compare.engine import compare_witnesses
from schemasync.compatibility import Service
from schemasync.errors import NothingComparedError, SchemasyncError
from schemasync.ownership import Ownership
from schemasync.progress import step as progress
from schemasync.release.hazards import Hazard, Size, hazards, worst_first
from schemasync.release.lattice import ReleaseStep
from schemasync.release.plan import Plan
from schemasync.release.rehearsal_runs import run_measured, script_of
from schemasync.release.rehearsal_services import Troupe
from schemasync.release.rehearsal_trials import FAILED, KNOWN, Trial
from schemasync.release.replayed import ALEMBIC, PRISMA, Replay, Step
from schemasync.release.squawk import LintFinding, Script
from schemasync.release.synthetic_rows import Filled, RowMaker, fill, sql_name
from schemasync.release.world import PRISMA_STEP
from schemasync.schema.model import Schema
from schemasync.scratch.interface import ScratchDatabase, ScratchServer
from schemasync.witnesses.histories import Histories

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Stage:
    """A state of the release, as it was rehearsed.

    Args:
        step: the step that led to it; None for what is deployed.
        running: the versions that run there.
        trials: their statements; those of an earlier stage at the same state of the database are not tried again.
        differences: where the database states something else than the plan expects.
        lost: rows that the step took, as sentences.
        hazards: what the step does to tables in use, the worst first.
        scripts: the SQL that the step ran.
        failure: why the step failed; empty for one that did not.
    """

    step: ReleaseStep | None
    running: tuple[str, ...]
    trials: tuple[Trial, ...] = ()
    differences: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    hazards: tuple[Hazard, ...] = ()
    scripts: tuple[Script, ...] = ()
    failure: str = ""

    @property
    def failed(self) -> tuple[Trial, ...]:
        """The statements that failed because of the release."""
        return tuple(trial for trial in self.trials if trial.outcome == FAILED)

    @property
    def is_sound(self) -> bool:
        """Whether all went as the plan says."""
        return not (self.failed or self.differences or self.failure)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a rehearsal found.

    Args:
        plan: what was rehearsed.
        start: what the scratch database was at first, in words.
        filled: the made-up rows.
        stages: what is deployed, then each step, as far as they went.
        proved: what was proved, in sentences.
        unproved: what could not be, in sentences.
        lint: what squawk says of the migrations, where it is installed.
    """

    plan: Plan
    start: str
    filled: Filled
    stages: tuple[Stage, ...]
    proved: tuple[str, ...]
    unproved: tuple[str, ...]
    lint: tuple[LintFinding, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether the whole plan went as it says."""
        complete = self.plan.order is not None and len(self.stages) == len(self.plan.order.steps) + 1
        return complete and all(stage.is_sound for stage in self.stages)


@dataclass(slots=True)
class Stagehand:
    """What a rehearsal works with.

    Args:
        server: where the database is.
        replay: the database, as it is deployed.
        histories: which migrations are pending.
        plan: what is rehearsed; it has an order.
        troupe: the services' versions, ready to send their statements.
        rows: how many rows each table gets.
        sizes: of the live tables.
        may_be_null: whether a nullable column is NULL in some live rows.
        within_fence: runs an Alembic revision as `schemasync upgrade` will, by env.py within the fence, on a database
            that is a copy; None where that is left out.
    """

    server: ScratchServer
    replay: Replay
    histories: Histories
    plan: Plan
    troupe: Troupe
    rows: int
    sizes: Mapping[Key, Size] = field(default_factory=dict)
    may_be_null: Callable[[Key, str], bool] = lambda _table, _column: True
    within_fence: Callable[[ScratchDatabase, str], None] | None = None
    _known: set[tuple[str, ...]] = field(default_factory=set)
    _before: tuple[str, ...] = ()

    def rehearse(self, start: str) -> tuple[Filled, tuple[Stage, ...]]:
        """Carry the plan out.

        Args:
            start: what the database is, in words.

        Raises:
            SchemasyncError: the scratch database is gone, or a back end's models ended.
        """
        assert self.plan.order is not None
        order = self.plan.order.steps
        with progress(f"Rehearsing on {start}", len(order) + 1) as done:
            filled = self._fill(self.replay.schema())
            running = [name for rollout in self.plan.rollouts if (name := _name(rollout.before)) is not None]
            stages = [self._stage(None, running, running, self.plan.states[0])]
            self._known = {trial.subject for trial in stages[0].trials if trial.outcome == KNOWN}
            for number, step in enumerate(order, 1):
                done()
                if step.id.startswith("service:"):
                    stage, running = self._deploy(step, running, self.plan.states[number])
                else:
                    stage = self._migrate(step, running, self.plan.states[number])
                stages.append(stage)
                if stage.failure:
                    break
        return filled, tuple(stages)

    def _deploy(self, step: ReleaseStep, running: Sequence[str], expected: Schema) -> tuple[Stage, list[str]]:
        """A service rolls: its old version, whose statements were tried at this state, and its new one."""
        rollout = next(one for one in self.plan.rollouts if f"service:{one.name}" == step.id)
        new = rollout.after.name
        stage = self._stage(step, [*running, new], [new], expected)
        old = _name(rollout.before)
        return stage, [*(name for name in running if name != old), new]

    def _migrate(self, step: ReleaseStep, running: Sequence[str], expected: Schema) -> Stage:
        before = self._counts()
        found: list[Hazard] = []
        scripts: list[Script] = []
        failure = ""
        for part in self._parts(step):
            try:
                self._try_within_fence(part)
                measured = run_measured(self.server, self.replay, part, self._file(part))
            except SchemasyncError as error:
                failure = error.message
                break
            found += hazards(step.id, part.name, measured, self.sizes, before)
            scripts.append(script_of(self.replay, step.id, part, measured))
        # What an earlier migration of the same step has made nobody uses yet.
        told = worst_first(one for one in found if (one.schema, one.table) in before)
        if failure:
            return Stage(step, tuple(running), hazards=told, scripts=tuple(scripts), failure=failure)
        after = self._counts()
        self._fill(self.replay.schema(), only=after.keys() - before.keys())
        stage = self._stage(step, running, running, expected)
        return dataclasses.replace(stage, hazards=told, scripts=tuple(scripts), lost=tuple(_lost(before, after)))

    def _stage(
        self, step: ReleaseStep | None, running: Sequence[str], tried: Collection[str], expected: Schema
    ) -> Stage:
        state = self.replay.schema()
        opened = self.replay.database.connect()
        try:
            maker = RowMaker(opened, self.troupe.in_common(running, state))
            trials = [trial for name in tried for trial in self.troupe.trials(name, self.replay.database.url, maker)]
        finally:
            opened.close()
        differences = _differences(expected, state)
        if step is None:
            # What fails, or differs from what the histories build, before the release is not its doing.
            self._before = differences
            trials = [dataclasses.replace(one, outcome=KNOWN) if one.outcome == FAILED else one for one in trials]
        else:
            known = {trial.subject for trial in trials} & self._known
            trials = [dataclasses.replace(one, outcome=KNOWN) if one.subject in known else one for one in trials]
        new = tuple(one for one in differences if one not in self._before)
        return Stage(step, tuple(running), tuple(trials), new)

    def _fill(self, state: Schema, only: Collection[Key] | None = None) -> Filled:
        names = [name for rollout in self.plan.rollouts for name in (_name(rollout.before), rollout.after.name) if name]
        opened = self.replay.database.connect()
        try:
            narrowed = self.troupe.in_common(names, state)
            return fill(opened, narrowed, self.rows, only=only, may_be_null=self.may_be_null)
        finally:
            opened.close()

    def _parts(self, step: ReleaseStep) -> list[Step]:
        if step.id == PRISMA_STEP:
            assert self.histories.prisma is not None
            return [Step(PRISMA, name) for name in self.histories.prisma.pending]
        return [Step(ALEMBIC, step.id.partition(":")[2])]

    def _try_within_fence(self, part: Step) -> None:
        """Run a revision on a copy as `schemasync upgrade` will run it.

        Raises:
            SchemasyncError: it is refused, or fails.
        """
        if part.side == ALEMBIC and self.within_fence is not None:
            with self.server.create_database(template=self.replay.database.name) as copy:
                self.within_fence(copy, part.name)

    def _file(self, part: Step) -> Path | None:
        return (
            self.histories.alembic.revision(part.name).path if part.side == ALEMBIC and self.histories.alembic else None
        )

    def _counts(self) -> dict[Key, int]:
        opened = self.replay.database.connect()
        try:
            with opened.cursor() as cursor:
                counts = {}
                for table in self.replay.schema().tables:
                    if table.kind in ("table", "partitioned table"):
                        cursor.execute(f"SELECT pg_catalog.count(*) FROM {sql_name(table)}")
                        counts[table.key] = int((cursor.fetchone() or (0,))[0])
                return counts
        finally:
            opened.close()


def _lost(before: Mapping[Key, int], after: Mapping[Key, int]) -> Iterator[str]:
    for (schema, name), rows in before.items():
        table = name if schema == "public" else f"{schema}.{name}"
        if rows and (schema, name) not in after:
            yield f"{table} is gone, with its {rows} made-up rows"
        elif rows and after.get((schema, name), 0) < rows:
            yield f"{table} has {after[schema, name]} of its {rows} made-up rows left"


def _differences(expected: Schema, actual: Schema) -> tuple[str, ...]:
    """Where the database states something else than the plan expects, as the check words it."""
    if not expected.tables and not actual.tables:
        return ()
    witnesses = {"snapshot": dataclasses.replace(expected, witness="snapshot"), "database": actual}
    try:
        found = compare_witnesses(witnesses, Ownership())
    except NothingComparedError:
        return ("the database and the plan have no table in common",)
    return tuple(f"{one.kind}: {one.message}" for one in found.drifts)


def _name(service: Service | None) -> str | None:
    return service.name if service is not None else None
