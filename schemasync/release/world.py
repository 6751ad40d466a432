"""What a release does to a real database: every state of its migrations built in a scratch database, when asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from schemasync.compatibility import Breakage, Service, breakages
from schemasync.errors import SchemasyncError
from schemasync.release.lattice import ReleaseStep, State
from schemasync.release.replayed import ALEMBIC, PRISMA, Places, Replay, Step, replayed, steps_of
from schemasync.schema.model import Schema
from schemasync.scratch.interface import ScratchServer
from schemasync.witnesses.histories import Histories

PRISMA_STEP = "prisma"


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
    _known: frozenset[tuple[str, str, str, str | None]] | None = None

    def steps(self) -> tuple[ReleaseStep, ...]:
        """Prisma's pending migrations as one block, each pending revision, and each service."""
        return tuple(self._steps())

    def objections(self, state: State, step: ReleaseStep) -> tuple[str, ...]:
        """Why a step cannot be taken in a state; none where everything that runs goes on running.

        Raises:
            ScratchError: no scratch database could be had.
        """
        migrations = self._migrations(state)
        if step.id.startswith("service:"):
            # While a service rolls, its old and its new version run beside each other.
            return self._reasons(migrations, [*self.running(state), self._rollout(step.id).after])
        failure = self._run(migrations, step.id)
        if failure:
            return (failure,)
        return self._reasons(migrations | {step.id}, self.running(state))

    def schema(self, state: State) -> Schema:
        """What the database states in a state that can be reached."""
        migrations = self._migrations(state)
        if migrations not in self._schemas:
            self._schemas[migrations] = self._state(migrations).schema()
        return self._schemas[migrations]

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

    def risks(self, order: Sequence[ReleaseStep]) -> tuple[str, ...]:
        """What can fail on the way, depending on the rows: sentences, each once."""
        told: dict[str, None] = {}
        state: State = frozenset()
        for step in order:
            running = self.running(state)
            running += [self._rollout(step.id).after] if step.id.startswith("service:") else []
            state |= {step.id}
            for one in self._breakages(self._migrations(state), running):
                if not one.certain:
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
            parent = self._state(migrations)
            database = self.server.create_database(template=parent.database.name)
            child = Replay(database, self.places, dict(parent.creators))
            try:
                for one in self._parts(step):
                    child.run(one)
                self._failures[key] = ""
            except SchemasyncError as error:
                self._failures[key] = error.message
            if self._failures[key] or migrations | {step} in self._states:
                database.close()
            else:
                self._states[migrations | {step}] = child
        return self._failures[key]

    def _parts(self, step: str) -> list[Step]:
        if step == PRISMA_STEP:
            assert self.histories.prisma is not None
            return [Step(PRISMA, name) for name in self.histories.prisma.pending]
        return [Step(ALEMBIC, step.partition(":")[2])]

    def _reasons(self, migrations: State, services: Sequence[Service]) -> tuple[str, ...]:
        certain = [one for one in self._breakages(migrations, services) if one.certain]
        self._told |= {one.sentence: one for one in certain}
        return tuple(dict.fromkeys(one.sentence for one in certain))

    def _breakages(self, migrations: State, services: Sequence[Service]) -> list[Breakage]:
        """What fails because of the release: what fails before it is not its doing."""
        if self._known is None:
            self._known = frozenset(_subject(one) for one in self.known_breakages())
        state = self.schema(migrations)
        found = [one for service in services for one in breakages(service, state, writers=services)]
        return [one for one in found if _subject(one) not in self._known]


def _subject(one: Breakage) -> tuple[str, str, str, str | None]:
    """The same for the old and the new version of a service."""
    return (one.service.partition(" (")[0], one.statement, f"{one.schema}.{one.table}", one.object)


def rollouts_of(before: Mapping[str, Schema], after: Mapping[str, Schema], names: Mapping[str, str]) -> list[Rollout]:
    """The services of a release.

    Args:
        before, after: what each witness stated and states: `prisma`, `sqlalchemy`.
        names: what to call the witnesses' services.
    """
    found = []
    for witness, schema in after.items():
        name = names[witness]
        client = "prisma" if witness == "prisma" else "sqlalchemy"
        old = before.get(witness)
        found.append(
            Rollout(
                name,
                None if old is None else Service(f"{name} (old)", client, old),  # type: ignore[arg-type]  # one of two
                Service(f"{name} (new)", client, schema),  # type: ignore[arg-type]  # one of two
            )
        )
    return found
