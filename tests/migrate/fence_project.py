"""A database that both sides have migrated, and an Alembic project of one test on it."""

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from databases import Database

from schemasync.migrate.environment import AlembicProject
from schemasync.migrate.layers import Layers, Timeouts
from schemasync.migrate.prepared import Settings
from schemasync.migrate.record import Record
from schemasync.migrate.runs import Target
from schemasync.migrate.upgrade import migrate
from schemasync.schema.model import Enum, Schema, Table
from schemasync.scratch import ScratchDatabase, ScratchServer

DATABASE = (Path(__file__).parent / "database.sql").read_text()

ENVIRONMENT = """\
from alembic import context
from sqlalchemy import create_engine, pool

connectable = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
with connectable.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""

REVISION = """\
import sqlalchemy as sa
from alembic import op

revision = {revision!r}
down_revision = {down!r}
branch_labels = None
depends_on = None


def upgrade():
{upgrade}


def downgrade():
{downgrade}
"""

# Prisma has users, sessions, audit and _prisma_migrations; the models have teams and members; nobody has legacy.
DECLARED = {
    "prisma": Schema(
        "prisma",
        tables=tuple(Table(name) for name in ("users", "sessions", "badges", "events")),
        enums=(Enum("Role", ("ADMIN", "USER")),),
    ),
    "sqlalchemy": Schema(
        "sqlalchemy",
        tables=tuple(Table(name) for name in ("users", "teams", "members", "notes", "measurements")),
        enums=(Enum("mood", ("happy", "sad")),),
    ),
}


@contextmanager
def migrated_database(server: ScratchServer) -> Iterator[ScratchDatabase]:
    """The database, as both sides have migrated it."""
    with server.create_database() as made:
        with closing(made.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(DATABASE)
        yield made


LIVE = Layers(rehearsal=False, guard=False)


class Project:
    """An Alembic project in a folder, on a database.

    Args:
        folder: where it is written.
        database: the database.
        server: the rehearsal's scratch server.
    """

    def __init__(self, folder: Path, database: Database, server: ScratchServer, environment: str = ENVIRONMENT) -> None:
        self.folder = folder
        self.database = database
        self.server = server
        self.last = "base0"
        (folder / "versions").mkdir(parents=True)
        url = database.url.replace("postgresql://", "postgresql+psycopg2://").replace("%", "%%")
        (folder / "alembic.ini").write_text(f"[alembic]\nscript_location = .\nsqlalchemy.url = {url}\n")
        (folder / "env.py").write_text(environment)
        (folder / "script.py.mako").write_text(TEMPLATE)
        self.write("base0", None, "pass", "pass")

    def write(self, revision: str, down: str | Sequence[str] | None, upgrade: str, downgrade: str = "pass") -> Path:
        """A revision with these bodies."""
        path = self.folder / "versions" / f"{revision}.py"
        bodies = [textwrap.indent(textwrap.dedent(text).strip(), "    ") for text in (upgrade, downgrade)]
        path.write_text(REVISION.format(revision=revision, down=down, upgrade=bodies[0], downgrade=bodies[1]))
        return path

    def add(self, upgrade: str, downgrade: str = "pass", revision: str | None = None) -> Path:
        """One more revision at the end of the chain."""
        name = revision or f"rev{len(list((self.folder / 'versions').glob('*.py')))}"
        path = self.write(name, self.last, upgrade, downgrade)
        self.last = name
        return path

    def settings(self, layers: Layers = LIVE) -> Settings:
        """Settings for a run on this project."""
        return Settings(
            self.database.url,
            AlembicProject(self.folder / "alembic.ini"),
            DECLARED,
            layers=layers,
            timeouts=Timeouts("300ms"),
            retries=0,
            scratch=self.server,
        )

    def upgrade(
        self, revision: str = "heads", *, layers: Layers | None = None, dry_run: bool = False, **changed
    ) -> Record:
        """Upgrade within the fence."""
        settings = self.settings() if layers is None else self.settings(layers)
        return migrate(replace(settings, **changed), Target("upgrade", revision), dry_run=dry_run)

    def downgrade(self, revision: str, **changed) -> Record:
        """Downgrade within the fence."""
        return migrate(replace(self.settings(), **changed), Target("downgrade", revision))

    def version(self) -> list[str]:
        """What the version table says."""
        return [row[0] for row in self.database.execute("SELECT version_num FROM alembic_version ORDER BY 1")]


TEMPLATE = '''"""${message}"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''
