"""PostgreSQL in a container, by testcontainers."""

from __future__ import annotations

import secrets
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from schemasync.errors import ScratchError
from schemasync.scratch.base import DatabaseServer
from schemasync.scratch.embedded import SETTINGS
from schemasync.scratch.undertaker import Undertaker
from schemasync.urls import build_url

if TYPE_CHECKING:
    from testcontainers.community.postgres import PostgresContainer

DEFAULT_IMAGE = "postgres:18"
SUPERUSER = "postgres"
PORT = 5432
# These two say where a server listens; in a container its image knows that better.
OF_THE_HOST = ("listen_addresses", "unix_socket_directories")


class ContainerServer(DatabaseServer):
    """A server in a container of its own, removed with all its data in the end.

    Args:
        image: an image of the official `postgres` family.
    """

    kind = "container"

    def __init__(self, image: str = DEFAULT_IMAGE) -> None:
        super().__init__()
        self._image = image

    def _start(self) -> str:
        postgres_container = _container_class()
        password = secrets.token_hex(24)
        name = f"schemasync-scratch-{secrets.token_hex(6)}"
        try:
            container = postgres_container(
                self._image, username=SUPERUSER, password=password, dbname="postgres", driver=None, name=name
            )
            settings = [f"{key}={value}" for key, value in SETTINGS.items() if key not in OF_THE_HOST]
            container.with_command(["postgres", *(part for one in settings for part in ("-c", one))])
            container.with_env("POSTGRES_INITDB_ARGS", "--encoding=UTF8 --locale=C.UTF-8")
            undertaker = Undertaker("container")
            undertaker.tell(name)
            self._at_end(_remove, container, undertaker)
            container.start()
            host, port = container.get_container_host_ip(), str(container.get_exposed_port(PORT))
        except engine_errors() as error:
            said = str(error).replace(password, "***").strip()
            raise ScratchError(
                f"no container of {self._image} could be started: {said}",
                hint="is a Docker engine running, and can it get the image? Another way: SCHEMASYNC_SCRATCH=embedded",
            ) from None
        parameters = {"user": SUPERUSER, "password": password, "host": host, "port": port}
        return build_url({**parameters, "dbname": "postgres"})


def engine_errors() -> tuple[type[Exception], ...]:
    """What the engine's client raises: its own errors, those of the network, and testcontainers'."""
    return (import_module("docker.errors").DockerException, OSError, RuntimeError)


def _container_class() -> type[PostgresContainer]:
    try:
        try:
            from testcontainers.community.postgres import PostgresContainer
        except ImportError:
            # Where earlier releases have it.
            from testcontainers.postgres import PostgresContainer
    except ImportError:
        raise ScratchError(
            "the package testcontainers is not installed",
            hint="pip install 'prisma-schemasync[container]', or set SCHEMASYNC_SCRATCH=embedded",
        ) from None
    return PostgresContainer


def _remove(container: Any, undertaker: Undertaker) -> None:
    with suppress(*engine_errors()):
        if container._container is not None:
            container.stop()
            undertaker.dismiss()
            return
    # Interrupted in the middle of a start, or refused: the name is known all the same.
    undertaker.bury()
