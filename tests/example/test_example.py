"""The example: exactly the neglect that its README lists, each with table and column, and nothing that isn't there."""

from collections.abc import Iterator

import pytest

from schemasync.compare.drift import Comparison
from schemasync.demo import check_example, running_example

TIMES = {
    "users": ("created_at", "updated_at"),
    "access_codes": ("created_at", "updated_at", "expires_at", "redeemed_at"),
    "file_storage": ("created_at", "updated_at"),
    "processing_jobs": ("created_at", "updated_at", "queued_at", "started_at", "finished_at"),
}

NEGLECTED = {
    ("mirror-missing", "access_requests", None),
    ("column-missing", "access_codes", "generated_by"),
    ("column-missing", "access_codes", "generation_type"),
    ("column-missing", "access_codes", "access_request_id"),
    ("relationship-missing", "users", "generatedAccessCodes"),
    ("relationship-missing", "users", "reviewedRequests"),
    *(("column-type", table, column) for table, columns in TIMES.items() for column in columns),
    ("column-type", "accounts", "provider_id"),
    ("column-type", "processing_jobs", "job_type"),
    ("column-type", "sessions", "ip_address"),
    ("column-default", "processing_jobs", "priority"),
    ("column-extra", "verifications", "attempts"),
    ("column-nullability", "users", "name"),
    ("column-nullability", "file_storage", "checksum"),
    ("foreign-key-action", "file_access_logs", "file_access_logs_user_id_fkey"),
    ("foreign-key-action", "sessions", "sessions_user_id_fkey"),
}


@pytest.fixture(scope="module")
def comparison() -> Iterator[Comparison]:
    with running_example(lambda _: None) as example:
        yield check_example(example)[1]


def test_each_neglect_is_found_and_nothing_else(comparison: Comparison) -> None:
    found = {(drift.kind, drift.table, drift.object) for drift in comparison.drifts}
    assert found - NEGLECTED == set()
    assert NEGLECTED - found == set()
    assert len(comparison.drifts) == len(NEGLECTED)


def test_prisma_is_right_and_the_models_are_behind(comparison: Comparison) -> None:
    assert {(drift.owner, drift.behind, drift.schema) for drift in comparison.drifts} == {
        ("prisma", ("sqlalchemy",), "public")
    }


def test_values_stand_side_by_side(comparison: Comparison) -> None:
    by_object = {(drift.kind, drift.table, drift.object): drift for drift in comparison.drifts}
    missing = by_object["column-missing", "access_codes", "generated_by"]
    assert missing.values == {"prisma": "uuid", "sqlalchemy": None, "database": "uuid"}
    extra = by_object["column-extra", "verifications", "attempts"]
    assert extra.values == {"prisma": None, "sqlalchemy": "integer", "database": None}
    time = by_object["column-type", "users", "created_at"]
    assert time.values == {"prisma": "timestamp(3)", "sqlalchemy": "timestamptz", "database": "timestamp(3)"}
    default = by_object["column-default", "processing_jobs", "priority"]
    assert default.values == {"prisma": "no default", "sqlalchemy": "0", "database": "no default"}


def test_both_sides_are_located(comparison: Comparison) -> None:
    for drift in comparison.drifts:
        witnesses = {place.witness for place in drift.locations}
        assert witnesses == ({"prisma"} if drift.kind == "mirror-missing" else {"prisma", "sqlalchemy"}), drift.message
        assert all(place.path.startswith(("frontend/", "backend/")) for place in drift.locations)


def test_all_tables_are_compared(comparison: Comparison) -> None:
    assert comparison.tables == 27
    assert comparison.facts > 500
