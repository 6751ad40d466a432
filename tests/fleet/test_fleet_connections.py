"""A check of a fleet has one connection for each database, and no more at once than it may."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from fleets import JOBS, SIZE, SURPRISE, Counter, Fleet, dropped, fleet

from schemasync.fleet import check_fleet
from schemasync.fleet_file import read_fleet_file
from schemasync.fleet_reading import concurrently
from schemasync.scratch import ScratchServer
from schemasync.scratch.binaries import packaged_binaries
from schemasync.scratch.embedded import EmbeddedServer

# `make fleet` sets 1,000; they need about 8 GB where the scratch server keeps its data.
LARGE = int(os.environ.get("SCHEMASYNC_TEST_FLEET", "24"))


@pytest.mark.parametrize("jobs", [1, JOBS])
def test_no_more_connections_than_the_bound_and_one_for_each_database(
    project: Fleet, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    from schemasync.config import load

    counter = Counter()
    monkeypatch.setattr(psycopg2, "connect", counter.connect)
    found = check_fleet(load(), read_fleet_file(project.listed()), jobs=jobs)
    assert counter.by_database == {database.name: 1 for database in project.databases}
    assert 1 <= counter.most <= jobs
    assert counter.open == 0
    assert len(found.members) == SIZE


@pytest.fixture
def roomy_server(server: ScratchServer) -> Iterator[ScratchServer]:
    """One of the test's own where the fleet is large: its folder goes quicker than all its databases."""
    if LARGE <= 100 or packaged_binaries() is None:
        yield server
        return
    with EmbeddedServer() as own:
        yield own


def test_a_large_fleet_by_a_role_that_may_have_no_more_connections(
    roomy_server: ScratchServer, server: ScratchServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from schemasync.config import load
    from schemasync.urls import build_url, connection_parameters

    monkeypatch.chdir(tmp_path)
    began = time.monotonic()
    large = fleet(roomy_server, tmp_path, LARGE)
    large.change(LARGE // 2, SURPRISE)
    role = f"fleet_{os.getpid()}"
    large.change(0, f"CREATE ROLE {role} LOGIN PASSWORD 's3cret' CONNECTION LIMIT {JOBS}")
    made = time.monotonic()
    try:
        urls = [
            build_url({**connection_parameters(database.url), "user": role, "password": "s3cret"})
            for database in large.databases
        ]
        path = tmp_path / "large.txt"
        path.write_text("".join(f"{number} = {url}\n" for number, url in enumerate(urls)))
        counter = Counter()
        with monkeypatch.context() as patched:
            patched.setattr(psycopg2, "connect", counter.connect)
            found = check_fleet(load(), read_fleet_file(path), jobs=JOBS)
        print(f"{LARGE} databases: made in {made - began:.0f} s, checked in {time.monotonic() - made:.0f} s", end=", ")
        print(f"at most {counter.most} connections at once")
        # The server would have refused one connection more.
        assert {member.state for member in found.members} == {"compared"}
        assert counter.most <= JOBS
        assert set(counter.by_database.values()) == {1}
        assert {member.group for member in found.members} == {1, 2}
        assert [drift.databases for drift in found.comparison.drifts] == [(str(LARGE // 2),)]
    finally:
        large.change(0, f"DROP ROLE {role}")
        if roomy_server is server:
            dropped(large.databases)


def test_the_bound_is_used_up() -> None:
    lock = threading.Lock()
    now = most = 0
    everyone = threading.Barrier(JOBS, timeout=60)

    def work(_: int) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        everyone.wait()
        with lock:
            now -= 1

    assert sorted(task for task, _ in concurrently(work, range(2 * JOBS), JOBS)) == list(range(2 * JOBS))
    assert most == JOBS


def test_an_unforeseen_error_stops_the_work() -> None:
    done = []

    def work(number: int) -> None:
        if number == 3:
            raise ZeroDivisionError
        time.sleep(0.01)
        done.append(number)

    with pytest.raises(ZeroDivisionError):
        list(concurrently(work, range(1000), 1))
    time.sleep(0.1)
    assert len(done) < 10
