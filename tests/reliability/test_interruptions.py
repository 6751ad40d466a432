"""Cut connections, full disks, signals and neighbours: an error in a sentence, no half-written file, nothing left.

`SCHEMASYNC_EVERY_CUT=1` cuts an upgrade at each of its messages, not at a few.
"""

import hashlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Result, environment_with_sources, spawned
from cutting_proxy import CuttingProxy
from databases import Database

import schemasync
from schemasync.errors import DatabaseError
from schemasync.urls import build_url, connection_parameters

FIRST, SECOND = "20240101000000_users", "20240201000000_names"
SCHEMA = """datasource db {
  provider = "postgresql"
}

model User {
  id   Int     @id
  name String?

  @@map("users")
}
"""
HISTORY = """
CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
    migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0);
CREATE TABLE users (id integer NOT NULL, CONSTRAINT users_pkey PRIMARY KEY (id));
"""
SCRIPTS = {
    FIRST: "CREATE TABLE users (id integer NOT NULL, CONSTRAINT users_pkey PRIMARY KEY (id));",
    SECOND: "ALTER TABLE users ADD name text;",
}
EVERY = os.environ.get("SCHEMASYNC_EVERY_CUT") == "1"


def through(proxy: CuttingProxy, url: str) -> str:
    """The URL by way of a proxy."""
    return build_url({**connection_parameters(url), "host": "127.0.0.1", "port": str(proxy.port), "sslmode": "disable"})


def port_of(database: Database) -> int:
    parameters = connection_parameters(database.url)
    if parameters.get("host") not in ("localhost", "127.0.0.1"):
        pytest.skip("the server is not on this machine")
    return int(parameters.get("port", "5432"))


@pytest.fixture
def project(tmp_path: Path, database: Database) -> Path:
    """A project with Prisma's history, whose second migration is not applied yet."""
    for name, script in SCRIPTS.items():
        folder = tmp_path / "prisma" / "migrations" / name
        folder.mkdir(parents=True)
        (folder / "migration.sql").write_text(script)
    (tmp_path / "prisma" / "schema.prisma").write_text(SCHEMA)
    (tmp_path / "schemasync.toml").write_text(
        '[prisma]\nschema = "prisma/schema.prisma"\n[database]\nurl = "$DATABASE_URL"\n'
    )
    checksum = hashlib.sha256(SCRIPTS[FIRST].encode()).hexdigest()
    database.execute(HISTORY)
    database.execute(
        "INSERT INTO _prisma_migrations VALUES"
        f" ('1', '{checksum}', now(), '{FIRST}', NULL, NULL, now() - interval '1 s', 1)"
    )
    return tmp_path


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file, but for Python's own caches."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def is_a_sentence(result: Result) -> bool:
    return result.code == 2 and result.err.startswith("error: ") and "Traceback" not in result.err


@pytest.mark.parametrize("arguments", [["check", "--output", "out"], ["status", "--output", "out"]])
@pytest.mark.parametrize("answer_first", [False, True])
def test_a_connection_that_is_cut_at_each_statement(
    project: Path, database: Database, arguments: list[str], answer_first: bool
) -> None:
    counted = CuttingProxy(port_of(database), None)
    whole = spawned(*arguments, folder=project, DATABASE_URL=through(counted, database.url))
    counted.close()
    assert whole.code in (0, 1), whole
    (project / "out").unlink()
    before = files_of(project)
    assert counted.messages > 0
    for after in range(counted.messages):
        proxy = CuttingProxy(port_of(database), after, answer_first=answer_first)
        result = spawned(*arguments, folder=project, DATABASE_URL=through(proxy, database.url))
        proxy.close()
        assert is_a_sentence(result), (after, result)
        assert files_of(project) == before


def test_a_connection_that_is_cut_in_an_upgrade(project: Path, database: Database) -> None:
    """Whatever the moment: all of the revision, or nothing; and the next run goes through."""
    (project / "alembic" / "versions").mkdir(parents=True)
    with (project / "schemasync.toml").open("a") as file:
        file.write('[alembic]\nconfig = "alembic.ini"\n')
    (project / "alembic.ini").write_text("[alembic]\nscript_location = alembic\n")
    (project / "alembic" / "env.py").write_text(
        "import os\nfrom alembic import context\nfrom sqlalchemy import create_engine, pool\n"
        "url = os.environ['DATABASE_URL'].replace('postgresql://', 'postgresql+psycopg2://')\n"
        "with create_engine(url, poolclass=pool.NullPool).connect() as connection:\n"
        "    context.configure(connection=connection, target_metadata=None)\n"
        "    with context.begin_transaction():\n        context.run_migrations()\n"
    )
    (project / "alembic" / "versions" / "a1.py").write_text(
        "from alembic import op\nrevision, down_revision = 'a1', None\n"
        "def upgrade():\n    op.execute('CREATE TABLE a (id int)')\n    op.execute('CREATE TABLE b (id int)')\n"
        "def downgrade():\n    op.execute('DROP TABLE a')\n    op.execute('DROP TABLE b')\n"
    )

    def upgrade(proxy: CuttingProxy, command: str = "upgrade") -> Result:
        revision = "heads" if command == "upgrade" else "base"
        url = through(proxy, database.url)
        return spawned(command, revision, "--no-rehearsal", folder=project, DATABASE_URL=url)

    counted = CuttingProxy(port_of(database), None)
    assert upgrade(counted).code == 0
    messages = counted.messages
    assert upgrade(counted, "downgrade").code == 0
    moments = range(messages) if EVERY else sorted({1, messages // 2, messages - 2})
    for after in moments:
        proxy = CuttingProxy(port_of(database), after)
        result = upgrade(proxy)
        proxy.close()
        there = database.execute("SELECT count(*) FROM pg_class WHERE relname IN ('a', 'b') AND relkind = 'r'")[0][0]
        versions = database.execute("SELECT count(*) FROM alembic_version")[0][0]
        assert (there, versions) in ((0, 0), (2, 1)), after
        assert (result.code, "Traceback" in result.err) in ((2, False), (0, False)), (after, result)
        if there:
            assert upgrade(counted, "downgrade").code == 0
    assert upgrade(counted).code == 0
    counted.close()


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--format", "html", "--output", "out"],
        ["snapshot", "--witness", "database", "--complete", "--output", "out"],
        ["graph", "--witness", "prisma", "--format", "html", "--output", "out"],
        ["mirror", "--style", "declarative", "--output", "out"],
    ],
)
def test_a_disk_that_is_full(project: Path, database: Database, arguments: list[str]) -> None:
    """The file that was there stays whole, and no other is left beside it."""
    if arguments[0] != "mirror":
        (project / "out").write_text("what was there before\n")
    before = files_of(project)

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    result = run(project, database, arguments, preexec_fn=full)
    assert is_a_sentence(result), result
    assert files_of(project) == before


def run(
    project: Path, database: Database, arguments: list[str], preexec_fn: Callable[[], None] | None = None
) -> Result:
    done = subprocess.run(
        [sys.executable, "-B", "-m", "schemasync", *arguments],
        cwd=project,
        env=environment_with_sources(DATABASE_URL=database.url),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        preexec_fn=preexec_fn,
    )
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_at_any_moment(project: Path, database: Database, ending: signal.Signals) -> None:
    """The report is the old one or the new one; a killed process may leave a hidden file, an interrupted one none."""
    luck = random.Random(int(ending))
    out = project / "out"
    for _ in range(10 if EVERY else 3):
        out.write_text("old\n")
        process = subprocess.Popen(
            [sys.executable, "-B", "-m", "schemasync", "check", "--format", "json", "--output", "out"],
            cwd=project,
            env=environment_with_sources(DATABASE_URL=database.url),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        time.sleep(luck.uniform(0, 1.5))
        process.send_signal(ending)
        _, errors = process.communicate(timeout=60)
        text = out.read_text()
        assert text == "old\n" or json.loads(text)["version"] == 1
        if ending != signal.SIGKILL:
            assert sorted(path.name for path in project.iterdir()) == ["out", "prisma", "schemasync.toml"]
        if b"Traceback" in errors:
            # Before our own first line runs, only Python can say that it was interrupted.
            assert b"schemasync/cli/main.py" not in errors or ending != signal.SIGINT
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)


def test_two_checks_at_once_say_the_same(project: Path, database: Database) -> None:
    results: list[Result] = []
    threads = [
        threading.Thread(target=lambda: results.append(run(project, database, ["check", "--format", "json"])))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result.code for result in results] == [1, 1]
    assert results[0] == results[1]


def test_a_reading_during_migrations_is_one_of_the_states(database: Database) -> None:
    """Whatever is committed meanwhile, a reading states what was there at one moment: both tables, or neither."""
    stop = threading.Event()
    connection = database.connect()

    def migrate() -> None:
        while not stop.is_set():
            with connection.cursor() as cursor:
                cursor.execute(
                    "BEGIN; CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int REFERENCES a); COMMIT"
                )
                cursor.execute("BEGIN; CREATE VIEW v AS SELECT id FROM a; CREATE INDEX i ON b (id); COMMIT")
                cursor.execute("BEGIN; DROP VIEW v; DROP TABLE b; DROP TABLE a; COMMIT")

    thread = threading.Thread(target=migrate)
    thread.start()
    seen = set()
    try:
        for _ in range(25):
            try:
                schema = schemasync.read_database(database.url, complete=True)
            except DatabaseError as error:
                assert "try again" in error.hint, error
                continue
            names = tuple(table.name for table in schema.tables)
            assert names in ((), ("a", "b"), ("a", "b", "v"))
            seen.add(names)
    finally:
        stop.set()
        thread.join()
    assert seen


def test_a_deploy_that_is_under_way_is_no_drift(project: Path, database: Database) -> None:
    """Prisma's lock is held, its row is not finished, and what it has done is not committed."""
    session, worker = database.connect(), database.connect()
    with session.cursor() as cursor, worker.cursor() as other:
        cursor.execute("SELECT pg_advisory_lock(72707369)")
        checksum = hashlib.sha256(SCRIPTS[SECOND].encode()).hexdigest()
        cursor.execute(
            f"INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('2', '{checksum}', '{SECOND}')"
        )
        other.execute("BEGIN")
        other.execute("ALTER TABLE users ADD name text")
        during = run(project, database, ["check", "--format", "json"])
        status = run(project, database, ["status"])
        other.execute("COMMIT")
        cursor.execute("UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = '2'")
        cursor.execute("SELECT pg_advisory_unlock(72707369)")
    drifts = json.loads(during.out)["drifts"]
    assert [one["explained_by"] for one in drifts if one["table"] == "users"] == [SECOND]
    assert all(one["severity"] != "error" for one in drifts), drifts
    assert "running" in status.out
    assert "failed" not in status.out.lower()
    assert run(project, database, ["check"]).code == 0
