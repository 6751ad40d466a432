"""What takes long says so, to whoever listens: the command line, on a terminal. Nobody listens otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

Advance = Callable[[], object]


class Listener(Protocol):
    """Shows what is being done."""

    def begin(self, text: str, total: int | None) -> Advance:
        """Something begins; what is returned is called for each of its parts that is done."""
        ...

    def end(self) -> None:
        """What began last has ended."""
        ...


_listeners: list[Listener] = []


@contextmanager
def step(text: str, total: int | None = None) -> Iterator[Advance]:
    """Tell that something takes long, while it does.

    Args:
        text: what is done, as a title.
        total: of how many parts it consists; None where nobody knows.

    Yields:
        What to call for each part that is done.
    """
    if not _listeners:
        yield _nothing
        return
    listener = _listeners[-1]
    advance = listener.begin(text, total)
    try:
        yield advance
    finally:
        listener.end()


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Have a listener told of every step within."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def _nothing() -> None:
    """Nobody listens."""
