"""The JSON schemas in `docs/schemas` accept what Schemasync reads and writes, and nothing else."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hostile import hostile_report
from report_example import EVERYTHING, report

from schemasync.config import load
from schemasync.errors import ConfigurationError
from schemasync.report import Report, render

REPOSITORY = Path(__file__).resolve().parents[2]
SCHEMAS = REPOSITORY / "docs/schemas"


def validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((SCHEMAS / name).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("made", [EVERYTHING, report(), hostile_report()], ids=["everything", "agreement", "hostile"])
def test_reports(made: Report) -> None:
    validator("report.schema.json").validate(json.loads(render(made, "json")))


@pytest.mark.parametrize("field", ["kind", "values", "behind", "locations", "fingerprint"])
def test_a_report_that_lacks_a_field_is_none(field: str) -> None:
    content = json.loads(render(EVERYTHING, "json"))
    del content["drifts"][0][field]
    assert not validator("report.schema.json").is_valid(content)


def test_the_documentations_and_the_examples_configuration() -> None:
    texts = re.findall(
        r"^```toml\n(.*?)^```$", (REPOSITORY / "docs/configuration.md").read_text(), re.MULTILINE | re.DOTALL
    )
    texts.append((REPOSITORY / "examples/invoices/schemasync.toml").read_text())
    assert len(texts) >= 2
    for text in texts:
        validator("configuration.schema.json").validate(tomllib.loads(text))


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        ('[prisma]\nschema = "a"', True),
        ('[prisma]\nshema = "a"', False),
        ('[prism]\nschema = "a"', False),
        ("[prisma]\nschema = 1", False),
        ('[ownership]\nmirror = "all"', True),
        ('[ownership]\nmirror = ["users"]', True),
        ('[ownership]\nmirror = "some"', False),
        ('[check]\nignore = ["column-type", "column-*:users.*", "index-name:users"]', True),
        ('[check]\nignore = ["colum-type"]', False),
        ('[check]\nignore = "column-type"', False),
        ('[check]\nseverity = { index-name = "warning", "column-*" = "info" }', True),
        ('[check]\nseverity = { index-nam = "warning" }', False),
        ('[check]\nseverity = { index-name = "fatal" }', False),
        ('[mirror]\nstyle = "table"', True),
        ('[mirror]\nstyle = "dataclass"', False),
        ('[mirror.names]\n"AccessCode.redeemedByUser" = "redeemer"', True),
        ('[mirror]\nnames = "redeemer"', False),
    ],
)
def test_the_schema_and_the_reader_agree(text: str, is_valid: bool, tmp_path: Path) -> None:
    content: dict[str, Any] = tomllib.loads(text)
    path = tmp_path / "schemasync.toml"
    path.write_text(text)
    assert validator("configuration.schema.json").is_valid(content) is is_valid
    if is_valid:
        load(path)
    else:
        with pytest.raises(ConfigurationError):
            load(path)
