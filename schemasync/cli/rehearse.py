"""`schemasync rehearse`: the plan of a release, carried out on a scratch database."""

from pathlib import Path
from typing import Any, Literal

import click

from schemasync.cli.options import configured, deployed_options, format_option, output_option, source_options
from schemasync.cli.output import deliver, terminal
from schemasync.progress import step
from schemasync.report import Terminal

EXAMPLES = """\b
Examples:
  schemasync rehearse --deployed v1.4.0
  schemasync rehearse --deployed v1.4.0 --from database
  schemasync rehearse --deployed v1.4.0 --format json --output rehearsal.json
  schemasync plan --deployed v1.4.0 --rehearsal rehearsal.json"""


@click.command("rehearse", epilog=EXAMPLES)
@source_options
@deployed_options
@click.option(
    "--from",
    "start",
    type=click.Choice(["histories", "database"]),
    default="histories",
    show_default=True,
    help="Start from what the histories built, or from a copy of the live database's definitions.",
)
@click.option(
    "--rows",
    type=click.IntRange(min=1, max=10_000),
    default=10,
    show_default=True,
    help="How many made-up rows each table gets.",
)
@click.option(
    "--without-env",
    is_flag=True,
    help="Run Alembic's revisions without the project's env.py, and without asking what upgrade would refuse.",
)
@format_option("text", "json")
@output_option
def command(
    config_file: Path | None,
    stub_missing: bool,
    deployed: str | None,
    manifests: tuple[Path, ...],
    start: Literal["histories", "database"],
    rows: int,
    without_env: bool,
    format_name: str,
    output: Path | None,
    **sources: Any,
) -> int:
    """Carry the plan of a release out on a scratch database.

    Makes rows up that fit the constraints, runs each step's migrations, and tries the statements of every version that
    runs at that moment: the models' by SQLAlchemy itself, and those of Prisma's client as it sends them. Alembic's
    revisions also run as upgrade will run them: by the project's env.py, within the fence. After each step the database
    must state what the plan expects. The locks that each statement takes, rewrites and scans are measured, and told
    with the live tables' sizes. Exits with 0 where all went as planned, 1 where it did not or there is no plan, and 2
    where that could not be told.
    """
    from schemasync.project_rehearsal import rehearse

    with step("Rehearsing the release in a scratch database"):
        found = rehearse(
            configured(config_file, **sources),
            deployed=deployed,
            manifests=manifests,
            stub_missing=stub_missing,
            start=start,
            rows=rows,
            env=not without_env,
        )
    if format_name == "json":
        from schemasync.report.rehearsal_json import render as as_json

        text = as_json(found)
    else:
        from schemasync.report.rehearsal_text import render as as_text

        text = as_text(found, terminal() if output is None else Terminal())
    deliver(text, output)
    return int(not found.is_sound)
