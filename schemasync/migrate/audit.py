"""Which protected tables the statements of a transaction have locked, and which statement is to blame.

PostgreSQL keeps a transaction's locks to its end, so that one look tells of every statement before it. A look costs
as much as a small statement: it follows what can hide something, and the last look, at the end, sees the rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from schemasync.migrate import counters
from schemasync.migrate.judge import relations
from schemasync.migrate.layers import Executed
from schemasync.migrate.protected import Protection
from schemasync.migrate.statements import Reading

Signature = tuple[Any, ...]


@dataclass(slots=True)
class LockAudit:
    """The looks of one transaction.

    Args:
        tables: the protected tables' oids.
        referenced: those that unprotected tables' foreign keys refer to, or have referred to during the run.
        locked: the modes in which each has been locked, reading left out.
        first: the statement that locked each first.
    """

    tables: tuple[int, ...]
    referenced: set[int] = field(default_factory=set)
    locked: dict[int, set[str]] = field(default_factory=dict)
    first: dict[int, Executed] = field(default_factory=dict)
    _names: set[tuple[str, ...]] = field(default_factory=set)
    _suspect: Executed | None = None
    _seen: Signature | None = None

    def stand(self, connection: Any) -> None:
        """Take down what foreign keys refer to before anything has run."""
        self.referenced |= counters.referenced_tables(connection, self.tables)

    def refer(self, connection: Any, protection: Protection, names: Iterable[tuple[str, ...]]) -> None:
        """Take down which protected tables new foreign keys refer to, which explains the locks that they take.

        A name is asked for once. Were it to mean another table later, that one's lock would be explained by its foreign
        key in the catalogue, or not at all.
        """
        unknown = [name for name in names if name not in self._names]
        if unknown:
            found = dict(relations(connection, protection, unknown))
            self._names |= found.keys()
            self.referenced |= set(found.values())

    def is_due(self, executed: Executed, reading: Reading | None) -> bool:
        """Whether to look after this statement.

        One whose text tells all that it locks needs no look, nor does the next round of a loop over one line; but a
        ROLLBACK TO SAVEPOINT gives locks back, and takes the traces with it.
        """
        if reading is None:
            return True
        if not reading.opaque:
            return False
        signature = (executed.place, reading.kinds, reading.touches) if reading.touches else None
        if signature is not None and signature == self._seen:
            self._suspect = executed
            return False
        self._seen = signature
        return True

    def look(self, connection: Any, executed: Executed | None) -> bool:
        """Look at the locks of the connection's transaction; whether there are any."""
        found = counters.held_locks(connection, self.tables)
        blamed = self._suspect or executed
        for oid, mode in found:
            if blamed is not None:
                self.first.setdefault(oid, blamed)
            self.locked.setdefault(oid, set()).add(mode)
        self._suspect = None
        return bool(found)

    def traces(self, connection: Any) -> Iterable[counters.Trace]:
        """What has been locked for more than reading, or than foreign keys of unprotected tables need."""
        held = [(oid, mode) for oid, modes in self.locked.items() for mode in modes]
        unexplained = [(oid, mode) for oid, mode in held if mode in counters.OF_FOREIGN_KEYS]
        if any(oid not in self.referenced for oid, _ in unexplained):
            self.referenced |= counters.referenced_tables(connection, self.tables)
        return counters.unneeded(held, self.referenced)
