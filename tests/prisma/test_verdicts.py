"""Schemasync says yes and no where Prisma does."""

import re
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from prisma_corpus import FOLDERS, OTHERS, URL, Damage, provider_of, schemas
from prisma_oracle import Oracle

from schemasync.errors import Diagnostic
from schemasync.witnesses.prisma.parser import parse
from schemasync.witnesses.prisma.resolve import resolve
from schemasync.witnesses.prisma.resolved import ResolvedSchema

# What Prisma says of a mistake that it has just spoken of, in another place of the same line: a value that is no string
# or no condition, and the other arguments of an attribute that it did not read to its end.
SAID_AGAIN = re.compile(
    r"argument must be a string literal|The `where` argument must be either|No such argument|Argument not known"
)


class Judge:
    """Prisma's verdicts, each asked for once.

    Args:
        oracle: Prisma itself.
    """

    def __init__(self, oracle: Oracle) -> None:
        self._oracle = oracle
        self._verdicts: dict[tuple[str, int], dict[str, Any]] = {}

    def __call__(self, text: str, version: int) -> dict[str, Any]:
        """What Prisma says of a schema."""
        if (text, version) not in self._verdicts:
            self._verdicts[text, version] = self._oracle.judge(text, version)
        return self._verdicts[text, version]


@pytest.fixture(scope="module")
def judge(oracle: Oracle) -> Judge:
    """Prisma's verdicts, kept for all tests of this file."""
    return Judge(oracle)


def ours(text: str, version: int | None) -> tuple[ResolvedSchema | None, list[Diagnostic]]:
    """Our verdict on one file."""
    tree, problems = parse(text, "schema.prisma")
    return resolve([tree], problems, version=version)


@pytest.mark.parametrize(("version", "with_urls"), [(7, True), (7, False), (6, True)])
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_verdict_is_prismas(folder: str, version: int, with_urls: bool, corpus: Path, judge: Judge) -> None:
    verdicts: Counter[bool] = Counter()
    different = []
    for path in schemas(corpus, folder):
        text = path.read_text(encoding="utf-8")
        if not with_urls:  # else 7 refuses most files for that alone
            text = URL.sub("", text)
        valid = judge(text, version)["valid"]
        schema, diagnostics = ours(text, version)
        verdicts[valid] += 1
        if valid != (schema is not None):
            different.append((str(path.relative_to(corpus)), valid, [item.render() for item in diagnostics][:3]))
    rules = f"Prisma {version}{'' if with_urls else ' without URLs'}"
    print(f"{folder}, {rules}: {verdicts[True]} accepted, {verdicts[False]} refused, {len(different)} differ")
    assert different == []
    assert verdicts.total() > 5


@pytest.mark.parametrize("folder", FOLDERS)
def test_without_a_version_what_either_accepts_is_accepted(folder: str, corpus: Path, judge: Judge) -> None:
    for path in schemas(corpus, folder):
        text = path.read_text(encoding="utf-8")
        if any(judge(text, version)["valid"] for version in (7, 6)):
            schema, diagnostics = ours(text, None)
            assert schema is not None, (path, [item.render() for item in diagnostics])


def test_other_providers_are_refused_by_name(corpus: Path) -> None:
    refused: Counter[str] = Counter()
    for folder in FOLDERS:
        for path in (corpus / folder).rglob("*.prisma"):
            text = path.read_text(encoding="utf-8")
            provider = provider_of(text)
            if provider in OTHERS:
                schema, diagnostics = ours(text, None)
                assert schema is None
                if not any("line" in item.message for item in diagnostics):
                    refused[provider] += any(f"provider {provider}" in item.message for item in diagnostics)
    assert min(refused[name] for name in OTHERS) > 0


@pytest.mark.parametrize("version", [7, 6])
def test_errors_stand_where_prisma_puts_them(version: int, corpus: Path, judge: Judge) -> None:
    same, elsewhere = 0, []
    for path in schemas(corpus, "prisma-validation"):
        text = path.read_text(encoding="utf-8")
        verdict = judge(text, version)
        if verdict["valid"]:
            continue
        theirs = {(error["line"], error["col"]) for error in verdict["errors"]}
        places = {(item.line, item.column) for item in ours(text, version)[1] if item.severity == "error"}
        if theirs & places:
            same += 1
        else:
            elsewhere.append((path.name, theirs, places))
    print(f"Prisma {version}: {same} files with an error in Prisma's place, {len(elsewhere)} without: {elsewhere}")
    assert elsewhere == []
    assert same > 50


@pytest.mark.parametrize("version", [7, 6])
def test_a_warning_stands_where_prisma_warns(version: int, corpus: Path, judge: Judge) -> None:
    warned = 0
    for folder in FOLDERS:
        for path in schemas(corpus, folder):
            text = path.read_text(encoding="utf-8")
            verdict = judge(text, version)
            schema, _ = ours(text, version)
            if schema is not None:
                lines = {item.line for item in schema.warnings}
                assert lines == {warning["line"] for warning in verdict["warnings"]}, path
                warned += bool(lines)
    assert warned > 0


def test_damaged_schemas_are_judged_alike(corpus: Path, judge: Judge) -> None:
    verdicts: Counter[bool] = Counter()
    for text in islice(Damage(corpus).schemas(20260101, 2), 400):
        verdict = judge(text, 7)
        if verdict["valid"] is None:  # Prisma's own crash is no verdict
            continue
        schema, diagnostics = ours(text, 7)
        assert verdict["valid"] == (schema is not None), (text, verdict["errors"], diagnostics)
        verdicts[verdict["valid"]] += 1
    assert verdicts[True] > 20
    assert verdicts[False] > 100


def test_all_errors_of_a_schema_are_told_at_once_and_in_prismas_places(corpus: Path, judge: Judge) -> None:
    equal, several, different = 0, 0, []
    for text in islice(Damage(corpus).schemas(20260102, 4), 400):
        verdict = judge(text, 7)
        if verdict["valid"] is not False:
            continue
        places = {(item.line, item.column) for item in ours(text, 7)[1] if item.severity == "error"}
        told = [(error["line"], error["col"]) for error in verdict["errors"] if not SAID_AGAIN.search(error["text"])]
        theirs = {*told, *(places & {(error["line"], error["col"]) for error in verdict["errors"]})}
        several += len(theirs) > 1
        equal += theirs == places
        if theirs != places:
            different.append((sorted(theirs ^ places), text))
    print(f"{equal} schemas with the same places of errors, {len(different)} with others")
    assert different == []
    assert several > 100
