"""`schemasync wait`: does the database state yet what this build relies on?"""

from pathlib import Path
from typing import Any

import click

from schemasync.cli.options import configured, source_options
from schemasync.cli.output import remark, write_standard_output

EXAMPLES = """\b
Examples:
  schemasync snapshot --witness sqlalchemy --output manifest.json   # when the image is built
  schemasync wait --manifest manifest.json --timeout 120            # before it starts
  schemasync wait --witness prisma --database "$DATABASE_URL\""""


@click.command("wait", epilog=EXAMPLES)
@source_options
@click.option(
    "--manifest",
    "manifests",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What a build relies on, as schemasync snapshot wrote it; repeatable.",
)
@click.option(
    "--witness",
    "wanted",
    multiple=True,
    type=click.Choice(["prisma", "sqlalchemy"]),
    help="What this tree relies on; repeatable; without manifests by default all that are configured.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    default=300.0,
    show_default=True,
    metavar="SECONDS",
    help="When to give up; 0 looks once.",
)
def command(
    config_file: Path | None,
    stub_missing: bool,
    manifests: tuple[Path, ...],
    wanted: tuple[str, ...],
    timeout: float,
    **sources: Any,
) -> int:
    """Block until the database states what this build relies on.

    For init containers and release phases. Every table and column that the build's statements name must be there, with
    a type that they can read and no surprise that makes an INSERT fail. Exits with 0 as soon as that is so, with 1
    where it is not at the end, and with 2 where the database cannot be read until the end.
    """
    from schemasync.project_histories import database_place
    from schemasync.project_services import services_of
    from schemasync.release.waiting import wait_until_ready
    from schemasync.witnesses.database import read_database

    configuration = configured(config_file, **sources)
    services = services_of(configuration, wanted, manifests, stub_missing=stub_missing)
    url, schemas = database_place(configuration)
    outcome = wait_until_ready(
        services,
        lambda: read_database(url, schemas),
        timeout=timeout,
        tell=lambda reason: remark(f"waiting: {reason}"),
    )
    if outcome.error is not None:
        raise outcome.error
    if not outcome.ready:
        write_standard_output("".join(f"{one.sentence}\n" for one in outcome.breakages))
        return 1
    names = " and ".join(service.name for service in services)
    write_standard_output(f"ready: {names} can run\n")
    return 0
