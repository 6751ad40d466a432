"""`schemasync status`: which migrations, Prisma's and Alembic's, has the database seen?"""

from pathlib import Path

import click

from schemasync.cli.options import config_option, configured, fail_on_option, format_option, output_option
from schemasync.cli.output import deliver, terminal
from schemasync.compare.drift import SEVERITIES
from schemasync.project import status
from schemasync.records import replace
from schemasync.report import Terminal

EXAMPLES = """\b
Examples:
  schemasync status
  schemasync status --database "$DATABASE_URL" --format json
  schemasync status --fail-on error"""


@click.command("status", epilog=EXAMPLES)
@config_option
@click.option("--migrations", metavar="FOLDER", help="Prisma's folder of migrations.")
@click.option("--alembic", metavar="PATH", help="An alembic.ini, or the folder that Flask-Migrate keeps.")
@click.option("--database", metavar="URL", help="The live database.")
@click.option("--schema", "schemas", multiple=True, metavar="NAME", help="A PostgreSQL schema to look in; repeatable.")
@format_option("text", "json")
@output_option
@fail_on_option("a finding")
def command(
    config_file: Path | None,
    migrations: str | None,
    alembic: str | None,
    database: str | None,
    schemas: tuple[str, ...],
    format_name: str,
    output: Path | None,
    fail_on: str,
) -> int:
    """Show both migration histories beside the database.

    What has been applied, what is pending, and what is in the way: failed, interrupted, edited or unknown migrations.
    Exits with 0 where nothing is to be done, 1 where something is, and 2 where it could not be read.
    """
    configuration = configured(config_file, database=database, schemas=schemas)
    if migrations is not None:
        settings = replace(configuration.prisma, migrations=_absolute(migrations))
        configuration = replace(configuration, prisma=settings)
    if alembic is not None:
        configuration = replace(configuration, alembic=replace(configuration.alembic, config=_absolute(alembic)))
    found = status(configuration)
    if format_name == "json":
        from schemasync.report.status_json import render as as_json

        text = as_json(found)
    else:
        from schemasync.report.status_text import render as as_text

        text = as_text(found, terminal() if output is None else Terminal())
    deliver(text, output)
    threshold = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return int(any(drift.severity in threshold for drift in found.drifts))


def _absolute(path: str) -> str:
    from schemasync.config import literal

    return literal(str(Path(path).expanduser().absolute()))
