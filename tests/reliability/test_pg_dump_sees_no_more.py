"""Whatever `pg_dump` prints otherwise after a change, a comparison of complete readings finds; and nothing else.

PostgreSQL's own program is the judge. A tenth of the changes runs by default, another tenth each day of a big run:
`SCHEMASYNC_ALL_CHANGES=1` (`make dump-oracle`) runs all of them.
"""

import os
from collections.abc import Iterator

import pytest
from catalogue_states import CHANGES, HERE, Change, Everything, State, differences, read_changes
from databases import Database

from schemasync.scratch import ScratchServer

ALL = [change for path in CHANGES for change in read_changes(path)]
NOTHING = read_changes(HERE / "no_changes.sql")
EVERY = 1 if os.environ.get("SCHEMASYNC_ALL_CHANGES") else 10

# What a complete reading states although `pg_dump --schema-only` does not print it.
BEYOND = {
    "index validity",
    "a materialized view",
    "a language's trust",
    "a language's validator",
    "an extension's version",
}

# Options of user mappings hold passwords, and only superusers may read them: that there is a mapping is all we state.
KEPT_BACK = {"a user mapping's user"}


class Compared:
    """The database and the state that every change starts from."""

    def __init__(self, everything: Everything) -> None:
        self.everything = everything
        self.before = everything.state()

    def changed(self, sql: str) -> tuple[bool, list[str], State]:
        """Whether `pg_dump` prints something else after some statements, and what a comparison says."""
        self.everything.run(sql)
        after = self.everything.state()
        found = [drift.message for drift in differences(self.before.schema, after.schema)]
        return after.dump != self.before.dump, found, after


@pytest.fixture(scope="module")
def compared(server: ScratchServer) -> Iterator[Compared]:
    database = Database(server.create_database())
    everything = Everything(database)
    yield Compared(everything)
    everything.close()
    database.close()


@pytest.mark.parametrize("change", ALL[::EVERY], ids=[change.name for change in ALL[::EVERY]])
def test_what_pg_dump_prints_otherwise_is_found_and_its_reverse_is_nothing(compared: Compared, change: Change) -> None:
    if compared.everything.database.version < change.since * 10000:
        pytest.skip(f"PostgreSQL {change.since} and later")
    printed, found, _ = compared.changed(change.forward)
    printed_back, found_back, _ = compared.changed(change.back)
    assert bool(found) is (change.name not in KEPT_BACK)
    assert printed or change.name in BEYOND
    assert (printed_back, found_back) == (False, [])


@pytest.mark.parametrize("change", NOTHING[::EVERY], ids=[change.name for change in NOTHING[::EVERY]])
def test_what_pg_dump_prints_alike_is_no_difference(compared: Compared, change: Change) -> None:
    assert compared.changed(change.forward)[:2] == (False, [])


def test_there_are_many_changes_and_each_has_a_name_of_its_own() -> None:
    assert len({change.name for change in [*ALL, *NOTHING]}) == len(ALL) + len(NOTHING) >= 400
