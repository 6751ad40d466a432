"""Damaged snapshots, configurations, Alembic environments and folders: an error in a sentence, or a reading.

`make input-fuzz SECONDS=3600` goes on for an hour.
"""

import os
import random
import warnings
from contextlib import suppress
from pathlib import Path

import pytest
from damage import TARGETS, attempt

from schemasync.errors import SchemasyncError
from schemasync.witnesses.alembic_history import read_revisions

MOST = int(os.environ.get("SCHEMASYNC_DAMAGED", "400"))

NEVER_REFUSED = ("migration_folders", "comments")
# Inputs that once led to a traceback: target and seed.
KEPT = [
    ("snapshots", 49),
    ("snapshots", 565),
    ("snapshots", 589),
    ("snapshots", 501228),
    ("snapshots", 506436),
    ("alembic_environments", 447),
    ("alembic_environments", 102082),
    ("alembic_environments", 103954),
    ("comments", 4124),
    ("fleets", 1029198),
]


def test_no_damage_leads_to_a_traceback_or_a_hang() -> None:
    outcome = attempt(seed=20240917, seconds=3600, most=MOST)
    assert outcome.faults == []
    assert set(outcome.tried) == set(TARGETS)
    # The damage is neither all too great nor all too small.
    assert all(0 < outcome.refused[name] < outcome.tried[name] for name in TARGETS if name not in NEVER_REFUSED)


@pytest.mark.parametrize(("target", "seed"), KEPT)
def test_damage_that_once_led_to_a_traceback(target: str, seed: int, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with suppress(SchemasyncError):
        list(TARGETS[target](tmp_path, random.Random(f"{target} {seed}")))


@pytest.mark.parametrize(
    "text", ["down_revision = " + "[" * 300, "down_revision = 3", "down_revision = [[1]]", "depends_on = {'a': 1}"]
)
def test_revisions_that_no_reader_expects(text: str, tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s\n")
    (tmp_path / "env.py").write_text("")
    (tmp_path / "versions" / "a.py").write_text(f"revision = 'a'\n{text}\n")
    # What Alembic itself makes of it is as good as a refusal; any other exception is neither.
    with suppress(SchemasyncError), warnings.catch_warnings(action="ignore"):
        assert [one.id for one in read_revisions(tmp_path / "alembic.ini")] == ["a"]


@pytest.mark.parametrize("seed", [7])
def test_a_seed_gives_the_same_again(seed: int) -> None:
    first, second = (attempt(seed, 3600, most=20) for _ in range(2))
    assert first == second
