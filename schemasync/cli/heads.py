"""`schemasync heads`: Alembic's command of that name."""

from pathlib import Path
from typing import Any

import click

from schemasync.cli.migration import alembic_project, project_options

EXAMPLES = """\b
Examples:
  schemasync heads --verbose"""


@click.command("heads", epilog=EXAMPLES)
@project_options
@click.option("--verbose", "-v", is_flag=True, help="More about each revision.")
def command(config_file: Path | None, alembic: str | None, x: tuple[str, ...], verbose: bool, **_options: Any) -> int:
    """Show the heads of the Alembic revisions."""
    from schemasync.migrate.commands import show

    _, project = alembic_project(config_file, alembic, x)
    show("heads", project, verbose=verbose)
    return 0
