"""What speaks PostgreSQL's protocol and is no PostgreSQL is refused with one clear sentence, never read by half."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import schemasync
from cutting_proxy import OtherServer

from schemasync.errors import DatabaseError
from schemasync.witnesses.database import read_database

COCKROACH = "CockroachDB CCL v25.1.2 (x86_64-pc-linux-gnu, built 2025/03/18 17:44:30, go1.22.8)"
GREETINGS = [{"crdb_version": COCKROACH}, {}]


@pytest.fixture(params=GREETINGS, ids=["says so on connecting", "says so when asked"])
def cockroach(request: pytest.FixtureRequest) -> Iterator[OtherServer]:
    server = OtherServer(COCKROACH, request.param)
    yield server
    server.close()


def test_cockroachdb_is_refused_in_one_sentence(cockroach: OtherServer) -> None:
    with pytest.raises(DatabaseError) as caught:
        read_database(cockroach.url)
    assert "is CockroachDB, not PostgreSQL" in str(caught.value)
    assert "13" in caught.value.hint


def test_a_check_of_cockroachdb_says_nothing_but_that(
    cockroach: OtherServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "schema.prisma"
    path.write_text('datasource db {\n  provider = "cockroachdb"\n}\n\nmodel A {\n  id BigInt @id\n}\n')
    result = schemasync(capsys, "check", "--prisma", path, "--database", cockroach.url)
    assert (result.code, result.out) == (2, "")
    assert result.err.count("CockroachDB") == 1
    assert result.err.startswith("error: ")


@pytest.mark.parametrize(
    "version", ["Materialize v0.100", "YugabyteDB", "QuestDB 8", "PostgreSQL 9.6.1", "PostgreSQL 12.22", ""]
)
def test_others_and_older_ones_are_refused(version: str) -> None:
    number = version.removeprefix("PostgreSQL ") if version.startswith("PostgreSQL") else "13.0"
    server = OtherServer(version, {"server_version": number})
    try:
        with pytest.raises(DatabaseError):
            read_database(server.url)
    finally:
        server.close()
