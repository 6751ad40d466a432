"""Random schemas and random changes: what `pg_dump` prints otherwise is found, and undoing it is found to be nothing.

`SCHEMASYNC_RANDOM_CHANGES` says how many changes; a failing one is kept by hypothesis, and told smaller.
"""

import os
from collections.abc import Iterator

import pytest
from catalogue_states import dump
from databases import Database
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from random_schemas import NAMES, ground, knobs

import schemasync
from schemasync.scratch import ScratchServer

CHANGES = int(os.environ.get("SCHEMASYNC_RANDOM_CHANGES", "12"))
PER_SCHEMA = 6


@pytest.fixture(scope="module")
def place(server: ScratchServer) -> Iterator[Database]:
    database = Database(server.create_database())
    database.execute(f"CREATE ROLE random_{database.name}")
    yield database
    database.execute(f"DROP OWNED BY random_{database.name} CASCADE; DROP ROLE random_{database.name}")
    database.close()


def run(database: Database, sql: str) -> None:
    for statement in sql.split(";\n"):
        database.execute(statement)


@settings(
    max_examples=max(1, CHANGES // PER_SCHEMA),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink) if CHANGES < 100 else (Phase.generate,),
)
@given(st.data())
def test_every_change_is_found_and_its_reverse_is_nothing(place: Database, data: st.DataObject) -> None:
    table, other = data.draw(st.permutations(NAMES))[:2]
    role = f"random_{place.name}"
    place.execute(
        f"DROP OWNED BY {role} CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public; " + ground(table, other)
    )
    turned = knobs(table, other, role)
    at = {}
    for knob in turned:
        at[knob.name] = data.draw(st.sampled_from(sorted(knob.positions)), label=knob.name)
        run(place, knob.positions[at[knob.name]])
    printed, stated = dump(place.url), schemasync.read_database(place.url, complete=True)
    for _ in range(PER_SCHEMA):
        knob = data.draw(st.sampled_from(turned), label="change of")
        position = data.draw(st.sampled_from(sorted(knob.positions)), label="to")
        run(place, knob.positions[position])
        differs = dump(place.url) != printed
        found = schemasync.compare({"snapshot": stated, "database": schemasync.read_database(place.url, complete=True)})
        assert bool(found) is differs, (knob.name, at[knob.name], position, [drift.message for drift in found])
        run(place, knob.positions[at[knob.name]])
        again = schemasync.read_database(place.url, complete=True)
        # A column that was dropped and made anew stands last.
        if knob.name != "more columns":
            assert schemasync.compare({"snapshot": stated, "database": again}) == [], (knob.name, position)
        printed, stated = dump(place.url), again


def test_knobs_are_many() -> None:
    found = knobs("a", "b", "c")
    assert len({knob.name for knob in found}) == len(found) >= 35
    assert sum(len(knob.positions) for knob in found) >= 100
