"""The entry point: `schemasync COMMAND`. Each command's module is imported when the command is called."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import click

# Name: the module that has the command, and what `--help` says about it without importing that module.
COMMANDS = {
    "check": ("schemasync.cli.check", "Compare Prisma's schema, the SQLAlchemy models and the database."),
    "completion": ("schemasync.cli.completion", "Print a script that completes commands in a shell."),
    "current": ("schemasync.cli.current", "Show the Alembic revisions that the database is at."),
    "demo": ("schemasync.cli.demo", "Check the example project on a PostgreSQL of its own."),
    "downgrade": ("schemasync.cli.downgrade", "Take Alembic revisions back, within the fence."),
    "explain": ("schemasync.cli.explain", "Explain a kind of drift, or list all kinds."),
    "graph": ("schemasync.cli.graph", "Draw the tables, their owners and foreign keys."),
    "heads": ("schemasync.cli.heads", "Show the heads of the Alembic revisions."),
    "history": ("schemasync.cli.history", "Show the Alembic revisions in order."),
    "init": ("schemasync.cli.init", "Find the schema, the models and Alembic, and write the configuration."),
    "lock": ("schemasync.cli.lock", "Run a command while no other release can."),
    "mirror": ("schemasync.cli.mirror", "Write, update or check the SQLAlchemy models of Prisma's tables."),
    "plan": ("schemasync.cli.plan", "Find the safe order of a release."),
    "rehearse": ("schemasync.cli.rehearse", "Carry the plan of a release out on a scratch database."),
    "revision": ("schemasync.cli.revision", "Write an Alembic revision for owned tables only."),
    "roles": ("schemasync.cli.roles", "Print or verify a set-up of roles with least privilege."),
    "snapshot": ("schemasync.cli.snapshot", "Write a witness's schema as JSON."),
    "stamp": ("schemasync.cli.stamp", "Set the Alembic revision that the database is at, within the fence."),
    "status": ("schemasync.cli.status", "Show both migration histories beside the database."),
    "upgrade": ("schemasync.cli.upgrade", "Run Alembic revisions, within the fence."),
    "verify": ("schemasync.cli.verify", "Verify that the database is as a step of a release leaves it."),
    "wait": ("schemasync.cli.wait", "Block until the database states what this build relies on."),
}

INTERRUPTED = 130
TERMINATED = 143
COULD_NOT_BE_DONE = 2
SECONDS_BEFORE_INSISTING = 0.01
VALUES_BEFORE_COLLECTING = 50_000


def run() -> None:
    """The console script: runs the command line's arguments and exits."""
    if sys.argv[1:] == ["--version"]:
        from schemasync import __version__

        print(f"schemasync {__version__}")  # noqa: T201 - click's echo would cost the import of click
        sys.exit(0)
    try:
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:  # before a command began to run, or after it had
        sys.stderr.write("interrupted\n")
        code = INTERRUPTED
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    import signal

    # A terminated process must stop its scratch server too: leave by an exception, as after Ctrl-C.
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    if hasattr(signal, "pthread_kill"):
        sys.unraisablehook = _insist
    import gc

    from schemasync import own_process

    # Nearly all that a command makes it keeps: the collector would go through it again and again, and find nothing.
    gc.set_threshold(VALUES_BEFORE_COLLECTING)
    own_process.begin()
    code = main(arguments)
    # Nothing is left to be found, but leaving would look through everything once more.
    gc.freeze()
    return code


def _insist(ignored: sys.UnraisableHookArgs) -> None:
    """Raise what a signal raised in a moment again, where Python had to ignore it: in a finalizer, or while it imports.

    The command would go on, or, as the import lock may not have been released, wait for ever for a thread that imports.
    """
    if not issubclass(ignored.exc_type, SystemExit | KeyboardInterrupt):
        sys.__unraisablehook__(ignored)
        return
    import signal
    from threading import Timer, main_thread

    number = signal.SIGINT if issubclass(ignored.exc_type, KeyboardInterrupt) else signal.SIGTERM
    again = Timer(SECONDS_BEFORE_INSISTING, signal.pthread_kill, (main_thread().ident, number))
    again.daemon = True
    again.start()


def main(arguments: list[str]) -> int:
    """Run a command and return its exit code: 0 nothing found, 1 findings, 2 it could not be done."""
    import click

    from schemasync.cli.commands import CommandLine
    from schemasync.cli.progress import shown_on_terminals
    from schemasync.cli.warnings import prisma_warnings_shown
    from schemasync.errors import SchemasyncError

    try:
        with shown_on_terminals(), prisma_warnings_shown():
            result = CommandLine(COMMANDS).main(arguments, prog_name="schemasync", standalone_mode=False)
        if not arguments:  # nothing was done but to show the help; click before 8.2 takes that for a success
            return COULD_NOT_BE_DONE
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        with_nearest_choice(error).show()
        return COULD_NOT_BE_DONE
    except SchemasyncError as error:
        from schemasync.report.layout import without_commands

        click.echo(without_commands(error.render()), err=True)
        return COULD_NOT_BE_DONE
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last resort: whatever it is, no traceback and no password is shown
        click.echo(unexpected(error), err=True)
        return COULD_NOT_BE_DONE


def with_nearest_choice(error: click.ClickException) -> click.ClickException:
    """A usage error; where a value is none of an option's choices, one that names the nearest of them."""
    from difflib import get_close_matches

    import click

    if not isinstance(error, click.BadParameter) or not error.message.startswith("'"):
        return error
    kind = error.param.type if error.param is not None else None
    choices = [str(one) for one in kind.choices] if isinstance(kind, click.Choice) else []
    close = get_close_matches(error.message[1:].partition("'")[0], choices, n=1)
    if not close:
        return error
    return click.BadParameter(f"{error.message} Did you mean {close[0]}?", ctx=error.ctx, param=error.param)


def unexpected(error: Exception) -> str:
    """What is shown of an error that nobody foresaw: a line, or the traceback where `SCHEMASYNC_TRACEBACK` is set."""
    import os
    import traceback

    if os.environ.get("SCHEMASYNC_TRACEBACK"):
        return without_passwords("".join(traceback.format_exception(error)).rstrip())
    summary = "".join(traceback.format_exception_only(error)).strip()
    return without_passwords(
        f"error: schemasync failed unexpectedly: {summary}\n"
        "    hint: this is a mistake in schemasync. Run it again with SCHEMASYNC_TRACEBACK=1 and report what it prints."
    )


def without_passwords(text: str) -> str:
    """Any text with `***` for what may be a password: in a URL, or after a name like `password=`."""
    import re

    text = re.sub(r"(://[^\s:/@]*:)\S+@", r"\1***@", text)
    return re.sub(r"(?i)(passw(?:or)?d[\"']?\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|[^\s&,)}]+)", r"\1***", text)
