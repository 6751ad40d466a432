"""Errors of the user's own code: the application's factory, env.py, a revision while it is imported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from schemasync.errors import SchemasyncError
from schemasync.migrate.refusals import MigrationError

if TYPE_CHECKING:
    from types import TracebackType

    from schemasync.migrate.environment import AlembicProject

HINT = "the project's own code was running: mend it, or set in the environment what it needs"


@contextmanager
def their_errors(project: AlembicProject, what: str) -> Iterator[None]:
    """Turn whatever the user's code raises within into an error that names its place and their frames alone.

    Args:
        project: the Alembic project; its folders are the user's.
        what: what has failed, in words: `env.py failed`.

    Raises:
        MigrationError: it raised something, SystemExit too.
    """
    try:
        yield
    except SchemasyncError:
        raise
    except SystemExit as error:
        if is_answer_to_signal(error):
            raise
        raise their_error(error, project, what) from error
    except Exception as error:
        raise their_error(error, project, what) from error


def their_error(error: BaseException, project: AlembicProject, what: str) -> MigrationError:
    """An exception of the user's code as an error: what failed, `path:line: Name: text`, and their frames.

    Args:
        error: what was raised.
        project: the Alembic project; its folders are the user's.
        what: what has failed, in words.
    """
    from schemasync.witnesses.import_errors import described_error
    from schemasync.witnesses.user_files import UserFiles

    files = UserFiles((*project.path, project.file.absolute().parent, project.start))
    summary, _, frames = described_error(error, files, project.start).partition("\n")
    ending = f"\n{frames}" if frames else ""
    return MigrationError(f"{what}: {summary}; nothing has changed{ending}", hint=HINT)


def is_answer_to_signal(error: SystemExit) -> bool:
    """Whether a SystemExit was raised by Schemasync itself, whose handler of SIGTERM does so, not by what it runs."""
    traceback: TracebackType | None = error.__traceback__
    innermost = ""
    while traceback is not None:
        innermost = traceback.tb_frame.f_code.co_filename
        traceback = traceback.tb_next
    return Path(innermost).is_relative_to(Path(__file__).resolve().parents[1])
