"""A run of revisions: where to, what it has done so far, and what it may connect to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from schemasync.migrate.connections import Connections
from schemasync.migrate.fence import Fence
from schemasync.migrate.layers import Executed
from schemasync.records import record

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

Direction = Literal["upgrade", "downgrade", "stamp"]


@record(frozen=True, slots=True)
class Target:
    """Where to: `upgrade` to `heads`, `downgrade` to `-1`, `stamp` `head`."""

    direction: Direction
    revision: str

    def steps(self, scripts: "ScriptDirectory", heads: Any) -> Any:
        """The steps from the database's heads, as Alembic's own commands find them."""
        if self.direction == "upgrade":
            return scripts._upgrade_revs(self.revision, heads)
        if self.direction == "downgrade":
            return scripts._downgrade_revs(self.revision, heads)
        return scripts._stamp_revs(tuple(self.revision.split(",")), heads)


@dataclass(slots=True)
class RevisionRun:
    """One revision that ran."""

    revision: str
    message: str
    path: str
    seconds: float = 0.0
    statements: int = 0
    done: bool = False


@dataclass(slots=True)
class Run:
    """A run in progress, and what it has done.

    Args:
        fence: the fence.
        connections: what this process may connect to.
        on_revision: is told each revision when it is done.
        dry: whether everything is rolled back at the end.
        start: the folder that paths are shown from.
        committed: the revisions that were committed before an `autocommit_block`, which nothing can undo.
        committing: whether a COMMIT has been sent and not been answered.
        finished: whether env.py has run the migrations.
        stopped: where and at which statement it failed by itself.
    """

    fence: Fence
    connections: Connections
    on_revision: Callable[[RevisionRun], None] = lambda _run: None
    on_commit: Callable[[], None] = lambda: None
    dry: bool = False
    start: Path | None = None
    revisions: list[RevisionRun] = field(default_factory=list)
    committed: str = ""
    committing: bool = False
    finished: bool = False
    stopped: Executed | None = None

    def commit(self, driver: Any) -> None:
        """Commit what has been checked; where the connection is lost meanwhile, `committing` stays."""
        self.on_commit()
        self.committing = True
        driver.really_commit()
        self.committing = False

    @property
    def current(self) -> RevisionRun | None:
        """The revision that is running."""
        return self.revisions[-1] if self.revisions and not self.revisions[-1].done else None
