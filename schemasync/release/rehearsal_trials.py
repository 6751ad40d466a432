"""What a statement's trial says: it passed, it failed, or the made-up rows alone are to blame."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["passed", "failed", "known", "depends"]
PASSED: Outcome = "passed"
FAILED: Outcome = "failed"
# It failed in the same way before the release.
KNOWN: Outcome = "known"
# Whether it fails depends on values that nobody here can know.
DEPENDS: Outcome = "depends"

# How many rows of a table are read.
LIMIT = 50
ALL, FEW = "all values", "as few values as it can"

# Refusals of values, not of the statement (PostgreSQL manual, "PostgreSQL Error Codes"): integrity but for NOT NULL,
# data exceptions but for a text that is no value of the type, and what a function or trigger raises by itself.
_OF_VALUES = ("23505", "23503", "23514", "23P01", "22", "P0")
_OF_TYPES = ("22P02", "22P05", "22007")


@dataclass(frozen=True, slots=True)
class Trial:
    """A statement of a running version, tried on the scratch database.

    Args:
        service: the version's name.
        statement: `SELECT`, `INSERT` or `UPDATE`.
        variant: which of them: `every row`, `by its key`, `all values`, `as few values as it can`.
        schema, table: what it was sent to.
        outcome: how it went.
        reason: PostgreSQL's message, or the mapping's; empty for one that passed.
        code: PostgreSQL's error code.
    """

    service: str
    statement: str
    variant: str
    schema: str
    table: str
    outcome: Outcome
    reason: str = ""
    code: str = ""

    @property
    def subject(self) -> tuple[str, ...]:
        """The same for the old and the new version of a service, when they fail alike."""
        return (self.service.partition(" (")[0], self.statement, self.schema, self.table, self.code, self.reason)


def judged_code(statement: str, code: str) -> Outcome:
    """What an error code of PostgreSQL says of a statement with made-up values.

    Args:
        statement: the kind of statement.
        code: the SQLSTATE.
    """
    if statement == "SELECT" or code in _OF_TYPES:
        return FAILED
    return DEPENDS if code.startswith(_OF_VALUES) else FAILED
