"""SARIF: accepted by the schema that Microsoft publishes with its tools, and with what code scanning reads."""

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hostile import hostile_drifts, hostile_report
from published import published
from report_example import EVERYTHING, MODEL, SCHEMA, drift, report, three

from schemasync.compare.drift import Suppression
from schemasync.compare.kinds import catalogue
from schemasync.report import Report, render


def sarif(made: Report) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(render(made, "sarif"))
    return content


ONE = drift(
    "column-type",
    "error",
    "users",
    "a",
    three("int", "text", "int"),
    breaks="It fails.",
    fix="mend it",
    lines=(20, 120),
)


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft4Validator:
    schema = published("@microsoft/jest-sarif") / "lib/schemas/sarif-2.1.0-rtm.5.json"
    return jsonschema.Draft4Validator(json.loads(schema.read_text()))


@pytest.mark.parametrize("made", [EVERYTHING, report(), hostile_report()], ids=["everything", "agreement", "hostile"])
def test_the_published_schema_accepts_it(made: Report, validator: jsonschema.Draft4Validator) -> None:
    assert [error.message for error in validator.iter_errors(sarif(made))] == []


def test_the_published_schema_accepts_suppressions_and_would_refuse_others(
    validator: jsonschema.Draft4Validator,
) -> None:
    accepted = tuple(Suppression(ONE, place, "known") for place in ("inSource", "external"))
    content = sarif(replace(EVERYTHING, comparison=replace(EVERYTHING.comparison, suppressed=accepted)))
    assert validator.is_valid(content)
    assert [item["suppressions"][0]["kind"] for item in content["runs"][0]["results"][-2:]] == ["inSource", "external"]
    content["runs"][0]["results"][-1]["suppressions"][0]["kind"] = "somewhere"
    assert not validator.is_valid(content)


def test_a_result_leads_to_the_model_and_from_there_to_the_schema() -> None:
    (result,) = sarif(report(ONE))["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("column-type", "error")
    assert result["message"]["text"] == "users.a: column-type. It fails. Fix: mend it."
    assert result["partialFingerprints"] == {"schemasync/v1": ONE.fingerprint}
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": MODEL, "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 120, "startColumn": 3}
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == SCHEMA


def test_every_result_has_a_place_even_what_only_the_database_states() -> None:
    """GitHub refuses a whole file for one result without a location."""
    for result in sarif(EVERYTHING)["runs"][0]["results"]:
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_rules_are_the_kinds_found_with_help_from_the_catalogue() -> None:
    run = sarif(EVERYTHING)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} == {one.kind for one in EVERYTHING.comparison.drifts}
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [r["ruleId"] for r in run["results"]]
    rule = next(rule for rule in rules if rule["id"] == "table-extra")
    assert catalogue()["table-extra"].fix in rule["help"]["markdown"]


def test_paths_start_from_the_repositorys_root() -> None:
    (result,) = sarif(replace(report(replace(ONE)), folder="apps/shop"))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == f"apps/shop/{MODEL}"


def test_no_message_of_the_datas_own_making_is_a_link() -> None:
    texts = [result["message"]["text"] for result in sarif(report(*hostile_drifts()))["runs"][0]["results"]]
    assert any("\\[f\\](javascript:g)" in text for text in texts)
    assert not any("[f](" in text for text in texts)
