"""`schemasync upgrade`: Alembic's command of that name, within the fence."""

from pathlib import Path
from typing import Any

import click

from schemasync.cli.migration import run_options, run_within_fence

EXAMPLES = """\b
Examples:
  schemasync upgrade
  schemasync upgrade +1 --dry-run
  schemasync upgrade --sql"""


@click.command("upgrade", epilog=EXAMPLES)
@click.argument("revision", default="heads")
@run_options
def command(config_file: Path | None, revision: str, as_sql: bool, dry_run: bool, **options: Any) -> int:
    """Run Alembic revisions, within the fence.

    What Prisma owns, and what nobody here declared, stays as it was, or nothing runs at all: a refusal names the
    revision's file and line, the statement and the object. Exits with 1 when the fence refused.
    """
    return run_within_fence("upgrade", revision, config_file, as_sql=as_sql, dry_run=dry_run, **options)
