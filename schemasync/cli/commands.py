"""The group of all commands, each loaded when it is called."""

from collections.abc import Mapping
from importlib import import_module

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
EPILOGUE = """\b
Exit codes: 0 nothing found, 1 findings, 2 it could not be done.
Start with: schemasync init, then schemasync check."""


class CommandLine(click.Group):
    """The group of all commands.

    Args:
        table: for each command the module that has it as `command`, and its line in `--help`.
    """

    def __init__(self, table: Mapping[str, tuple[str, str]]) -> None:
        super().__init__(
            name="schemasync",
            help="Keeps one PostgreSQL database honest between Prisma and SQLAlchemy.",
            epilog=EPILOGUE,
            context_settings=CONTEXT,
            params=[
                click.Option(
                    ["--version"],
                    is_flag=True,
                    expose_value=False,
                    is_eager=True,
                    callback=_version,
                    help="Show the version and exit.",
                )
            ],
        )
        self.table = table

    def list_commands(self, _context: click.Context) -> list[str]:
        """The names, in the table's order."""
        return list(self.table)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The command of that name, its module imported now."""
        if name not in self.table:
            return None
        command: click.Command = import_module(self.table[name][0]).command
        return command

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name.

        Raises:
            click.UsageError: there is none; it suggests the nearest name.
        """
        name = arguments[0]
        if name not in self.table and not name.startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(name, self.table, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise click.UsageError(f"No such command {name!r}.{hint}", context)
        return super().resolve_command(context, arguments)

    def shell_complete(self, context: click.Context, incomplete: str) -> "list[CompletionItem]":
        """The commands that begin so, and the options; click's own would import every module for its text."""
        from click.shell_completion import CompletionItem

        found = [
            CompletionItem(name, help=text) for name, (_, text) in self.table.items() if name.startswith(incomplete)
        ]
        return found + click.Command.shell_complete(self, context, incomplete)

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands in `--help`; click's own would import every module for its text."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.table.items()])


def _version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        from schemasync import __version__

        click.echo(f"schemasync {__version__}")
        context.exit()
