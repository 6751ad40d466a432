"""`schemasync plan`: in which order can a release be carried out so that everything that runs can run?"""

from pathlib import Path
from typing import Any

import click

from schemasync.cli.options import configured, deployed_options, format_option, output_option, source_options
from schemasync.cli.output import deliver, terminal
from schemasync.progress import step
from schemasync.report import Terminal

EXAMPLES = """\b
Examples:
  schemasync plan --deployed v1.4.0
  schemasync plan --deployed-manifest front-end.json --deployed-manifest back-end.json
  schemasync plan --deployed origin/production --format mermaid
  schemasync plan --deployed v1.4.0 --format shell --output release.sh"""


@click.command("plan", epilog=EXAMPLES)
@source_options
@deployed_options
@format_option("text", "json", "mermaid", "shell", of="The plan's.")
@click.option("--rehearse", "now", is_flag=True, help="Rehearse it too, and show what each step locks and rewrites.")
@click.option(
    "--rehearsal",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Show what schemasync rehearse --format json found before.",
)
@output_option
def command(
    config_file: Path | None,
    stub_missing: bool,
    deployed: str | None,
    manifests: tuple[Path, ...],
    format_name: str,
    now: bool,
    file: Path | None,
    output: Path | None,
    **sources: Any,
) -> int:
    """Find the safe order of a release: from what is deployed to this tree.

    The pending migrations of both sides are run in scratch databases, in every order that matters, and in each state
    the old and the new version of each service are held against it. Exits with 0 where there is a safe order, 1 where
    there is none, and 2 where that could not be told.
    """
    from schemasync.cli.rehearsed_plan import plan_of

    configuration = configured(config_file, **sources)
    with step("Running the pending migrations in scratch databases"):
        found, rehearsed, sound = plan_of(
            configuration, deployed=deployed, manifests=manifests, stub_missing=stub_missing, now=now, file=file
        )
    if format_name == "json":
        from schemasync.report.plan_json import render as as_json

        text = as_json(found, rehearsed)
    elif format_name == "mermaid":
        from schemasync.report.plan_mermaid import render as as_mermaid

        text = as_mermaid(found, rehearsed.hazards if rehearsed else ())
    elif format_name == "shell":
        from schemasync.cli.script import script_settings
        from schemasync.report.plan_shell import render as as_shell

        text = as_shell(found, script_settings(configuration, sources, stub_missing=stub_missing))
    else:
        from schemasync.report.plan_text import render as as_text

        place = terminal() if output is None else Terminal()
        text = as_text(found, place, rehearsed.hazards, rehearsed.lint) if rehearsed else as_text(found, place)
    deliver(text, output)
    return int(found.order is None or not sound)
