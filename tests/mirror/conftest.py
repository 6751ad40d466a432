"""The cases of mirrors: Prisma schemas with the SQL that Prisma Migrate writes for them."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from proof import EXAMPLE

import schemasync
from schemasync.schema.model import Schema

CASES = Path(__file__).parent / "cases"


@pytest.fixture(params=["everything", "prisma_mode", "odd_names", "invoices"])
def case(request: pytest.FixtureRequest) -> tuple[Path, str]:
    """A schema's path, and its SQL."""
    if request.param == "invoices":
        prisma = EXAMPLE / "frontend" / "prisma"
        scripts = sorted(prisma.glob("migrations/*/migration.sql"))
        return prisma / "schema.prisma", "\n".join(path.read_text() for path in scripts)
    path = CASES / f"{request.param}.prisma"
    return path, path.with_suffix(".sql").read_text()


@pytest.fixture
def prisma(tmp_path: Path) -> Callable[[str], Schema]:
    """Reads models of a Prisma schema from text."""

    def read(text: str) -> Schema:
        path = tmp_path / "schema.prisma"
        path.write_text('datasource db {\n  provider = "postgresql"\n}\n\n' + textwrap.dedent(text))
        return schemasync.read_prisma(path)

    return read
