"""The example project on a PostgreSQL of its own: migrated by both sides' histories, then checked."""

import dataclasses
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path

from schemasync.compare.drift import Comparison
from schemasync.config import Configuration, ScratchSettings, literal, load
from schemasync.errors import ConfigurationError
from schemasync.project import check
from schemasync.schema.model import Schema

VARIABLE = "DATABASE_URL"
LEFT_BEHIND = ("__pycache__", "node_modules", ".venv", ".next", ".env")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Example:
    """The example, running.

    Args:
        folder: a copy of the project that may be changed.
        url: the database that both histories have migrated.
        configuration: the project's own.
    """

    folder: Path
    url: str
    configuration: Configuration


@contextmanager
def running_example(say: Say, *, keep_folder: bool = False) -> Iterator[Example]:
    """Copy the example, start a PostgreSQL, and migrate a database by Prisma's and then Alembic's history.

    The working folder is the copy, and `DATABASE_URL` the database, until the end; then the server is stopped.

    Args:
        say: is told each step when it is done.
        keep_folder: whether the copy stays.

    Raises:
        ScratchError: no PostgreSQL could be started.
        DatabaseError: a migration failed.
    """
    from schemasync.scratch import scratch_server

    folder = Path(tempfile.mkdtemp(prefix="schemasync-demo-"))
    try:
        shutil.copytree(example_folder(), folder, ignore=shutil.ignore_patterns(*LEFT_BEHIND), dirs_exist_ok=True)
        with scratch_server("auto") as server, server.create_database() as database, chdir(folder):
            major, minor = divmod(server.version, 10_000)
            say(f"started PostgreSQL {major}.{minor} ({server.kind})")
            with _environment(VARIABLE, database.url):
                configuration = load(folder / "schemasync.toml")
                # Expressions are spelled by the server that runs anyway.
                scratch = ScratchSettings(literal(database.url))
                configuration = dataclasses.replace(configuration, scratch=scratch)
                _migrate(configuration, database.url, say)
                yield Example(folder, database.url, configuration)
    finally:
        if not keep_folder:
            shutil.rmtree(folder, ignore_errors=True)


def check_example(example: Example) -> tuple[dict[str, Schema], Comparison]:
    """Compare the example's schema.prisma, its models and its database, as `schemasync check` does."""
    return check(example.configuration)


def example_folder() -> Path:
    """The example as it was installed with the package, or as it lies beside the sources.

    Raises:
        ConfigurationError: it is in neither place.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "example" / "invoices", package.parent / "examples" / "invoices"):
        if (folder / "schemasync.toml").is_file():
            return folder
    raise ConfigurationError("this installation of schemasync lacks the example project", hint="install it again")


def deploy(migrations: Path, url: str) -> int:
    """Run Prisma's pending migrations and write them into `_prisma_migrations`, as Prisma does.

    It stands in for `prisma migrate deploy` where there is no Node.

    Args:
        migrations: Prisma's folder of migrations.
        url: the database.

    Returns:
        How many were pending.

    Raises:
        DatabaseError: a migration failed.
    """
    from schemasync.witnesses.histories import read_histories
    from schemasync.witnesses.prisma_record import record_applied
    from schemasync.witnesses.replay import replay_prisma

    history = read_histories(url, migrations=migrations).prisma
    assert history is not None
    names = replay_prisma(migrations, url, only=history.pending)
    record_applied(migrations, names, url)
    return len(names)


def _migrate(configuration: Configuration, url: str, say: Say) -> None:
    """Prisma goes first: on a database that has other tables its first deploy would refuse (P3005)."""
    from schemasync.witnesses.replay import replay_alembic

    migrations = configuration.migrations()
    revisions = configuration.alembic.config
    if migrations is None or revisions is None:
        raise ConfigurationError("the example's configuration names no migrations")
    say(f"ran {deploy(migrations, url)} Prisma migrations")
    say(f"ran {len(replay_alembic(configuration.path(revisions, '[alembic] config'), url))} Alembic revisions")


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
