"""The rehearsal: the pending revisions on a clone first, with tripwires on what is protected.

It refuses what breaks there before the live database is touched at all, and yields what the live run will lock: the
protected tables whose incoming foreign keys change.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schemasync.migrate.clone import NO_REHEARSAL, clone
from schemasync.migrate.connections import Connections
from schemasync.migrate.environment import quiet
from schemasync.migrate.facts import read_facts
from schemasync.migrate.fence import Fence
from schemasync.migrate.guard import ForeignKeyChanges
from schemasync.migrate.inventory import Thing, read_inventory
from schemasync.migrate.layers import Executed
from schemasync.migrate.protected import Protection
from schemasync.migrate.record import RehearsalRecord
from schemasync.migrate.refusals import FenceBreachError, MigrationError, Place, Refusal
from schemasync.migrate.rows import reads_rows
from schemasync.migrate.runner import run_environment
from schemasync.migrate.runs import Run, Target
from schemasync.migrate.tripwires import block_reaching, lay, sequence_values
from schemasync.scratch.interface import ScratchDatabase, ScratchServer
from schemasync.urls import connection_parameters

if TYPE_CHECKING:
    from schemasync.migrate.prepared import Prepared, Settings


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a rehearsal found.

    Args:
        revisions: how many ran.
        keys: the live database's tables whose incoming foreign keys the run changes.
        executed: every statement that ran, for `--sql`.
        asked: where the revisions ask for rows, of which a clone has none.
    """

    revisions: int
    keys: ForeignKeyChanges
    executed: tuple[Executed, ...]
    asked: tuple[Place, ...] = ()


def rehearse(
    settings: "Settings", target: Target, prepared: "Prepared", record: RehearsalRecord | None = None
) -> Rehearsal:
    """Run the revisions on a clone.

    Args:
        settings: the run's.
        target: where to.
        prepared: the live database.
        record: is told what ran and where it stopped.

    Raises:
        FenceBreachError: they touch something protected; the live database has not been touched.
        MigrationError: they fail on the clone.
        ScratchError: the clone could not be made.
    """
    record = record or RehearsalRecord()
    try:
        with _server(settings.scratch) as server:
            found = _named(settings, target, prepared, server, record)
    except FenceBreachError as error:
        record.state = "refused"
        first = error.refusals[0]
        running = next((item.revision for item in record.revisions if not item.done), None)
        revision = first.place.revision if first.place and first.place.revision else running
        record.stopped = {"revision": revision, "place": str(first.place or ""), "sql": first.statement}
        raise
    except BaseException:
        record.state = "failed"
        raise
    record.state = "passed"
    return found


def _named(
    settings: "Settings", target: Target, prepared: "Prepared", server: ScratchServer, record: RehearsalRecord
) -> Rehearsal:
    """The rehearsal; a second one where the first cannot tell which statement changed the facts."""
    try:
        return _rehearse(settings, target, prepared, server, record, every_statement=False)
    except FenceBreachError as error:
        if all(refusal.layer != "facts" for refusal in error.refusals):
            raise
        # Once more, with the facts compared after each statement: that names the one which changed them.
        try:
            _rehearse(settings, target, prepared, server, record, every_statement=True)
        except FenceBreachError as exact:
            raise exact from None
        raise


def _rehearse(
    settings: "Settings",
    target: Target,
    prepared: "Prepared",
    server: ScratchServer,
    record: RehearsalRecord,
    *,
    every_statement: bool,
) -> Rehearsal:
    connections = prepared.connections
    connections.exempt = True
    database: ScratchDatabase | None = None
    try:
        database = clone(prepared.anchor, server, prepared.version_tables)
        names = {(thing.kind, thing.schema, thing.name) for thing in prepared.protection.protected}

        def protect(inspector: Any) -> Protection:
            return _same_protection(inspector, names, prepared.protection)

        with tripwired(settings, connections, database, protect, every_statement=every_statement) as run:
            record.revisions = run.revisions
            fence = run.fence
            try:
                with quiet():
                    run_environment(prepared.config, target, run)
            except FenceBreachError as error:
                raise FenceBreachError(error.refusals) from None
            except MigrationError as error:
                record.stopped = _stopped(run)
                raise type(error)(
                    f"the rehearsal on a clone failed, and the live run was not begun: {error.message}",
                    hint=f"the clone has definitions but no rows; mend the revision, {NO_REHEARSAL}",
                ) from error
            finally:
                record.statements = len(fence.executed)
        keys = _live_keys(fence, fence.protection, prepared)
        return Rehearsal(len(run.revisions), keys, tuple(fence.executed), _asked(fence.executed))
    finally:
        connections.exempt = True
        if database is not None:
            database.close()
        connections.exempt = False


@contextmanager
def tripwired(
    settings: "Settings",
    connections: Connections,
    database: ScratchDatabase,
    protect: Callable[[Any], Protection],
    *,
    every_statement: bool = False,
) -> Iterator[Run]:
    """A run on a scratch database, to which env.py is led instead of to the live one.

    Args:
        settings: the run's.
        connections: what this process may connect to.
        database: where it runs: its protected tables get tripwires.
        protect: says what is protected there, given a connection to it.
        every_statement: whether the facts are compared after each statement.

    Raises:
        FenceBreachError: at the end, where a protected sequence was moved.
    """
    connections.exempt = True
    try:
        inspector = database.connect()
        try:
            protection = protect(inspector)
            lay(inspector, protection.tables)
            block_reaching(inspector)
            before = read_facts(inspector)
            sequences = [thing for thing in protection.protected if thing.kind == "sequence"]
            standing = sequence_values(inspector, sequences)
        finally:
            inspector.close()
        connections.exempt = False
        fence = Fence(protection, settings.layers, settings.timeouts, before=before, every_statement=every_statement)
        connections.refuse = fence.refuse
        url = database.url

        def lead_there(factory: Any) -> Any:
            import psycopg2

            parameters: dict[str, Any] = dict(connection_parameters(url))
            connections.exempt = True
            try:
                return psycopg2.connect(**parameters, connection_factory=factory)
            finally:
                connections.exempt = False

        connections.redirect = lead_there
        yield Run(fence, connections, start=settings.project.start)
        connections.exempt = True
        _demand_standing(database, sequences, standing, fence, protection)
    finally:
        connections.redirect = None
        connections.exempt = False


def _stopped(run: Run) -> dict[str, Any] | None:
    """Where a run failed by itself, as the record says it."""
    if run.stopped is None:
        return None
    return {"revision": run.stopped.revision, "place": str(run.stopped.place or ""), "sql": run.stopped.sql or None}


def _demand_standing(
    database: ScratchDatabase,
    sequences: list[Thing],
    standing: dict[int, tuple[int, bool]],
    fence: Fence,
    protection: Protection,
) -> None:
    """Refuse what has moved a protected sequence, for good as it would be on the live database."""
    inspector = database.connect()
    try:
        moved = sequence_values(inspector, sequences)
    finally:
        inspector.close()
    for sequence in sequences:
        if moved.get(sequence.oid) != standing[sequence.oid]:
            last = fence.executed[-1] if fence.executed else None
            raise FenceBreachError(
                (
                    Refusal(
                        "rehearsal",
                        f"it moves {sequence} (for good: a sequence's value is never rolled back)",
                        last.place if last else None,
                        None,
                        str(sequence),
                        protection.owner(sequence),
                        "leave the sequence to its owner",
                    ),
                )
            )


def _same_protection(connection: Any, names: set[tuple[str, str, str]], live: Protection) -> Protection:
    """The clone's things, protected where their namesakes in the live database are."""
    things = read_inventory(connection)
    owned = frozenset(
        (thing.catalog, thing.oid) for thing in things if (thing.kind, thing.schema, thing.name) not in names
    )
    return dataclasses.replace(live, things=things, owned=owned)


def _live_keys(fence: Fence, protection: Protection, prepared: "Prepared") -> ForeignKeyChanges:
    """The locks that foreign keys took on the clone, as the live database's oids."""
    names = {thing.oid: (thing.schema, thing.name) for thing in protection.tables}
    live = {(thing.schema, thing.name): thing.oid for thing in prepared.protection.tables}

    def of(mode: str) -> frozenset[int]:
        return frozenset(
            live[names[oid]] for oid, modes in fence.audit.locked.items() if mode in modes and names[oid] in live
        )

    return ForeignKeyChanges(of("ShareRowExclusiveLock"), of("AccessExclusiveLock"))


def _asked(executed: Iterable[Executed]) -> tuple[Place, ...]:
    """Where revisions read tables: what they do with the rows cannot be rehearsed."""
    places = (item.place for item in executed if item.place and item.place.revision and reads_rows(item.sql))
    return tuple(dict.fromkeys(places))


@contextmanager
def _server(choice: Any) -> Iterator[ScratchServer]:
    if not isinstance(choice, str):
        yield choice
        return
    from schemasync.scratch import scratch_server

    with scratch_server(choice) as server:
        yield server
