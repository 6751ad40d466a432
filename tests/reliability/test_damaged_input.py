"""Damaged snapshots, configurations, Alembic environments and folders: an error in a sentence, or a reading.

`make input-fuzz SECONDS=3600` goes on for an hour.
"""

import os

import pytest
from damage import TARGETS, attempt

MOST = int(os.environ.get("SCHEMASYNC_DAMAGED", "400"))

# Inputs that once led to a traceback or a hang: target and seed.
KEPT: list[tuple[str, int]] = []


def test_no_damage_leads_to_a_traceback_or_a_hang() -> None:
    outcome = attempt(seed=20240917, seconds=3600, most=MOST)
    assert outcome.faults == []
    assert set(outcome.tried) == set(TARGETS)
    # The damage is neither all too great nor all too small.
    assert all(0 < outcome.refused[name] < outcome.tried[name] for name in TARGETS if name != "migration_folders")


@pytest.mark.parametrize("seed", [7])
def test_a_seed_gives_the_same_again(seed: int) -> None:
    first, second = (attempt(seed, 3600, most=20) for _ in range(2))
    assert first == second
