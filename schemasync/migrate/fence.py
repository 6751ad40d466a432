"""The fence around one connection: every layer in one place, from its transaction's beginning to its end."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from schemasync.migrate import counters, gate
from schemasync.migrate.audit import LockAudit
from schemasync.migrate.endings import left_for_commit
from schemasync.migrate.facts import breaches, read_facts
from schemasync.migrate.findings import of_drift, of_gate, of_large_objects, of_trace
from schemasync.migrate.guard import Guard
from schemasync.migrate.inventory import plain_cursor
from schemasync.migrate.judge import judge
from schemasync.migrate.layers import Executed, Layers, Timeouts
from schemasync.migrate.mending import Definitions, mending_sql
from schemasync.migrate.protected import Protection
from schemasync.migrate.refusals import FenceBreachError, Place, Refusal
from schemasync.migrate.session import misreads
from schemasync.migrate.statements import Reading, read_statement
from schemasync.migrate.stopped import refusal_of
from schemasync.migrate.strict import strict_statement
from schemasync.schema.model import Schema


@dataclass(slots=True)
class Fence:
    """A fence around one psycopg2 connection; it is the connection's watcher.

    Args:
        protection: what is protected.
        layers: which layers stand.
        timeouts: for every statement.
        places: finds the file, line and revision that a call stack comes from.
        guard: the guard session on duty, if there is one.
        every_statement: compares the facts after each statement, which tells the statement that changed them.
    """

    protection: Protection
    layers: Layers = field(default_factory=Layers)
    timeouts: Timeouts = field(default_factory=Timeouts)
    places: Callable[[Any], Place | None] = lambda _frame: None
    guard: Guard | None = None
    every_statement: bool = False
    connection: Any = None
    revision: str | None = None
    refusals: list[Refusal] = field(default_factory=list)
    executed: list[Executed] = field(default_factory=list)
    autocommit: bool = False
    before: Schema | None = None
    definitions: Definitions = field(default_factory=dict)
    audit: LockAudit = field(default_factory=lambda: LockAudit(()))
    _gate: gate.Gate | None = None
    _number: str | None = None
    _ours: bool = False
    _lost: bool = False
    _tables: list[int] | None = None

    @property
    def tables(self) -> list[int]:
        """The oids of protected tables."""
        if self._tables is None:
            self._tables = [table.oid for table in self.protection.tables]
        return self._tables

    @property
    def is_at_work(self) -> bool:
        """Whether what is sent at this moment is the fence's own."""
        return self._ours

    @property
    def transaction(self) -> str | None:
        """The number of the transaction that the fence stands around."""
        return self._number

    def refuse(self, refusal: Refusal) -> None:
        """Take a refusal down, and stop the migration; one that catches the error does not get through either.

        Raises:
            FenceBreachError: always.
        """
        import dataclasses

        place = refusal.place or self.places(sys._getframe(1))
        found = dataclasses.replace(refusal, place=place)
        if found not in self.refusals:
            self.refusals.append(found)
        raise FenceBreachError((found,))

    # --- the transaction -------------------------------------------------------------------------------------------

    def begin(self, connection: Any) -> None:
        """Stand around the connection's transaction, which has just begun."""
        self.connection = connection
        self._lost = False
        with plain_cursor(connection) as cursor:
            for setting in self.timeouts.settings:
                cursor.execute("SELECT pg_catalog.set_config(%s, %s, true)", setting)
        if not self.audit.tables:
            self.audit = LockAudit(tuple(self.tables))
        self.audit.stand(connection)
        if self.before is None and self.layers.facts:
            self.before = read_facts(connection)
        if self.layers.gate and not (self._gate is not None and gate.is_same_transaction(connection, self._gate)):
            self._gate = gate.close_gate(connection)
            self._number = self._gate.transaction
        connection.watcher = self

    def check(self) -> None:
        """Hold everything against what was there before.

        Raises:
            FenceBreachError: something protected has changed, or the transaction is no longer the fence's.
        """
        if self.refusals:
            raise FenceBreachError(tuple(self.refusals))
        if self._lost or (self._gate is not None and not gate.is_same_transaction(self.connection, self._gate)):
            what = "it ended the transaction, so that what ran in it cannot be told"
            last = self._last()
            place = last.place if last else None
            self.add(Refusal("gate", what, place, instead="leave COMMIT and ROLLBACK to Alembic; use SAVEPOINT"))
        elif self.layers.gate:
            self.demand_no_rest()
        if not self._lost:
            self.audit.look(self.connection, self._last())
        if self.layers.counters and not self._lost:
            for trace in counters.writes(self.connection, self.tables):
                self.add_trace(trace)
            for trace in self.audit.traces(self.connection):
                self.add_trace(trace)
            if counters.changes_large_objects(self.connection):
                self.add(of_large_objects(self._last()))
        if self.layers.facts and not self.refusals:
            self.check_facts(self._last())
        if self.refusals:
            raise FenceBreachError(tuple(self.refusals))

    def commit_checked(self) -> None:
        """Commit what `check` has found in order, and step aside."""
        if self._gate is not None:
            gate.open_gate(self.connection, self._gate)
        self.connection.watcher = None
        self._gate = None

    def check_facts_after(self) -> tuple[str, ...]:
        """Hold the facts against those from before where nothing can be undone; the SQL that mends what changed."""
        assert self.before is not None
        drifts = breaches(self.before, read_facts(self.connection), self.protection)
        self.check_facts(self._last())
        return tuple(line for drift in drifts for line in mending_sql(drift, self.definitions))

    def check_facts(self, culprit: Executed | None) -> None:
        """Take down what has changed of the facts since before the run.

        Args:
            culprit: the statement to blame where no other is known to have locked the table first.
        """
        assert self.before is not None
        with self.own_work():
            drifts = breaches(self.before, read_facts(self.connection), self.protection)
        for drift in drifts:
            blamed = culprit if self.every_statement else self._blamed(drift.schema, drift.table) or culprit
            self.add(of_drift(drift, self.protection, blamed))

    def _blamed(self, schema: str, table: str | None) -> Executed | None:
        """The statement that first locked a table for more than reading."""
        for thing in self.protection.tables:
            if (thing.schema, thing.name) == (schema, table):
                return self.audit.first.get(thing.oid)
        return None

    def add(self, refusal: Refusal) -> None:
        """Take a refusal down, once."""
        if refusal not in self.refusals:
            self.refusals.append(refusal)

    def add_trace(self, trace: counters.Trace) -> None:
        """Take down what the counters or the locks tell."""
        thing = next(item for item in self.protection.tables if item.oid == trace.table)
        self.add(of_trace(trace, thing, self.protection, self.audit.first.get(trace.table) or self._last()))

    def _last(self) -> Executed | None:
        return self.executed[-1] if self.executed else None

    def demand_no_rest(self) -> None:
        """Fire what is deferred to the commit, and take down what would run there all the same."""
        try:
            for what in left_for_commit(self.connection, None if self.autocommit else self._gate):
                self.add(of_gate(what, self._last(), "close it, or leave it out"))
        except Exception as error:
            last = self._last()
            refusal = refusal_of(error, last, self._cancelled()) if last else None
            if refusal is None:
                raise
            self.add(refusal)
            raise FenceBreachError(tuple(self.refusals)) from error
        if self.guard is not None and not self.guard.is_standing():
            self.add(of_gate("the guard session was ended while it ran", self._last(), "leave other sessions alone"))

    # --- what the connection reports -------------------------------------------------------------------------------

    def commit(self, what: str) -> bool:
        """Refuse a commit that is not the fence's."""
        if self._ours:
            return True
        if self.layers.gate and not self.autocommit:
            self.refuse(
                Refusal(
                    "gate",
                    f"it calls {what}: only the fence ends this transaction, when everything has been checked",
                    instead="leave the commit to Alembic; for what cannot run in a transaction use autocommit_block()",
                )
            )
        return True

    def rollback(self) -> None:
        """Remember that the transaction is gone."""
        if not self._ours and not self.autocommit:
            self._lost = True

    def session(self, what: str) -> None:
        """Refuse what would end the transaction, or have the server read text otherwise than the fence."""
        if self.layers.gate and not self._ours:
            self.refuse(
                Refusal(
                    "gate",
                    f"it calls {what}, for which psycopg2 ends the transaction that only the fence ends",
                    instead="leave the connection as it is; use autocommit_block() for what needs no transaction",
                )
            )

    @contextmanager
    def statement(self, sql: str) -> Iterator[None]:
        """Around one statement: read it, let it run, look at what it locked."""
        if self._ours:
            yield
            return
        if self._lost and self.layers.gate:
            self.refuse(
                Refusal(
                    "gate",
                    "it goes on after a rollback, outside of the fence's transaction",
                    statement=sql,
                    instead="use a SAVEPOINT (Session.begin_nested) for what may fail",
                )
            )
        place = self.places(sys._getframe(2))
        misread = misreads(self.connection) if self.layers.parser else None
        if misread is not None:
            self.refuse(of_gate(misread, Executed(place, sql, None), "leave the session's settings as they are"))
        executed = Executed(place, sql, self.revision)
        reading = read_statement(sql)
        if self.layers.parser:
            self._judge(sql, reading)
        self.executed.append(executed)
        if self.autocommit:
            with strict_statement(self, reading, executed):
                yield
            return
        if reading is not None and "TransactionStmt" in reading.kinds and not self._is_failed():
            self.audit.look(self.connection, self._last())  # what is rolled back to a savepoint leaves no lock
        reopened = reading is not None and reading.sets_constraints and self._gate is not None
        if reopened and self._gate is not None:
            gate.open_gate(self.connection, self._gate)
        try:
            yield
        except Exception as error:
            refusal = refusal_of(error, executed, self._cancelled())
            if refusal is not None:
                self.refuse(refusal)
            raise
        if reopened and self._gate is not None:
            gate.close_again(self.connection, self._gate)
        if reading is not None and reading.references and not self._is_failed():
            self.audit.refer(self.connection, self.protection, reading.references)
        self._look(executed, reading)

    def _judge(self, sql: str, reading: Reading | None) -> None:
        if reading is None or self._is_failed():
            return
        for refusal in judge(self.connection, self.protection, reading, sql):
            self.refuse(refusal)

    def _cancelled(self) -> bool:
        return self.guard is not None and self.connection.info.backend_pid in self.guard.cancelled

    def _is_failed(self) -> bool:
        return int(self.connection.info.transaction_status) == 3

    def _look(self, executed: Executed, reading: Reading | None) -> None:
        """After a statement: which protected tables it has locked, and in diagnosis what it has changed."""
        if self.autocommit or self._is_failed():
            return
        found = False
        if self.every_statement or self.audit.is_due(executed, reading):
            found = self.audit.look(self.connection, executed)
        if found and self.layers.counters:
            for trace in self.audit.traces(self.connection):
                self.add_trace(trace)
        if self.every_statement and self.layers.facts and not self._lost:
            self.check_facts(executed)
        if self.refusals:
            raise FenceBreachError(tuple(self.refusals))

    @contextmanager
    def own_work(self) -> Iterator[None]:
        """Let statements, commits and rollbacks of the fence itself pass."""
        before, self._ours = self._ours, True
        try:
            yield
        finally:
            self._ours = before
