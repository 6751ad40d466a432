"""The layers of the fence, its timeouts, and what it notes of each statement."""

from dataclasses import dataclass

from schemasync.migrate.refusals import Place
from schemasync.records import record


@record(frozen=True, slots=True)
class Layers:
    """Which layers stand; all of them, but where a layer is looked at alone."""

    parser: bool = True
    connections: bool = True
    guard: bool = True
    gate: bool = True
    counters: bool = True
    facts: bool = True
    rehearsal: bool = True


@record(frozen=True, slots=True)
class Timeouts:
    """PostgreSQL's own settings for each statement; None leaves the session's.

    Args:
        lock, statement: how long it waits for a lock, and takes.
        lost: how often the server looks whether this process is still there, while it carries a statement out.
    """

    lock: str | None = "3s"
    statement: str | None = None
    lost: str | None = None

    @property
    def settings(self) -> tuple[tuple[str, str], ...]:
        """Those that are not the session's own, as PostgreSQL names them."""
        named = (
            ("lock_timeout", self.lock),
            ("statement_timeout", self.statement),
            ("client_connection_check_interval", self.lost),
        )
        return tuple((name, value) for name, value in named if value is not None)


@dataclass(slots=True)
class Executed:
    """A statement that ran: where the migration has it, and its text."""

    place: Place | None
    sql: str
    revision: str | None
