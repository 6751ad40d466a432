"""The example has exactly the drifts that its README lists, and the two histories build what both sides declare."""

import dataclasses
import re
from collections.abc import Iterator

import pytest

from schemasync.compare.drift import Comparison
from schemasync.demo import check_example, example_folder, running_example
from schemasync.project import check

ZONES = {
    "access_codes": ("created_at", "expires_at", "redeemed_at", "updated_at"),
    "file_storage": ("created_at", "updated_at"),
    "processing_jobs": ("created_at", "finished_at", "queued_at", "started_at", "updated_at"),
    "users": ("created_at", "updated_at"),
}
PLANNED = {
    ("mirror-missing", "access_requests", None),
    ("column-missing", "access_codes", "generated_by"),
    ("column-missing", "access_codes", "generation_type"),
    ("column-missing", "access_codes", "access_request_id"),
    ("column-extra", "verifications", "attempts"),
    *(("column-type", table, column) for table, columns in ZONES.items() for column in columns),
    ("column-type", "accounts", "provider_id"),
    ("column-type", "processing_jobs", "job_type"),
    ("column-type", "sessions", "ip_address"),
    ("column-nullability", "file_storage", "checksum"),
    ("column-nullability", "users", "name"),
    ("column-default", "processing_jobs", "priority"),
    ("foreign-key-action", "file_access_logs", "file_access_logs_user_id_fkey"),
    ("foreign-key-action", "sessions", "sessions_user_id_fkey"),
    ("relationship-missing", "users", "generatedAccessCodes"),
    ("relationship-missing", "users", "reviewedRequests"),
}


@pytest.fixture(scope="module")
def comparisons() -> Iterator[tuple[Comparison, Comparison]]:
    """Three-way, and schema.prisma against the database."""
    with running_example(lambda _: None) as example:
        _, three_way = check_example(example)
        _, built = check(example.configuration, ["prisma", "database"])
        yield three_way, built


def test_the_planned_drifts_and_no_other(comparisons: tuple[Comparison, Comparison]) -> None:
    found = [(drift.kind, drift.table, drift.object) for drift in comparisons[0].drifts]
    assert sorted(found, key=str) == sorted(PLANNED, key=str)
    assert {drift.owner for drift in comparisons[0].drifts} == {"prisma"}
    assert {drift.behind for drift in comparisons[0].drifts} == {("sqlalchemy",)}


def test_every_planned_drift_is_in_the_examples_readme() -> None:
    text = (example_folder() / "README.md").read_text()
    for _, table, name in PLANNED:
        assert table is not None
        assert table in text
        snake_case = re.sub("([A-Z])", lambda found: "_" + found[0].lower(), name or table)
        assert snake_case in text


def test_every_drift_leads_to_a_line_of_the_example(comparisons: tuple[Comparison, Comparison]) -> None:
    for drift in comparisons[0].drifts:
        assert drift.locations
        for place in drift.locations:
            lines = (example_folder() / place.path).read_text().splitlines()
            assert lines[place.line - 1].strip(), dataclasses.astuple(place)


def test_prismas_migrations_build_prismas_schema(comparisons: tuple[Comparison, Comparison]) -> None:
    # What the back end declares is no finding while its metadata is not asked.
    assert comparisons[1].drifts == ()


def test_values_stand_side_by_side(comparisons: tuple[Comparison, Comparison]) -> None:
    by_object = {(drift.kind, drift.table, drift.object): drift for drift in comparisons[0].drifts}
    missing = by_object["column-missing", "access_codes", "generated_by"]
    assert missing.values == {"prisma": "uuid", "sqlalchemy": None, "database": "uuid"}
    extra = by_object["column-extra", "verifications", "attempts"]
    assert extra.values == {"prisma": None, "sqlalchemy": "integer", "database": None}
    moment = by_object["column-type", "users", "created_at"]
    assert moment.values == {"prisma": "timestamp(3)", "sqlalchemy": "timestamptz", "database": "timestamp(3)"}
    default = by_object["column-default", "processing_jobs", "priority"]
    assert default.values == {"prisma": "no default", "sqlalchemy": "0", "database": "no default"}


def test_both_sides_are_located(comparisons: tuple[Comparison, Comparison]) -> None:
    for drift in comparisons[0].drifts:
        witnesses = {place.witness for place in drift.locations}
        assert witnesses == ({"prisma"} if drift.kind == "mirror-missing" else {"prisma", "sqlalchemy"}), drift.message
        assert all(place.path.startswith(("frontend/", "backend/")) for place in drift.locations)


def test_all_tables_are_compared(comparisons: tuple[Comparison, Comparison]) -> None:
    assert comparisons[0].tables == 27
    assert comparisons[0].facts > 500
