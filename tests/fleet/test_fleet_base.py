"""`check --base` of many databases: what a branch brings each of them."""

import dataclasses
import json
from pathlib import Path

import psycopg2
import pytest
from command_line import schemasync
from fleets import CONFIGURATION, MODELS, NOWHERE, SCHEMA, SIZE, Counter, Fleet
from test_cli_base import git

from schemasync.base_revision import without_those_of
from schemasync.compare.drift import Comparison, Drift
from schemasync.config import load


@pytest.fixture
def branch(many: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fleet:
    """The project in a repository, on a branch of main that has nothing of its own yet."""
    for name, text in {"schema.prisma": SCHEMA, "models.py": MODELS, "schemasync.toml": CONFIGURATION}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / ".gitignore").write_text("__pycache__/\ntenants.txt\n")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "start")
    git(tmp_path, "checkout", "--quiet", "-b", "branch")
    monkeypatch.chdir(tmp_path)
    return Fleet(tmp_path, many.databases)


def brought(
    project: Fleet, capsys: pytest.CaptureFixture[str], *lines: str
) -> tuple[int, dict[tuple[str, str], list[str]], list[str]]:
    """The exit code, each drift with its databases, and what was not compared."""
    options = ("--databases", project.listed(*lines), "--base", "main", "--format", "json")
    result = schemasync(capsys, "check", *options)
    assert result.out, result.err
    report = json.loads(result.out)
    drifts = {(drift["kind"], drift["object"]): drift["databases"] for drift in report["drifts"]}
    return result.code, drifts, report["not_compared"]


def test_what_every_database_had_before_is_left_out(branch: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    code, drifts, notes = brought(branch, capsys)
    assert (code, drifts) == (0, {})
    assert "2 drifts that main has too" in notes


def test_what_the_branch_declares_is_missing_where_it_is_not_there(
    branch: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two databases have the column already; what another one lacks is nothing that the branch brings."""
    (branch.folder / "schema.prisma").write_text(SCHEMA.replace("@unique\n", "@unique\n  surprise Int?\n", 1))
    (branch.folder / "models.py").write_text(MODELS + "    surprise: Mapped[int | None]\n")
    code, drifts, _ = brought(branch, capsys)
    lacking = [f"tenant_{number:03}" for number in range(SIZE) if number not in (1, 4)]
    assert (code, drifts) == (1, {("column-missing", "surprise"): lacking})


def test_a_database_that_cannot_be_read_stays_a_finding(branch: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    code, drifts, _ = brought(branch, capsys, f"gone = {NOWHERE}")
    assert (code, drifts) == (1, {("database-unreachable", "gone"): ["gone"]})


def test_both_revisions_are_held_against_one_reading(
    branch: Fleet, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = Counter()
    monkeypatch.setattr(psycopg2, "connect", counter.connect)
    brought(branch, capsys)
    assert counter.by_database == {database.name: 1 for database in branch.databases}


def test_a_drift_stays_with_the_databases_that_did_not_have_it(branch: Fleet) -> None:
    values = {"prisma": "text", "database": None}
    drift = Drift("column-missing", "error", "prisma", "public", "users", "email", values, ("database",), "", "", "")

    def of(*databases: str) -> Comparison:
        return Comparison((dataclasses.replace(drift, databases=databases),), 1, 1)

    brought = without_those_of(of("rome", "oslo"), "main", load(), lambda _: of("oslo"))
    assert [drift.databases for drift in brought.drifts] == [("rome",)]
    brought = without_those_of(of("oslo"), "main", load(), lambda _: of("rome", "oslo"))
    assert (brought.drifts, brought.not_compared) == ((), ("1 drift that main has too",))
