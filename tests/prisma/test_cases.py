"""Small schemas, each about one thing that Prisma judges: ours is Prisma's verdict, in Prisma's places."""

import re
from pathlib import Path

import pytest
from prisma_oracle import Oracle

from schemasync.witnesses.prisma.parser import parse
from schemasync.witnesses.prisma.resolve import resolve

REFUSED = sorted((Path(__file__).parent / "cases" / "refused").glob("*.prisma"))
Places = set[tuple[int, int]]


def noted(text: str) -> Places:
    """The places that a case's first line notes: `// Refused at 3:5, 7:2.`"""
    first = text.partition("\n")[0]
    return {(int(line), int(column)) for line, column in re.findall(r"(\d+):(\d+)", first)}


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_each_refused_case_is_refused_in_its_places(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree, broken = parse(text, path.name)
    schema, diagnostics = resolve([tree], broken, version=7)
    assert schema is None
    assert {(item.line, item.column) for item in diagnostics if item.severity == "error"} == noted(text) != set()


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_each_refused_case_is_refused_by_prisma_in_these_places(path: Path, oracle: Oracle) -> None:
    text = path.read_text(encoding="utf-8")
    verdict = oracle.judge(text, 7)
    assert {(error["line"], error["col"]) for error in verdict["errors"]} == noted(text)
