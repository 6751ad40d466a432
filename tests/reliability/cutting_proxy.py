"""A proxy before a PostgreSQL server that cuts the connection, or says what it is told to, at a chosen message."""

import socket
import struct
import threading
from contextlib import suppress

CHUNK = 1 << 16


class CuttingProxy:
    """Listens on a port of its own and passes everything on, until it cuts.

    Args:
        port: the server's, on this machine.
        after: how many messages of the client, after those of the log-in, are let through; None for all.
        answer_first: whether the server's answer to the last of them still comes half through.
    """

    def __init__(self, port: int, after: int | None, *, answer_first: bool = False) -> None:
        self.server, self.after, self.answer_first = port, after, answer_first
        self.messages = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self.server))
                threading.Thread(target=self._answers, args=(server, client), daemon=True).start()
                threading.Thread(target=self._requests, args=(client, server), daemon=True).start()

    def _requests(self, client: socket.socket, server: socket.socket) -> None:
        """Messages with a type byte are counted; the first of a connection have none (manual, "Message Formats")."""
        with suppress(OSError):
            started = False
            while True:
                if started:
                    kind = exactly(client, 1)
                    if kind in (b"Q", b"P"):
                        if self.after is not None and self.messages >= self.after and not self.answer_first:
                            break
                        self.messages += 1
                else:
                    kind = b""
                length = exactly(client, 4)
                body = exactly(client, struct.unpack("!I", length)[0] - 4)
                # 80877103 and 80877104 ask for TLS and GSSAPI; the start-up message comes after them.
                started = started or struct.unpack("!I", body[:4])[0] not in (80877103, 80877104)
                server.sendall(kind + length + body)
        cut(client, server)

    def _answers(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while True:
                data = server.recv(CHUNK)
                if not data:
                    break
                if self.answer_first and self.after is not None and self.messages > self.after:
                    client.sendall(data[: len(data) // 2])
                    break
                client.sendall(data)
        cut(client, server)

    def close(self) -> None:
        """Listen no longer."""
        self._listener.close()


def exactly(source: socket.socket, count: int) -> bytes:
    """That many bytes.

    Raises:
        OSError: the other side has gone.
    """
    found = b""
    while len(found) < count:
        more = source.recv(count - len(found))
        if not more:
            raise OSError("gone")
        found += more
    return found


def cut(*ends: socket.socket) -> None:
    """Close connections at once, with a reset."""
    for end in ends:
        with suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            end.close()


class OtherServer:
    """A server that speaks PostgreSQL's protocol, lets everybody in, and says that it is something else.

    Args:
        version: what `version()` gives, whatever is asked.
        parameters: what it reports on connecting.
    """

    def __init__(self, version: str, parameters: dict[str, str]) -> None:
        self.version = version
        self.parameters = {
            "server_version": "13.0.0",
            "client_encoding": "UTF8",
            "DateStyle": "ISO, MDY",
            "standard_conforming_strings": "on",
            **parameters,
        }
        self.asked: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Its URL."""
        return f"postgresql://root@127.0.0.1:{self.port}/defaultdb"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with suppress(OSError):
            while True:
                body = exactly(client, struct.unpack("!I", exactly(client, 4))[0] - 4)
                if struct.unpack("!I", body[:4])[0] not in (80877103, 80877104):
                    break
                client.sendall(b"N")
            greeting = message(b"R", struct.pack("!I", 0))
            for name, value in self.parameters.items():
                greeting += message(b"S", name.encode() + b"\0" + value.encode() + b"\0")
            client.sendall(greeting + message(b"Z", b"I"))
            while True:
                kind = exactly(client, 1)
                body = exactly(client, struct.unpack("!I", exactly(client, 4))[0] - 4)
                if kind == b"X":
                    return
                self.asked.append(body.rstrip(b"\0").decode())
                client.sendall(self._answer(self.asked[-1]) + message(b"Z", b"I"))

    def _answer(self, sql: str) -> bytes:
        if "version()" in sql and "pg_class" not in sql:
            described = struct.pack("!H", 1) + b"version\0" + struct.pack("!IHIhih", 0, 0, 25, -1, -1, 0)
            value = self.version.encode()
            row = struct.pack("!HI", 1, len(value)) + value
            return message(b"T", described) + message(b"D", row) + message(b"C", b"SELECT 1\0")
        if sql.upper().startswith(("BEGIN", "ROLLBACK", "COMMIT")):
            return message(b"C", sql.split()[0].upper().encode() + b"\0")
        return message(b"E", b'SERROR\0C42P01\0Mrelation "pg_catalog" does not exist\0\0')

    def close(self) -> None:
        """Listen no longer."""
        self._listener.close()


def message(kind: bytes, body: bytes) -> bytes:
    """One message of the protocol."""
    return kind + struct.pack("!I", len(body) + 4) + body
