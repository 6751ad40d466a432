"""Waits until a database states what a build relies on."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from schemasync.compatibility import Breakage, Service, breakages
from schemasync.errors import DatabaseError
from schemasync.schema.model import Schema

_FIRST_DELAY, _LONGEST_DELAY, _GROWTH = 0.25, 5.0, 1.6


@dataclass(frozen=True, slots=True)
class Outcome:
    """How waiting ended.

    Args:
        breakages: what would still fail; empty where every service can run.
        error: why the database could not be read at last.
        attempts: how often it was read.
    """

    breakages: tuple[Breakage, ...]
    error: DatabaseError | None
    attempts: int

    @property
    def ready(self) -> bool:
        """Whether every service can run."""
        return not self.breakages and self.error is None


def wait_until_ready(
    services: Sequence[Service],
    read: Callable[[], Schema],
    *,
    timeout: float,
    tell: Callable[[str], None],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Read a database again and again until no statement of the services is certain to fail on it.

    Args:
        services: what is to run.
        read: reads the database; a `DatabaseError` counts as not ready yet.
        timeout: the seconds after which to give up; 0 reads once.
        tell: is told what is waited for, whenever that changes.
        clock, sleep: the time.
    """
    end = clock() + timeout
    told = ""
    for attempt, delay in enumerate(_delays(), 1):
        outcome = _attempt(services, read, attempt)
        left = end - clock()
        if outcome.ready or left <= 0:
            return outcome
        reason = waiting_for(outcome)
        if reason != told:
            tell(reason)
            told = reason
        sleep(min(delay, left))
    raise AssertionError("the delays never end")


def waiting_for(outcome: Outcome) -> str:
    """What is missing, in a line: the first reason, and how many more there are."""
    if outcome.error is not None:
        return outcome.error.message
    first, *rest = [one.sentence for one in outcome.breakages]
    return f"{first} (and {len(rest)} more)" if rest else first


def _attempt(services: Sequence[Service], read: Callable[[], Schema], attempt: int) -> Outcome:
    try:
        state = read()
    except DatabaseError as error:
        return Outcome((), error, attempt)
    found = [one for service in services for one in breakages(service, state) if one.certain]
    return Outcome(tuple(found), None, attempt)


def _delays() -> Iterator[float]:
    delay = _FIRST_DELAY
    while True:
        yield delay
        delay = min(delay * _GROWTH, _LONGEST_DELAY)
