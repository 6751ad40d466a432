"""`schemasync verify`: does the database state what a step of a release should leave behind?"""

from pathlib import Path
from typing import Any

import click

from schemasync.cli.options import configured, format_option, output_option, source_options
from schemasync.cli.output import deliver, terminal
from schemasync.report import Terminal

EXAMPLES = """\b
Examples:
  schemasync verify prisma
  schemasync verify alembic:5d7ac2f4083b --format json
  schemasync verify 'service:back end'"""


@click.command("verify", epilog=EXAMPLES)
@click.argument("step")
@source_options
@click.option(
    "--migration",
    "named",
    multiple=True,
    metavar="NAME",
    help="A migration that the step prisma runs; repeatable; without it all that the folder has.",
)
@click.option(
    "--failing",
    multiple=True,
    metavar="TABLE.COLUMN",
    help="What a service failed for before the release already; repeatable.",
)
@click.option("--before", is_flag=True, help="Whether the step may be taken now, instead of whether it has been.")
@click.option(
    "--pending",
    multiple=True,
    metavar="NAME@DIGEST",
    help="With --before: a migration that is pending then, as schemasync plan wrote it; repeatable.",
)
@click.option(
    "--unknown",
    "accepted",
    multiple=True,
    metavar="NAME",
    help="With --before: what the database has seen and this tree lacks, and the plan knew; repeatable.",
)
@format_option("text", "json", of="The answer's.")
@output_option
def command(
    config_file: Path | None,
    stub_missing: bool,
    step: str,
    named: tuple[str, ...],
    failing: tuple[str, ...],
    before: bool,
    pending: tuple[str, ...],
    accepted: tuple[str, ...],
    format_name: str,
    output: Path | None,
    **sources: Any,
) -> int:
    """Verify a step of a release: prisma, alembic:REVISION, 'service:front end' or 'service:back end'.

    A migration must have been applied, and where it changes what the database states, the database must state that. A
    service must be able to run. Exits with 0 where that is so, 1 where it is not, and 2 where that could not be told.
    """
    from schemasync.project_verification import ready, verify

    configuration = configured(config_file, **sources)
    if before:
        found = ready(
            configuration,
            step,
            named=named,
            pending=pending,
            accepted=accepted,
            failing=failing,
            stub_missing=stub_missing,
        )
    else:
        found = verify(configuration, step, named=named, failing=failing, stub_missing=stub_missing)
    if format_name == "json":
        from schemasync.report.verification import as_json

        text = as_json(found)
    else:
        from schemasync.report.verification import as_text

        text = as_text(found, terminal() if output is None else Terminal(), before=before)
    deliver(text, output)
    return int(not found.done)
