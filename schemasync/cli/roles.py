"""`schemasync roles`: a set-up in which PostgreSQL itself keeps migrations away from Prisma's tables."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from schemasync.cli.migration import BREACH, fence_settings, project_options
from schemasync.cli.output import deliver, remark

EXAMPLES = """\b
Examples:
  schemasync roles --sql > roles.sql
  schemasync roles --check --role schemasync_migrator"""


@click.command("roles", epilog=EXAMPLES)
@project_options
@click.option("--sql", "as_sql", is_flag=True, help="Print the set-up.")
@click.option(
    "--check", "verify", is_flag=True, help="Verify it; exits with 1 where a role may do too much or too little."
)
@click.option("--role", metavar="NAME", help="The role to verify; by default the connected one.")
def command(config_file: Path | None, as_sql: bool, verify: bool, role: str | None, **options: Any) -> int:
    """Print or verify a set-up of roles with least privilege.

    A migrating role that owns Alembic's tables only, with REFERENCES on Prisma's, and a role that only looks.
    Nothing is changed: the SQL is for whoever administers the database.
    """
    from schemasync.errors import ConfigurationError
    from schemasync.migrate.prepared import prepare
    from schemasync.migrate.roles import check_roles, owners_of, roles_sql

    if as_sql == verify:
        raise ConfigurationError("roles needs either --sql or --check")
    settings = fence_settings(config_file, no_prisma_lock=True, **options)
    with ExitStack() as stack:
        prepared = prepare(settings, stack)
        text = roles_sql(prepared.protection, owners_of(prepared.anchor, prepared.protection)) if as_sql else ""
        try:
            findings = check_roles(prepared.anchor, prepared.protection, role) if verify else ()
        except LookupError:
            raise ConfigurationError(f"the database has no role {role!r}") from None
    if as_sql:
        deliver(text, None)
        return 0
    if findings:
        deliver("\n".join(findings) + "\n", None)
        return BREACH
    remark("the role may do what migrations need, and nothing to protected tables")
    return 0
