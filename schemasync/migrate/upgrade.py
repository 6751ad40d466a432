"""`upgrade`, `downgrade` and `stamp`: the locks, the rehearsal, the live run, in this order."""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

from schemasync.errors import DatabaseError
from schemasync.migrate.chain import applied_heads
from schemasync.migrate.fence import Fence
from schemasync.migrate.guard import ForeignKeyChanges, guarded
from schemasync.migrate.locks import Anchor, connect
from schemasync.migrate.prepared import Prepared, Say, Settings, loaded_scripts, pending, prepare
from schemasync.migrate.record import Record, RecordError, RehearsalRecord, now, unfinished, what_became
from schemasync.migrate.refusals import (
    DryRunEndedError,
    FenceBreachError,
    LockUnavailableError,
    MigrationError,
    OutcomeUnknownError,
)
from schemasync.migrate.runner import run_environment
from schemasync.migrate.runs import RevisionRun, Run, Target
from schemasync.passwords import hide_password
from schemasync.schema.collection import collection_put_off

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

# A server that recovers from a crash is back within seconds.
WAITS_FOR_SERVER = (0.5, 1.0, 2.0, 4.0, 8.0)


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
            # What is imported and read until then stays to the end; the revisions' own work is collected as ever.
            with collection_put_off():
                prepared = prepare(settings, stack, say=say, sleep=sleep)
                if killed is not None:
                    _tell_of(killed, prepared, say)
                record.heads_before = prepared.heads
                record.write()
                scripts = loaded_scripts(prepared, settings.project)
            if not pending(prepared, target, scripts):
                record.heads_after, record.state = prepared.heads, "done"
                return record
            keys = _rehearsed(settings, target, prepared, record, say)
            _live(settings, target, prepared, record, keys, scripts, dry_run=dry_run, say=say, sleep=sleep)
            record.heads_after = applied_heads(prepared.anchor, prepared.version_tables)
            record.state = "dry" if dry_run else "done"
            _recommend_role(prepared, say)
    except FenceBreachError as error:
        record.state, record.refusals, record.error = "refused", list(error.refusals), error.message
        raise
    except OutcomeUnknownError as error:
        record.error = str(error)  # its state stays what it was: the next run asks
        raise
    except BaseException as error:
        record.state, record.error = "failed", str(error)
        raise
    finally:
        record.seconds = time.perf_counter() - start
        try:
            record.write()
        except RecordError as error:  # what has been done is done, and what has failed is to be told
            say(error.message)
    return record


def _rehearsed(
    settings: Settings, target: Target, prepared: Prepared, record: Record, say: Say
) -> ForeignKeyChanges | None:
    """The tables that gain and lose foreign keys, as the rehearsal tells; None without one."""
    if not settings.layers.rehearsal:
        return None
    from schemasync.migrate.rehearsal import rehearse

    start = time.perf_counter()
    record.rehearsal = RehearsalRecord()
    try:
        found = rehearse(settings, target, prepared, record.rehearsal)
    finally:
        record.rehearsal.seconds = time.perf_counter() - start
    record.rehearsed = True
    say(f"rehearsed {found.revisions} revision{'s' * (found.revisions != 1)} on a clone in {_elapsed(start)}")
    if found.asked:
        places = ", ".join(map(str, found.asked[:3])) + (" …" if len(found.asked) > 3 else "")
        say(f"the clone has no rows: what depends on those that {places} asks for is watched in the live run alone")
    return found.keys


def _live(
    settings: Settings,
    target: Target,
    prepared: Prepared,
    record: Record,
    keys: ForeignKeyChanges | None,
    scripts: "ScriptDirectory",
    *,
    dry_run: bool,
    say: Say,
    sleep: Callable[[float], None],
) -> None:
    """The live run, tried again with growing pauses where a lock was not to be had and nothing was committed."""
    while True:
        record.attempts += 1
        fence = Fence(prepared.protection, settings.layers, prepared.timeouts, before=prepared.before)
        prepared.connections.refuse = fence.refuse
        prepared.connections.redirect = None
        run = Run(fence, prepared.connections, lambda done: say(_told(done)), dry=dry_run, start=settings.project.start)
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
                run_environment(prepared.config, target, run, scripts)
            return
        except DryRunEndedError as error:
            if not settings.layers.rehearsal:
                raise
            say(f"{error.message}. The block, and what comes after it, ran on the clone only")
            return
        except LockUnavailableError as error:
            if run.committed or record.attempts > settings.retries:
                raise
            pause = 2.0 ** (record.attempts - 1)
            say(f"{error.message.partition(chr(10))[0]}; trying again in {pause:g} s")
            sleep(pause)
        except MigrationError:
            _look_after_a_loss(run, prepared, sleep)
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


def _look_after_a_loss(run: Run, prepared: Prepared, sleep: Callable[[float], None]) -> None:
    """Where the connection was lost in the middle of a COMMIT, PostgreSQL knows what became of it.

    Raises:
        MigrationError: it was carried out.
        OutcomeUnknownError: the server cannot be asked.
    """
    if not run.committing:
        return
    for pause in WAITS_FOR_SERVER:
        became = transaction_outcome(prepared.anchor, run.fence.transaction)
        if became == "committed":
            raise MigrationError(
                "the connection was lost during the COMMIT, which PostgreSQL carried out: the revisions are applied",
                hint="schemasync current shows where the database is",
            )
        if became == "aborted":
            return
        sleep(pause)
    raise OutcomeUnknownError(
        "the connection was lost during the COMMIT, and the server cannot be asked whether it was carried out",
        hint="run this again when the server is back: it says what became of it",
    )


def transaction_outcome(anchor: Anchor, transaction: str | None) -> str | None:
    """What became of a transaction, where PostgreSQL still knows: `committed`, `aborted` or `in progress`."""
    import psycopg2

    if transaction is None:
        return None
    question = "SELECT pg_catalog.pg_xact_status(%s::text::xid8)"
    try:
        found = anchor.rows(question, transaction)
    except psycopg2.Error:
        try:  # the server may have been restarted since
            with closing(connect(anchor.url, "schemasync")) as connection:
                found = Anchor(connection, anchor.url, 0).rows(question, transaction)
        except psycopg2.errors.InvalidParameterValue:
            return "aborted"  # "is in the future": a crash took it before anything of it was on disk
        except (psycopg2.Error, DatabaseError):
            return None
    return str(found[0][0]) if found[0][0] is not None else None


def _tell_of(killed: Mapping[str, Any], prepared: Prepared, say: Say) -> None:
    became = transaction_outcome(prepared.anchor, killed.get("transaction"))
    say(what_became(dict(killed), prepared.heads, became))


def _told(done: RevisionRun) -> str:
    title = " ".join(part for part in (done.revision, done.message) if part)
    return f"{title} ({done.statements} statement{'s' * (done.statements != 1)}, {done.seconds:.2f} s)"


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
