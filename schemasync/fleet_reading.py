"""Reads the databases of a fleet: several at once within a bound, one connection each, each once."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from os import dup
from queue import Empty, SimpleQueue
from socket import socket
from typing import TYPE_CHECKING, Any, TypeVar

from schemasync.errors import DatabaseError, SchemasyncError

if TYPE_CHECKING:
    from schemasync.fleet_file import FleetDatabase
    from schemasync.schema.model import Schema
    from schemasync.witnesses.histories import HistoryTables, Wanted

SERVER_CLOSES_WITHIN = 5.0  # seconds

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class State:
    """What one or many databases state: equal for databases that a comparison cannot tell apart.

    Args:
        schema: without its source.
        tables: what the histories' tables say, without times; None where no history is configured.
    """

    schema: Schema
    tables: HistoryTables | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a fleet gave.

    Args:
        states: each different state with the databases that are in it, the most common first.
        failures: the databases that could not be read, and why.
    """

    states: tuple[tuple[State, tuple[FleetDatabase, ...]], ...]
    failures: tuple[tuple[FleetDatabase, DatabaseError], ...]


def read_fleet(
    databases: Sequence[FleetDatabase],
    schemas: Sequence[str] | None,
    wanted: Wanted | None,
    jobs: int,
    advance: Callable[[], object],
) -> Reading:
    """Read every database once. One that cannot be read stops no other.

    A state is kept once, however many databases are in it.

    Args:
        schemas: the PostgreSQL schemas to read, as for `read_database`.
        wanted: the tables of histories to read; None for no history.
        jobs: how many databases are read at once, which is also how many connections there are at most.
        advance: called after each database.
    """
    places = {database.name: place for place, database in enumerate(databases)}
    found: dict[State, list[FleetDatabase]] = {}
    failures: list[tuple[FleetDatabase, DatabaseError]] = []
    for database, outcome in concurrently(lambda one: _outcome(one, schemas, wanted), databases, jobs):
        if isinstance(outcome, DatabaseError):
            failures.append((database, outcome))
        else:
            found.setdefault(outcome, []).append(database)
        advance()

    def place(database: FleetDatabase) -> int:
        return places[database.name]

    groups = [(state, tuple(sorted(members, key=place))) for state, members in found.items()]
    groups.sort(key=lambda group: (-len(group[1]), place(group[1][0])))
    return Reading(tuple(groups), tuple(sorted(failures, key=lambda failure: place(failure[0]))))


def concurrently(work: Callable[[Task], Result], tasks: Iterable[Task], jobs: int) -> Iterator[tuple[Task, Result]]:
    """Each task with its result, as they come; at most `jobs` of them are worked at once.

    The threads are daemons: who interrupts waits for none of them.

    Raises:
        Exception: what `work` raised; no further task is begun then.
    """
    waiting: SimpleQueue[Task] = SimpleQueue()
    for task in tasks:
        waiting.put(task)
    number = waiting.qsize()
    done: SimpleQueue[tuple[Task, Result | None, BaseException | None]] = SimpleQueue()
    stop = threading.Event()

    def worker() -> None:
        while not stop.is_set():
            try:
                task = waiting.get_nowait()
            except Empty:
                return
            try:
                done.put((task, work(task), None))
            except BaseException as error:  # noqa: BLE001 - it is raised again by the thread that asked for the work
                done.put((task, None, error))

    for _ in range(min(jobs, number)):
        threading.Thread(target=worker, daemon=True).start()
    try:
        for _ in range(number):
            task, result, error = done.get()
            if error is not None:
                raise error
            yield task, result  # type: ignore[misc]  # without an error there is a result
    finally:
        stop.set()


@contextmanager
def _gone_at_the_end(connection: Any) -> Iterator[None]:
    """Close a connection, and wait until the server has closed its end too.

    A client may go on at once, while the server's process is still there and counts against limits of connections.
    """
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            if not connection.closed:
                with socket(fileno=dup(connection.fileno())) as wire:
                    connection.close()
                    wire.settimeout(SERVER_CLOSES_WITHIN)
                    while wire.recv(4096):
                        pass


def _outcome(database: FleetDatabase, schemas: Sequence[str] | None, wanted: Wanted | None) -> State | DatabaseError:
    """What a database states, or why it cannot be read; its connection is closed in either case."""
    from schemasync.urls import default_schema
    from schemasync.witnesses.catalog_connection import connected, open_reader
    from schemasync.witnesses.database import read_database
    from schemasync.witnesses.histories import read_history_tables

    try:
        with connected(database.url) as connection, _gone_at_the_end(connection):
            schema = read_database(connection, schemas)
            tables = None
            if wanted is not None:
                with open_reader(connection) as reader:
                    tables = read_history_tables(reader, wanted, default_schema(database.url)).without_times()
    except DatabaseError as error:
        return error
    except SchemasyncError as error:
        return DatabaseError(error.message, hint=error.hint)
    return State(dataclasses.replace(schema, source=""), tables)
