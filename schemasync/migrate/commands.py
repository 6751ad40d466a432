"""Alembic's own commands that only look: `current`, `history`, `heads`."""

from typing import Literal

from schemasync.migrate.environment import AlembicProject, opened_project
from schemasync.migrate.refusals import MigrationError
from schemasync.migrate.theirs import their_errors


def show(command: Literal["current", "history", "heads"], project: AlembicProject, *, verbose: bool = False) -> None:
    """Print what Alembic's command prints.

    Args:
        command: which.
        project: the Alembic project.
        verbose: more about each revision.

    Raises:
        ConfigurationError: the project cannot be loaded.
        MigrationError: the command failed.
    """
    from alembic import command as commands
    from alembic.util import CommandError

    with opened_project(project) as config, their_errors(project, f"alembic {command} failed"):
        try:
            getattr(commands, command)(config, verbose=verbose)
        except CommandError as error:
            raise MigrationError(str(error)) from error
