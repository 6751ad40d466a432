"""What came of an update."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Outcome:
    """What an update did, what it suggests, and what it leaves to people.

    Args:
        did: in sentences, each with its file.
        suggested: what could be deleted.
        left: what could not be placed safely.
    """

    did: list[str] = field(default_factory=list)
    suggested: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


_DONE = {"add": "added", "annotate": "annotated", "give": "gave", "make": "made", "remove": "removed"}


def done(instruction: str) -> str:
    """What was done, by the instruction of a drift: `make name NULL` as `made name NULL`.

    Args:
        instruction: `in the SQLAlchemy model User: make name NULL`.
    """
    verb, _, rest = instruction.partition(": ")[2].partition(" ")
    return f"{_DONE.get(verb, verb)} {rest}"
