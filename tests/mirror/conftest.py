"""The cases of mirrors: Prisma schemas with the SQL that Prisma Migrate writes for them."""

from pathlib import Path

import pytest
from proof import EXAMPLE

CASES = Path(__file__).parent / "cases"


@pytest.fixture(params=["everything", "prisma_mode", "invoices"])
def case(request: pytest.FixtureRequest) -> tuple[Path, str]:
    """A schema's path, and its SQL."""
    if request.param == "invoices":
        prisma = EXAMPLE / "frontend" / "prisma"
        scripts = sorted(prisma.glob("migrations/*/migration.sql"))
        return prisma / "schema.prisma", "\n".join(path.read_text() for path in scripts)
    path = CASES / f"{request.param}.prisma"
    return path, path.with_suffix(".sql").read_text()
