"""What we read is what Prisma makes: its own DDL, run in a real database, differs in nothing."""

import dataclasses
import re
from pathlib import Path

import psycopg2
import pytest
from databases import Database
from prisma_corpus import FOLDERS, provider_of, schemas
from prisma_oracle import Oracle

import schemasync
from schemasync.schema.model import Schema
from schemasync.scratch import ScratchServer

CASES = Path(__file__).parent / "cases"

# Schemas whose DDL a plain PostgreSQL cannot run, each with the reason.
NOT_RUN = {
    "schemas/prisma__prisma-examples/typescript/postgis-express/prisma/schema.prisma": "needs the extension postgis",
}


def run_ddl(database: Database, ddl: str) -> None:
    """Run Prisma's DDL, with the extension or the types that its columns need and that it does not create itself."""
    if "CITEXT" in ddl:
        database.execute("CREATE EXTENSION citext")
    if re.search(r"\bmaterial\b", ddl):
        database.execute("CREATE TYPE material AS (name text)")  # what somebody's Unsupported("material") stands for
    for name in re.findall(r'^CREATE EXTENSION IF NOT EXISTS "([^"]+)"', ddl, re.MULTILINE):
        if not database.execute(f"SELECT name FROM pg_available_extensions WHERE name = '{name}'"):
            ddl = re.sub(rf'^CREATE EXTENSION IF NOT EXISTS "{name}".*$', "", ddl, flags=re.MULTILINE)
    if "CREATE" in ddl:
        database.execute(ddl)


def differences(prisma: Schema, database: Database) -> list[str]:
    """What the database says otherwise; of views it says nothing, because Prisma Migrate creates none."""
    live = schemasync.read_database(database.url, schemas=prisma.namespaces)
    tables = tuple(table for table in prisma.tables if table.kind != "view")
    declared = dataclasses.replace(prisma, tables=tables)
    return [f"{drift.kind} {drift.message}" for drift in schemasync.compare({"prisma": declared, "database": live})]


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
    print(f"{folder}: {compared} schemas compared; the DDL of {len(not_run)} could not be run: {not_run}")
    assert failures == {}
    assert set(not_run) <= set(NOT_RUN)
    assert compared > 5
