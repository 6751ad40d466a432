"""The files for GitHub, GitLab and pre-commit: valid by their published schemas, and run as their runners would."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_line import environment_with_sources
from test_cli_base import git
from test_cli_baseline import CONFIGURATION, MODELS, SCHEMA, change

REPOSITORY = Path(__file__).resolve().parents[2]
ACTION = REPOSITORY / ".github/actions/schemasync/action.yml"
WORKFLOW = REPOSITORY / ".github/workflows/schemasync.yml"
GITLAB = REPOSITORY / "docs/gitlab-ci.yml"
HOOKS = REPOSITORY / ".pre-commit-hooks.yaml"
GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$GH_CALLS"
case "$*" in
  *--paginate*) cat "$GH_KNOWN" ;;
  *) for argument; do case "$argument" in body=@*) cp "${argument#body=@}" "$GH_BODY" ;; esac; done ;;
esac
"""


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("vendor.github-actions", ACTION),
        ("vendor.github-workflows", WORKFLOW),
        ("vendor.gitlab-ci", GITLAB),
    ],
    ids=["action", "workflow", "gitlab"],
)
def test_the_published_schema_accepts_it(schema: str, path: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    done = subprocess.run([*command, str(path)], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    broken = tmp_path / "broken.yml"
    broken.write_text(re.sub(r"(?m)^(runs|jobs|schemasync):", r"\1: 1\nother:", path.read_text()))
    done = subprocess.run([*command, str(broken)], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1


def test_the_documentations_examples_use_what_there_is(tmp_path: Path) -> None:
    workflow, hooks = re.findall(
        r"^```yaml\n(.*?)^```$", (REPOSITORY / "docs/ci.md").read_text(), re.DOTALL | re.MULTILINE
    )
    path = tmp_path / "workflow.yml"
    path.write_text(workflow)
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    assert subprocess.run(command, check=False).returncode == 0
    (job,) = yaml.safe_load(workflow)["jobs"].values()
    (step,) = [step for step in job["steps"] if "schemasync@" in step["uses"]]
    assert set(step["with"]) <= set(yaml.safe_load(ACTION.read_text())["inputs"])
    assert yaml.safe_load(hooks)["repos"][0]["hooks"][0]["id"] == yaml.safe_load(HOOKS.read_text())[0]["id"]


@dataclass
class Runner:
    """Stands in for GitHub's: environment, files and expressions, without the network.

    Args:
        root: the repository's checkout.
        temp: the runner's own folder.
    """

    root: Path
    temp: Path
    inputs: dict[str, str]
    number: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    log: str = ""

    def value(self, name: str) -> str:
        known = {
            "runner.temp": str(self.temp),
            "github.token": "t0ken",
            "github.event.pull_request.number": self.number,
        }
        if name.startswith("inputs."):
            return self.inputs[name.removeprefix("inputs.")]
        if name.startswith("steps.check.outputs."):
            return self.outputs.get(name.removeprefix("steps.check.outputs."), "")
        return known[name]

    def filled(self, text: str) -> str:
        return re.sub(r"\$\{\{\s*([\w.-]+)\s*\}\}", lambda found: self.value(found[1]), text)

    def wanted(self, condition: str) -> bool:
        """A condition of terms joined by `&&`, each a name, or a name compared with a text."""
        for term in condition.split("&&"):
            name, operator, text = re.fullmatch(r"\s*([\w.-]+)\s*(?:(==|!=)\s*'(.*)')?\s*", term).groups()  # type: ignore[union-attr]
            value = self.value(name)
            if not (value if operator is None else (value == text) is (operator == "==")):
                return False
        return True

    def run(self) -> int:
        action = yaml.safe_load(ACTION.read_text())
        defaults = {name: self.filled(str(one.get("default", ""))) for name, one in action["inputs"].items()}
        self.inputs = {**defaults, **self.inputs}
        for step in action["runs"]["steps"]:
            if not self.wanted(step.get("if", "runner.temp")):
                continue
            output = self.temp / "output"
            output.write_text("")
            commands = self.temp / "commands"
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=self.root / self.filled(step.get("working-directory", ".")),
                env=environment_with_sources(
                    PATH=f"{commands}{os.pathsep}{os.environ['PATH']}",
                    GITHUB_WORKSPACE=str(self.root),
                    GITHUB_OUTPUT=str(output),
                    GITHUB_STEP_SUMMARY=str(self.temp / "summary.md"),
                    GITHUB_REPOSITORY="ann/shop",
                    RUNNER_TEMP=str(self.temp),
                    GH_CALLS=str(self.temp / "calls"),
                    GH_KNOWN=str(self.temp / "known"),
                    GH_BODY=str(self.temp / "body.md"),
                    **{name: self.filled(text) for name, text in step.get("env", {}).items()},
                ),
                capture_output=True,
                encoding="utf-8",
                timeout=180,
                check=False,
            )
            self.log += done.stdout + done.stderr
            self.outputs.update(line.split("=", 1) for line in output.read_text().splitlines())
            if done.returncode:
                return done.returncode
        return 0


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout" / "apps" / "shop"
    folder.mkdir(parents=True)
    for name, text in {"schema.prisma": SCHEMA, "models.py": MODELS, "schemasync.toml": CONFIGURATION}.items():
        (folder / name).write_text(text)
    git(tmp_path / "checkout", "init", "--quiet", "--initial-branch=main")
    git(tmp_path / "checkout", "add", ".")
    git(tmp_path / "checkout", "commit", "--quiet", "-m", "start")
    return tmp_path / "checkout"


@pytest.fixture
def runner(checkout: Path, tmp_path: Path) -> Runner:
    if shutil.which("bash") is None:
        pytest.skip("no bash")
    temp = tmp_path / "runner"
    commands = temp / "commands"
    commands.mkdir(parents=True)
    for name, text in {"schemasync": f'#!/bin/sh\nexec "{sys.executable}" -m schemasync "$@"\n', "gh": GH}.items():
        (commands / name).write_text(text)
        (commands / name).chmod(0o755)
    (temp / "known").write_text("")
    (temp / "calls").write_text("")
    return Runner(checkout, temp, {"version": "", "working-directory": "apps/shop"})


def test_a_job_with_drifts_fails_after_every_report_is_written(runner: Runner) -> None:
    runner.inputs["comment"] = "true"
    runner.number = "7"
    assert runner.run() == 1
    assert "::warning file=apps/shop/models.py,line=" in runner.log
    assert runner.outputs == {"exit-code": "1", "sarif": "apps/shop/schemasync.sarif"}
    sarif = json.loads((runner.root / runner.outputs["sarif"]).read_text())
    places = [result["locations"][0]["physicalLocation"] for result in sarif["runs"][0]["results"]]
    assert {place["artifactLocation"]["uri"] for place in places} == {"apps/shop/models.py"}
    assert (runner.temp / "summary.md").read_text().startswith("### ")
    body = (runner.temp / "body.md").read_text()
    assert body.startswith("<!-- schemasync -->\n### ")
    calls = (runner.temp / "calls").read_text().splitlines()
    assert [call.partition(" --field")[0] for call in calls[1:]] == [
        "api --silent --method POST repos/ann/shop/issues/7/comments"
    ]


def test_the_comment_is_updated_in_place(runner: Runner) -> None:
    runner.inputs["comment"] = "true"
    runner.number = "7"
    (runner.temp / "known").write_text("4711\n")
    runner.run()
    calls = (runner.temp / "calls").read_text().splitlines()
    assert calls[1].startswith("api --silent --method PATCH repos/ann/shop/issues/comments/4711 ")


def test_a_branch_that_brings_nothing_passes(runner: Runner) -> None:
    runner.inputs["base"] = "main"
    assert runner.run() == 0
    assert runner.outputs["exit-code"] == "0"
    assert (runner.temp / "calls").read_text() == ""


def test_what_could_not_be_done_is_no_finding(runner: Runner) -> None:
    change(runner.root / "apps/shop/schema.prisma", "model User", "modell User")
    assert runner.run() == 2
    assert runner.outputs == {"exit-code": "2"}
    assert not (runner.root / "apps/shop/schemasync.sarif").exists()


def test_inputs_are_no_shell(runner: Runner) -> None:
    runner.inputs["base"] = "main$(touch taken)`touch taken`; touch taken"
    assert runner.run() == 2
    assert not list(runner.root.rglob("taken"))
    texts = [step["run"] for step in yaml.safe_load(ACTION.read_text())["runs"]["steps"]]
    assert not any("${{" in text for text in texts)


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


def test_the_pre_commit_hook(runner: Runner) -> None:
    (hook,) = yaml.safe_load(HOOKS.read_text())
    entry = [sys.executable, "-m", *shlex.split(hook["entry"])]
    folder = runner.root / "apps/shop"
    done = subprocess.run(entry, cwd=folder, env=environment_with_sources(), capture_output=True, check=False)
    assert done.returncode == 1
    assert re.search(hook["files"], "apps/shop/schema.prisma")
    assert not re.search(hook["files"], "README.md")
