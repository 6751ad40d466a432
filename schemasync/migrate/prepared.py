"""What a run needs to know, and a database made ready for it: locked, looked at, divided into owned and protected."""

import dataclasses
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemasync.errors import ConfigurationError
from schemasync.migrate.chain import applied_heads, created_by_chain, demand_prisma_in_order
from schemasync.migrate.connections import Connections, watched
from schemasync.migrate.environment import AlembicProject, opened_project
from schemasync.migrate.facts import read_facts
from schemasync.migrate.history import Created
from schemasync.migrate.inventory import read_inventory
from schemasync.migrate.layers import Layers, Timeouts
from schemasync.migrate.locks import Anchor, anchored
from schemasync.migrate.probe import Probe, probe
from schemasync.migrate.protected import Protection, protection
from schemasync.migrate.refusals import FenceBreachError, MigrationError
from schemasync.migrate.runs import Target
from schemasync.migrate.theirs import their_errors
from schemasync.ownership import Ownership
from schemasync.schema.model import Schema
from schemasync.witnesses.alembic_history import Revision, read_revisions

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

LOOKS_FOR_CLIENT = "2s"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run needs to know.

    Args:
        url: the database that the run is planned for.
        project: the Alembic project.
        declared: the witnesses `prisma` and `sqlalchemy`, as far as they are configured; without the latter the
            metadata that env.py configures counts.
        ownership: what the user configured about owners.
        schemas: where `_prisma_migrations` may stand.
        layers: which layers stand.
        timeouts: for each statement.
        prisma_lock: whether to take Prisma's lock, and how long to wait for it.
        retries: how often to try again when a lock is not to be had.
        scratch: the scratch server of the rehearsal.
        record: the file of the run's record; None keeps none.
    """

    url: str
    project: AlembicProject
    declared: Mapping[str, Schema] = field(default_factory=dict)
    ownership: Ownership = field(default_factory=Ownership)
    schemas: tuple[str, ...] = ("public",)
    layers: Layers = field(default_factory=Layers)
    timeouts: Timeouts = field(default_factory=Timeouts)
    prisma_lock: bool = True
    lock_wait: float = 10.0
    retries: int = 3
    scratch: Any = "auto"
    record: Path | None = None


@dataclass(slots=True)
class Prepared:
    """A database that a run may start on.

    Args:
        anchor: the fence's own connection.
        config: Alembic's settings.
        connections: what this process may connect to.
        protection: what is protected.
        before: all facts before the run.
        heads: the revisions that the database is at.
        version_tables: where Alembic keeps them.
        created: what the applied revisions created.
        timeouts: for each statement on this server.
    """

    anchor: Anchor
    config: "Config"
    connections: Connections
    protection: Protection
    before: Schema
    heads: tuple[str, ...]
    version_tables: tuple[tuple[str | None, str], ...]
    created: frozenset[Created]
    timeouts: Timeouts


def prepare(
    settings: Settings,
    stack: ExitStack,
    *,
    say: Say = lambda _text: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Prepared:
    """Take the locks, look at both histories, and divide the database into owned and protected.

    Raises:
        LockUnavailableError: Prisma's lock is held.
        MigrationError: a history is not in order.
    """
    anchor = stack.enter_context(
        anchored(settings.url, prisma_lock=settings.prisma_lock, wait=settings.lock_wait, say=say, sleep=sleep)
    )
    timeouts = _demand_timeouts(anchor, settings.timeouts)
    demand_prisma_in_order(anchor, settings.schemas, prisma_is_configured="prisma" in settings.declared)
    connections = Connections(anchor, _nobody)
    stack.enter_context(watched(connections))
    # Standard output is for results; what env.py and the revisions print is none.
    stack.enter_context(redirect_stdout(sys.stderr))
    config = stack.enter_context(opened_project(settings.project))
    seen: Probe = probe(config, settings.project, anchor, connections)
    tables = ((seen.version_schema, seen.version_table),)
    heads = applied_heads(anchor, tables)
    with their_errors(settings.project, "the revisions cannot be loaded"):
        revisions: tuple[Revision, ...] = read_revisions(settings.project.file)
    created = created_by_chain(revisions, heads)
    declared = dict(settings.declared)
    if "sqlalchemy" not in declared and seen.models is not None:
        declared["sqlalchemy"] = seen.models
    divided = protection(read_inventory(anchor.connection), declared, settings.ownership, created, tables)
    before = read_facts(anchor.connection)
    return Prepared(anchor, config, connections, divided, before, heads, tables, created, timeouts)


def _demand_timeouts(anchor: Anchor, timeouts: Timeouts) -> Timeouts:
    """Refuse a timeout that PostgreSQL does not understand, before anything is built on it.

    A statement of a run that was killed must not go on, with its locks: from version 14 on most servers can look
    whether somebody still waits for it (PostgreSQL manual, `client_connection_check_interval`).

    Raises:
        ConfigurationError: it does not.
    """
    import psycopg2

    question = "SELECT pg_catalog.set_config(%s, %s, true)"
    for name, value in timeouts.settings:
        try:
            anchor.rows(question, name, value)
        except psycopg2.errors.InvalidParameterValue as error:
            raise ConfigurationError(
                f"PostgreSQL does not take {value!r} for {name}: {' '.join(str(error).split())}",
                hint="write it as PostgreSQL does: 500ms, 3s, 2min, or 0 for none",
            ) from error
    try:
        anchor.rows(question, "client_connection_check_interval", LOOKS_FOR_CLIENT)
    except psycopg2.Error:
        return timeouts
    return dataclasses.replace(timeouts, lost=LOOKS_FOR_CLIENT)


def loaded_scripts(prepared: Prepared, project: AlembicProject) -> "ScriptDirectory":
    """The chain as Alembic loads it.

    Args:
        prepared: the database.
        project: where the revisions are.

    Raises:
        MigrationError: it cannot be loaded.
    """
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    with their_errors(project, "the revisions cannot be loaded"):
        try:
            scripts = ScriptDirectory.from_config(prepared.config)
            scripts.get_heads()  # this loads the revisions
        except CommandError as error:
            raise MigrationError(f"the revisions cannot be loaded: {error}; nothing has changed") from error
    return scripts


def pending(prepared: Prepared, target: Target, scripts: "ScriptDirectory") -> int:
    """How many steps lead to the target.

    Args:
        prepared: the database.
        target: where to.
        scripts: Alembic's own idea of the chain.

    Raises:
        MigrationError: there is no way to it.
    """
    from alembic.util import CommandError

    try:
        return len(list(target.steps(scripts, prepared.heads)))
    except CommandError as error:
        raise MigrationError(f"{error}; nothing has changed", hint="see: schemasync history") from error


def _nobody(refusal: Any) -> None:
    raise FenceBreachError((refusal,))
