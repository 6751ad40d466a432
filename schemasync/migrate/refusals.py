"""What the fence says when it refuses: where, which statement, which object, whose, and what to do instead."""

from dataclasses import asdict
from typing import Any

from schemasync.errors import SchemasyncError
from schemasync.records import record

OWNERS = {"prisma": "Prisma owns", "sqlalchemy": "the models own", None: "nobody here declared"}


@record(frozen=True, slots=True)
class Place:
    """A line of a revision, or of env.py.

    Args:
        path: the file.
        line: from 1; 0 where only the file is known.
        revision: the revision's identifier; None outside of revisions.
    """

    path: str
    line: int
    revision: str | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@record(frozen=True, slots=True)
class Refusal:
    """One thing that the fence refuses.

    Args:
        layer: which part of the fence saw it: `parser`, `connections`, `guard`, `gate`, `counters`, `facts`.
        what: what it would do, as a sentence without its full stop.
        place: where the migration does it; None where that is not known.
        statement: the SQL, shortened; None where it was no statement.
        object: the protected object: `table public.users`.
        owner: its owner.
        instead: what to do instead.
    """

    layer: str
    what: str
    place: Place | None = None
    statement: str | None = None
    object: str | None = None
    owner: str | None = None
    instead: str = ""

    def render(self) -> str:
        """The refusal as text, one fact a line."""
        lines = [f"{self.place}: {self.what}" if self.place else self.what]
        if self.place is not None and self.place.revision:
            lines.append(f"    revision:  {self.place.revision}")
        if self.statement:
            lines.append(f"    statement: {shortened(self.statement)}")
        if self.object:
            lines.append(f"    object:    {self.object}, which {OWNERS.get(self.owner, OWNERS[None])}")
        if self.instead:
            lines.append(f"    instead:   {self.instead}")
        lines.append(f"    seen by:   {self.layer}")
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """The refusal for the record of a run."""
        return asdict(self)


class FenceBreachError(SchemasyncError):
    """The migration touches what it must not; carries every refusal.

    Args:
        refusals: what the fence refuses, the first cause first.
        committed: what had been committed before, which could not be undone; empty where the database is as it was.
        mending: SQL that undoes what was committed.
    """

    def __init__(self, refusals: tuple[Refusal, ...], *, committed: str = "", mending: tuple[str, ...] = ()) -> None:
        self.refusals = refusals
        self.committed = committed
        self.mending = mending
        end = committed or "The database is as it was."
        super().__init__("\n".join([*(item.render() for item in refusals), end]))

    def render(self) -> str:
        """Every refusal, the state of the database, and the SQL that mends it."""
        text = f"refused: {self.message}"
        if self.mending:
            text += "\nThis mends it:\n" + "\n".join(f"    {line}" for line in self.mending)
        return text


class MigrationError(SchemasyncError):
    """The migration failed by itself, or could not be started; the database is as the message says."""


class DryRunEndedError(MigrationError):
    """A dry run came to what it could not roll back; everything before it has run, and was rolled back."""


class OutcomeUnknownError(MigrationError):
    """The connection was lost during the COMMIT, and the server cannot be asked what became of it."""


class LockUnavailableError(MigrationError):
    """A lock was not to be had in time; nothing has changed, and a later attempt may succeed."""


def shortened(statement: str, width: int = 200) -> str:
    """A statement on one line, cut in the middle of nothing that matters."""
    line = " ".join(statement.split())
    return line if len(line) <= width else line[: width - 1] + "…"
