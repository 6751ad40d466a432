"""`check --base`: only what a branch brings."""

import json
import subprocess
from pathlib import Path

import pytest
from command_line import schemasync
from test_cli_baseline import CONFIGURATION, MODELS, SCHEMA, change


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a folder of a repository, with two drifts committed on main."""
    folder = tmp_path / "apps" / "shop"
    folder.mkdir(parents=True)
    for name, text in {"schema.prisma": SCHEMA, "models.py": MODELS, "schemasync.toml": CONFIGURATION}.items():
        (folder / name).write_text(text)
    (tmp_path / ".gitignore").write_text("__pycache__/\n")  # Python's own, of importing the models
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "start")
    git(tmp_path, "checkout", "--quiet", "-b", "branch")
    monkeypatch.chdir(folder)
    return folder


def brought(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[tuple[str, str]], list[str]]:
    result = schemasync(capsys, "check", "--base", "main", "--format", "json", *arguments)
    assert result.out, result.err
    report = json.loads(result.out)
    return result.code, [(drift["kind"], drift["object"]) for drift in report["drifts"]], report["not_compared"]


def test_what_the_base_has_too_is_left_out(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, drifts, notes = brought(capsys)
    assert (code, drifts) == (0, [])
    assert "2 drifts that main has too" in notes
    assert schemasync(capsys, "check").code == 1


def test_a_new_drift_is_the_branchs_committed_or_not(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(project / "schema.prisma", "  email String?", "  email String?\n  phone String?")
    assert brought(capsys)[:2] == (1, [("column-missing", "phone")])
    git(project, "commit", "--quiet", "-am", "phone")
    assert brought(capsys)[:2] == (1, [("column-missing", "phone")])
    change(project / "models.py", "String(50)", "String(60)")  # an old drift with another value is a new one
    assert brought(capsys)[1] == [("column-missing", "phone"), ("column-type", "name")]


def test_an_ignore_that_the_branch_takes_out_brings_its_drift(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(project / "models.py", "String(50))", "String(50))  # schemasync: ignore[column-type]")
    git(project, "commit", "--quiet", "-am", "ignored")
    git(project, "branch", "--force", "main")
    assert brought(capsys)[:2] == (0, [])
    change(project / "models.py", "  # schemasync: ignore[column-type]", "")
    assert brought(capsys)[:2] == (1, [("column-type", "name")])


def test_paths_given_as_options_lead_into_the_base_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "schemasync.toml").unlink()
    options = ("--prisma", "schema.prisma", "--metadata", "models:Base", "--path", ".")
    assert brought(capsys, *options)[:2] == (0, [])


def test_the_working_tree_and_the_repository_stay_as_they_are(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = subprocess.run(["git", "status", "--porcelain", "--branch"], capture_output=True, check=True).stdout
    brought(capsys)
    after = subprocess.run(["git", "status", "--porcelain", "--branch"], capture_output=True, check=True).stdout
    assert after == before
    assert subprocess.run(["git", "worktree", "list"], capture_output=True, check=True).stdout.count(b"\n") == 1


@pytest.mark.parametrize("revision", ["nowhere", "--output=/tmp/x", "main:models.py"])
def test_a_revision_that_there_is_not(revision: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = schemasync(capsys, "check", f"--base={revision}")
    assert (result.code, result.out) == (2, "")
    assert f"git does not know the revision {revision} here" in result.err


def test_a_base_that_cannot_be_compared(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(project / "schema.prisma", "model User", "modell User")
    git(project, "commit", "--quiet", "-am", "broken")
    git(project, "branch", "--force", "main")
    change(project / "schema.prisma", "modell User", "model User")
    result = schemasync(capsys, "check", "--base", "main")
    assert result.code == 2
    assert "main cannot be compared: " in result.err


def test_outside_of_a_repository(tmp_path: Path, capsys: pytest.CaptureFixture[str], project: Path) -> None:
    (tmp_path / ".git").rename(tmp_path / "git")
    result = schemasync(capsys, "check", "--base", "main")
    assert (result.code, "not a git repository" in result.err) == (2, True)
