"""`schemasync revision`: autogenerate for owned tables only."""

from pathlib import Path
from typing import Any

import click

from schemasync.cli.migration import fence_settings, project_options
from schemasync.cli.output import deliver, remark

EXAMPLES = """\b
Examples:
  schemasync revision -m "teams have a colour" """


@click.command("revision", epilog=EXAMPLES)
@project_options
@click.option("--message", "-m", help="What the revision does.")
@click.option("--head", default="head", show_default=True, help="The revision that it follows.")
@click.option("--splice", is_flag=True, help="Allow a revision that follows no head.")
@click.option("--branch-label", help="A label for the new branch.")
@click.option("--version-path", help="The folder that it is written to.")
@click.option("--rev-id", "revision_id", help="Its identifier; by default a random one.")
@click.option("--depends-on", help="A revision that it needs.")
def command(
    config_file: Path | None,
    database: str | None,
    alembic: str | None,
    x: tuple[str, ...],
    **options: Any,
) -> int:
    """Write an Alembic revision for owned tables only.

    Prisma's tables, their mirrors and what nobody here declared are left alone; an owned table whose model is gone is
    dropped. What Alembic misses on owned tables is added: CHECK constraints, primary keys, enum values.
    Nothing is written where there is nothing to do.
    """
    from schemasync.migrate.revision import RevisionOptions, write_revision
    from schemasync.paths import shown

    settings = fence_settings(config_file, database=database, alembic=alembic, x=x, no_prisma_lock=True)
    written = write_revision(settings, RevisionOptions(**options))
    for path in written:
        deliver(f"{shown(path)}\n", None)
    if not written:
        remark("the models and the database agree on every owned table; no revision was written")
    return 0
