"""One fact changed in one witness of a real schema: exactly that drift, with the right witness behind.

`make mutate` does it a hundred thousand times.
"""

import os
from pathlib import Path

import pytest
from one_fault import cases, real_schemas, witnesses_of

import schemasync

MUTATIONS = int(os.environ.get("SCHEMASYNC_MUTATIONS", "400"))
SEED = int(os.environ.get("SCHEMASYNC_SEED", "20240917"))


@pytest.mark.filterwarnings("ignore::schemasync.errors.PrismaSchemaWarning")  # real schemas have what Prisma warns of
def test_exactly_the_fault_is_reported(corpus: Path) -> None:
    put, wrong = cases(MUTATIONS, SEED)
    assert [f"{one.source}: {one.fault.what} in {one.where}: {one.complaint}" for one in wrong] == []
    assert put.total() == MUTATIONS
    assert set(put) == {"prisma", "sqlalchemy", "database"}


@pytest.mark.filterwarnings("ignore::schemasync.errors.PrismaSchemaWarning")  # real schemas have what Prisma warns of
def test_without_a_fault_nothing_is_reported(corpus: Path) -> None:
    found = {name: schemasync.compare(witnesses_of(schema)) for name, schema in real_schemas().items()}
    assert len(found) > 20
    assert {name: drifts for name, drifts in found.items() if drifts} == {}


@pytest.mark.filterwarnings("ignore::schemasync.errors.PrismaSchemaWarning")  # real schemas have what Prisma warns of
def test_a_seed_always_puts_the_same_faults(corpus: Path) -> None:
    assert cases(8, 1)[0] == cases(8, 1)[0]
