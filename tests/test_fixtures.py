"""The fixtures themselves: what the other tests rely on."""

from pathlib import Path

import pytest
from databases import Database
from prisma_oracle import Oracle

MODEL = "model Shop {\n  id Int @id\n}\n"
WITH_URL = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'
WITHOUT_URL = 'datasource db {\n  provider = "postgresql"\n}\n'


def test_a_database_runs_several_statements_and_gives_the_last_rows(database: Database) -> None:
    assert database.execute("CREATE TABLE shop (id int); INSERT INTO shop VALUES (3); SELECT id FROM shop") == [(3,)]


@pytest.mark.parametrize("attempt", ["first", "second"])
def test_every_test_has_a_database_of_its_own(database: Database, attempt: str) -> None:
    assert database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
    database.execute("CREATE TABLE shop (id int)")


def test_connections_see_each_others_committed_work(database: Database) -> None:
    database.execute("CREATE TABLE shop (id int)")
    with database.connect().cursor() as cursor:
        cursor.execute("SELECT to_regclass('shop') IS NOT NULL")
        assert cursor.fetchone() == (True,)


def test_the_corpus_holds_schemas(corpus: Path) -> None:
    assert list(corpus.glob("schemas/**/*.prisma"))


@pytest.mark.parametrize(
    ("schema", "version", "valid"),
    [
        (WITHOUT_URL + MODEL, 7, True),
        (WITH_URL + MODEL, 7, False),
        (WITH_URL + MODEL, 6, True),
        (WITHOUT_URL + MODEL, 6, False),
        ({"one.prisma": WITHOUT_URL, "two.prisma": MODEL}, 7, True),
        ({"one.prisma": WITHOUT_URL + MODEL, "two.prisma": MODEL}, 7, False),
    ],
)
def test_the_oracle_judges_by_either_version(oracle: Oracle, schema: str, version: int, valid: bool) -> None:
    judged = oracle.judge(schema, version)
    assert judged["valid"] is valid
    assert ("CREATE TABLE" in judged.get("ddl", "")) is valid


def test_the_oracle_can_overlook_urls(oracle: Oracle, tmp_path: Path) -> None:
    path = tmp_path / "schema.prisma"
    path.write_text(WITH_URL + MODEL)
    assert oracle.judge(path, 7, blank_urls=True)["valid"] is True
