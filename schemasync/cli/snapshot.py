"""`schemasync snapshot`: a witness's schema as JSON."""

from pathlib import Path
from typing import Any

import click

from schemasync.cli.options import configured, output_option, source_options
from schemasync.cli.output import deliver
from schemasync.errors import ConfigurationError
from schemasync.project import witness_schemas

EXAMPLES = """\b
Examples:
  schemasync snapshot --witness database --output before.json
  schemasync check --snapshot before.json --witness snapshot --witness database"""


@click.command("snapshot", epilog=EXAMPLES)
@source_options
@click.option(
    "--witness", required=True, type=click.Choice(["prisma", "sqlalchemy", "database"]), help="Whose schema to write."
)
@click.option(
    "--complete", is_flag=True, help="With all that only PostgreSQL keeps: triggers, policies, functions, privileges."
)
@output_option
def command(
    config_file: Path | None, stub_missing: bool, witness: str, complete: bool, output: Path | None, **sources: Any
) -> int:
    """Write a witness's schema as JSON.

    The file can be kept, compared later by schemasync check --snapshot, and read by schemasync.Schema.from_json. One of
    prisma or sqlalchemy also names the migrations that the build comes with, for schemasync plan.
    """
    if complete and witness != "database":
        raise ConfigurationError(f"--complete is for --witness database; {witness} states all it knows anyway")
    from schemasync.project_histories import migrations_of_build
    from schemasync.schema.snapshot import to_json

    configuration = configured(config_file, **sources)
    schemas = witness_schemas(configuration, [witness], stub_missing=stub_missing, complete=complete)
    deliver(to_json(schemas[witness], migrations_of_build(configuration, witness)), output)
    return 0
