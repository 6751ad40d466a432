"""`schemasync mirror`: the SQLAlchemy models of Prisma's tables, written, updated and checked."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schemasync.cli.options import configured, source_options
from schemasync.cli.output import remark, write_file, write_standard_output
from schemasync.errors import ConfigurationError
from schemasync.mirror.styles import STYLES
from schemasync.progress import step
from schemasync.records import replace

if TYPE_CHECKING:
    from schemasync.mirroring import Mirroring

EXAMPLES = """\b
Examples:
  schemasync mirror                                      (to standard output)
  schemasync mirror --output app/models                  (a module a model)
  schemasync mirror --update --diff
  schemasync mirror --check"""


@click.command("mirror", epilog=EXAMPLES)
@source_options
@click.option("--style", type=click.Choice(STYLES), help="How the models look; by default as configured.")
@click.option("--base", metavar="MODULE:ATTRIBUTE", help="The base class, db or MetaData that the models belong to.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A folder (a module a model) or one .py file; by default as configured.",
)
@click.option("--update", is_flag=True, help="Bring files that are there up to date, in place.")
@click.option("--prune", is_flag=True, help="With --update: delete what Prisma lacks, where nothing else uses it.")
@click.option("--diff", "shows_diff", is_flag=True, help="Show what would change, and write nothing.")
@click.option("--check", "only_checks", is_flag=True, help="Exit with 1, and the diff, where files are stale.")
@click.option("--force", is_flag=True, help="Overwrite files that were edited.")
@click.option(
    "--to", "target", type=click.Choice(["prisma"]), help="The other way: Prisma models of SQLAlchemy's tables."
)
def command(
    config_file: Path | None,
    stub_missing: bool,
    style: str | None,
    base: str | None,
    output: Path | None,
    update: bool,
    prune: bool,
    shows_diff: bool,
    only_checks: bool,
    force: bool,
    target: str | None,
    **sources: Any,
) -> int:
    """Write, update or check the SQLAlchemy models of Prisma's tables.

    Without an output the models go to standard output as one module. Files that are there and differ are only
    overwritten with --force; --update edits them in place, keeps what people wrote, and deletes nothing unless --prune
    asks for it. Exits with 1 where --check finds stale files, or --update leaves something to people.
    """
    if prune and not update:
        raise ConfigurationError("--prune is for --update", hint="schemasync mirror --update --prune")
    configuration = configured(config_file, **sources)
    given: dict[str, Any] = {
        "style": style,
        "base": base,
        "output": str(output.absolute()) if output is not None else None,
    }
    settings = replace(configuration.mirror, **{name: value for name, value in given.items() if value is not None})
    configuration = replace(configuration, mirror=settings)
    if target == "prisma":
        from schemasync.mirroring import prisma_side

        write_standard_output(prisma_side(configuration, stub_missing=stub_missing))
        return 0
    from schemasync.mirroring import mirroring

    with step("Comparing the mirrors with the Prisma schema"):
        result = mirroring(
            configuration,
            update=update,
            prune=prune,
            only_compares=shows_diff or only_checks,
            force=force,
            stub_missing=stub_missing,
        )
    return _deliver(result, shows_diff=shows_diff, only_checks=only_checks)


def _deliver(result: "Mirroring", *, shows_diff: bool, only_checks: bool) -> int:
    if result.text is not None:
        write_standard_output(result.text)
        return 0
    stale = bool(result.files)
    if shows_diff or only_checks:
        write_standard_output(result.diff())
    else:
        for path, text in result.files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_file(path, text)
    is_written = not (shows_diff or only_checks)
    if result.did and not is_written:
        remark("would be done (nothing was written):")
    for line in result.did:
        remark(line if is_written else f"  {line}")
    for line in result.suggested:
        remark(f"suggested: {line}")
    for line in result.left:
        remark(f"left to you: {line}")
    if not stale:
        remark("the mirrors are up to date")
    return int((only_checks and stale) or bool(result.left))
