"""`schemasync demo`: the example project, start to end."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from schemasync.cli.output import deliver, remark, terminal, write_private_file
from schemasync.report import render, report_on

if TYPE_CHECKING:
    from schemasync.demo import Example


EXAMPLES = """\b
Examples:
  schemasync demo
  schemasync demo --keep"""


@click.command("demo", epilog=EXAMPLES)
@click.option("--keep", is_flag=True, help="Leave project and database for a look around, until Ctrl-C.")
def command(keep: bool) -> int:
    """Check the example project on a PostgreSQL of its own.

    Copies the project, starts PostgreSQL, runs Prisma's migrations and Alembic's revisions, and compares schema, models
    and database. The report goes to standard output, progress to standard error. Exits with 0 when all that worked,
    whatever drifts there are.
    """
    from schemasync.demo import check_example, running_example

    start = time.monotonic()

    def say(text: str) -> None:
        remark(f"{time.monotonic() - start:5.1f} s  {text}")

    with running_example(say, keep_folder=keep) as example:
        witnesses, comparison = check_example(example)
        say(f"compared {', '.join(witnesses)}")
        deliver(render(report_on(witnesses, comparison), "text", terminal()), None)
        remark("The demo worked. In a project with these drifts, schemasync check exits with 1.")
        if keep:
            _wait(example)
    return 0


def _wait(example: Example) -> None:
    """Leave everything running until the user has seen enough."""
    from schemasync.demo import VARIABLE

    settings = example.folder / ".env"
    write_private_file(settings, f"export {VARIABLE}='{example.url}'\n")
    remark(f"\nThe project is in {example.folder}. In another terminal:")
    remark(f"    cd {example.folder} && . ./{settings.name}")
    remark("    schemasync check")
    remark("PostgreSQL runs until Ctrl-C; the folder stays.")
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(3600)
