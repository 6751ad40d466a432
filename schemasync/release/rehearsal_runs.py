"""Carries one step's migrations out on the rehearsal's database, and measures each statement.

A Prisma migration runs as `migrate deploy` runs it: its whole script as one text, one migration at a time. It is
measured on a copy, statement by statement in one transaction, which is what PostgreSQL makes of the text (manual,
"Multiple Statements in a Simple Query"). An Alembic revision runs by Alembic, and is measured while it runs.
"""

import os
import re
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemasync.errors import DatabaseError
from schemasync.paths import shown
from schemasync.release.hazards_meter import Measured, Meter
from schemasync.release.replayed import ALEMBIC, PRISMA, Replay, Step
from schemasync.release.squawk import Script
from schemasync.scratch.interface import ScratchServer
from schemasync.witnesses.replay import replay_alembic, replay_prisma

if TYPE_CHECKING:
    from psycopg2.extensions import connection

_NOT_IN_A_TRANSACTION = "25001"  # active_sql_transaction: CREATE INDEX CONCURRENTLY, VACUUM …
_LEADING = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)


def run_measured(server: ScratchServer, replay: Replay, step: Step, file: Path | None) -> tuple[Measured, ...]:
    """Run one migration, and tell what each of its statements did to tables that were there before.

    Args:
        server: where the database is.
        replay: the database.
        step: the migration.
        file: an Alembic revision's file.

    Raises:
        DatabaseError: it failed.
    """
    replay.known = None
    if step.side == PRISMA:
        assert replay.places.migrations is not None
        script = replay.places.migrations / step.name / "migration.sql"
        measured = _measured_script(server, replay, script)
        replay_prisma(replay.places.migrations, replay.database.url, only=[step.name])
        return measured
    assert step.side == ALEMBIC
    assert replay.places.alembic is not None
    watch = _AlembicWatch(replay.database.url, file)
    replay_alembic(
        replay.places.alembic,
        replay.database.url,
        path=replay.places.path,
        target=step.name,
        connected=watch.connected,
    )
    return tuple(watch.meter.measured) if watch.meter is not None else ()


def script_of(replay: Replay, step: str, part: Step, measured: Sequence[Measured]) -> Script:
    """A migration's SQL: Prisma's file, or what Alembic sent but for its own bookkeeping and statements with values.

    Args:
        replay: where it ran.
        step: the step's id.
        part: the migration.
        measured: its statements.
    """
    if part.side == PRISMA and replay.places.migrations is not None:
        file = replay.places.migrations / part.name / "migration.sql"
        return Script(step, part.name, shown(file), file.read_bytes().decode("utf-8-sig"), (), len(measured) > 1)
    text, places = "", []
    for one in measured:
        if "alembic_version" in one.sql or "%(" in one.sql:
            continue
        places.append((text.count("\n") + 1, one.place))
        text += one.sql.strip().rstrip(";") + ";\n"
    path = places[0][1].rpartition(":")[0] if places else part.name
    return Script(step, part.name, path, text, tuple(places), len({one.transaction for one in measured}) == 1)


def statements_of(script: str) -> list[tuple[int, str]]:
    """The statements of a script, each with its line; the whole script where PostgreSQL's grammar cannot read it."""
    from google.protobuf.message import DecodeError
    from postgast import PgQueryError, parse

    content = script.encode()
    try:
        tree = parse(script)
    except (PgQueryError, UnicodeError, ValueError, DecodeError):
        return [(1, script)] if script.strip() else []
    found = []
    for raw in tree.stmts:
        # The parser counts bytes; a length of 0 is all that is left.
        end = raw.stmt_location + raw.stmt_len if raw.stmt_len else len(content)
        text = content[raw.stmt_location : end].decode()
        leading = _LEADING.match(text)
        start = raw.stmt_location + len(text[: leading.end() if leading else 0].encode())
        found.append((content[:start].count(b"\n") + 1, content[start:end].decode().strip()))
    return found


def _measured_script(server: ScratchServer, replay: Replay, script: Path) -> tuple[Measured, ...]:
    """What a script's statements do, on a copy that is dropped again; as far as they run."""
    import psycopg2

    try:
        text = script.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DatabaseError(f"cannot read {shown(script)}: {error.strerror}") from error
    with server.create_database(template=replay.database.name) as copy:
        opened = copy.connect()
        try:
            opened.autocommit = False
            meter = Meter(opened, copy.url)
            opened.rollback()
            transaction = 0
            for line, statement in statements_of(text):
                place = f"{shown(script)}:{line}"
                try:
                    transaction = _run(meter, opened, statement, place, transaction)
                except psycopg2.Error:
                    break  # the run itself tells why
        finally:
            opened.close()
    return tuple(meter.measured)


def _run(meter: Meter, opened: "connection", statement: str, place: str, transaction: int) -> int:
    """Run one statement of a script; the number of the transaction that the next one is in."""
    import psycopg2
    from psycopg2.extensions import TRANSACTION_STATUS_IDLE

    try:
        with meter.statement(statement, place, transaction), opened.cursor() as cursor:
            cursor.execute(statement)
    except psycopg2.Error as error:
        if error.pgcode != _NOT_IN_A_TRANSACTION:
            raise
        opened.rollback()
        opened.autocommit = True
        with meter.statement(statement, place, transaction), opened.cursor() as cursor:
            cursor.execute(statement)
        opened.autocommit = False
        return transaction + 1
    if opened.get_transaction_status() != TRANSACTION_STATUS_IDLE:
        return transaction
    opened.rollback()  # the script said COMMIT itself; the driver begins the next transaction only if it is told
    return transaction + 1


class _AlembicWatch:
    """Measures what a revision sends through SQLAlchemy.

    Args:
        url: the database's.
        file: the revision's.
    """

    def __init__(self, url: str, file: Path | None) -> None:
        self.url, self.file = url, file
        self.meter: Meter | None = None
        self._transaction = 0
        self._running: list[AbstractContextManager[None]] = []

    def connected(self, connection: Any) -> None:
        """Listen to a connection of SQLAlchemy's."""
        from sqlalchemy import event

        self.meter = Meter(connection.connection.dbapi_connection, self.url)
        connection.rollback()
        event.listen(connection, "before_cursor_execute", self._before)
        event.listen(connection, "after_cursor_execute", self._after)
        event.listen(connection.engine, "handle_error", self._failed)

    def _before(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        assert self.meter is not None
        alone = self.meter.opened.autocommit
        self._transaction += alone
        one = self.meter.statement(statement, self._place(), self._transaction)
        self._transaction += alone
        one.__enter__()
        self._running.append(one)

    def _after(self, *_arguments: Any) -> None:
        if self._running:
            self._running.pop().__exit__(None, None, None)

    def _failed(self, context: Any) -> None:
        error = context.original_exception
        while self._running:
            try:
                self._running.pop().__exit__(type(error), error, error.__traceback__)
            except type(error):
                continue

    def _place(self) -> str:
        if self.file is None:
            return ""
        frame: Any = sys._getframe(1)
        while frame is not None:
            name = frame.f_code.co_filename
            if os.path.basename(name) == self.file.name:  # noqa: PTH119 - asked for each frame of the stack
                return f"{shown(self.file)}:{frame.f_lineno}"
            frame = frame.f_back
        return shown(self.file)
