"""A fleet: many databases held against the same schema. Equal databases are compared once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from schemasync.errors import ConfigurationError, DatabaseError
from schemasync.fleet_comparing import FleetComparing, FleetComparingAtApplied, asking
from schemasync.fleet_reading import read_fleet
from schemasync.progress import step
from schemasync.project import chosen_witnesses, demand_known_kinds, judged, witness_schemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from schemasync.compare.drift import Comparison
    from schemasync.config import Configuration
    from schemasync.fleet_file import FleetDatabase
    from schemasync.fleet_reading import Reading
    from schemasync.schema.model import Schema
    from schemasync.witnesses.histories import Wanted


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
        reading: what was read, for another check of the same databases.
    """

    witnesses: dict[str, Schema]
    comparison: Comparison
    members: tuple[FleetMember, ...]
    reading: FleetReading


@dataclass(frozen=True, slots=True)
class FleetReading:
    """What the databases of a fleet state, to compare it again without asking them again.

    Args:
        tables: which tables of histories were read.
    """

    reading: Reading
    tables: Wanted | None


def check_fleet(
    configuration: Configuration,
    databases: Sequence[FleetDatabase],
    wanted: Iterable[str] = (),
    *,
    jobs: int,
    snapshot: Path | None = None,
    stub_missing: bool = False,
    at_applied: bool = False,
    replay: bool = False,
    deployed: Mapping[str, Schema] | None = None,
    already: FleetReading | None = None,
) -> FleetCheck:
    """Compare each of many databases with a project's other witnesses, as its configuration judges drifts.

    Args:
        configuration: the settings; its database is not asked.
        databases: with names that differ.
        wanted, snapshot, stub_missing, replay, deployed: as for `schemasync.project.check`.
        jobs: how many databases are read at once, with one connection each.
        at_applied: hold each against what the migrations build that it has seen itself, and nothing else.
        already: an earlier reading of the same databases; they are not asked again where it has what is needed.

    Raises:
        ConfigurationError: fewer than two witnesses, no database among them, or a setting that does not fit.
        DatabaseError: none of the databases could be read.
        NothingComparedError: none of them has a table in common with what is declared.
        SchemasyncError: another witness could not be read.
    """
    from schemasync.gate import gated
    from schemasync.project import configured_witnesses
    from schemasync.project_histories import demand_history, places_of

    configuration = asking(configuration, databases[0])
    if at_applied:
        demand_history(places_of(configuration))
    chosen = ("database",) if at_applied else chosen_witnesses(configuration, tuple(wanted), snapshot)
    if "database" not in chosen:
        raise ConfigurationError(
            "several databases are given, and the database is not compared", hint="add --witness database"
        )
    demand_known_kinds(configuration)
    others = [name for name in chosen if name != "database"]
    declared = witness_schemas(configuration, others, snapshot=snapshot, stub_missing=stub_missing)
    tables = _history_tables(configuration)
    read = (
        already if already is not None and already.tables == tables else _read(configuration, databases, tables, jobs)
    )
    if at_applied:
        fleet: FleetComparing = FleetComparingAtApplied(configuration)
    else:
        fleet = FleetComparing(configuration, declared, set(chosen), replay=replay, deployed=deployed)
    comparison = fleet.compared(read.reading, databases)
    witnesses = fleet.witnesses if at_applied else {name: fleet.witnesses[name] for name in chosen}
    # A database that nobody has seen may have the drift that an exception is about.
    complete = len(fleet.compared_names) == len(databases)
    seen = {name: schema for name, schema in witnesses.items() if complete or name != "database"}
    comparison = gated(configuration, comparison, seen, configured_witnesses(configuration))
    comparison = judged(comparison, configuration.check.ignore, configuration.check.severity)
    members = _members(databases, read.reading, fleet.compared_names)
    return FleetCheck(witnesses, comparison, members, read)


def _read(
    configuration: Configuration, databases: Sequence[FleetDatabase], tables: Wanted | None, jobs: int
) -> FleetReading:
    schemas = configuration.database.schemas
    with step(f"Reading {len(databases):,} databases", len(databases)) as advance:
        reading = read_fleet(databases, None if schemas == ("*",) else schemas, tables, jobs, advance)
    if not reading.states:
        _, error = reading.failures[0]
        raise DatabaseError(f"none of the {len(databases)} databases could be read: {error.message}", hint=error.hint)
    return FleetReading(reading, tables)


def _history_tables(configuration: Configuration) -> Wanted | None:
    from schemasync.project_histories import places_of
    from schemasync.witnesses.alembic_history import version_table
    from schemasync.witnesses.histories import Wanted

    places = places_of(configuration)
    if places.migrations is None and places.alembic is None:
        return None
    table = None if places.alembic is None else version_table(places.alembic)
    return Wanted(places.migrations is not None, table, places.schemas)


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
