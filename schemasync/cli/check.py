"""`schemasync check`: do the witnesses agree?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schemasync.cli.check_fleet import fleet_of
from schemasync.cli.forge import summarise, working_folder
from schemasync.cli.options import (
    configured,
    fail_on_option,
    fleet_source_options,
    format_option,
    kinds_beginning,
    output_option,
)
from schemasync.cli.output import deliver, remark, terminal, write_file
from schemasync.compare.drift import SEVERITIES
from schemasync.errors import ConfigurationError
from schemasync.own_process import kept
from schemasync.paths import shown
from schemasync.project import WITNESSES, check
from schemasync.records import replace
from schemasync.report import FORMATS, Terminal, render, report_on

if TYPE_CHECKING:
    from schemasync.compare.drift import Comparison
    from schemasync.config import Configuration
    from schemasync.fleet import FleetMember
    from schemasync.fleet_file import FleetDatabase

EXAMPLES = """\b
Examples:
  schemasync check
  schemasync check --witness prisma --witness sqlalchemy --stub-missing
  schemasync check --prisma prisma/schema.prisma --database "$DATABASE_URL"
  schemasync check --databases tenants.txt --jobs 16
  schemasync check --format json --output drifts.json --fail-on error"""


@click.command("check", epilog=EXAMPLES)
@fleet_source_options
@click.option(
    "--databases",
    "databases_file",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Many databases to hold against the same schema: a line NAME = URL each; - is standard input.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=8,
    show_default=True,
    metavar="N",
    help="How many databases are read at once.",
)
@click.option(
    "--snapshot",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A schema that schemasync snapshot wrote, as one more witness.",
)
@click.option(
    "--witness",
    "wanted",
    multiple=True,
    type=click.Choice(WITNESSES),
    help="Compare only these; repeatable; by default all that are configured.",
)
@format_option(*FORMATS)
@output_option
@fail_on_option("a drift")
@click.option(
    "--ignore",
    multiple=True,
    metavar="PATTERN",
    shell_complete=kinds_beginning,
    help="A kind, or kind:table.object, to leave out; repeatable.",
)
@click.option(
    "--baseline", type=click.Path(path_type=Path), metavar="FILE", help="The accepted drifts, as [check] baseline."
)
@click.option("--write-baseline", is_flag=True, help="Accept every drift that there is, and exit with 0.")
@click.option(
    "--expires",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Until when --write-baseline accepts new drifts.",
)
@click.option("--base", metavar="REVISION", help="Only drifts that this git revision does not have.")
@click.option(
    "--at-applied",
    is_flag=True,
    help="Hold the database against what its applied migrations build; what is pending is no drift then.",
)
@click.option(
    "--deployed",
    metavar="REVISION",
    help="The git revision that is deployed: Prisma must not drop what its mirror, or the new one, still maps.",
)
@click.option(
    "--deployed-manifest",
    "manifests",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The same, of a build, as schemasync snapshot wrote it; repeatable.",
)
@click.option("--replay", is_flag=True, help="Also hold what all the migrations build against what is declared.")
def command(
    config_file: Path | None,
    databases: tuple[str, ...],
    databases_file: Path | None,
    jobs: int,
    stub_missing: bool,
    snapshot: Path | None,
    wanted: tuple[str, ...],
    format_name: str,
    output: Path | None,
    fail_on: str,
    ignore: tuple[str, ...],
    baseline: Path | None,
    write_baseline: bool,
    expires: datetime | None,
    base: str | None,
    at_applied: bool,
    deployed: str | None,
    manifests: tuple[Path, ...],
    replay: bool,
    **sources: Any,
) -> int:
    """Compare Prisma's schema, the SQLAlchemy models and the database.

    Any two or more of them are compared. Exits with 0 where they agree, 1 where they do not, and 2 where they could
    not be compared.
    """
    _demand_that_they_fit(
        baseline=baseline,
        write_baseline=write_baseline,
        expires=expires,
        base=base,
        at_applied=at_applied,
        alone=not (wanted or snapshot is not None or replay),
    )
    fleet: tuple[FleetDatabase, ...] = ()
    if databases_file is not None or len(databases) > 1:
        fleet = fleet_of(databases, databases_file)
    one = next(iter(databases), None) if not fleet else None
    configuration = _judging(configured(config_file, database=one, **sources), ignore, baseline)
    options: dict[str, Any] = {
        "snapshot": snapshot,
        "stub_missing": stub_missing,
        "at_applied": at_applied,
        "replay": replay,
    }
    before = None
    if deployed is not None or manifests:
        from schemasync.project_plan import deployed_schemas

        before = deployed_schemas(configuration, deployed, manifests, stub_missing=stub_missing)
    members: tuple[FleetMember, ...] = ()
    if fleet:
        from schemasync.fleet import check_fleet

        found = check_fleet(configuration, fleet, wanted, jobs=jobs, deployed=before, **options)
        witnesses, comparison, members = found.witnesses, found.comparison, found.members

        def compared(other: Configuration) -> Comparison:
            return check_fleet(other, fleet, wanted, jobs=jobs, already=found.reading, **options).comparison

    else:
        witnesses, comparison = check(configuration, wanted, deployed=before, **options)

        def compared(other: Configuration) -> Comparison:
            return check(other, wanted, **options)[1]

    if base is not None:
        from schemasync.base_revision import without_those_of

        comparison = without_those_of(comparison, base, configuration, compared)
    if write_baseline:
        from schemasync.gate import baseline_path, new_baseline

        day = expires.date() if expires is not None else None
        text, number = new_baseline(configuration, comparison, witnesses, expires=day)
        path = baseline_path(configuration)
        write_file(path, text)
        remark(f"wrote {shown(path)}: {number} drift{'' if number == 1 else 's'} accepted")
        return 0
    ownership = configuration.table_ownership()
    report = report_on(witnesses, comparison, ownership=ownership, folder=working_folder(), members=members)
    if format_name == "github":
        summarise(report)
    deliver(render(report, format_name, terminal() if output is None else Terminal()), output)
    kept((witnesses, comparison, report))
    threshold = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return int(any(drift.severity in threshold for drift in comparison.drifts))


def _demand_that_they_fit(
    *,
    baseline: Path | None,
    write_baseline: bool,
    expires: datetime | None,
    base: str | None,
    at_applied: bool,
    alone: bool,
) -> None:
    """Refuse options that do not go together; `alone` is without others that say what to compare.

    Raises:
        ConfigurationError: there is no such baseline.
        click.UsageError: two options exclude each other.
    """
    if baseline is not None and not write_baseline and not baseline.exists():
        raise ConfigurationError(
            f"there is no baseline {baseline}", hint="write one: schemasync check --write-baseline"
        )
    if write_baseline and base is not None:
        raise click.UsageError("--write-baseline accepts every drift: leave out --base")
    if expires is not None and not write_baseline:
        raise click.UsageError("--expires is for --write-baseline")
    if at_applied and not alone:
        raise click.UsageError("--at-applied is a comparison of its own: leave out --witness, --snapshot and --replay")


def _judging(configuration: Configuration, ignore: tuple[str, ...], baseline: Path | None) -> Configuration:
    """The configuration with what the command line says of accepted drifts."""
    from schemasync.config import literal

    settings = replace(
        configuration.check,
        ignore=(*configuration.check.ignore, *ignore),
        baseline=literal(str(baseline.absolute())) if baseline is not None else configuration.check.baseline,
    )
    return replace(configuration, check=settings)
