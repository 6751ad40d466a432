"""The workflow that others call, run job and all as GitHub would, but for the actions of others that it uses."""

import subprocess

from runner import Comments, Runner, evaluated
from test_cli_baseline import change

CALLED = {"repository": "ann/schemasync", "ref": "main", "working-directory": "apps/shop", "version": ""}


def revision(runner: Runner) -> str:
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=runner.root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_pull_request_with_a_drift_of_its_own(runner: Runner, comments: Comments) -> None:
    runner.event["pull_request.base.sha"] = revision(runner)
    change(runner.root / "apps/shop/models.py", "String(50)", "String(60)")
    runner.inputs = {**CALLED, "mirror": True, "plan": True}
    assert runner.call() == 1, runner.log
    assert runner.outputs["exit-code"] == "1"
    assert runner.outputs["mirror-exit-code"] == "1"
    assert runner.outputs["plan-exit-code"] == "0"
    body = comments.kept[1][1]
    assert "column-type" in body
    assert "column-missing" not in body  # the base has it too
    assert "Stale mirrors" in body
    assert "A safe order" in body
    assert runner.services == {"postgresql": ""}
    assert [used for used, _ in runner.used] == [
        "actions/checkout@v4",
        "actions/checkout@v4",
        "actions/setup-python@v5",
        "github/codeql-action/upload-sarif@v3",
    ]
    uploaded = runner.used[-1][1]
    assert (runner.root / uploaded["sarif_file"]).is_file()
    assert runner.used[1][1]["path"] == ".schemasync"


def test_a_pull_request_that_brings_nothing(runner: Runner, comments: Comments) -> None:
    runner.event["pull_request.base.sha"] = revision(runner)
    runner.inputs = dict(CALLED)
    assert runner.call() == 0
    assert comments.kept[1][1].startswith("<!-- schemasync -->\n### ✅")


def test_a_push_answers_for_every_drift_and_writes_no_comment(runner: Runner) -> None:
    runner.inputs = {**CALLED, "plan": True}
    assert runner.call() == 1
    assert "plan-exit-code" not in runner.outputs  # there is nothing to plan from


def test_a_service_container_runs_the_migrations(runner: Runner) -> None:
    runner.event["pull_request.base.sha"] = revision(runner)
    runner.inputs = {**CALLED, "plan": True, "postgresql": "postgres:17"}
    assert runner.call() == 2  # the container is GitHub's to start; without it the plan says so
    assert runner.services == {"postgresql": "postgres:17"}
    assert "localhost" in runner.log
    assert "postgres:postgres@" not in runner.log


def test_expressions() -> None:
    names = {"inputs.a": "", "inputs.b": "x", "inputs.c": True}
    assert evaluated("inputs.a || inputs.b", names) == "x"
    assert evaluated("inputs.b == 'x' && 'yes' || 'no'", names) == "yes"
    assert evaluated("inputs.a != '' && 'yes' || 'no'", names) == "no"
    assert evaluated("(inputs.a || inputs.c) && 'in' || 'out'", names) == "in"
    assert evaluated("always() && steps.one.outputs.two", names) == ""
