"""The identifiers that mirrors make in place of Prisma Client: each as its specification has it."""

import datetime
import re
import subprocess
import sys
import time
from pathlib import Path

from schemasync.mirror import helpers
from schemasync.mirror.helper_source import helper_source
from schemasync.mirror.symbols import HELPERS

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_uuid7_has_version_variant_and_time():
    before = time.time_ns() // 1_000_000
    made = helpers.uuid7()
    after = time.time_ns() // 1_000_000
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert before <= made.int >> 80 <= after + 1


def test_uuid7_ascends_within_a_millisecond():
    made = [helpers.uuid7() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_cuid_is_a_letter_time_counter_machine_and_chance():
    first, second = helpers.cuid(), helpers.cuid()
    assert re.fullmatch(r"c[0-9a-z]{24}", first)
    assert abs(int(first[1:9], 36) - time.time() * 1000) < 5000
    assert int(second[9:13], 36) == int(first[9:13], 36) + 1
    assert first[13:17] == second[13:17]
    assert first[17:] != second[17:]


def test_cuid2_is_a_letter_and_23_digits():
    made = {helpers.cuid2() for _ in range(2000)}
    assert len(made) == 2000
    assert all(re.fullmatch(r"[a-z][0-9a-z]{23}", one) for one in made)
    assert len({one[0] for one in made}) == 26


def test_ulid_is_crockfords_base32_of_time_and_chance():
    before = time.time_ns() // 1_000_000
    made = helpers.ulid()
    after = time.time_ns() // 1_000_000
    assert len(made) == 26
    assert set(made) <= set(CROCKFORD)
    moment = 0
    for digit in made[:10]:
        moment = moment * 32 + CROCKFORD.index(digit)
    assert before <= moment <= after + 1


def test_ulid_ascends_within_a_millisecond():
    made = [helpers.ulid() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_ulid_of_the_specification(monkeypatch):
    monkeypatch.setattr(helpers.time, "time_ns", lambda: 1469918176385 * 1_000_000)
    monkeypatch.setattr(helpers, "_ulid_last", (0, 0))
    assert helpers.ulid().startswith("01ARYZ6S41")


def test_nanoid_has_the_length_and_alphabet():
    assert re.fullmatch(r"[A-Za-z0-9_-]{21}", helpers.nanoid())
    assert re.fullmatch(r"[A-Za-z0-9_-]{12}", helpers.nanoid(12))
    assert len(set("".join(helpers.nanoid() for _ in range(2000)))) == 64


def test_the_current_time_with_and_without_its_zone():
    aware, naive = helpers.utc_now(), helpers.naive_utc_now()
    assert aware.utcoffset() == datetime.timedelta(0)
    assert naive.tzinfo is None
    assert abs(aware.replace(tzinfo=None) - naive) < datetime.timedelta(seconds=5)


def test_every_helper_stands_alone(tmp_path: Path):
    for name in sorted(HELPERS):
        imports, text = helper_source([name])
        lines = [f"from {module} import {what}" if module else f"import {what}" for module, what in sorted(imports)]
        path = tmp_path / f"{name.lower()}_alone.py"
        path.write_text("\n".join([*lines, text, ""]))
        subprocess.run([sys.executable, "-I", path], check=True)


def test_helpers_are_laid_out_for_88_columns(tmp_path: Path):
    _, text = helper_source(HELPERS)
    path = tmp_path / "helpers.py"
    path.write_text(text + "\n")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", path]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert completed.returncode == 0, completed.stdout
