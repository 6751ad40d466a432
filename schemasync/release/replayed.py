"""A scratch database on which both histories are replayed step by step, and what it states at every step."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from schemasync.errors import DatabaseError
from schemasync.ownership import HISTORY_TABLES
from schemasync.paths import shown
from schemasync.schema.model import Schema, Witness
from schemasync.scratch.interface import ScratchDatabase, ScratchServer
from schemasync.witnesses.database import read_database
from schemasync.witnesses.histories import Histories
from schemasync.witnesses.replay import replay_alembic, replay_prisma

Side = str
PRISMA, ALEMBIC = "prisma", "alembic"


@dataclass(frozen=True, slots=True)
class Step:
    """One migration: which side's, and its name or identifier."""

    side: Side
    name: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where the histories are.

    Args:
        migrations: Prisma's folder of migrations.
        alembic: an `alembic.ini`, or Flask-Migrate's folder.
        path: folders to import from, for revisions that import the application.
        schemas: the PostgreSQL schemas to read.
    """

    migrations: Path | None = None
    alembic: Path | None = None
    path: tuple[Path, ...] = ()
    schemas: tuple[str, ...] = ("public",)


@dataclass(slots=True)
class Replay:
    """A scratch database and what has been run on it.

    Args:
        database: the scratch database, empty at first.
        places: where the histories are.
        creators: which side's step created a table or an enum, by schema and name.
        ran: the migrations in the order in which they ran.
        states: what the database stated after each of them.
        known: what it states now; None where that has to be read.
    """

    database: ScratchDatabase
    places: Places
    creators: dict[tuple[str, str], Side] = field(default_factory=dict)
    ran: tuple[Step, ...] = ()
    states: tuple[Schema, ...] = ()
    known: Schema | None = None

    def run(self, step: Step) -> Schema:
        """Run one migration, and give what the database states after it.

        Raises:
            DatabaseError: it failed.
        """
        self.known = None
        if step.side == PRISMA:
            assert self.places.migrations is not None
            replay_prisma(self.places.migrations, self.database.url, only=[step.name])
        else:
            assert self.places.alembic is not None
            target = step.name
            replay_alembic(self.places.alembic, self.database.url, path=self.places.path, target=target)
        after = self.schema()
        for key in (*after.table_by_key, *after.enum_by_key):
            self.creators.setdefault(key, step.side)
        self.ran = (*self.ran, step)
        self.states = (*self.states, after)
        return after

    def copy(self, server: ScratchServer) -> "Replay":
        """A scratch database of its own in the same state."""
        database = server.create_database(template=self.database.name)
        return Replay(database, self.places, dict(self.creators), self.ran, self.states, self.known)

    def schema(self) -> Schema:
        """What the database states now, without the histories' own tables; read once for each state."""
        if self.known is None:
            self.known = self._read()
        return self.known

    def _read(self) -> Schema:
        try:
            found = read_database(self.database.url, self.places.schemas)
        except DatabaseError as error:
            if "has no schema" not in error.message:
                raise
            return Schema("database", "the replayed histories")  # the migrations have not created it yet
        tables = tuple(table for table in found.tables if table.name not in HISTORY_TABLES)
        return dataclasses.replace(found, source="the replayed histories", tables=tables)

    def of(self, schema: Schema, side: Side) -> Schema:
        """The part of a state that one side's migrations created, as a witness of that side."""
        witness: Witness = "prisma-migrations" if side == PRISMA else "alembic"
        place = self.places.migrations if side == PRISMA else self.places.alembic
        return dataclasses.replace(
            schema,
            witness=witness,
            source="" if place is None else shown(place),
            tables=tuple(table for table in schema.tables if self.creators.get(table.key) == side),
            enums=tuple(enum for enum in schema.enums if self.creators.get(enum.key) == side),
        )


def steps_of(histories: Histories, *, pending: bool) -> tuple[Step, ...]:
    """The steps that the database has seen, or those that it has not: Prisma's first, as on a fresh database."""
    steps: list[Step] = []
    prisma, alembic = histories.prisma, histories.alembic
    if prisma is not None:
        present = {one.name for one in prisma.migrations if one.in_folder and one.has_script}
        waiting = {*prisma.under_way, *prisma.pending}
        expected = tuple(one.name for one in prisma.migrations if one.name in waiting)
        names = expected if pending else prisma.applied
        steps += [Step(PRISMA, name) for name in names if name in present]
    if alembic is not None:
        steps += [Step(ALEMBIC, name) for name in (alembic.pending if pending else alembic.applied)]
    return tuple(steps)


def replayed(server: ScratchServer, places: Places, steps: Sequence[Step]) -> Replay:
    """A scratch database on which steps have been run; the caller closes it.

    Where Prisma's steps cannot all run before Alembic's, because each built on the other's over the years, the sides
    take turns, each going as far as it gets; where that leads nowhere, the orders of the two are searched.

    Raises:
        DatabaseError: no order runs through.
        ScratchError: no scratch database could be had.
    """
    queues = tuple(tuple(step for step in steps if step.side == side) for side in (PRISMA, ALEMBIC))
    replay = Replay(server.create_database(), places)
    try:
        failure = _take_turns(replay, [list(queue) for queue in queues])
    except BaseException:
        replay.database.close()
        raise
    if failure is None:
        return replay
    replay.database.close()
    found = (
        _interleaved(server, Replay(server.create_database(), places), queues, (0, 0), set()) if all(queues) else None
    )
    if found is None:
        raise failure
    return found


def _take_turns(replay: Replay, queues: Sequence[list[Step]]) -> DatabaseError | None:
    """Run both queues to their ends; the first failure where neither gets any further."""
    while any(queues):
        failures: list[DatabaseError] = []
        left = sum(map(len, queues))
        for queue in queues:
            while queue:
                try:
                    replay.run(queue[0])
                except DatabaseError as error:
                    failures.append(error)
                    break
                queue.pop(0)
        if sum(map(len, queues)) == left:
            return failures[0]
    return None


def _interleaved(
    server: ScratchServer,
    replay: Replay,
    queues: Sequence[Sequence[Step]],
    ran: tuple[int, int],
    dead: set[tuple[int, int]],
) -> Replay | None:
    """Go on from a state by either side, and back where that leads nowhere; the state given is closed.

    Args:
        ran: how far each queue has run.
        dead: where it is known to lead nowhere.
    """
    if ran == (len(queues[0]), len(queues[1])):
        return replay
    with replay.database:
        for side, queue in enumerate(queues):
            further = (ran[0] + (side == 0), ran[1] + (side == 1))
            if ran[side] == len(queue) or further in dead:
                continue
            child = replay.copy(server)
            try:
                child.run(queue[ran[side]])
            except DatabaseError:
                child.database.close()
                continue
            except BaseException:
                child.database.close()
                raise
            found = _interleaved(server, child, queues, further, dead)
            if found is not None:
                return found
    dead.add(ran)
    return None
