"""Whatever a database names its tables, no report starts a command of the CI job that prints it."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hostile import TEXTS, hostile_drifts, hostile_report
from report_example import report

from schemasync.fleet import FleetMember
from schemasync.report import FORMATS, Report, Terminal, render
from schemasync.report.diagram import diagram_of
from schemasync.report.html import diagram_page
from schemasync.report.layout import joined, no_command_in_json, no_command_in_markup, without_commands
from schemasync.report.mermaid import mermaid
from schemasync.report.svg import svg
from schemasync.schema.model import Column, Schema, Table
from schemasync.schema.types import parse_type

NAMES = (*TEXTS, "::error::", "  ::add-mask::x", "##[add-mask]x", "##vso[task.setvariable]x", "##teamcity[x]")
# GitHub's runner trims a line, and looks for the older form anywhere in it (`ActionCommand` of actions/runner); Azure's
# and TeamCity's commands have the older form too.
STARTS = re.compile(r"\s*::")
ANYWHERE = re.compile(r"##\w*\[")
LINES = re.compile(r"\r\n|\r|\n")


def commands(text: str) -> list[str]:
    return [line for line in LINES.split(text) if STARTS.match(line) or ANYWHERE.search(line)]


def named_after(texts: tuple[str, ...]) -> Report:
    """Drifts of tables, columns and values of these names, in databases of these names too."""
    drifts = [
        replace(one, schema="public", table=text, object=text, values={"prisma": text}, databases=(text,))
        for text in texts
        for one in hostile_drifts()[:2]
    ]
    tables = tuple(Table(text, columns=(Column(text, parse_type("text")),)) for text in texts)
    schemas = {"prisma": Schema("prisma", tables=tables)}
    members = tuple(FleetMember(text, text, "compared", 1) for text in texts)
    return replace(report(*drifts, not_compared=texts), schemas=schemas, members=members)


@pytest.mark.parametrize("terminal", [Terminal(), Terminal(colour=True), Terminal(unicode=False)])
@pytest.mark.parametrize("format_name", [name for name in FORMATS if name != "github"])
@pytest.mark.parametrize("made", [hostile_report(), named_after(NAMES)], ids=["everywhere", "names"])
def test_no_report_starts_a_command(made: Report, format_name: str, terminal: Terminal) -> None:
    text = render(made, format_name, terminal)
    assert commands(re.sub(r"\x1b\[[\d;]*m", "", text)) == []


def test_githubs_own_are_the_only_ones() -> None:
    made = named_after(NAMES)
    assert {line.partition(" ")[0] for line in commands(render(made, "github"))} == {"::error", "::warning"}


def test_a_table_of_a_commands_name_is_still_to_be_read() -> None:
    assert "\n\\x3a:error::  owned by Prisma" in render(report(*named_after(("::error::",)).comparison.drifts), "text")
    drifts = json.loads(render(named_after(("##[group]a",)), "json"))["drifts"]
    assert {drift["table"] for drift in drifts} == {"##[group]a"}


@pytest.mark.parametrize("format_name", ["text", "markdown", "html", "junit", "github"])
def test_nothing_steers_a_terminal(format_name: str) -> None:
    text = render(named_after(NAMES), format_name)
    assert {character for character in text if not character.isprintable()} <= {"\n"}


def test_no_drawing_starts_a_command() -> None:
    diagram = diagram_of(named_after(NAMES).schemas)
    for text in (mermaid(diagram), svg(diagram), diagram_page(diagram, "##[group]tables")):
        assert commands(text) == []


def test_remarks_and_errors() -> None:
    said = without_commands("error: no table a\n::add-mask::b\x1b[2J ##[group]c\n    hint: d\te")
    assert said == "error: no table a\n\\x3a:add-mask::b\\x1b[2J #\\x23[group]c\n    hint: d    e"


def test_what_is_no_command_stays_as_it_is() -> None:
    lines = ["a::text", "'x'::text", ": a", "# [a]", "## a", "a ## b [c]"]
    assert joined(lines) == "\n".join(lines) + "\n"
    for same in (no_command_in_json, no_command_in_markup, without_commands):
        assert same("\n".join(lines)) == "\n".join(lines)


def test_an_error_of_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from command_line import schemasync

    monkeypatch.chdir(tmp_path)
    (tmp_path / "schema.prisma").write_text(
        'datasource db {\n  provider = "postgresql"\n}\n\nmodel A {\n  id Int @id\n}\n'
    )
    asked = ("graph", "--prisma", "schema.prisma", "--witness", "prisma", "--table")
    result = schemasync(capsys, *asked, "x\n::error::y")
    assert (result.code, result.out) == (2, "")
    assert commands(result.err) == []
    assert "there is no table" in result.err
