"""`autocommit_block()`: for what PostgreSQL refuses to run in a transaction, and so nothing can undo.

What stands before it is checked and committed first. Inside, a statement that can run in a transaction gets one of
its own, checked before its commit; one that cannot (CONCURRENTLY, VACUUM) must be readable and name unprotected
objects only. After the block the facts are held against those from before.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from schemasync.migrate.inventory import plain_cursor
from schemasync.migrate.mending import definitions
from schemasync.migrate.refusals import DryRunEndedError, FenceBreachError

if TYPE_CHECKING:
    from schemasync.migrate.runs import Run


@contextmanager
def autocommit_block(run: "Run", driver: Any) -> Iterator[None]:
    """Commit what has been checked, and let the block run outside of transactions.

    Raises:
        FenceBreachError: what stands before the block, or the block itself, changed something protected.
    """
    fence = run.fence
    with fence.own_work():
        fence.check()
        if run.dry:
            revision = run.current.revision if run.current else "?"
            raise DryRunEndedError(
                f"revision {revision} has an autocommit_block, which a dry run could not roll back; it ran up to there",
                hint="without --no-rehearsal the rest is run on a clone of the database",
            )
        fence.definitions = definitions(driver)
        fence.commit_checked()
        run.commit(driver)
        driver.really_autocommit(True)
        with plain_cursor(driver) as cursor:
            for setting in fence.timeouts.settings:
                cursor.execute("SELECT pg_catalog.set_config(%s, %s, false)", setting)
    run.committed = _committed(run)
    driver.watcher = fence
    fence.autocommit = True
    try:
        yield
    finally:
        fence.autocommit = False
        with fence.own_work():
            if not driver.closed:
                driver.really_autocommit(False)
    with fence.own_work():
        after_block(run)
        fence.begin(driver)


def after_block(run: "Run") -> None:
    """Hold the facts against those from before the block.

    Raises:
        FenceBreachError: something protected has changed, for good; with the SQL that mends it.
    """
    fence = run.fence
    if fence.layers.facts:
        mending = fence.check_facts_after()
        fence.connection.really_roll_back()
        if fence.refusals:
            raise FenceBreachError(tuple(fence.refusals), committed=run.committed, mending=mending)


def _committed(run: "Run") -> str:
    done = [item.revision for item in run.revisions if item.done]
    current = run.current
    parts = [f"revisions {', '.join(done)} were committed"] if done else []
    if current is not None:
        parts.append(f"what stands before the autocommit_block of revision {current.revision} was committed")
    return (
        f"An autocommit_block cannot be undone: {'; '.join(parts)}. Look at what it did before running again: "
        "that revision is not recorded as applied."
    )
