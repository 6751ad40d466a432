"""Where a database is not what the replayed histories build: after a step of a release, and before its first one."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from schemasync.compare.drift import Drift
from schemasync.compare.sides import Speller
from schemasync.ownership import HISTORY_TABLES, Ownership
from schemasync.release.rebuilt import held_against_applied
from schemasync.release.replayed import ALEMBIC, PRISMA, Replay
from schemasync.schema.model import Schema
from schemasync.schema.names import qualified
from schemasync.witnesses.histories import Histories

Place = tuple[str, str | None, str | None]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a database is not as the replayed one: schema, table and object; and whether anything follows from it."""

    place: Place
    sentence: str
    matters: bool


@dataclass(frozen=True, slots=True)
class Base:
    """How the live database differs from what a plan starts from.

    Args:
        differences: in what the release changes or its services rely on, as sentences.
        elsewhere: how many there are in the rest.
    """

    differences: tuple[str, ...] = ()
    elsewhere: int = 0

    @property
    def count(self) -> int:
        """How many there are in all."""
        return len(self.differences) + self.elsewhere


def differences(
    replay: Replay,
    expected: Schema,
    state: Schema,
    histories: Histories,
    ownership: Ownership,
    speller: Speller | None,
    *,
    keeps: Callable[[Drift], bool] = lambda _drift: True,
) -> list[Difference]:
    """Where a database differs from a state of the replayed one.

    Args:
        replay: the replayed histories, which tell who created what.
        expected: a state of theirs.
        state: what the database states.
        histories: which sides there are.
        ownership: as everything is compared.
        speller: settles expressions that the text alone cannot.
        keeps: whether a drift counts; one that the user ignores does not.
    """
    found: list[Difference] = []
    witnesses: dict[str, Schema] = {}
    for name, side in (("prisma-migrations", PRISMA), ("alembic", ALEMBIC)):
        if (histories.prisma if side == PRISMA else histories.alembic) is None:
            continue
        built = replay.of(expected, side)
        if not built.table_by_key.keys().isdisjoint(state.table_by_key):
            witnesses[name] = built
            continue
        # Two witnesses without a table in common are not compared.
        for table in built.tables:
            sentence = f"table-missing: {qualified(table.schema, table.name)} is missing from the database"
            found.append(Difference((table.schema, table.name, None), sentence, matters=True))
    if witnesses:
        drifts = held_against_applied({**witnesses, "database": state}, ownership, speller=speller).drifts
        found += [_of_drift(drift) for drift in drifts if keeps(drift)]
    elif not found:
        found += [
            Difference((table.schema, table.name, None), f"table-extra: {table.name} should be gone", matters=True)
            for table in state.tables
        ]
    return found


def base_of(
    replay: Replay,
    live: Schema,
    histories: Histories,
    ownership: Ownership,
    speller: Speller | None,
    concerned: Collection[Key],
    *,
    keeps: Callable[[Drift], bool] = lambda _drift: True,
) -> Base:
    """How the live database differs from what the histories say that it has seen.

    Args:
        replay: the applied migrations, replayed.
        live: what the live database states.
        histories, ownership, speller, keeps: as for `differences`.
        concerned: the tables that the release changes, or that its services rely on.
    """
    expected = replay.schema()
    if not expected.tables:
        tables = [table for table in live.tables if table.name not in HISTORY_TABLES]
        if not tables:
            return Base()
        number = f"{len(tables)} table{'' if len(tables) == 1 else 's'}"
        return Base((f"the database has {number}, and the migrations that it has seen build none",))
    drifts = differences(replay, expected, live, histories, ownership, speller, keeps=keeps)
    found = [one for one in drifts if one.matters]
    mine = [one.sentence for one in found if one.place[1] is None or one.place[:2] in concerned]
    return Base(tuple(mine), len(found) - len(mine))


def concerned_tables(states: Sequence[Schema], relied_on: Collection[Schema]) -> frozenset[Key]:
    """The tables that differ between states of a release, and those that its services rely on.

    Args:
        states: of the database, the first and the last among them.
        relied_on: the services' facts.
    """
    tables = [state.table_by_key for state in states]
    keys = {key for one in tables for key in one}
    changed = {key for key in keys if any(one.get(key) != tables[0].get(key) for one in tables)}
    return frozenset(changed.union(*(schema.table_by_key for schema in relied_on)))


def _of_drift(drift: Drift) -> Difference:
    place = (drift.schema, drift.table, drift.object)
    return Difference(place, f"{drift.kind}: {drift.message}", drift.severity != "info")
