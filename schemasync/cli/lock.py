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
    started: list[subprocess.Popen[bytes]] = []
    told: list[int] = []

    def pass_on(number: int, _frame: object) -> None:
        told.append(number)
        for process in started:
            process.send_signal(signal.SIGTERM)

    # Before the command is there: a signal at its very start must not leave it running without the lock.
    before = signal.signal(signal.SIGTERM, pass_on)
    at_a_terminal = signal.signal(signal.SIGINT, lambda *_: None)  # the terminal tells the command as well
    try:
        started.append(subprocess.Popen(command_line, env=environment))  # noqa: S603 - the user's own command
        if told:
            started[0].send_signal(signal.SIGTERM)
        code = started[0].wait()
    except OSError as error:
        raise SchemasyncError(f"cannot run {command_line[0]}: {error.strerror}") from error
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, at_a_terminal)
    return code if code >= 0 else BY_SIGNAL - code
