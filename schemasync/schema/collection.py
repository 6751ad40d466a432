"""The garbage collector, put off while a schema is made."""

import gc
from _thread import allocate_lock
from collections.abc import Iterator
from contextlib import contextmanager

_lock = allocate_lock()
_within = 0  # how many are within, in whatever threads, where the collector was found enabled


@contextmanager
def collection_put_off() -> Iterator[None]:
    """No garbage collection within: hundreds of thousands of values are made, and nearly all of them are kept.

    The collector runs whenever there are many new values, and finds nothing, for two thirds of the time that a reader
    takes. It is left as it was found, and what was made counts as old: enabled again it would at once go through all
    of it, which takes a third of the time once more. Freezing and unfreezing moves objects to the oldest generation
    without looking at them (Python documentation, "gc"); a program that has frozen objects of its own keeps them.
    """
    global _within  # threads share the one collector that there is
    with _lock:
        counted = bool(_within) or gc.isenabled()
        if counted:
            _within += 1
            gc.disable()
    try:
        yield
    finally:
        with _lock:
            _within -= counted
            if counted and not _within:
                if not gc.get_freeze_count():
                    gc.freeze()
                    gc.unfreeze()
                gc.enable()
