"""`schemasync downgrade`: Alembic's command of that name, within the fence."""

from pathlib import Path
from typing import Any

import click

from schemasync.cli.migration import run_options, run_within_fence

EXAMPLES = """\b
Examples:
  schemasync downgrade -- -1
  schemasync downgrade ae1027a6acf --dry-run"""


@click.command("downgrade", epilog=EXAMPLES)
@click.argument("revision", required=True)
@run_options
def command(config_file: Path | None, revision: str, as_sql: bool, dry_run: bool, **options: Any) -> int:
    """Take Alembic revisions back, within the fence.

    REVISION is the one to go back to, -1 for one step, or base for all. Exits with 1 when the fence refused.
    """
    return run_within_fence("downgrade", revision, config_file, as_sql=as_sql, dry_run=dry_run, **options)
