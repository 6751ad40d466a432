"""What we read is what Prisma makes: its own DDL, run in a real database, differs in nothing."""

from pathlib import Path

import psycopg2
import pytest
from databases import Database
from prisma_oracle import Oracle

import schemasync
from schemasync.schema.model import Schema
from schemasync.scratch import ScratchServer

CASES = Path(__file__).parent / "cases"

# Schemas whose DDL a plain PostgreSQL cannot run, each with the reason.
NOT_RUN = {
    "schemas/prisma__prisma-examples/databases/cockroachdb/prisma/schema.prisma": "the DDL is CockroachDB's",
    "schemas/prisma__prisma-examples/typescript/postgis-express/prisma/schema.prisma": "needs the extension postgis",
}


def corpus_schemas(corpus: Path) -> list[Path]:
    """Every schema of the corpus: a file, or a folder of files without a schema of its own."""
    folders = (corpus / "schemas", corpus / "prisma-migrations")
    return [path for folder in folders for path in sorted(folder.rglob("*.prisma"))]


def run_ddl(database: Database, ddl: str) -> None:
    """Run Prisma's DDL, with the extensions that its column types need."""
    for extension, type_name in (("citext", "CITEXT"), ("postgis", "geography")):
        if type_name in ddl:
            database.execute(f"CREATE EXTENSION {extension}")
    if "CREATE" in ddl:
        database.execute(ddl)


def differences(prisma: Schema, database: Database) -> list[str]:
    """What the database says otherwise."""
    live = schemasync.read_database(database.url, schemas=prisma.namespaces)
    return [f"{drift.kind} {drift.message}" for drift in schemasync.compare({"prisma": prisma, "database": live})]


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
    run_ddl(database, found[1])
    assert differences(schemasync.read_prisma(path, found[0]), database) == []


def test_every_schema_of_the_corpus_means_what_prisma_makes_of_it(
    corpus: Path, oracle: Oracle, server: ScratchServer
) -> None:
    compared, failures, not_run = 0, {}, {}
    for path in corpus_schemas(corpus):
        found = judged(oracle, path)
        if found is None:
            continue
        version, ddl = found
        name = str(path.relative_to(corpus))
        database = Database(server.create_database())
        try:
            try:
                run_ddl(database, ddl)
            except psycopg2.Error as error:
                not_run[name] = str(error).splitlines()[0]
                continue
            wrong = differences(schemasync.read_prisma(path, version), database)
            if wrong:
                failures[name] = wrong
            compared += 1
        finally:
            database.close()
    print(f"{compared} schemas compared; the DDL of {len(not_run)} could not be run: {not_run}")
    assert failures == {}
    assert set(not_run) <= set(NOT_RUN)
    assert compared > 50
