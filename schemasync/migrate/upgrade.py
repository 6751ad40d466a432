"""`upgrade`, `downgrade` and `stamp`: the locks, the rehearsal, the live run, in this order."""

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemasync.migrate.chain import applied_heads, created_by_chain, demand_prisma_in_order
from schemasync.migrate.connections import Connections, watched
from schemasync.migrate.environment import AlembicProject, opened_project
from schemasync.migrate.facts import read_facts
from schemasync.migrate.fence import Fence
from schemasync.migrate.guard import ForeignKeyChanges, guarded
from schemasync.migrate.inventory import read_inventory
from schemasync.migrate.layers import Layers, Timeouts
from schemasync.migrate.locks import Anchor, anchored
from schemasync.migrate.probe import Probe, probe
from schemasync.migrate.protected import Protection, protection
from schemasync.migrate.record import Record, now, unfinished, what_became
from schemasync.migrate.refusals import FenceBreachError, LockUnavailableError, MigrationError
from schemasync.migrate.runner import run_environment
from schemasync.migrate.runs import RevisionRun, Run, Target
from schemasync.ownership import Ownership
from schemasync.schema.model import Schema
from schemasync.urls import hide_password

if TYPE_CHECKING:
    from alembic.config import Config

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run needs to know.

    Args:
        url: the database that the run is planned for.
        project: the Alembic project.
        declared: the witnesses `prisma` and `sqlalchemy`, as far as they are configured; without the latter the
            metadata that env.py configures counts.
        ownership: what the user configured about owners.
        schemas: where `_prisma_migrations` may stand.
        layers: which layers stand.
        timeouts: for each statement.
        prisma_lock: whether to take Prisma's lock, and how long to wait for it.
        retries: how often to try again when a lock is not to be had.
        scratch: the scratch server of the rehearsal.
        record: the file of the run's record; None keeps none.
    """

    url: str
    project: AlembicProject
    declared: Mapping[str, Schema] = field(default_factory=dict)
    ownership: Ownership = field(default_factory=Ownership)
    schemas: tuple[str, ...] = ("public",)
    layers: Layers = field(default_factory=Layers)
    timeouts: Timeouts = field(default_factory=Timeouts)
    prisma_lock: bool = True
    lock_wait: float = 10.0
    retries: int = 3
    scratch: Any = "auto"
    record: Path | None = None


@dataclass(slots=True)
class Prepared:
    """A database that a run may start on.

    Args:
        anchor: the fence's own connection.
        config: Alembic's settings.
        connections: what this process may connect to.
        protection: what is protected.
        before: all facts before the run.
        heads: the revisions that the database is at.
        version_tables: where Alembic keeps them.
    """

    anchor: Anchor
    config: "Config"
    connections: Connections
    protection: Protection
    before: Schema
    heads: tuple[str, ...]
    version_tables: tuple[tuple[str | None, str], ...]


def migrate(
    settings: Settings,
    target: Target,
    *,
    dry_run: bool = False,
    say: Say = lambda _text: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Record:
    """Run Alembic's revisions to a target within the fence.

    Args:
        settings: the run's.
        target: where to.
        dry_run: roll everything back at the end.
        say: is told each step.
        sleep: waits between attempts.

    Returns:
        The record of what ran.

    Raises:
        FenceBreachError: a revision touches something protected; the record is in the settings' file.
        LockUnavailableError: a lock was not to be had.
        MigrationError: a revision failed, or the database is not in order.
        DatabaseError: the database cannot be reached or read.
    """
    record = Record(settings.record, hide_password(settings.url), target.direction, target.revision, started=now())
    start = time.perf_counter()
    killed = unfinished(settings.record)
    try:
        with ExitStack() as stack:
            prepared = prepare(settings, stack, say=say, sleep=sleep)
            if killed is not None:
                _tell_of(killed, prepared, say)
            record.heads_before = prepared.heads
            record.write()
            keys = _rehearsed(settings, target, prepared, record, say)
            _live(settings, target, prepared, record, keys, dry_run=dry_run, say=say, sleep=sleep)
            record.heads_after = applied_heads(prepared.anchor, prepared.version_tables)
            record.state = "dry" if dry_run else "done"
            _recommend_role(prepared, say)
    except FenceBreachError as error:
        record.state, record.refusals, record.error = "refused", list(error.refusals), error.message
        raise
    except BaseException as error:
        record.state, record.error = "failed", str(error)
        raise
    finally:
        record.seconds = time.perf_counter() - start
        record.write()
    return record


def prepare(
    settings: Settings,
    stack: ExitStack,
    *,
    say: Say = lambda _text: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Prepared:
    """Take the locks, look at both histories, and divide the database into owned and protected.

    Raises:
        LockUnavailableError: Prisma's lock is held.
        MigrationError: a history is not in order.
    """
    anchor = stack.enter_context(
        anchored(settings.url, prisma_lock=settings.prisma_lock, wait=settings.lock_wait, say=say, sleep=sleep)
    )
    demand_prisma_in_order(anchor, settings.schemas, prisma_is_configured="prisma" in settings.declared)
    connections = Connections(anchor, _nobody)
    stack.enter_context(watched(connections))
    # Standard output is for results; what env.py and the revisions print is none.
    stack.enter_context(redirect_stdout(sys.stderr))
    config = stack.enter_context(opened_project(settings.project))
    seen: Probe = probe(config, anchor, connections)
    tables = ((seen.version_schema, seen.version_table),)
    heads = applied_heads(anchor, tables)
    created = created_by_chain(config, heads)
    declared = dict(settings.declared)
    if "sqlalchemy" not in declared and seen.models is not None:
        declared["sqlalchemy"] = seen.models
    divided = protection(read_inventory(anchor.connection), declared, settings.ownership, created, tables)
    return Prepared(anchor, config, connections, divided, read_facts(anchor.connection), heads, tables)


def _rehearsed(
    settings: Settings, target: Target, prepared: Prepared, record: Record, say: Say
) -> ForeignKeyChanges | None:
    """The tables that gain and lose foreign keys, as the rehearsal tells; None without one."""
    if not settings.layers.rehearsal:
        return None
    from schemasync.migrate.rehearsal import rehearse

    start = time.perf_counter()
    found = rehearse(settings, target, prepared)
    record.rehearsed = True
    say(f"rehearsed {found.revisions} revision{'s' * (found.revisions != 1)} on a clone in {_elapsed(start)}")
    return found.keys


def _live(
    settings: Settings,
    target: Target,
    prepared: Prepared,
    record: Record,
    keys: ForeignKeyChanges | None,
    *,
    dry_run: bool,
    say: Say,
    sleep: Callable[[float], None],
) -> None:
    """The live run, tried again with growing pauses where a lock was not to be had and nothing was committed."""
    while True:
        record.attempts += 1
        fence = Fence(prepared.protection, settings.layers, settings.timeouts, before=prepared.before)
        prepared.connections.refuse = fence.refuse
        prepared.connections.redirect = None
        run = Run(fence, prepared.connections, lambda done: say(_told(done)), dry=dry_run)
        run.on_commit = lambda run=run: _before_commit(run, record)  # type: ignore[misc]  # binds this attempt's run
        try:
            with ExitStack() as stack:
                if settings.layers.guard:
                    fence.guard = stack.enter_context(
                        guarded(
                            settings.url,
                            prepared.protection.tables,
                            keys or ForeignKeyChanges(),
                            lock_timeout=settings.timeouts.lock or "3s",
                        )
                    )
                run_environment(prepared.config, target, run)
            return
        except LockUnavailableError as error:
            if run.committed or record.attempts > settings.retries:
                raise
            pause = 2.0 ** (record.attempts - 1)
            say(f"{error.message.partition(chr(10))[0]}; trying again in {pause:g} s")
            sleep(pause)
        except MigrationError:
            _look_after_a_loss(prepared, record)
            raise
        finally:
            record.revisions = run.revisions
            record.statements = [
                {"revision": item.revision, "place": str(item.place or ""), "sql": item.sql} for item in fence.executed
            ]


def _before_commit(run: Run, record: Record) -> None:
    record.state = "committing"
    record.transaction = run.fence.transaction
    record.revisions = run.revisions
    record.write()


def _look_after_a_loss(prepared: Prepared, record: Record) -> None:
    """Where the connection was lost in the middle of a COMMIT, PostgreSQL knows what became of it.

    Raises:
        MigrationError: with what became of it.
    """
    if record.state != "committing" or record.transaction is None:
        return
    became = transaction_outcome(prepared.anchor, record.transaction)
    if became == "committed":
        raise MigrationError(
            "the connection was lost during the COMMIT, which PostgreSQL has carried out: the revisions are applied",
            hint="schemasync current shows where the database is",
        )


def transaction_outcome(anchor: Anchor, transaction: str | None) -> str | None:
    """What became of a transaction, where PostgreSQL still knows."""
    import psycopg2

    if transaction is None:
        return None
    try:
        found = anchor.rows("SELECT pg_catalog.pg_xact_status(%s::text::xid8)", transaction)
    except psycopg2.Error:
        return None
    return str(found[0][0]) if found[0][0] is not None else None


def _tell_of(killed: Mapping[str, Any], prepared: Prepared, say: Say) -> None:
    became = transaction_outcome(prepared.anchor, killed.get("transaction"))
    say(what_became(dict(killed), prepared.heads, became))


def _told(done: RevisionRun) -> str:
    return f"{done.revision} {done.message} ({done.statements} statements, {done.seconds:.2f} s)"


def _elapsed(start: float) -> str:
    return f"{time.perf_counter() - start:.2f} s"


def _recommend_role(prepared: Prepared, say: Say) -> None:
    """Say that the connected role could have touched what it must not, where it could."""
    owners = prepared.anchor.rows(
        """SELECT count(*) FROM pg_catalog.pg_class WHERE oid = ANY (%s::oid[])
        AND pg_catalog.pg_has_role(current_user, relowner, 'USAGE')""",
        [table.oid for table in prepared.protection.tables],
    )[0][0]
    if owners:
        say(
            f"this role owns {owners} protected table{'s' * (owners != 1)}: the fence alone stands between a malicious "
            "migration and them. schemasync roles --sql prints a set-up in which PostgreSQL itself does"
        )


def _nobody(refusal: Any) -> None:
    raise FenceBreachError((refusal,))
