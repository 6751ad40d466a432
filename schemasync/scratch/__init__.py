"""Throw-away PostgreSQL databases: embedded, in a container, or on a server that the user names."""

from schemasync.scratch.choice import scratch_server
from schemasync.scratch.interface import ScratchDatabase, ScratchServer

__all__ = ["ScratchDatabase", "ScratchServer", "scratch_server"]
