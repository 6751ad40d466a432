"""The files for GitHub, GitLab and pre-commit: valid by their published schemas, and run as their runners would."""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_line import environment_with_sources
from packaging.requirements import Requirement
from runner import ACTION, REPOSITORY, WORKFLOW, Runner
from test_cli_base import git

GITLAB = REPOSITORY / "docs/gitlab-ci.yml"
HOOKS = REPOSITORY / ".pre-commit-hooks.yaml"


@pytest.fixture
def published_schema() -> list[str]:
    """The command that holds a file against a published schema, which is to be named next."""
    for text in metadata.requires("check-jsonschema") or ():
        wanted = Requirement(text)
        if (wanted.marker is None or wanted.marker.evaluate({"extra": ""})) and not wanted.specifier.contains(
            metadata.version(wanted.name)
        ):
            pytest.skip(f"check-jsonschema needs {wanted}, and {metadata.version(wanted.name)} is installed")
    return [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("vendor.github-actions", ACTION / "action.yml"),
        ("vendor.github-workflows", WORKFLOW),
        ("vendor.github-workflows", REPOSITORY / ".github/workflows/ci.yml"),
        ("vendor.gitlab-ci", GITLAB),
    ],
    ids=["action", "workflow", "ci", "gitlab"],
)
def test_the_published_schema_accepts_it(schema: str, path: Path, tmp_path: Path, published_schema: list[str]) -> None:
    command = [*published_schema, schema]
    done = subprocess.run([*command, str(path)], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    broken = tmp_path / "broken.yml"
    broken.write_text(re.sub(r"(?m)^(runs|jobs|schemasync):", r"\1: 1\nother:", path.read_text()))
    done = subprocess.run([*command, str(broken)], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1


def test_the_documentations_examples_use_what_there_is(tmp_path: Path, published_schema: list[str]) -> None:
    workflow, hooks = re.findall(
        r"^```yaml\n(.*?)^```$", (REPOSITORY / "docs/ci.md").read_text(), re.DOTALL | re.MULTILINE
    )
    path = tmp_path / "workflow.yml"
    path.write_text(workflow)
    command = [*published_schema, "vendor.github-workflows", str(path)]
    assert subprocess.run(command, check=False).returncode == 0
    (job,) = yaml.safe_load(workflow)["jobs"].values()
    (step,) = [step for step in job["steps"] if "schemasync@" in step["uses"]]
    inputs = yaml.safe_load((ACTION / "action.yml").read_text())["inputs"]
    documented = re.findall(r"^\| `([\w-]+)` \|", (REPOSITORY / "docs/ci.md").read_text(), re.MULTILINE)
    assert documented == list(inputs)
    assert set(step["with"]) <= set(inputs)
    assert yaml.safe_load(hooks)["repos"][0]["hooks"][0]["id"] == yaml.safe_load(HOOKS.read_text())[0]["id"]


def test_the_guides_workflow_calls_what_there_is(tmp_path: Path, published_schema: list[str]) -> None:
    (text,) = re.findall(
        r"^```yaml\n(.*?)^```$",
        (REPOSITORY / "docs/how-to/pull-requests.md").read_text(),
        re.DOTALL | re.MULTILINE,
    )
    path = tmp_path / "workflow.yml"
    path.write_text(text)
    command = [*published_schema, "vendor.github-workflows", str(path)]
    assert subprocess.run(command, check=False).returncode == 0
    (job,) = yaml.safe_load(text)["jobs"].values()
    assert job["uses"].startswith("OWNER/REPOSITORY/.github/workflows/schemasync.yml@")
    called = yaml.safe_load(WORKFLOW.read_text())
    inputs = called[True]["workflow_call"]["inputs"]  # YAML reads `on` as true
    assert set(job["with"]) <= set(inputs)
    assert {name for name, one in inputs.items() if one.get("required")} <= set(job["with"])
    (wanted,) = [one["permissions"] for one in called["jobs"].values()]
    granted = {"contents": "read", **job["permissions"]}
    assert wanted == granted


def test_the_gitlab_job(runner: Runner) -> None:
    job: dict[str, Any] = yaml.safe_load(GITLAB.read_text())["schemasync"]
    script = "\n".join(line for line in job["script"] if "pip install" not in line)
    environment = environment_with_sources(
        PATH=f"{runner.temp / 'commands'}{os.pathsep}{os.environ['PATH']}",
        CI_PROJECT_DIR=str(runner.root),
        **{**job["variables"], "SCHEMASYNC_FOLDER": "apps/shop"},
    )
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", script], cwd=runner.root, env=environment, check=False)
    assert done.returncode == 1
    reports = job["artifacts"]["reports"]
    issues = json.loads((runner.root / reports["codequality"]).read_text())
    assert {issue["location"]["path"] for issue in issues} == {"apps/shop/models.py"}
    assert "<testsuite " in (runner.root / reports["junit"]).read_text()


def test_pre_commit_runs_the_hook(runner: Runner, tmp_path: Path) -> None:
    """By pre-commit itself; only the environment that it would install Schemasync into is this one."""
    folder = tmp_path / "shop"
    shutil.copytree(runner.root / "apps/shop", folder)
    (hook,) = yaml.safe_load(HOOKS.read_text())
    assert hook["language"] == "python"
    local = {**hook, "language": "system"}
    (folder / ".pre-commit-config.yaml").write_text(json.dumps({"repos": [{"repo": "local", "hooks": [local]}]}))
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    environment = environment_with_sources(
        PATH=f"{runner.temp / 'commands'}{os.pathsep}{os.environ['PATH']}", PRE_COMMIT_HOME=str(tmp_path / "kept")
    )

    def pre_commit(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "pre_commit", *map(str, arguments)]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)

    valid = pre_commit("validate-manifest", HOOKS)
    assert valid.returncode == 0, valid.stdout + valid.stderr
    done = pre_commit("run", "--all-files")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "- hook id: schemasync\n- exit code: 1\n" in done.stdout
    assert "error    column-missing" in done.stdout or "warning  column-missing" in done.stdout
    git(folder, "commit", "--quiet", "-m", "start")
    (folder / "README.md").write_text("Shop\n")
    git(folder, "add", "README.md")
    assert "no files to check" in pre_commit("run").stdout
