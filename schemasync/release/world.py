"""What a release does to a real database: every state of its migrations built in a scratch database, when asked for."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from schemasync.compatibility import Breakage, Service, breakages, enum_of, service_of
from schemasync.errors import SchemasyncError
from schemasync.release.lattice import ReleaseStep, State
from schemasync.release.replayed import ALEMBIC, PRISMA, Places, Replay, Step, replayed, steps_of
from schemasync.schema.model import Schema
from schemasync.scratch.interface import ScratchServer
from schemasync.witnesses.histories import Histories

PRISMA_STEP = "prisma"
# An enum value: schema, table and column that hold it, and the value itself.
Value = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Rollout:
    """A service before and after the release; `before` is None for one that does not run yet."""

    name: str
    before: Service | None
    after: Service


@dataclass(slots=True)
class World:
    """The release on scratch databases.

    Args:
        server: where they are.
        places: where the histories are.
        histories: what the deployed database has seen, and what is pending.
        rollouts: the services.
    """

    server: ScratchServer
    places: Places
    histories: Histories
    rollouts: Sequence[Rollout]
    _states: dict[State, Replay] = field(default_factory=dict)
    _failures: dict[tuple[State, str], str] = field(default_factory=dict)
    _told: dict[str, Breakage] = field(default_factory=dict)
    _schemas: dict[State, Schema] = field(default_factory=dict)
    _lasting: frozenset[Value] | None = None
    _known: frozenset[tuple[str, str, str, str | None, str | None]] | None = None

    def steps(self) -> tuple[ReleaseStep, ...]:
        """Prisma's pending migrations as one block, each pending revision, and each service."""
        return tuple(self._steps())

    def objections(self, state: State, step: ReleaseStep) -> tuple[str, ...]:
        """Why a step cannot be taken in a state; none where everything that runs goes on running.

        Raises:
            ScratchError: no scratch database could be had.
        """
        if not step.id.startswith("service:"):
            failure = self._run(self._migrations(state), step.id)
            if failure:
                return (failure,)
        certain = [one for one in self._during(state, step) if one.certain and not self._can_be_held_back(one)]
        self._told |= {one.sentence: one for one in certain}
        return tuple(dict.fromkeys(one.sentence for one in certain))

    def cautions(self, state: State, step: ReleaseStep) -> tuple[str, ...]:
        """What fails while a step is taken, should somebody write or ask for an enum value: sentences."""
        return tuple(dict.fromkeys(one.sentence for one in self.held_back(state, step)))

    def held_back(self, state: State, step: ReleaseStep) -> tuple[Breakage, ...]:
        """What fails while a step is taken, should somebody write or ask for an enum value."""
        return tuple(one for one in self._during(state, step) if one.certain and self._can_be_held_back(one))

    def held_between(self, state: State) -> tuple[Breakage, ...]:
        """The same between two steps, while nothing is under way."""
        found = self._breakages(self._migrations(state), self.running(state))
        return tuple(one for one in found if one.certain and self._can_be_held_back(one))

    def had_value(self, value: Value) -> bool:
        """Whether the database had an enum value before the release."""
        return _has(self.schema(frozenset()), value)

    def schema(self, state: State) -> Schema:
        """What the database states in a state that can be reached."""
        migrations = self._migrations(state)
        if migrations not in self._schemas:
            self._schemas[migrations] = self._state(migrations).schema()
        return self._schemas[migrations]

    def base(self) -> Replay:
        """The replayed histories up to what the deployed database has seen."""
        return self._state(frozenset())

    def running(self, state: State) -> list[Service]:
        """The versions of the services that run in a state."""
        found = []
        for rollout in self.rollouts:
            version = rollout.after if f"service:{rollout.name}" in state else rollout.before
            if version is not None:
                found.append(version)
        return found

    def known_breakages(self) -> tuple[Breakage, ...]:
        """What fails already, before the release, for the services as they run now."""
        before = self.schema(frozenset())
        services = self.running(frozenset())
        return tuple(one for service in services for one in breakages(service, before) if one.certain)

    def risks(self, order: Sequence[ReleaseStep], held_back: Collection[Value] = ()) -> tuple[str, ...]:
        """What can fail on the way, depending on the rows: sentences, each once.

        Args:
            order: the steps.
            held_back: enum values that nobody writes meanwhile.
        """
        told: dict[str, None] = {}
        state: State = frozenset()
        for step in order:
            running = self.running(state)
            running += [self._rollout(step.id).after] if step.id.startswith("service:") else []
            state |= {step.id}
            for one in self._breakages(self._migrations(state), running):
                held = (one.schema, one.table, one.object, one.value) in held_back
                if not one.certain and not held:
                    told[one.sentence] = None
        return tuple(told)

    def breakage(self, objection: str) -> Breakage | None:
        """The breakage that an objection tells; None for a migration that failed."""
        return self._told.get(objection)

    def final_schema(self) -> Schema:
        """What the database states after all migrations, safe or not, as far as they run through."""
        state = max(self._states, key=lambda one: (len(one), sorted(one)))
        waiting = [step for step in self._steps() if not step.id.startswith("service:") and step.id not in state]
        moved = True
        while waiting and moved:
            moved = False
            for step in list(waiting):
                if step.after <= state and not self._run(state, step.id):
                    state |= {step.id}
                    waiting.remove(step)
                    moved = True
        return self.schema(state)

    def close(self) -> None:
        """Drop the scratch databases."""
        for one in self._states.values():
            one.database.close()
        self._states.clear()

    def _steps(self) -> Iterator[ReleaseStep]:
        prisma, alembic = self.histories.prisma, self.histories.alembic
        has_prisma = prisma is not None and bool(prisma.pending)
        if prisma is not None and has_prisma:
            names = ", ".join(prisma.pending)
            yield ReleaseStep(PRISMA_STEP, PRISMA, f"prisma migrate deploy ({names})")
        if alembic is not None:
            pending = frozenset(alembic.pending)
            first = has_prisma and prisma is not None and not prisma.has_table
            for identifier in alembic.pending:
                revision = alembic.revision(identifier)
                after = frozenset(f"alembic:{need}" for need in revision.needs if need in pending)
                after |= {PRISMA_STEP} if first else frozenset()
                yield ReleaseStep(f"alembic:{identifier}", ALEMBIC, f"Alembic {revision.title}", after)
        for rollout in self.rollouts:
            yield ReleaseStep(f"service:{rollout.name}", rollout.name, f"deploy the {rollout.name}")

    def _rollout(self, step: str) -> Rollout:
        return next(one for one in self.rollouts if f"service:{one.name}" == step)

    @staticmethod
    def _migrations(state: State) -> State:
        return frozenset(step for step in state if not step.startswith("service:"))

    def _state(self, migrations: State) -> Replay:
        """The database after a set of migrations; the search has been in every state that it asks for."""
        if not migrations and migrations not in self._states:
            self._states[migrations] = replayed(self.server, self.places, steps_of(self.histories, pending=False))
        return self._states[migrations]

    def _run(self, migrations: State, step: str) -> str:
        """Run a step on a copy of a state; why it failed, or nothing."""
        key = (migrations, step)
        if key not in self._failures:
            child = self._state(migrations).copy(self.server)
            try:
                for one in self._parts(step):
                    child.run(one)
                self._failures[key] = ""
            except SchemasyncError as error:
                self._failures[key] = error.message
            if self._failures[key] or migrations | {step} in self._states:
                child.database.close()
            else:
                self._states[migrations | {step}] = child
        return self._failures[key]

    def _parts(self, step: str) -> list[Step]:
        if step == PRISMA_STEP:
            assert self.histories.prisma is not None
            return [Step(PRISMA, name) for name in self.histories.prisma.pending]
        return [Step(ALEMBIC, step.partition(":")[2])]

    def _during(self, state: State, step: ReleaseStep) -> list[Breakage]:
        """What fails while a step that runs through is taken."""
        migrations = self._migrations(state)
        if step.id.startswith("service:"):
            # While a service rolls, its old and its new version run beside each other.
            return self._breakages(migrations, [*self.running(state), self._rollout(step.id).after])
        return self._breakages(migrations | {step.id}, self.running(state))

    def _can_be_held_back(self, one: Breakage) -> bool:
        """Whether it is avoided by not writing an enum value until the release has ended it.

        What is wrong after the release as well is no matter of waiting. And nobody can hold back a value that the
        running versions have had all along, while the database lets go of it.
        """
        if one.value is None or one.object is None:
            return False
        value = (one.schema, one.table, one.object, one.value)
        if self._lasting is None:
            after = [rollout.after for rollout in self.rollouts]
            found = [each for new in after for each in breakages(new, self.final_schema(), writers=after)]
            self._lasting = frozenset(
                (each.schema, each.table, each.object, each.value)
                for each in found
                if each.certain and each.value is not None and each.object is not None
            )
        return value not in self._lasting and (one.statement == "SELECT" or not self.had_value(value))

    def _breakages(self, migrations: State, services: Sequence[Service]) -> list[Breakage]:
        """What fails because of the release: what fails before it is not its doing."""
        if self._known is None:
            self._known = frozenset(_subject(one) for one in self.known_breakages())
        state = self.schema(migrations)
        found = [one for service in services for one in breakages(service, state, writers=services)]
        return [one for one in found if _subject(one) not in self._known]


def _subject(one: Breakage) -> tuple[str, str, str, str | None, str | None]:
    """The same for the old and the new version of a service."""
    return (one.service.partition(" (")[0], one.statement, f"{one.schema}.{one.table}", one.object, one.value)


def _has(schema: Schema, value: Value) -> bool:
    table = schema.table_by_key.get(value[:2])
    column = table.column(value[2]) if table is not None else None
    enum = None if column is None else enum_of(column.type, schema)
    return enum is not None and value[3] in enum.values


def rollouts_of(before: Mapping[str, Schema], after: Mapping[str, Schema], names: Mapping[str, str]) -> list[Rollout]:
    """The services of a release.

    Args:
        before, after: what each witness stated and states: `prisma`, `sqlalchemy`.
        names: what to call the witnesses' services.
    """
    found = []
    for witness, schema in after.items():
        name = names[witness]
        old = before.get(witness)
        was = None if old is None else service_of(f"{name} (old)", old)
        found.append(Rollout(name, was, service_of(f"{name} (new)", schema)))
    return found
