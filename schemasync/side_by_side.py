"""Work that is begun now and asked for later."""

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

Value = TypeVar("Value")


def begun(work: Callable[[], Value]) -> Callable[[], Value]:
    """Begin work that mostly waits, such as for a server, beside what is done meanwhile.

    Args:
        work: is done in a thread, which ends with the program where nobody asks any more.

    Returns:
        Waits for the end; gives the value, or raises what the work raised.
    """
    return _Begun(work).result


class _Begun(Generic[Value]):
    def __init__(self, work: Callable[[], Value]) -> None:
        self._work = work
        self._values: list[Value] = []
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._values.append(self._work())
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised where the value is asked for
            self._error = error

    def result(self) -> Value:
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._values[0]
