"""`alembic check` against `schemasync check`: whole processes that hold a database against what is declared."""

import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg2

from benchmarks.measures import Row
from benchmarks.mirrors import write_models
from benchmarks.process_measures import ENVIRONMENT, our_command
from benchmarks.timing import median, processes, ratio

_INI = """\
[alembic]
script_location = {folder}
"""
_ENVIRONMENT = """\
import sys

from alembic import context
from sqlalchemy import create_engine

sys.path.insert(0, {folder!r})
import models

with create_engine({url!r}).connect() as connection:
    context.configure(
        connection=connection, target_metadata=models.Base.metadata, compare_type=True, compare_server_default=True
    )
    with context.begin_transaction():
        context.run_migrations()
"""


def alembic_rows(path: Path, url: str, size: int, rounds: int) -> list[Row]:
    """Ours holds Prisma's schema against the database, Alembic's the mirrors of the same schema.

    Args:
        path: of the schema.
        url: of the database that has the schema's tables.
    """
    folder = path.parent / "alembic"
    (folder / "versions").mkdir(parents=True)
    write_models(path, folder / "models.py")
    with_driver = url.replace("postgresql://", "postgresql+psycopg2://")
    (folder / "env.py").write_text(_ENVIRONMENT.format(folder=str(folder), url=with_driver))
    ini = folder / "alembic.ini"
    ini.write_text(_INI.format(folder=folder))
    commands: dict[str, Sequence[str]] = {
        "check": [*our_command("check"), "--prisma", str(path), "--database", url],
        "alembic check": [sys.executable, "-m", "alembic", "-c", str(ini), "check"],
    }
    _, wall = processes(commands, rounds, ENVIRONMENT)
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS alembic_version")  # which the check creates
    connection.close()
    if len(wall) < len(commands):
        return []
    ours, theirs = median(wall["check"]), median(wall["alembic check"])
    faster = ratio(wall, "alembic check", "check")
    return [Row("check", "alembic check", size, ours, theirs, faster, 30, more_is_better=True)]
