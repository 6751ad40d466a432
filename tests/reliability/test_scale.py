"""A large database and a long history: a check finishes, says how far it is, and takes memory in proportion.

Small by default; `SCHEMASYNC_SCALE=10000` (`make scale`) makes that many tables of twenty columns and 500 migrations.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import environment_with_sources
from databases import Database

from schemasync.scratch import ScratchServer

TABLES = int(os.environ.get("SCHEMASYNC_SCALE", "200"))
COLUMNS = 20
MIGRATIONS = max(12, min(500, TABLES // 20))
# What a check may take for each table, and what it takes before it has seen any.
KILOBYTES = 120
GROUND_KILOBYTES = 80_000
TYPES = (
    ("String", "text"),
    ("Int", "integer"),
    ("Boolean", "boolean"),
    ("BigInt", "bigint"),
    ("Float", "double precision"),
)


def model(number: int) -> str:
    fields = "".join(f"  c{place} {TYPES[place % 5][0]}?\n" for place in range(COLUMNS - 2))
    other = f"  other{number} T{number - 1} @relation(fields: [ref], references: [id])\n" if number else ""
    back = f"  back T{number + 1}[]\n" if number + 1 < TABLES else ""
    fields = f"  id Int @id\n  ref Int\n{fields}{other}{back}"
    return f'model T{number} {{\n{fields}\n  @@index([c0, c1])\n  @@map("t{number}")\n}}\n'


def table(number: int) -> str:
    columns = ", ".join(f"c{place} {TYPES[place % 5][1]}" for place in range(COLUMNS - 2))
    key = f", CONSTRAINT t{number}_ref_fkey FOREIGN KEY (ref) REFERENCES t{number - 1} " if number else ""
    key += "ON DELETE RESTRICT ON UPDATE CASCADE" if number else ""
    return (
        f"CREATE TABLE t{number} (id integer NOT NULL, ref integer NOT NULL, {columns},"
        f" CONSTRAINT t{number}_pkey PRIMARY KEY (id){key});\n"
        f"CREATE INDEX t{number}_c0_c1_idx ON t{number} (c0, c1);\n"
    )


@pytest.fixture(scope="module")
def large(server: ScratchServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Database]]:
    folder = tmp_path_factory.mktemp("large")
    database = Database(server.create_database())
    (folder / "schema.prisma").write_text(
        'datasource db {\n  provider = "postgresql"\n}\n\n' + "\n".join(map(model, range(TABLES)))
    )
    share = -(-TABLES // MIGRATIONS)
    rows = []
    for number in range(MIGRATIONS):
        script = "".join(map(table, range(number * share, min(TABLES, (number + 1) * share))))
        name = f"2024{number:010}_tables"
        (folder / "migrations" / name).mkdir(parents=True)
        (folder / "migrations" / name / "migration.sql").write_text(script)
        if script:
            database.execute(script)
        rows.append(f"('{number}', '{hashlib.sha256(script.encode()).hexdigest()}', now(), '{name}', 1)")
    database.execute(
        "CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64), finished_at timestamptz,"
        " migration_name varchar(255), logs text, rolled_back_at timestamptz, started_at timestamptz DEFAULT"
        " now() - interval '1 s', applied_steps_count integer);"
        "INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count) VALUES "
        + ", ".join(rows)
    )
    (folder / "schemasync.toml").write_text(
        '[prisma]\nschema = "schema.prisma"\nmigrations = "migrations"\n[database]\nurl = "$DATABASE_URL"\n'
    )
    yield folder, database
    database.close()


MEASURE = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.returncode, done.stdout, done.stderr, usage.ru_maxrss]))
"""


def measured(folder: Path, database: Database, *arguments: str) -> tuple[int, str, str]:
    """Run a command; it may take no more memory than in proportion to the tables."""
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, sys.executable, "-m", "schemasync", *arguments],
        cwd=folder,
        env=environment_with_sources(DATABASE_URL=database.url),
        capture_output=True,
        text=True,
        check=True,
        timeout=3600,
    )
    code, out, err, kilobytes = json.loads(done.stdout)
    print(f"{' '.join(arguments)}: {TABLES} tables, {time.monotonic() - start:.1f} s, {kilobytes / 1024:.0f} MB")
    assert kilobytes < GROUND_KILOBYTES + KILOBYTES * TABLES
    return code, out, err


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")
def test_a_large_database_is_checked_in_bounded_memory(large: tuple[Path, Database]) -> None:
    code, out, err = measured(*large, "check", "--format", "json")
    found = json.loads(out)
    assert (code, err, found["drifts"]) == (0, "", [])
    assert found["summary"]["tables"] == TABLES
    assert found["summary"]["facts"] >= TABLES * COLUMNS


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")
def test_a_long_history_is_told(large: tuple[Path, Database]) -> None:
    code, out, _ = measured(*large, "status", "--format", "json")
    assert code == 0
    told = json.loads(out)["prisma"]
    assert (len(told["applied"]), told["pending"]) == (MIGRATIONS, [])


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")
def test_one_drift_in_a_large_database_is_the_only_one(large: tuple[Path, Database]) -> None:
    folder, database = large
    assert measured(folder, database, "snapshot", "--witness", "database", "--complete", "--output", "all.json")[0] == 0
    database.execute(f"ALTER TABLE t{TABLES // 2} ALTER c7 SET NOT NULL")
    arguments = [
        "check",
        "--format",
        "json",
        "--snapshot",
        "all.json",
        "--witness",
        "snapshot",
        "--witness",
        "database",
    ]
    code, out, _ = measured(folder, database, *arguments)
    database.execute(f"ALTER TABLE t{TABLES // 2} ALTER c7 DROP NOT NULL")
    assert code == 1
    assert [(one["kind"], one["table"], one["object"]) for one in json.loads(out)["drifts"]] == [
        ("column-nullability", f"t{TABLES // 2}", "c7")
    ]
