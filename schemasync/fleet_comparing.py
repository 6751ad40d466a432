"""Compares the different states of a fleet: with what is declared, or each with what its own migrations build."""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schemasync.compare.drift import Comparison
from schemasync.compare.engine import compare_witnesses
from schemasync.errors import NothingComparedError, ScratchError
from schemasync.fleet_merging import database_finding, merged
from schemasync.progress import step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from schemasync.config import Configuration
    from schemasync.fleet_file import FleetDatabase
    from schemasync.fleet_reading import Reading, State
    from schemasync.release.replayed import Step
    from schemasync.schema.model import Schema
    from schemasync.scratch.interface import ScratchServer
    from schemasync.witnesses.histories import Histories
    from schemasync.witnesses.spelling import ScratchSpeller


def asking(configuration: Configuration, database: FleetDatabase) -> Configuration:
    """The configuration with this database as its own."""
    from schemasync.config import literal

    settings = dataclasses.replace(configuration.database, url=literal(database.url))
    return dataclasses.replace(configuration, database=settings)


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


class FleetComparing:
    """Compares each state of a fleet, on one scratch server for all of them.

    Args:
        declared: the witnesses but the database.
        chosen: the names of all that are compared.
        replay: whether to hold what all the migrations build against what is declared, too.
        deployed: what the deployed builds rely on, to hold what is declared against, too.
    """

    def __init__(
        self,
        configuration: Configuration,
        declared: dict[str, Schema],
        chosen: set[str],
        *,
        replay: bool = False,
        deployed: Mapping[str, Schema] | None = None,
    ) -> None:
        self.configuration = configuration
        self.declared = declared
        self.witnesses = dict(declared)
        self.compared_names: list[str] = []
        self._chosen = chosen
        self._replay = replay
        self._deployed = deployed

    def compared(self, reading: Reading, databases: Sequence[FleetDatabase]) -> Comparison:
        """Every different drift once, with its databases, and those databases that could not be compared.

        Args:
            databases: all of them, in the order in which they were given.

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
        read = {database.name for members, _ in found for database in members}
        names = tuple(database.name for database in databases if database.name in read)
        self.compared_names = list(names)
        return merged([*found, *([] if everyone is None else [(None, everyone)])], lost, names)

    def _state(self, state: State, server: ScratchServer | None, speller: ScratchSpeller) -> Comparison:
        from schemasync.project import configured_witnesses
        from schemasync.project_histories import with_histories

        witnesses = {**self.declared, "database": state.schema}
        unheard = {"prisma", "sqlalchemy"} & set(configured_witnesses(self.configuration)) - self._chosen
        ownership = self.configuration.table_ownership()
        comparison = compare_witnesses(witnesses, ownership, speller=speller, unheard=unheard)
        self.witnesses.setdefault("database", state.schema)
        live = self._live(state)
        if live is None:
            return comparison
        return with_histories(
            self.configuration, witnesses, comparison, replay=False, speller=speller, live=live, server=server
        )

    def _live(self, state: State) -> Histories | None:
        """What a state says of the histories; None where no history is configured."""
        from schemasync.project_histories import places_of
        from schemasync.witnesses.histories import histories_of

        if state.tables is None:
            return None
        places = places_of(self.configuration)
        return histories_of(state.tables, "", migrations=places.migrations, alembic=places.alembic)

    def _everyone(
        self, database: FleetDatabase, server: ScratchServer | None, speller: ScratchSpeller
    ) -> Comparison | None:
        """What no database has a say in: the whole histories replayed, what Prisma drops, and env.py.

        Args:
            database: one of them, which env.py is asked with.
        """
        from schemasync.project_environment import with_environment
        from schemasync.project_histories import with_histories

        comparison = Comparison((), 0, 0)
        if self._replay:
            comparison = with_histories(
                self.configuration, self.declared, comparison, replay=True, speller=speller, server=server
            )
        comparison = with_environment(asking(self.configuration, database), self.witnesses, comparison)
        if self._deployed:
            from schemasync.release.drops import drops_in_use

            found = drops_in_use(self._deployed, self.witnesses)
            comparison = dataclasses.replace(comparison, drifts=(*comparison.drifts, *found))
        return comparison if comparison.drifts or comparison.not_compared else None


class FleetComparingAtApplied(FleetComparing):
    """Holds each state against what the migrations build that its databases have seen themselves.

    What is built is kept: databases that have seen the same migrations need them run only once, however they differ.
    """

    def __init__(self, configuration: Configuration) -> None:
        super().__init__(configuration, {}, {"database"})
        self._by_steps: dict[tuple[Step, ...], dict[str, Schema]] = {}

    def _state(self, state: State, server: ScratchServer | None, speller: ScratchSpeller) -> Comparison:
        from schemasync.release.rebuilt import held_against_applied

        live = self._live(state)
        assert live is not None  # a project without a history is refused before anything is read
        built = self._built(live, server)
        witnesses = {**built, "database": state.schema}
        speller.turn_to(witnesses.values())
        comparison = held_against_applied(witnesses, self.configuration.table_ownership(), speller=speller)
        self.witnesses = self.witnesses or witnesses
        return comparison

    def _built(self, live: Histories, server: ScratchServer | None) -> dict[str, Schema]:
        """What the applied migrations build, as a witness a side.

        Raises:
            NothingComparedError: the database does not keep both histories.
        """
        from schemasync.project_histories import applied_witnesses_of, unknown_histories
        from schemasync.release.replayed import steps_of

        missing = unknown_histories(live)
        if missing:
            raise NothingComparedError("; ".join(missing), hint="compare without --at-applied")
        applied = steps_of(live, pending=False)
        if applied not in self._by_steps:
            self._by_steps[applied] = applied_witnesses_of(self.configuration, live=live, server=server)
        return self._by_steps[applied]

    def _everyone(self, database: FleetDatabase, server: ScratchServer | None, speller: ScratchSpeller) -> None:
        """Nothing: what is declared is not compared."""
