"""`explain`, and the pages made from the same records."""

import importlib.util
import re
from pathlib import Path

import pytest
from command_line import schemasync

from schemasync.compare.kinds import catalogue

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_a_kind(capsys: pytest.CaptureFixture[str]) -> None:
    result = schemasync(capsys, "explain", "column-missing")
    assert (result.code, result.err) == (0, "")
    kind = catalogue()["column-missing"]
    assert result.out.startswith(f"column-missing\n\n{kind.meaning}\n")
    assert f"What to do: {kind.fix}" in result.out
    assert "\nBad\n  schema.prisma\n    model User {" in result.out
    good = result.out.partition("\nGood\n")[2]
    assert "email: Mapped[str]" in good
    assert "model User" not in good


def test_all_kinds(capsys: pytest.CaptureFixture[str]) -> None:
    text = schemasync(capsys, "explain").out
    assert set(re.findall(r"^  ([a-z-]+)  ", text, re.MULTILINE)) == set(catalogue())
    assert max(map(len, text.splitlines())) <= 80


def test_a_kind_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    result = schemasync(capsys, "explain", "colum-missing")
    assert (result.code, result.out) == (2, "")
    assert "did you mean column-missing?" in result.err


def test_the_generated_pages_are_those_in_the_repository() -> None:
    """`make docs` writes them anew."""
    found = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    wanted = module.generated()
    assert {path: path.read_text(encoding="utf-8") for path in wanted if path.exists()} == wanted
    assert set((DOCS / "kinds").glob("*.md")) == {path for path in wanted if path.parent.name == "kinds"}
