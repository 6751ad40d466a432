"""A scratch database on which both histories are replayed step by step, and what it states at every step."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from schemasync.errors import DatabaseError
from schemasync.ownership import HISTORY_TABLES
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
    """

    database: ScratchDatabase
    places: Places
    creators: dict[tuple[str, str], Side] = field(default_factory=dict)

    def run(self, step: Step) -> Schema:
        """Run one migration, and give what the database states after it.

        Raises:
            DatabaseError: it failed.
        """
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
        return after

    def schema(self) -> Schema:
        """What the database states now, without the histories' own tables."""
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
            source=str(place or ""),
            tables=tuple(table for table in schema.tables if self.creators.get(table.key) == side),
            enums=tuple(enum for enum in schema.enums if self.creators.get(enum.key) == side),
        )


def steps_of(histories: Histories, *, pending: bool) -> tuple[Step, ...]:
    """The steps that the database has seen, or those that it has not: Prisma's first, as on a fresh database."""
    steps: list[Step] = []
    prisma, alembic = histories.prisma, histories.alembic
    if prisma is not None:
        present = {one.name for one in prisma.migrations if one.in_folder and one.has_script}
        names = prisma.pending if pending else prisma.applied
        steps += [Step(PRISMA, name) for name in names if name in present]
    if alembic is not None:
        steps += [Step(ALEMBIC, name) for name in (alembic.pending if pending else alembic.applied)]
    return tuple(steps)


def replayed(server: ScratchServer, places: Places, steps: Sequence[Step]) -> Replay:
    """A scratch database on which steps have been run; the caller closes it.

    Where Prisma's steps cannot all run before Alembic's, because each built on the other's over the years, the sides
    take turns, each going as far as it gets.

    Raises:
        DatabaseError: no such order runs through.
        ScratchError: no scratch database could be had.
    """
    replay = Replay(server.create_database(), places)
    try:
        _run_all(replay, steps)
    except BaseException:
        replay.database.close()
        raise
    return replay


def _run_all(replay: Replay, steps: Sequence[Step]) -> None:
    queues = [[step for step in steps if step.side == side] for side in (PRISMA, ALEMBIC)]
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
            raise failures[0]
