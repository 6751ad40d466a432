"""Replays a migration history in a database that is meant for it, usually a scratch database."""

import unicodedata
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemasync.errors import DatabaseError
from schemasync.passwords import scrub
from schemasync.paths import shown
from schemasync.urls import connection_parameters

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from psycopg2.extensions import connection

# Unicode's root collation (CLDR, root/allkeys) sorts punctuation like this, before digits and letters.
_PUNCTUATION = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"

# What psycopg2 says of a script without a statement; PostgreSQL itself has no objection to one.
NOTHING_TO_RUN = "can't execute an empty query"

Progress = Callable[[str], None]


def replay_prisma(
    folder: Path, url: str, *, progress: Progress | None = None, only: Collection[str] | None = None
) -> tuple[str, ...]:
    """Run Prisma's migrations, as `prisma migrate deploy` would, but without its table of applied ones.

    Each script is sent as one text over the simple protocol: PostgreSQL makes it one transaction unless it says BEGIN
    itself (manual, "Multiple Statements in a Simple Query").

    Args:
        folder: Prisma's folder of migrations.
        url: the database, which the migrations find as they expect it: empty, as a rule.
        progress: is told each migration's name before it runs.
        only: the migrations to run; None for all.

    Returns:
        The migrations' names in the order in which they ran.

    Raises:
        DatabaseError: the database cannot be reached, a script is missing, or one fails; with its place in the script.
    """
    import psycopg2

    names = tuple(name for name in migration_names(folder) if only is None or name in only)
    try:
        opened: connection = psycopg2.connect(**connection_parameters(url))  # type: ignore[call-overload]  # libpq's
    except psycopg2.Error as error:
        raise DatabaseError(f"cannot connect: {scrub(' '.join(str(error).split()), url)}") from None
    try:
        opened.autocommit = True
        for name in names:
            if progress is not None:
                progress(name)
            _run_script(opened, folder / name / "migration.sql")
    finally:
        opened.close()
    return names


def migration_names(folder: Path) -> tuple[str, ...]:
    """The migrations in a folder, in Prisma's order.

    Raises:
        DatabaseError: there is no such folder.
    """
    try:
        names = [entry.name for entry in folder.iterdir() if entry.is_dir()]
    except OSError as error:
        raise DatabaseError(f"cannot read Prisma's migrations in {shown(folder)}: {error.strerror}") from error
    return tuple(sorted(names, key=collation_key))


def collation_key(name: str) -> tuple[Sequence[Any], ...]:
    """Sorts names as JavaScript's `localeCompare`, which Prisma uses, for the characters that names consist of.

    First by letters whatever their case and accents, punctuation before digits before letters; then by accents; then
    small letters before capitals.
    """
    decomposed = unicodedata.normalize("NFD", name)
    plain = [character for character in decomposed if not unicodedata.combining(character)]
    accents = [character if unicodedata.combining(character) else "" for character in decomposed]
    primary = [_primary(letter) for character in plain for letter in character.casefold()]
    return (primary, accents, [character.isupper() for character in plain], name)


def replay_alembic(
    config: Path,
    url: str,
    *,
    path: Sequence[Path] = (),
    progress: Progress | None = None,
    target: str | tuple[str, ...] = "heads",
    connected: Callable[[Any], None] | None = None,
) -> tuple[str, ...]:
    """Run Alembic's revisions up to its heads, without the project's own env.py.

    The revisions' code runs in this process. Their env.py does not, so that neither the application nor its settings
    are needed, and no connection but the one to `url` is opened.

    Args:
        config: an `alembic.ini`, or the folder that Flask-Migrate keeps.
        url: the database; the tables that the revisions' foreign keys refer to must be there.
        path: folders to import from, for revisions that import the application.
        progress: is told each revision's message after it ran.
        target: the revisions to go up to, with all that they need.
        connected: is given SQLAlchemy's connection before anything runs on it, to watch it.

    Returns:
        The revisions' identifiers in the order in which they ran.

    Raises:
        DatabaseError: the database cannot be reached, the revisions cannot be loaded, or one fails.
    """
    import sys

    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError
    from sqlalchemy.exc import SQLAlchemyError

    applied: list[str] = []
    destination: Any = target  # Alembic's annotation knows of one revision only
    before = list(sys.path)
    sys.path[:0] = [str(folder) for folder in path]
    try:
        settings = alembic_settings(config)
        scripts = ScriptDirectory.from_config(settings)

        def upgrade(revision: Any, _context: "MigrationContext") -> Any:
            return scripts._upgrade_revs(destination, revision)  # as alembic.command.upgrade does

        def note(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:  # noqa: ARG001 - called by these names
            applied.append(step.up_revision_id)
            if progress is not None:
                progress(step.up_revision.doc)

        environment = EnvironmentContext(settings, scripts, fn=upgrade, destination_rev=destination)
        with environment, scratch_engine(url).connect() as opened:
            if connected is not None:
                connected(opened)
            environment.configure(connection=opened, on_version_apply=note, transaction_per_migration=True)
            with environment.begin_transaction():
                environment.run_migrations()
    except (CommandError, SQLAlchemyError) as error:
        last = f" after {applied[-1]}" if applied else ""
        reason = scrub(str(getattr(error, "orig", None) or error).strip(), url)
        raise DatabaseError(f"the Alembic revisions of {shown(config)} failed{last}: {reason}") from error
    finally:
        sys.path[:] = before
    return tuple(applied)


def _run_script(opened: "connection", script: Path) -> None:
    import psycopg2

    try:
        text = script.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DatabaseError(f"cannot read {shown(script)}: {error.strerror}") from error
    try:
        with opened.cursor() as cursor:
            cursor.execute(text)
    except psycopg2.Error as error:
        if str(error) == NOTHING_TO_RUN:
            return
        # The position counts characters from 1.
        position = int(error.diag.statement_position or 0)
        place = f":{text.count(chr(10), 0, position - 1) + 1}" if position else ""
        reason = error.diag.message_primary or str(error).strip()
        raise DatabaseError(f"{shown(script)}{place}: the migration failed: {reason}") from error


def alembic_settings(config: Path) -> "Config":
    """Alembic's settings; Flask-Migrate leaves out where the scripts are: beside the file."""
    from alembic.config import Config

    file = config / "alembic.ini" if config.is_dir() else config
    if not file.is_file():
        raise DatabaseError(f"there is no {shown(file)}")
    settings = Config(str(file))
    if settings.get_main_option("script_location") is None:
        settings.set_main_option("script_location", str(file.parent).replace("%", "%%"))
    return settings


def scratch_engine(url: str) -> Any:
    """An engine over psycopg2, whichever driver SQLAlchemy would take for the URL."""
    import psycopg2
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    parameters: dict[str, Any] = dict(connection_parameters(url))
    return create_engine("postgresql+psycopg2://", creator=lambda: psycopg2.connect(**parameters), poolclass=NullPool)


def _primary(character: str) -> tuple[int, str]:
    if character in _PUNCTUATION or character.isspace():
        return (0, chr(_PUNCTUATION.find(character) + 1))
    return (1, character) if character.isdigit() else (2, character)
