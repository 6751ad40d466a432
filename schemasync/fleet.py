"""A fleet: many databases held against the same schema. Equal databases are compared once."""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from schemasync.compare.drift import Comparison
from schemasync.compare.engine import compare_witnesses
from schemasync.errors import ConfigurationError, DatabaseError, NothingComparedError, ScratchError
from schemasync.fleet_merging import database_finding, merged
from schemasync.fleet_reading import read_fleet
from schemasync.progress import step
from schemasync.project import chosen_witnesses, demand_known_kinds, judged, witness_schemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from schemasync.config import Configuration
    from schemasync.fleet_file import FleetDatabase
    from schemasync.fleet_reading import Reading, State
    from schemasync.schema.model import Schema
    from schemasync.scratch.interface import ScratchServer
    from schemasync.witnesses.histories import Wanted
    from schemasync.witnesses.spelling import ScratchSpeller


@dataclass(frozen=True, slots=True)
class FleetMember:
    """What became of one database.

    Args:
        source: its URL without the password.
        group: a number that equal databases share, from 1, the most common first; None where it could not be read.
        tables: how many it has.
    """

    name: str
    source: str
    state: Literal["compared", "unreachable", "unrelated"]
    group: int | None = None
    tables: int = 0


@dataclass(frozen=True, slots=True)
class FleetCheck:
    """What a check of a fleet found.

    Args:
        witnesses: the declared ones, and the database as most of the fleet has it.
        comparison: every different drift once, with the databases that have it; `facts` are those of all databases
            together, `tables` those of one.
        members: every database, in the order in which they were given.
    """

    witnesses: dict[str, Schema]
    comparison: Comparison
    members: tuple[FleetMember, ...]


def check_fleet(
    configuration: Configuration,
    databases: Sequence[FleetDatabase],
    wanted: Iterable[str] = (),
    *,
    jobs: int,
    snapshot: Path | None = None,
    stub_missing: bool = False,
    replay: bool = False,
) -> FleetCheck:
    """Compare each of many databases with a project's other witnesses, as its configuration judges drifts.

    Args:
        configuration: the settings; its database is not asked.
        databases: with names that differ.
        wanted, snapshot, stub_missing, replay: as for `schemasync.project.check`.
        jobs: how many databases are read at once, with one connection each.

    Raises:
        ConfigurationError: fewer than two witnesses, no database among them, or a setting that does not fit.
        DatabaseError: none of the databases could be read.
        NothingComparedError: none of them has a table in common with what is declared.
        SchemasyncError: another witness could not be read.
    """
    from schemasync.gate import gated
    from schemasync.project import configured_witnesses

    configuration = _asking(configuration, databases[0])
    chosen = chosen_witnesses(configuration, tuple(wanted), snapshot)
    if "database" not in chosen:
        raise ConfigurationError(
            "several databases are given, and the database is not compared", hint="add --witness database"
        )
    demand_known_kinds(configuration)
    others = [name for name in chosen if name != "database"]
    declared = witness_schemas(configuration, others, snapshot=snapshot, stub_missing=stub_missing)
    schemas = configuration.database.schemas
    history_tables = _history_tables(configuration)
    with step(f"Reading {len(databases):,} databases", len(databases)) as advance:
        reading = read_fleet(databases, None if schemas == ("*",) else schemas, history_tables, jobs, advance)
    if not reading.states:
        _, error = reading.failures[0]
        raise DatabaseError(f"none of the {len(databases)} databases could be read: {error.message}", hint=error.hint)
    fleet = _Comparing(configuration, declared, set(chosen), replay=replay)
    comparison = fleet.compared(reading)
    witnesses = {name: fleet.witnesses[name] for name in chosen}
    # A database that nobody has seen may have the drift that an exception is about.
    seen = declared if len(fleet.compared_names) < len(databases) else witnesses
    comparison = gated(configuration, comparison, seen, configured_witnesses(configuration))
    comparison = judged(comparison, configuration.check.ignore, configuration.check.severity)
    return FleetCheck(witnesses, comparison, _members(databases, reading, fleet.compared_names))


def _asking(configuration: Configuration, database: FleetDatabase) -> Configuration:
    """The configuration with this database as its own."""
    from schemasync.config import literal

    settings = dataclasses.replace(configuration.database, url=literal(database.url))
    return dataclasses.replace(configuration, database=settings)


def _history_tables(configuration: Configuration) -> Wanted | None:
    from schemasync.project_histories import places_of
    from schemasync.witnesses.alembic_history import version_table
    from schemasync.witnesses.histories import Wanted

    places = places_of(configuration)
    if places.migrations is None and places.alembic is None:
        return None
    table = None if places.alembic is None else version_table(places.alembic)
    return Wanted(places.migrations is not None, table, places.schemas)


@contextmanager
def _shared_server(choice: str) -> Iterator[ScratchServer | None]:
    """One scratch server for all comparisons, started by the first that needs it; None where none is installed.

    Raises:
        ScratchError: the user chose one that there is not.
    """
    from schemasync.scratch import scratch_server

    try:
        server = scratch_server(choice)
    except ScratchError:
        if choice != "auto":
            raise
        yield None
        return
    with server:
        yield server


class _Comparing:
    """Compares each state of a fleet, on one scratch server for all of them.

    Args:
        declared: the witnesses but the database.
        chosen: the names of all that are compared.
        replay: whether to hold what all the migrations build against what is declared, too.
    """

    def __init__(
        self, configuration: Configuration, declared: dict[str, Schema], chosen: set[str], *, replay: bool
    ) -> None:
        self.configuration = configuration
        self.declared = declared
        self.witnesses = dict(declared)
        self.compared_names: list[str] = []
        self._chosen = chosen
        self._replay = replay

    def compared(self, reading: Reading) -> Comparison:
        """Every different drift once, with its databases, and those databases that could not be compared.

        Raises:
            NothingComparedError: none could.
        """
        from schemasync.witnesses.spelling import ScratchSpeller

        choice = self.configuration.text(self.configuration.scratch.server, "[scratch] server")
        found: list[tuple[tuple[FleetDatabase, ...], Comparison]] = []
        lost = [database_finding("database-unreachable", database, error) for database, error in reading.failures]
        states = len(reading.states)
        with (
            _shared_server(choice) as server,
            ScratchSpeller(choice, ()) as speller,
            step(f"Comparing {states:,} different state{'s' if states != 1 else ''} of them", states) as advance,
        ):
            for state, members in reading.states:
                speller.turn_to([*self.declared.values(), state.schema])
                try:
                    found.append((members, self._state(state, server, speller)))
                except NothingComparedError as error:
                    lost += [database_finding("database-unrelated", database, error) for database in members]
                    failure = error
                advance()
            if not found:
                raise failure
            everyone = self._everyone(found[0][0][0], server, speller)
        names = tuple(database.name for members, _ in found for database in members)
        self.compared_names = list(names)
        return merged([*found, *([] if everyone is None else [(None, everyone)])], lost, names)

    def _state(self, state: State, server: ScratchServer | None, speller: ScratchSpeller) -> Comparison:
        from schemasync.project import configured_witnesses
        from schemasync.project_histories import places_of, with_histories
        from schemasync.witnesses.histories import histories_of

        witnesses = {**self.declared, "database": state.schema}
        unheard = {"prisma", "sqlalchemy"} & set(configured_witnesses(self.configuration)) - self._chosen
        ownership = self.configuration.table_ownership()
        comparison = compare_witnesses(witnesses, ownership, speller=speller, unheard=unheard)
        self.witnesses.setdefault("database", state.schema)
        if state.tables is None:
            return comparison
        places = places_of(self.configuration)
        live = histories_of(state.tables, "", migrations=places.migrations, alembic=places.alembic)
        return with_histories(
            self.configuration, witnesses, comparison, replay=False, speller=speller, live=live, server=server
        )

    def _everyone(
        self, database: FleetDatabase, server: ScratchServer | None, speller: ScratchSpeller
    ) -> Comparison | None:
        """What no database has a say in: the whole histories replayed, and env.py, which is asked with one of them."""
        from schemasync.project_environment import with_environment
        from schemasync.project_histories import with_histories

        comparison = Comparison((), 0, 0)
        if self._replay:
            comparison = with_histories(
                self.configuration, self.declared, comparison, replay=True, speller=speller, server=server
            )
        comparison = with_environment(_asking(self.configuration, database), self.witnesses, comparison)
        return comparison if comparison.drifts or comparison.not_compared else None


def _members(databases: Sequence[FleetDatabase], reading: Reading, compared: Sequence[str]) -> tuple[FleetMember, ...]:
    groups = {
        database.name: (number, len(state.schema.tables))
        for number, (state, members) in enumerate(reading.states, start=1)
        for database in members
    }
    read = set(compared)
    return tuple(
        FleetMember(
            database.name, database.source, "compared" if database.name in read else "unrelated", *groups[database.name]
        )
        if database.name in groups
        else FleetMember(database.name, database.source, "unreachable")
        for database in databases
    )
