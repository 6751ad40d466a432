"""What we read is what Prisma makes: its own DDL, run in a real database, differs in nothing."""

from pathlib import Path

import pytest
from databases import Database
from prisma_corpus import FOLDERS, provider_of, schemas
from prisma_database import differences, refusal
from prisma_oracle import Oracle

import schemasync
from schemasync.scratch import ScratchServer

CASES = Path(__file__).parent / "cases"
pytestmark = pytest.mark.filterwarnings("ignore::schemasync.errors.PrismaSchemaWarning")

# Schemas whose DDL a plain PostgreSQL cannot run, each with the reason.
NOT_RUN = {
    "schemas/prisma__prisma-examples/typescript/postgis-express/prisma/schema.prisma": "needs the extension postgis",
}


def judged(oracle: Oracle, path: Path) -> tuple[int, str] | None:
    """The version of Prisma that accepts a schema, and the DDL that it writes; None where neither does."""
    for version in (7, 6):
        verdict = oracle.judge(path, version)
        if verdict["valid"] and verdict.get("ddl") is not None:
            return version, verdict["ddl"]
    return None


@pytest.mark.parametrize("path", sorted(CASES.glob("*.prisma")), ids=lambda path: path.stem)
def test_each_case_of_ours_means_what_prisma_makes_of_it(path: Path, oracle: Oracle, database: Database) -> None:
    found = judged(oracle, path)
    assert found is not None
    assert refusal(database, found[1]) is None
    assert differences(schemasync.read_prisma(path, found[0]), database) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_schema_of_the_corpus_means_what_prisma_makes_of_it(
    folder: str, corpus: Path, oracle: Oracle, server: ScratchServer
) -> None:
    compared, failures, not_run = 0, {}, {}
    for path in schemas(corpus, folder):
        found = judged(oracle, path)
        if found is None or provider_of(path.read_text(encoding="utf-8")) == "cockroachdb":  # DDL of CockroachDB's
            continue
        version, ddl = found
        name = str(path.relative_to(corpus))
        database = Database(server.create_database())
        try:
            reason = refusal(database, ddl)
            if reason is not None:
                not_run[name] = reason
                continue
            wrong = differences(schemasync.read_prisma(path, version), database)
            if wrong:
                failures[name] = wrong
            compared += 1
        finally:
            database.close()
    print(f"{folder}: {compared} schemas compared; the DDL of {len(not_run)} could not be run: {not_run}")
    assert failures == {}
    assert set(not_run) <= set(NOT_RUN)
    assert compared > 5
