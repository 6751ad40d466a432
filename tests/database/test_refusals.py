"""What cannot be read is refused in one sentence, without a password."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy
from databases import Database

from schemasync.errors import ConfigurationError, DatabaseError
from schemasync.urls import connection_parameters, with_database
from schemasync.witnesses.database import read_database


def message(kind: bytes, body: bytes) -> bytes:
    """A message of PostgreSQL's protocol, version 3."""
    return kind + struct.pack("!i", len(body) + 4) + body


@contextmanager
def greeting(**parameters: str) -> Iterator[int]:
    """A port where a server greets with these parameters and then answers nothing more."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        client, _ = listener.accept()
        with client:
            while True:
                (size,) = struct.unpack("!i", client.recv(4))
                body = client.recv(size - 4)
                if struct.unpack("!i", body[:4]) == (196608,):
                    break
                client.sendall(b"N")
            status = b"".join(
                message(b"S", f"{name}\0{value}\0".encode())
                for name, value in {"client_encoding": "UTF8", "DateStyle": "ISO, MDY", **parameters}.items()
            )
            client.sendall(message(b"R", struct.pack("!i", 0)) + status + message(b"Z", b"I"))
            client.recv(1)

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1]
    thread.join()
    listener.close()


def test_cockroachdb() -> None:
    with (
        greeting(server_version="13.0.0", crdb_version="CockroachDB CCL v24.1.0") as port,
        pytest.raises(DatabaseError, match="is CockroachDB, not PostgreSQL") as caught,
    ):
        read_database(f"postgresql://root:hunter2@127.0.0.1:{port}/defaultdb?sslmode=disable&gssencmode=disable")
    assert "hunter2" not in caught.value.render()


def test_an_old_server() -> None:
    with (
        greeting(server_version="12.22") as port,
        pytest.raises(DatabaseError, match="runs PostgreSQL 12; the oldest that can be read is 13"),
    ):
        read_database(f"postgresql://root@127.0.0.1:{port}/old?sslmode=disable&gssencmode=disable")


def test_a_server_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(DatabaseError) as caught:
        read_database(f"postgresql://ann:hunter2@127.0.0.1:{port}/shop")
    text = caught.value.render()
    for part in ("127.0.0.1", str(port), "'shop'", "'ann'", "refused"):
        assert part in text
    assert "hunter2" not in text


def test_a_database_that_is_not_there(database: Database) -> None:
    missing = with_database(database.url, "no such 'database'")
    for given in (missing, sqlalchemy.create_engine(missing.replace("postgresql:", "postgresql+psycopg2:", 1))):
        with pytest.raises(DatabaseError, match="does not exist") as caught:
            read_database(given)
        text = caught.value.render()
        assert "Background on this error" not in text
        password = connection_parameters(database.url).get("password")
        assert password is None or password not in text


@pytest.mark.parametrize("given", ["mysql://root@localhost/shop", "shop", ""])
def test_no_postgresql_url(given: str) -> None:
    with pytest.raises(ConfigurationError):
        read_database(given)


@pytest.mark.parametrize("given", [None, 5, object(), {"url": "x"}])
def test_no_connection(given: object) -> None:
    with pytest.raises(DatabaseError, match="cannot be read through"):
        read_database(given)


def test_another_engine() -> None:
    with pytest.raises(ConfigurationError):
        read_database(sqlalchemy.create_engine("sqlite://"))


def test_a_database_without_a_schema_to_read(database: Database) -> None:
    database.execute("DROP SCHEMA public CASCADE")
    with pytest.raises(DatabaseError, match="has no schema 'public'"):
        read_database(database.url)
    assert read_database(database.url, None).namespaces == ()
