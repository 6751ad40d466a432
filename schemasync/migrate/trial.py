"""One revision, run by the project's own env.py on a scratch database within the fence: as `upgrade` will run it.

A release's rehearsal asks for it, so that what `upgrade` would refuse, and an env.py that fails, are seen there.
"""

import sys
from contextlib import ExitStack, redirect_stdout
from typing import TYPE_CHECKING, Any

from schemasync.migrate.chain import created_by_chain
from schemasync.migrate.connections import Connections, exempted, watched
from schemasync.migrate.environment import opened_project, quiet
from schemasync.migrate.inventory import read_inventory
from schemasync.migrate.locks import anchored
from schemasync.migrate.probe import Probe, probe
from schemasync.migrate.protected import Protection, protection
from schemasync.migrate.refusals import FenceBreachError
from schemasync.migrate.rehearsal import tripwired
from schemasync.migrate.runner import run_environment
from schemasync.migrate.runs import Target
from schemasync.migrate.theirs import their_errors
from schemasync.schema.names import quote
from schemasync.scratch.interface import ScratchDatabase
from schemasync.witnesses.alembic_history import read_revisions

if TYPE_CHECKING:
    from schemasync.migrate.prepared import Settings


def try_revision(settings: "Settings", revision: str, database: ScratchDatabase) -> None:
    """Run env.py and one revision on a scratch database, within the fence.

    Args:
        settings: of the run that is foreseen. Its database is only looked at: env.py must connect to it, and is led
            to the scratch database.
        revision: the revision; what it needs has been applied there.
        database: where it runs, with the table `public.alembic_version`. It is changed.

    Raises:
        FenceBreachError: `upgrade` would refuse it.
        MigrationError: env.py or the revision fails.
        ConfigurationError: the Alembic project cannot be opened.
        DatabaseError: the live database cannot be reached.
    """
    with ExitStack() as stack:
        anchor = stack.enter_context(anchored(settings.url, prisma_lock=False))
        connections = Connections(anchor, _refuse)
        stack.enter_context(watched(connections))
        # Standard output is for results; what env.py and the revision print is none.
        stack.enter_context(redirect_stdout(sys.stderr))
        config = stack.enter_context(opened_project(settings.project))
        seen = probe(config, settings.project, anchor, connections)
        tables = ((seen.version_schema, seen.version_table),)
        with their_errors(settings.project, "the revisions cannot be loaded"):
            revisions = read_revisions(settings.project.file)
        with exempted(connections):
            heads = _heads_where_they_are_kept(database, seen)
        created = created_by_chain(revisions, heads)
        declared = dict(settings.declared)
        if "sqlalchemy" not in declared and seen.models is not None:
            declared["sqlalchemy"] = seen.models

        def protect(inspector: Any) -> Protection:
            return protection(read_inventory(inspector), declared, settings.ownership, created, tables)

        with tripwired(settings, connections, database, protect) as run, quiet():
            run_environment(config, Target("upgrade", revision), run)


def _refuse(refusal: Any) -> None:
    raise FenceBreachError((refusal,))


def _heads_where_they_are_kept(database: ScratchDatabase, seen: Probe) -> tuple[str, ...]:
    """What the database is at; written into the table in which env.py has Alembic look for it."""
    schema, name = quote(seen.version_schema or "public"), quote(seen.version_table)
    opened = database.connect()
    try:
        with opened.cursor() as cursor:
            cursor.execute("SELECT pg_catalog.to_regclass('public.alembic_version') IS NOT NULL")
            heads: tuple[str, ...] = ()
            if (cursor.fetchone() or (False,))[0]:
                cursor.execute("SELECT version_num FROM public.alembic_version")
                heads = tuple(row[0] for row in cursor.fetchall())
            if (schema, name) != (quote("public"), quote("alembic_version")):
                cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
                cursor.execute(f"CREATE TABLE IF NOT EXISTS {schema}.{name} (version_num varchar(255) NOT NULL)")
                cursor.execute(f"DELETE FROM {schema}.{name}")
                for head in heads:
                    cursor.execute(f"INSERT INTO {schema}.{name} VALUES (%s)", (head,))
        return heads
    finally:
        opened.close()
