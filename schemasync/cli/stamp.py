"""`schemasync stamp`: Alembic's command of that name, within the fence."""

from pathlib import Path
from typing import Any

import click

from schemasync.cli.migration import run_options, run_within_fence

EXAMPLES = """\b
Examples:
  schemasync stamp heads"""


@click.command("stamp", epilog=EXAMPLES)
@click.argument("revision", default="heads")
@run_options
def command(config_file: Path | None, revision: str, as_sql: bool, dry_run: bool, **options: Any) -> int:
    """Set the Alembic revision that the database is at, within the fence.

    No revision runs; only Alembic's version table is written.
    """
    return run_within_fence("stamp", revision, config_file, as_sql=as_sql, dry_run=dry_run, **options)
