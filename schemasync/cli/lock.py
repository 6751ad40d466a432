"""`schemasync lock`: runs a command while no other release can."""

import os
import signal
import subprocess
from pathlib import Path

import click

from schemasync.cli.options import config_option, configured
from schemasync.errors import SchemasyncError

EXAMPLES = """\b
Examples:
  schemasync lock -- ./release.sh
  schemasync lock --database "$DATABASE_URL" -- make deploy"""
CONTEXT = {"ignore_unknown_options": True}
# As a shell has it for a command that a signal ended.
BY_SIGNAL = 128


@click.command("lock", epilog=EXAMPLES, context_settings=CONTEXT)
@config_option
@click.option("--database", metavar="URL", help="The live database.")
@click.argument("command_line", metavar="-- COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
def command(config_file: Path | None, database: str | None, command_line: tuple[str, ...]) -> int:
    """Run a command while no other release can.

    An advisory lock is held on the live database until the command ends; the script of schemasync plan --format shell
    takes it by itself. Exits as the command does, and with 2 where another release is under way.
    """
    from schemasync.project_histories import database_place
    from schemasync.release.lock import VARIABLE, release_lock

    url, _ = database_place(configured(config_file, database=database))
    with release_lock(url) as holder:
        return _run(command_line, {**os.environ, VARIABLE: holder})


def _run(command_line: tuple[str, ...], environment: dict[str, str]) -> int:
    """Run it to its end: the lock must outlast it, even where this process is told to stop."""
    try:
        process = subprocess.Popen(command_line, env=environment)  # noqa: S603 - the user's own command
    except OSError as error:
        raise SchemasyncError(f"cannot run {command_line[0]}: {error.strerror}") from error
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            continue  # the terminal has told the command as well
        except SystemExit:
            process.send_signal(signal.SIGTERM)
            continue
        return code if code >= 0 else BY_SIGNAL - code
