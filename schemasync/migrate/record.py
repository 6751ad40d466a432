"""The record of a run as JSON: written before, during and after it, so that a killed run leaves its traces."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from errno import EISDIR
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemasync.errors import SchemasyncError
from schemasync.paths import shown

if TYPE_CHECKING:
    from schemasync.migrate.refusals import Refusal
    from schemasync.migrate.runs import RevisionRun


HINT = "give --record a file that can be written"


class RecordError(SchemasyncError):
    """The record of a run cannot be written."""


@dataclass(slots=True)
class RehearsalRecord:
    """What a rehearsal ran on the clone.

    Args:
        state: `running`, `passed`, `refused` or `failed`.
        seconds: how long it took, the clone included.
        revisions: those that were begun; the last is not done where the rehearsal stopped in it.
        statements: how many ran.
        stopped: the statement at which it stopped, as the record's `statements` are written; None where it passed, or
            no statement is to blame.
    """

    state: str = "running"
    seconds: float = 0.0
    revisions: list[RevisionRun] = field(default_factory=list)
    statements: int = 0
    stopped: dict[str, Any] | None = None


@dataclass(slots=True)
class Record:
    """What a run set out to do and did.

    Args:
        file: where it is kept; None keeps it in memory.
        database: the URL without its password.
        direction, revision: the target.
        state: `running`, `committing`, `done`, `dry`, `refused` or `failed`.
        rehearsed: whether the whole run was rehearsed, and nothing refused there.
        rehearsal: what the rehearsal ran; None where there was none.
        transaction: the number of the transaction, by which a later run learns what became of it.
    """

    file: Path | None
    database: str
    direction: str
    revision: str
    heads_before: tuple[str, ...] = ()
    heads_after: tuple[str, ...] = ()
    state: str = "running"
    started: str = ""
    seconds: float = 0.0
    attempts: int = 0
    rehearsed: bool = False
    rehearsal: RehearsalRecord | None = None
    transaction: str | None = None
    revisions: list[RevisionRun] = field(default_factory=list)
    statements: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    error: str | None = None

    def to_json(self) -> str:
        """The record as JSON."""
        values: dict[str, Any] = {"version": 1}
        for field_ in fields(self):
            values[field_.name] = getattr(self, field_.name)
        del values["file"]
        # A line for each entry of a list: json's own indentation would take longer than a small revision.
        lines = (f"{json.dumps(name)}: {_lines(value)}" for name, value in values.items())
        return "{\n  " + ",\n  ".join(lines) + "\n}"

    def write(self) -> None:
        """Keep it, all at once.

        Raises:
            RecordError: the file cannot be written.
        """
        if self.file is None:
            return
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(prefix=f".{self.file.name}.", dir=self.file.parent)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as stream:
                    stream.write(self.to_json() + "\n")
                Path(temporary).replace(self.file)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise RecordError(
                f"the record of the run cannot be kept in {shown(self.file)}: {error.strerror}",
                hint=HINT,
            ) from error


def _lines(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n    " + ",\n    ".join(json.dumps(item, default=asdict) for item in value) + "\n  ]"
    return json.dumps(value, default=asdict)


def demand_writable(file: Path) -> None:
    """Refuse to start a run whose record could not be written.

    Raises:
        RecordError: it could not.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.is_dir():
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
        handle, temporary = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        os.close(handle)
        Path(temporary).unlink()
    except OSError as error:
        raise RecordError(
            f"the record of the run cannot be kept in {shown(file)}: {error.strerror}", hint=HINT
        ) from error


def now() -> str:
    """This moment, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def state_folder() -> Path:
    """Where records are kept by default (XDG Base Directory Specification, `XDG_STATE_HOME`)."""
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "schemasync"


def unfinished(file: Path | None) -> dict[str, Any] | None:
    """The record of a run that never came to its end, or None."""
    if file is None:
        return None
    with suppress(OSError, ValueError, RecursionError):
        found = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(found, dict) and found.get("state") in ("running", "committing"):
            return found
    return None


def what_became(found: dict[str, Any], heads: tuple[str, ...], outcome: str | None) -> str:
    """What became of a run that was killed, in a sentence.

    Args:
        found: its record.
        heads: the revisions in the database now.
        outcome: what PostgreSQL says of its transaction.
    """
    before = tuple(found.get("heads_before", ()))
    began = f"the last run, of {found.get('started')}, was killed"
    at = ", ".join(heads) or "no revision"
    if outcome == "committed" and heads != before:
        return f"{began} after its commit: its revisions are applied, and the database is at {at}"
    if heads == before and outcome != "committed":
        return f"{began} before its commit: PostgreSQL has undone it, and the database is at {at} as before"
    if heads == before:
        return (
            f"{began} after an autocommit_block: what stood before the block was committed, but its revision is not "
            f"recorded; the database is at {at}. Look at what that revision has already done"
        )
    return f"{began}; the database is at {at} now"
