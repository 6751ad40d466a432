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
