"""A bad and a good example for each kind of drift: snippets that a test runs and that the documentation shows."""

from dataclasses import dataclass, replace
from functools import cache


@dataclass(frozen=True, slots=True)
class Example:
    """What the witnesses say; a witness that says nothing takes no part.

    Args:
        prisma: models and enums of a schema.prisma.
        python: models over a declarative `Base`, with SQLAlchemy's names imported.
        sql: what the database has been told.
        before: what it had been told when the snapshot was taken.
    """

    prisma: str = ""
    python: str = ""
    sql: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two examples: the bad one shows the drift, and the good one does not."""

    bad: Example
    good: Example

    def mended(self) -> dict[str, str]:
        """The parts of the good example that differ from the bad one, by name."""
        parts = {name: getattr(self.good, name) for name in Example.__slots__}
        return {name: text for name, text in parts.items() if text and text != getattr(self.bad, name)}


def pair(bad: Example, **mended: str) -> Pair:
    """A pair whose good example is the bad one with some parts replaced."""
    return Pair(bad, replace(bad, **mended))


@cache
def examples() -> dict[str, Pair]:
    """Every pair by the name of its kind."""
    from schemasync.compare.examples import columns, indexes, keys, objects, tables

    found: dict[str, Pair] = {}
    for room in (tables, columns, keys, indexes, objects):
        found.update(room.PAIRS)
    return found
