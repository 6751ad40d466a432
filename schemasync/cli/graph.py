"""`schemasync graph`: owners, mirrors and foreign keys, drawn."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schemasync.cli.options import configured, format_option, output_option, source_options
from schemasync.cli.output import deliver
from schemasync.project import configured_witnesses, witness_schemas

if TYPE_CHECKING:
    from schemasync.report.diagram import Diagram

EXAMPLES = """\b
Examples:
  schemasync graph --witness prisma --output tables.mmd
  schemasync graph --format svg --owner sqlalchemy --output owned.svg
  schemasync graph --format html --table users --depth 2 --output users.html"""


@click.command("graph", epilog=EXAMPLES)
@source_options
@click.option(
    "--witness",
    "wanted",
    multiple=True,
    type=click.Choice(["prisma", "sqlalchemy", "database"]),
    help="Draw what these state; repeatable; by default all that are configured.",
)
@format_option("mermaid", "svg", "html", of="The drawing's.")
@click.option("--table", metavar="NAME", help="Only this table, and what foreign keys join to it.")
@click.option("--depth", type=click.IntRange(min=0), default=1, show_default=True, help="How far from --table.")
@click.option("--owner", type=click.Choice(["prisma", "sqlalchemy"]), help="Only what this side owns and refers to.")
@output_option
def command(
    config_file: Path | None,
    stub_missing: bool,
    wanted: tuple[str, ...],
    format_name: str,
    table: str | None,
    depth: int,
    owner: str | None,
    output: Path | None,
    **sources: Any,
) -> int:
    """Draw the tables: who owns them, which are mirrored, and the foreign keys between them."""
    from schemasync.errors import ConfigurationError
    from schemasync.report.diagram import diagram_of

    configuration = configured(config_file, **sources)
    chosen = wanted or configured_witnesses(configuration)
    if not chosen:
        raise ConfigurationError(
            "nothing to draw: no witness is given",
            hint="give --prisma, --metadata or --database, or run: schemasync init",
        )
    schemas = witness_schemas(configuration, chosen, stub_missing=stub_missing)
    diagram = diagram_of(schemas, configuration.table_ownership())
    title = "Tables and their owners"
    if owner is not None:
        diagram = diagram.of_owner(owner)
    if table is not None:
        diagram = diagram.around(table, depth)
        title = f"{table} and what is joined to it"
    deliver(_drawn(format_name, diagram, title), output)
    return 0


def _drawn(format_name: str, diagram: "Diagram", title: str) -> str:
    if format_name == "mermaid":
        from schemasync.report.mermaid import mermaid

        return mermaid(diagram)
    if format_name == "svg":
        from schemasync.report.svg import svg

        return svg(diagram, title=title)
    from schemasync.report.html import diagram_page

    return diagram_page(diagram, title)
