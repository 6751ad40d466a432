"""What may be done in the command line's own process, which ends when its work is done, and in no other program's."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

_kept: list[object] = []  # has itself, where the process is the command line's


def begin() -> None:
    """Say that this process is the command line's, and freezes what there is before it ends (`gc.freeze`)."""
    if not _kept:
        _kept.append(_kept)  # only the collector would take apart what holds itself


def kept(value: object) -> bool:
    """Keep what is done with until the process ends, if that is soon; whether it does.

    The system takes a process's memory back all at once. Taking a schema apart before, value by value, takes as long as
    a tenth of what it took to make it.
    """
    if _kept:
        _kept.append(value)
    return bool(_kept)


@contextmanager
def without_import_of(name: str) -> Iterator[None]:
    """What is imported within makes do without an optional module, which takes long to import.

    Whatever other threads import meanwhile cannot have it either. So nothing is kept from a program that has some;
    those of the command line are known.
    """
    is_alone = len(sys._current_frames()) == 1
    if name in sys.modules or not (_kept or is_alone):
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # Python documentation, "The import system": it is not found
    try:
        yield
    finally:
        if sys.modules.get(name) is None:
            sys.modules.pop(name, None)


def import_psycopg2() -> None:
    """Import psycopg2, without Python's ssl where nobody else could miss it.

    It has OpenSSL's locks set up by that module, if it is there. Since OpenSSL 1.1, which is the oldest that Python
    3.10 and later take (PEP 644), OpenSSL sees to them itself.
    """
    with without_import_of("ssl"):
        import_module("psycopg2")
