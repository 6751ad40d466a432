"""Accepted drifts: by a baseline, and by comments beside the declarations."""

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Result, schemasync

SCHEMA = """\
datasource db {
  provider = "postgresql"
}

model User {
  id    String  @id @db.Uuid
  name  String
  email String?

  @@map("users")
}
"""
MODELS = """\
import uuid

from sqlalchemy import MetaData, String, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
"""
CONFIGURATION = """\
[prisma]
schema = "schema.prisma"

[sqlalchemy]
metadata = "models:Base"
"""
BASELINE = "schemasync-baseline.json"
FOUND = [("column-missing", "email"), ("column-type", "name")]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "schema.prisma").write_text(SCHEMA)
    (tmp_path / "models.py").write_text(MODELS)
    (tmp_path / "schemasync.toml").write_text(CONFIGURATION)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def checked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[Result, dict[str, Any]]:
    result = schemasync(capsys, "check", "--format", "json", *arguments)
    return result, json.loads(result.out)


def drifts(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(drift["kind"], drift["object"]) for drift in report["drifts"]]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def edit_baseline(project: Path, **changes: str) -> None:
    content = json.loads((project / BASELINE).read_text())
    for entry in content["drifts"]:
        entry.update(changes)
    (project / BASELINE).write_text(json.dumps(content, indent=2))


def test_a_baseline_accepts_what_there_is_and_nothing_more(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert drifts(checked(capsys)[1]) == FOUND
    written = schemasync(capsys, "check", "--write-baseline")
    assert (written.code, written.out) == (0, "")
    assert written.err == f"wrote {BASELINE}: 2 drifts accepted\n"
    result, report = checked(capsys)
    assert (result.code, drifts(report), report["summary"]["baselined"]) == (0, [], 2)
    change(project / "schema.prisma", "  email String?", "  email String?\n  phone String?")
    result, report = checked(capsys)
    assert (result.code, drifts(report)) == (1, [("column-missing", "phone")])


def test_values_and_lines_may_move(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schemasync(capsys, "check", "--write-baseline")
    change(project / "models.py", "String(50)", "String(60)")
    change(project / "schema.prisma", "model User", "\n\n\nmodel User")
    assert checked(capsys)[0].code == 0


def test_a_stale_entry_is_an_error_at_its_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schemasync(capsys, "check", "--write-baseline")
    change(project / "models.py", "String(50)", "Text")
    change(project / "models.py", "MetaData, String", "MetaData, Text")
    result, report = checked(capsys, "--fail-on", "error")
    assert (result.code, drifts(report)) == (1, [("baseline-stale", "column-type name")])
    (drift,) = report["drifts"]
    (place,) = drift["locations"]
    assert place["path"] == BASELINE
    lines = (project / BASELINE).read_text().splitlines()
    assert '"kind": "column-type"' in lines[place["line"] - 1]
    assert schemasync(capsys, "check", "--write-baseline").code == 0
    result, report = checked(capsys)
    assert (result.code, report["summary"]["baselined"]) == (0, 1)


def test_an_entry_expires(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schemasync(capsys, "check", "--write-baseline", "--expires", "2999-12-31")
    assert checked(capsys)[0].code == 0
    edit_baseline(project, expires="2020-01-31")
    result, report = checked(capsys)
    assert (result.code, drifts(report)) == (1, FOUND)
    assert report["drifts"][0]["message"].endswith("(accepted until 2020-01-31)")


def test_writing_anew_keeps_reasons_and_days_that_have_not_passed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schemasync(capsys, "check", "--write-baseline")
    edit_baseline(project, expires="2999-12-31", reason="the mirror follows in May")
    schemasync(capsys, "check", "--write-baseline")
    entries = json.loads((project / BASELINE).read_text())["drifts"]
    assert {(entry["expires"], entry["reason"]) for entry in entries} == {("2999-12-31", "the mirror follows in May")}


def test_an_entry_of_a_wider_comparison_is_not_stale_in_a_narrower_one(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schemasync(capsys, "check", "--write-baseline")
    content = json.loads((project / BASELINE).read_text())
    of_database = {**content["drifts"][0], "kind": "index-missing", "object": "users_name_idx"}
    content["drifts"].append({**of_database, "witnesses": ["prisma", "sqlalchemy", "database"]})
    (project / BASELINE).write_text(json.dumps(content, indent=2))
    assert checked(capsys)[0].code == 0
    schemasync(capsys, "check", "--write-baseline")
    assert "users_name_idx" in (project / BASELINE).read_text()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON"),
        ("[]", "is no baseline of version 1"),
        ('{"version": 2, "drifts": []}', "is no baseline of version 1"),
        ('{"version": 1, "drifts": [{}]}', "names no kind"),
        (
            '{"version": 1, "drifts": [\n{"kind": "column-type", "expires": "soon"}]}',
            "baseline.json:2: expires is no date",
        ),
        ('{"version": 1, "drifts": [{"kind": "column-type", "table": 1}]}', "a value that is no text"),
    ],
)
def test_what_is_no_baseline(text: str, message: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / BASELINE).write_text(text)
    result = schemasync(capsys, "check")
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_a_baseline_that_is_named_must_be_there(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no baseline other.json" in schemasync(capsys, "check", "--baseline", "other.json").err
    assert schemasync(capsys, "check", "--baseline", "other.json", "--write-baseline").code == 0
    assert schemasync(capsys, "check", "--baseline", "other.json").code == 0
    assert schemasync(capsys, "check").code == 1


def test_sarif_keeps_what_is_accepted_as_suppressed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schemasync(capsys, "check", "--write-baseline")
    change(project / "models.py", "String(50))", "String(50))  # schemasync: ignore[column-type]")
    (project / BASELINE).write_text(
        json.dumps({"version": 1, "drifts": [json.loads((project / BASELINE).read_text())["drifts"][0]]}, indent=2)
    )
    result = schemasync(capsys, "check", "--format", "sarif")
    results = json.loads(result.out)["runs"][0]["results"]
    found = {item["ruleId"]: item["suppressions"][0]["kind"] for item in results}
    assert (result.code, found) == (0, {"column-type": "inSource", "column-missing": "external"})


def test_comments_ignore_the_drifts_of_their_lines(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(project / "schema.prisma", "  email String?", "  email String? // schemasync: ignore column-missing")
    change(project / "models.py", "    name:", "    # schemasync: ignore[column-length, column-t*]\n    name:")
    result, report = checked(capsys)
    assert drifts(report) == [("ignore-unused", "column-length in models.py")]
    assert (result.code, report["summary"]["baselined"]) == (1, 0)
    assert "2 drifts, ignored by comments in the sources" in report["not_compared"]
    change(project / "models.py", "column-length, ", "")
    assert checked(capsys)[0].code == 0


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("// schemasync: ignore column-default", "ignores column-default, and its line has none"),
        ("// schemasync: ignore column-mising", "names 'column-mising', which is no kind of drift"),
        ("// schemasync: ignore", "names no kind to ignore"),
    ],
)
def test_comments_that_ignore_nothing(
    comment: str, message: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(project / "schema.prisma", "  email String?", f"  email String? {comment}")
    _, report = checked(capsys)
    assert len(report["drifts"]) == 3
    (drift,) = [drift for drift in report["drifts"] if drift["kind"] == "ignore-unused"]
    assert message in drift["message"]
    assert (drift["locations"][0]["path"], drift["locations"][0]["line"]) == ("schema.prisma", 8)


def test_a_text_is_no_comment(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(project / "schema.prisma", "  name  String", '  name  String @default("// schemasync: ignore column-type")')
    change(project / "models.py", "String(50)", 'String(50), doc="# schemasync: ignore[column-type]"')
    assert ("column-type", "name") in drifts(checked(capsys)[1])
    assert "ignore-unused" not in dict(drifts(checked(capsys)[1]))


def test_a_comparison_of_fewer_witnesses_does_not_judge_comments(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    change(project / "schemasync.toml", "[sqlalchemy]", '[database]\nurl = "$ABSENT"\n\n[sqlalchemy]')
    change(project / "schema.prisma", "  email String?", "  email String? // schemasync: ignore column-default")
    _, report = checked(capsys, "--witness", "prisma", "--witness", "sqlalchemy")
    assert drifts(report) == FOUND
