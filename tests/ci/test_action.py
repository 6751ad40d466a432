"""GitHub's action, run step by step as its runner would: check, mirrors, plan, comment, verdict."""

import json
import re
import runpy
from pathlib import Path

import pytest
import yaml
from runner import ACTION, Comments, Runner
from test_cli_baseline import change

STEPS = runpy.run_path(str(ACTION / "steps.py"))
MARK = "<!-- schemasync -->\n"


def rename_a_column(folder: Path) -> None:
    """A release without a safe order: a migration renames what the deployed front end selects."""
    change(folder / "schema.prisma", "name  String", "title String")
    migration = folder / "migrations/20240201000000_title/migration.sql"
    migration.parent.mkdir()
    migration.write_text("ALTER TABLE users RENAME name TO title;")


def test_a_job_with_drifts_fails_after_every_report_is_written(runner: Runner, comments: Comments) -> None:
    runner.inputs["comment"] = "true"
    assert runner.run() == 1
    assert "::warning file=apps/shop/models.py,line=" in runner.log
    assert runner.outputs == {"exit-code": "1", "sarif": "apps/shop/schemasync.sarif"}
    sarif = json.loads((runner.root / runner.outputs["sarif"]).read_text())
    places = [result["locations"][0]["physicalLocation"] for result in sarif["runs"][0]["results"]]
    assert {place["artifactLocation"]["uri"] for place in places} == {"apps/shop/models.py"}
    assert (runner.temp / "summary.md").read_text().startswith("### ")
    ((who, body),) = comments.kept.values()
    assert who == "github-actions[bot]"
    assert body.startswith(f"{MARK}### ")
    assert "column-missing" in body


def test_the_comment_is_updated_in_place(runner: Runner, comments: Comments) -> None:
    comments.kept.update({1: ("ann", "Nice"), 2: ("bob", f"{MARK}mine"), 3: ("github-actions[bot]", f"{MARK}old")})
    runner.inputs["comment"] = "true"
    runner.run()
    assert comments.kept[1] == ("ann", "Nice")
    assert comments.kept[2] == ("bob", f"{MARK}mine")  # GitHub lets nobody else change it
    assert comments.kept[3][1].startswith(f"{MARK}### ")
    assert len(comments.kept) == 3
    assert [request.split()[0] for request in comments.requests] == ["GET", "PATCH", "GET", "PATCH"]


def test_a_token_that_may_only_read_does_not_fail_the_job(runner: Runner, comments: Comments) -> None:
    comments.refuses = True
    runner.inputs |= {"comment": "true", "base": "main"}
    assert runner.run() == 0
    assert "::notice title=No comment::" in runner.log


def test_an_api_that_does_not_answer_does_not_fail_the_job(runner: Runner) -> None:
    runner.event["pull_request.number"] = 7
    runner.inputs |= {"comment": "true", "base": "main"}
    assert runner.run() == 0
    assert "::notice title=No comment::" in runner.log


def test_a_branch_that_brings_nothing_passes(runner: Runner, comments: Comments) -> None:
    runner.inputs["base"] = "main"
    assert runner.run() == 0
    assert runner.outputs["exit-code"] == "0"
    assert comments.requests == []  # nobody asked for one


def test_all_drifts_count_where_that_is_wanted(runner: Runner) -> None:
    runner.inputs |= {"base": "main", "only-new": "false"}
    assert runner.run() == 1


def test_what_could_not_be_done_is_no_finding(runner: Runner) -> None:
    change(runner.root / "apps/shop/schema.prisma", "model User", "modell User")
    assert runner.run() == 2
    assert runner.outputs == {"exit-code": "2"}
    assert not (runner.root / "apps/shop/schemasync.sarif").exists()


def test_stale_mirrors_fail_and_their_diff_is_shown(runner: Runner, comments: Comments) -> None:
    runner.inputs |= {"mirror": "true", "base": "main", "comment": "true"}
    assert runner.run() == 1
    assert (runner.outputs["exit-code"], runner.outputs["mirror-exit-code"]) == ("0", "1")
    assert "::warning title=Stale mirrors::" in runner.log
    summary = (runner.temp / "summary.md").read_text()
    assert re.search(r"```diff\n--- a/.*models\.py\n", summary)
    assert "+    email: Mapped[str | None] = mapped_column(Text)" in summary
    assert "+    email: Mapped[str | None] = mapped_column(Text)" in comments.kept[1][1]


def test_mirrors_that_are_up_to_date_pass(runner: Runner) -> None:
    models = runner.root / "apps/shop/models.py"
    change(models, "String(50)", "Text")
    change(models, "import MetaData, String, Uuid", "import MetaData, Text, Uuid")
    models.write_text(models.read_text() + "    email: Mapped[str | None] = mapped_column(Text)\n")
    runner.inputs |= {"mirror": "true"}
    code = runner.run()
    # What is left is the mark of Prisma's tables, which --update adds.
    assert runner.outputs["exit-code"] == "0", runner.log
    diff = re.search(r"```diff\n(.*?)```", (runner.temp / "summary.md").read_text(), re.DOTALL)
    assert diff is not None
    added = [line for line in diff[1].splitlines() if re.match(r"\+(?!\+\+)", line)]
    assert code == 1
    assert all("schemasync" in line or "__table_args__" in line for line in added), added


def test_mirrors_that_cannot_be_told_end_the_job(runner: Runner) -> None:
    change(runner.root / "apps/shop/schemasync.toml", 'output = "models.py"\n', "")
    runner.inputs |= {"mirror": "true"}
    assert runner.run() == 2
    assert runner.outputs["mirror-exit-code"] == "2"


def test_a_release_with_a_safe_order_passes(runner: Runner, comments: Comments) -> None:
    folder = runner.root / "apps/shop"
    change(folder / "schema.prisma", "email String?", "email String?\n  phone String?")
    migration = folder / "migrations/20240201000000_phone/migration.sql"
    migration.parent.mkdir()
    migration.write_text("ALTER TABLE users ADD phone text;")
    runner.inputs |= {"plan": "true", "base": "main", "comment": "true", "fail-on": "error"}
    assert runner.run() == 0, runner.log
    assert runner.outputs["plan-exit-code"] == "0"
    body = comments.kept[1][1]
    assert "✅ A safe order of this release" in body
    assert "1  prisma migrate deploy (20240201000000_phone)\n2  deploy the front end\n" in body
    assert "```mermaid\nflowchart TD\n" in (runner.temp / "summary.md").read_text()
    assert "```mermaid" not in body


def test_a_release_without_one_fails(runner: Runner) -> None:
    rename_a_column(runner.root / "apps/shop")
    runner.inputs |= {"plan": "true", "base": "main", "fail-on": "error"}
    assert runner.run() == 1
    assert runner.outputs["plan-exit-code"] == "1"
    assert "::error title=No safe order::" in runner.log
    assert "There is no safe order." in (runner.temp / "summary.md").read_text()


def test_a_base_that_git_does_not_know_cannot_be_planned_from(runner: Runner) -> None:
    runner.inputs |= {"plan": "true", "base": "nowhere", "only-new": "false", "fail-on": "error"}
    change(runner.root / "apps/shop/models.py", "String(50)", "String(60)")
    assert runner.run() == 2
    assert "nowhere" in runner.log


def test_inputs_are_no_shell(runner: Runner) -> None:
    for name in ("base", "mirror-arguments", "arguments"):
        runner.inputs = {"version": "", "working-directory": "apps/shop", "mirror": "true"}
        runner.inputs[name] = "main$(touch taken)`touch taken`; touch taken"
        assert runner.run() == 2
        assert not list(runner.root.rglob("taken"))
    texts = [step["run"] for step in yaml.safe_load((ACTION / "action.yml").read_text())["runs"]["steps"]]
    assert not any("${{" in text for text in texts)


def test_nothing_of_the_project_becomes_a_command_or_ends_its_fence(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "+ok\n::error::taken\n```\n</details>\n@everyone\n````\n"
    STEPS["show"](hostile)
    lines = capsys.readouterr().out.splitlines()
    stop = re.fullmatch(r"::stop-commands::([0-9a-f]{32})", lines[0])
    assert stop is not None
    assert lines[-1] == f"::{stop[1]}::"
    section = STEPS["folded"]("Title of `code`", "diff", hostile, 1000)
    assert section.count("`````") == 2
    assert section.endswith("\n`````\n\n</details>\n")
    cut = STEPS["folded"]("Title", "text", "é" * 1000, 101)
    assert "é" * 50 + "\n```\n" in cut
    assert "Cut here" in cut


def test_a_long_comment_keeps_the_report_and_drops_the_rest(
    runner: Runner, comments: Comments, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, sections = runner.temp / "report.md", runner.temp / "sections.md"
    report.write_text("### report\n" + "x" * 60_000)
    sections.write_text("y" * 8_000)
    given = {"MARKDOWN": report, "SECTIONS": sections, "GITHUB_TOKEN": "t0ken", "GITHUB_API_URL": runner.api}
    for name, value in {**given, "NUMBER": "7", "GITHUB_REPOSITORY": "ann/shop"}.items():
        monkeypatch.setenv(name, str(value))
    assert STEPS["comment"]() == 0
    body = comments.kept[1][1]
    assert len(body) < 65_536
    assert body.startswith(f"{MARK}### report")
    assert body.endswith("_More stands in the job's summary._\n")
