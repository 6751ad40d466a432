"""What the fence costs: `alembic upgrade` against `schemasync upgrade`, each layer's share, on an embedded PostgreSQL.

python benchmarks/upgrade.py [--tables 1000] [--revisions 100] [--repeat 3]
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from alembic import command
from alembic.config import Config

from schemasync.migrate.environment import AlembicProject
from schemasync.migrate.layers import Layers
from schemasync.migrate.prepared import Settings
from schemasync.migrate.runs import Target
from schemasync.migrate.upgrade import migrate
from schemasync.schema.model import Schema, Table
from schemasync.scratch import ScratchDatabase, ScratchServer, scratch_server

ENVIRONMENT = """\
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""
REVISION = """\
import sqlalchemy as sa
from alembic import op

revision = "r{number}"
down_revision = {down}


def upgrade():
    op.create_table("made_{number}", sa.Column("id", sa.Integer, primary_key=True), sa.Column("body", sa.Text),
                    sa.Column("user_id", sa.Integer, sa.ForeignKey("p0.id")))
    op.create_index("made_{number}_idx", "made_{number}", ["body"])
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, nargs="*", default=[20, 1000])
    parser.add_argument("--revisions", type=int, nargs="*", default=[1, 100])
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    print("| protected tables | revisions | plain Alembic | live layers | with the rehearsal |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    with scratch_server("embedded") as server:
        for tables in arguments.tables:
            with template(server, tables) as made:
                for revisions in arguments.revisions:
                    with tempfile.TemporaryDirectory() as folder:
                        project(Path(folder), revisions)
                        runs = [
                            timed(server, made, Path(folder), plain, arguments.repeat),
                            timed(
                                server, made, Path(folder), fenced(server, tables, rehearsal=False), arguments.repeat
                            ),
                            timed(server, made, Path(folder), fenced(server, tables, rehearsal=True), arguments.repeat),
                        ]
                    print(
                        f"| {tables} | {revisions} | {' | '.join(f'{seconds:.2f} s' for seconds in runs)} |", flush=True
                    )


def template(server: ScratchServer, tables: int) -> ScratchDatabase:
    """A database with Prisma's tables, ten columns, an index and a foreign key each."""
    made = server.create_database()
    connection = made.connect()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, "
            "finished_at timestamptz, migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, "
            "started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)"
        )
        for number in range(tables):
            columns = ", ".join(f"c{column} text NOT NULL DEFAULT 'x'" for column in range(8))
            parent = f"integer REFERENCES p{number - 1} (id)" if number else "integer"
            cursor.execute(f"CREATE TABLE p{number} (id serial PRIMARY KEY, parent {parent}, {columns})")
            cursor.execute(f"CREATE INDEX p{number}_idx ON p{number} (c1, c2)")
    connection.close()
    return made


def project(folder: Path, revisions: int) -> None:
    """An Alembic project; the URL comes from the environment."""
    (folder / "versions").mkdir()
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s\n")
    text = ENVIRONMENT.replace(
        'context.config.get_main_option("sqlalchemy.url")', '__import__("os").environ["BENCH_URL"]'
    )
    (folder / "env.py").write_text(text)
    for number in range(revisions):
        down = repr(f"r{number - 1}") if number else None
        (folder / "versions" / f"r{number}.py").write_text(REVISION.format(number=number, down=down))


def plain(folder: Path, _url: str) -> None:
    command.upgrade(Config(str(folder / "alembic.ini")), "heads")


def fenced(server: ScratchServer, tables: int, *, rehearsal: bool) -> Callable[[Path, str], None]:
    declared = {"prisma": Schema("prisma", tables=tuple(Table(f"p{number}") for number in range(tables)))}

    def run(folder: Path, url: str) -> None:
        settings = Settings(url, AlembicProject(folder / "alembic.ini"), declared, scratch=server)
        layers = Layers() if rehearsal else Layers(rehearsal=False, guard=False)
        migrate(replace(settings, layers=layers), Target("upgrade", "heads"))

    return run


def timed(
    server: ScratchServer, made: ScratchDatabase, folder: Path, run: Callable[[Path, str], None], repeat: int
) -> float:
    """The median of some runs, each on a fresh copy of the database."""
    seconds = []
    for _ in range(repeat):
        with server.create_database(template=made.name) as database:
            os.environ["BENCH_URL"] = database.url.replace("postgresql:", "postgresql+psycopg2:")
            start = time.perf_counter()
            run(folder, database.url)
            seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


if __name__ == "__main__":
    sys.exit(main())
