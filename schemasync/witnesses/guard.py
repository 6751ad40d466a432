"""Stops what models must not do while they are merely imported: create tables, or connect to a database."""

import functools
import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from schemasync.witnesses.user_files import UserFiles

# (module, attribute path, what is said): whatever opens a connection or writes a schema.
_SQLALCHEMY = (
    ("sqlalchemy.sql.schema", "MetaData.create_all", "create_all()"),
    ("sqlalchemy.sql.schema", "MetaData.drop_all", "drop_all()"),
    ("sqlalchemy.engine.base", "Engine.connect", "a database connection"),
    ("sqlalchemy.engine.base", "Engine.raw_connection", "a database connection"),
    ("sqlalchemy.engine.default", "DefaultDialect.connect", "a database connection"),
)
_DRIVERS = (
    ("psycopg2", "connect", "a database connection"),
    ("psycopg", "connect", "a database connection"),
    ("psycopg", "Connection.connect", "a database connection"),
    ("psycopg", "AsyncConnection.connect", "a database connection"),
    ("asyncpg", "connect", "a database connection"),
    ("asyncpg", "create_pool", "a database connection"),
    ("pg8000", "connect", "a database connection"),
    ("sqlite3", "connect", "a database connection"),
)


class SideEffectError(Exception):
    """What the user's code gets in place of the side effect that it asked for.

    Args:
        what: the attempt: `create_all()`, `a database connection`.
        filename: the user's file that made it; empty where no frame is the user's.
        line: the line in it.
    """

    def __init__(self, what: str, filename: str, line: int) -> None:
        super().__init__(f"{what} was attempted while the models were imported")
        self.what = what
        self.filename = filename
        self.line = line


@dataclass
class Attempts:
    """What was stopped, in order, whether or not the user's code swallowed the error."""

    stopped: list[SideEffectError] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class _Watch:
    attempts: Attempts
    user_files: UserFiles


# The wrapped functions stay in modules that copied them (`from psycopg2 import connect`); outside a watch they are
# the originals. It holds for all threads, since models may start some that connect.
_watches: list[_Watch] = []


@contextmanager
def stopped_side_effects(user_files: UserFiles) -> Iterator[Attempts]:
    """While it is open, `create_all`, `drop_all` and every database connection raise `SideEffectError`, in all threads.

    Args:
        user_files: tells the user's files, so that the line to blame is theirs.
    """
    undo = [_patched(*target) for target in (*_SQLALCHEMY, *_DRIVERS)]
    attempts = Attempts()
    watch = _Watch(attempts, user_files)
    _watches.append(watch)
    try:
        yield attempts
    finally:
        _watches.remove(watch)
        for restore in reversed(undo):
            restore()


def _patched(module_name: str, path: str, what: str) -> Callable[[], None]:
    """Wraps one function, if its module is installed, and gives what puts the original back."""
    module = _imported(module_name)
    *parents, name = path.split(".")
    holder: Any = module
    for parent in parents:
        holder = getattr(holder, parent, None)
    if holder is None or name not in vars(holder):
        return lambda: None
    original = vars(holder)[name]
    setattr(holder, name, _wrapped(original, what))
    return lambda: setattr(holder, name, original)


def _wrapped(original: Any, what: str) -> Any:
    if isinstance(original, classmethod):
        return classmethod(_wrapped(original.__func__, what))

    @functools.wraps(original)
    def stopping(*arguments: Any, **keywords: Any) -> Any:
        if not _watches:
            return original(*arguments, **keywords)
        watch = _watches[-1]
        frame = watch.user_files.frame(sys._getframe(1))
        error = SideEffectError(what, frame.f_code.co_filename if frame else "", frame.f_lineno if frame else 0)
        watch.attempts.stopped.append(error)
        raise error

    return stopping


def _imported(name: str) -> Any:
    """A module, or None where it is not installed or cannot be loaded (psycopg without libpq)."""
    if name not in sys.modules and importlib.util.find_spec(name) is None:
        return None
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
