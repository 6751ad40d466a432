"""A database as an earlier revision of the project would have migrated it: what a branch is planned against in CI."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from schemasync.project_plan import tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemasync.config import Configuration
    from schemasync.scratch.interface import ScratchServer


@contextmanager
def base_database(configuration: Configuration, revision: str, server: ScratchServer) -> Iterator[str]:
    """A scratch database that all migrations of a git revision have built, their records included.

    Args:
        configuration: the settings of this tree, from a file in the repository.
        revision: a commit, branch or tag, as git names it.
        server: where the database is created; it is dropped at the end.

    Yields:
        Its URL.

    Raises:
        ConfigurationError: there is no repository, or no such revision, or it has no configuration.
        DatabaseError: its migrations do not run through.
        ScratchError: no scratch database could be had.
    """
    from schemasync.project_histories import places_of
    from schemasync.release.replayed import PRISMA, replayed, steps_of
    from schemasync.witnesses.histories import read_histories
    from schemasync.witnesses.prisma_record import record_applied

    with ExitStack() as stack:
        places = places_of(stack.enter_context(tree_of(configuration, revision)))
        histories = read_histories(None, migrations=places.migrations, alembic=places.alembic)
        replay = replayed(server, places, steps_of(histories, pending=True))
        stack.callback(replay.database.close)
        if places.migrations is not None:
            names = [step.name for step in replay.ran if step.side == PRISMA]
            record_applied(places.migrations, names, replay.database.url)
        yield replay.database.url
