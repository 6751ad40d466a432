"""Does the database state what a step of a release should leave behind?

A migration is held against its history and against the facts that it changes: both histories are replayed in a scratch
database without it, then with it, and where that makes a difference the live database must be as it is with it. A
service leaves nothing in the database; its statements must be able to run there.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from schemasync.compare.sides import Speller
from schemasync.compatibility import Service, breakages
from schemasync.errors import ConfigurationError
from schemasync.ownership import Ownership
from schemasync.release.differences import Difference, Place, differences
from schemasync.release.replayed import ALEMBIC, PRISMA, Places, replayed, steps_of
from schemasync.release.world import PRISMA_STEP
from schemasync.schema.model import Schema, Table
from schemasync.scratch.interface import ScratchServer
from schemasync.witnesses.histories import Histories


@dataclass(frozen=True, slots=True)
class Verification:
    """What `schemasync verify` tells of a step.

    Args:
        step: its identifier.
        missing: why it is not done, as sentences; empty where it is.
        migrations: what the step runs: names of Prisma's migrations, or the revision.
        objects: how many objects of the database the step makes or changes.
        notes: what was seen beside it.
    """

    step: str
    missing: tuple[str, ...]
    migrations: tuple[str, ...] = ()
    objects: int = 0
    notes: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the database states what the step should leave behind."""
        return not self.missing


def verify_service(step: str, service: Service, state: Schema, accepted: Collection[str] = ()) -> Verification:
    """Whether a service's statements can run on the database.

    Args:
        step: the step that deploys it.
        service: its new version.
        state: what the live database states.
        accepted: tables and columns for which something failed before the release already.
    """
    found = [one for one in breakages(service, state) if one.certain]
    missing = [one for one in found if one.value is None and one.place not in accepted]
    notes = tuple(one.sentence for one in found if one not in missing)
    return Verification(step, tuple(one.sentence for one in missing), notes=notes)


def seen(step: str, histories: Histories, named: Collection[str] = ()) -> Verification:
    """What the database's own histories say of a step.

    Args:
        step: `prisma` or `alembic:REVISION`.
        histories: what the database has seen.
        named: which of Prisma's migrations the step runs; all that the folder has where none is named.

    Raises:
        ConfigurationError: there is no such migration or revision, or no such history.
    """
    if step == PRISMA_STEP and histories.prisma is not None:
        prisma = histories.prisma
        by_name = {one.name: one for one in prisma.migrations if one.in_folder}
        wanted = tuple(name for name in by_name if not named or name in named)
        absent = sorted(set(named) - set(wanted))
        if absent:
            raise ConfigurationError(f"there is no migration of Prisma's called {absent[0]}")
        missing = [f"{name} is {by_name[name].state}" for name in wanted if by_name[name].state != "applied"]
        return Verification(step, tuple(missing), wanted)
    side, _, identifier = step.partition(":")
    alembic = histories.alembic
    if side == ALEMBIC and alembic is not None:
        if identifier not in {one.id for one in alembic.revisions}:
            raise ConfigurationError(f"there is no Alembic revision called {identifier}")
        missing = [] if identifier in alembic.applied else [f"{identifier} is pending"]
        return Verification(step, tuple(missing), (identifier,))
    raise ConfigurationError(
        f"there is no step {step!r}",
        hint="steps are prisma, alembic:REVISION, 'service:front end' and 'service:back end'",
    )


def verify_facts(
    said: Verification,
    histories: Histories,
    places: Places,
    server: ScratchServer,
    live: Schema,
    ownership: Ownership,
    *,
    speller: Speller | None = None,
) -> Verification:
    """Whether the database states what the migrations of a step change, once its histories say that they were applied.

    Args:
        said: what the histories say.
        histories: what the database has seen.
        places: where the histories are.
        server: where they are replayed.
        live: what the live database states.
        ownership: as everything is compared.
        speller: settles expressions that the text alone cannot.

    Raises:
        SchemasyncError: the applied migrations cannot be replayed, or no scratch database could be had.
    """
    side = PRISMA if said.step == PRISMA_STEP else ALEMBIC
    replay = replayed(server, places, steps_of(histories, pending=False))
    replay.database.close()
    own = [number for number, one in enumerate(replay.ran) if one.side == side and one.name in said.migrations]
    empty = Schema("database", "an empty database")
    before, after = (empty, *replay.states)[min(own)], replay.states[max(own)]
    changed = differences(replay, after, before, histories, ownership, speller)
    touched = _touched(changed, after)
    found = differences(replay, replay.states[-1], live, histories, ownership, speller)
    mine = [one for one in found if _is_about(one, touched)]
    missing = tuple(one.sentence for one in mine if one.matters)
    notes = [one.sentence for one in mine if not one.matters]
    beside = len(found) - len(mine)
    if beside:
        verb = "drift has" if beside == 1 else "drifts have"
        notes.append(f"{beside} other {verb} nothing to do with this step: schemasync check --at-applied lists them")
    if not touched:
        notes.append("the step changes nothing that a schema states; the history alone says that it ran")
    return Verification(said.step, missing, said.migrations, len(touched), tuple(notes))


def _touched(changed: Collection[Difference], after: Schema) -> frozenset[Place]:
    """What a step makes or changes: a table with all that is in it then, a column with what is built on it."""
    found: set[Place] = set()
    for one in changed:
        schema, table, name = one.place
        found.add(one.place)
        made = None if table is None else after.table_by_key.get((schema, table))
        if made is not None:
            found |= {(schema, table, each) for each in _objects(made, name)}
    return frozenset(found)


def _objects(table: Table, column: str | None) -> Iterator[str]:
    """The names of a table's columns, keys and indexes; of those that a column takes part in, where one is given."""
    if column is None:
        yield from (each.name for each in table.columns)
        yield from (each.name for each in table.checks if each.name is not None)
        yield from (each.name for each in table.exclusions if each.name is not None)
    key = () if table.primary_key is None else (table.primary_key,)
    for one in (*key, *table.uniques, *table.foreign_keys, *table.indexes):
        if one.name is not None and (column is None or column in one.columns):
            yield one.name


def _is_about(one: Difference, touched: Collection[Place]) -> bool:
    schema, table, name = one.place
    return one.place in touched or (name is None and any(place[:2] == (schema, table) for place in touched))
