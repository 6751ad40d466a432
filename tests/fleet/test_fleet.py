"""`schemasync check` of many databases, on a real server."""

from pathlib import Path
from typing import Any

import pytest
from fleets import NOWHERE, SIZE, Fleet, checked, report

import schemasync.fleet_comparing as fleet_comparing
from schemasync.compare.drift import Comparison
from schemasync.scratch import ScratchServer


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
    compare = fleet_comparing.compare_witnesses

    def counted(*arguments: Any, **options: Any) -> Comparison:
        calls.append(arguments)
        return compare(*arguments, **options)

    monkeypatch.setattr(fleet_comparing, "compare_witnesses", counted)
    checked(capsys, "--databases", project.listed())
    assert len(calls) == 3


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


def test_witnesses_without_the_database(project: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
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
