"""What takes long, shown on a terminal while it does, and nowhere else."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from schemasync.progress import listening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from rich.progress import Progress, TaskID

# What is over sooner is not shown, and Rich is not imported for it.
PATIENCE = 0.5  # seconds


class TerminalProgress:
    """Shows the innermost of the steps that go on: on standard error, in one line that is gone at the end.

    Args:
        patience: how many seconds a step goes on before it is shown.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self.is_quiet = False
        self._patience = patience
        self._steps: list[_Step] = []
        self._lock = threading.RLock()
        self._timer: threading.Timer | None = None
        self._display: Progress | None = None
        self._task: TaskID | None = None

    def begin(self, text: str, total: int | None) -> Callable[[], None]:
        """A step begins; what is returned is called for each of its parts."""
        step = _Step(text, total)
        with self._lock:
            self._steps.append(step)
            if self._display is not None:
                self._refresh()
                self._display.refresh()
            elif self._timer is None and not self.is_quiet:
                self._timer = threading.Timer(self._patience, self._show)
                self._timer.daemon = True
                self._timer.start()

        def advance() -> None:
            with self._lock:
                step.done += 1
                self._refresh()

        return advance

    def end(self) -> None:
        """The innermost step has ended."""
        with self._lock:
            self._steps.pop()
            if self._steps:
                self._refresh()
                return
        self._hide()

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Nothing is shown within: something else is written to the terminal."""
        with self._lock:
            shown = self._display
            if shown is not None:
                shown.stop()
            try:
                yield
            finally:
                if shown is not None:
                    shown.start()

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

        with self._lock:
            self._timer = None
            if not self._steps or self.is_quiet:
                return
            # Rich itself keeps NO_COLOR. What others write to standard output is none of its business.
            self._display = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}", markup=False),
                BarColumn(20),
                console=Console(stderr=True),
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._task = self._display.add_task("", total=None)
            self._refresh()
            self._display.start()

    def _refresh(self) -> None:
        if self._display is None or self._task is None:
            return
        step = self._steps[-1]
        counted = f" {step.done:,} of {step.total:,}" if step.total is not None else ""
        self._display.update(self._task, description=step.text + counted, total=step.total, completed=step.done)

    def _hide(self) -> None:
        with self._lock:
            timer, display = self._timer, self._display
            self._timer = self._display = self._task = None
        if timer is not None:
            timer.cancel()
        if display is not None:
            display.stop()


class _Step:
    def __init__(self, text: str, total: int | None) -> None:
        self.text = text
        self.total = total
        self.done = 0


_current: TerminalProgress | None = None


@contextmanager
def shown_on_terminals(patience: float = PATIENCE) -> Iterator[None]:
    """Show steps within on standard error, where that is a terminal that can move its cursor and this is no CI job."""
    global _current
    if not sys.stderr.isatty() or os.environ.get("CI") or os.environ.get("TERM") in ("dumb", "unknown"):
        yield
        return
    _current = TerminalProgress(patience)
    try:
        with listening(_current):
            yield
    finally:
        _current = None


def silence() -> None:
    """Show nothing from now on."""
    if _current is not None:
        _current.is_quiet = True


def hidden() -> AbstractContextManager[None]:
    """Nothing is shown within, so that something else can be written to the terminal."""
    return nullcontext() if _current is None else _current.hidden()
