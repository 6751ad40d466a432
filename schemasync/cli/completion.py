"""`schemasync completion`: what a shell needs to complete commands, options, formats and kinds."""

import os
from pathlib import Path

import click

from schemasync.cli.output import write_standard_output

SHELLS = ("bash", "zsh", "fish")
EXAMPLES = """\b
Examples:
  eval "$(schemasync completion bash)"                          # in ~/.bashrc
  eval "$(schemasync completion zsh)"                           # in ~/.zshrc
  schemasync completion fish > ~/.config/fish/completions/schemasync.fish"""


@click.command("completion", epilog=EXAMPLES)
@click.argument("shell", required=False, type=click.Choice(SHELLS), metavar=f"[{'|'.join(SHELLS)}]")
@click.pass_context
def command(context: click.Context, shell: str | None) -> int:
    """Print a script that completes commands, options, formats and kinds of drift in a shell.

    Without a name it is for the shell that SHELL names.
    """
    from click.shell_completion import ShellComplete, get_completion_class

    from schemasync.errors import ConfigurationError

    chosen = shell or Path(os.environ.get("SHELL", "")).name
    class_ = get_completion_class(chosen)
    if chosen not in SHELLS or class_ is None:
        raise ConfigurationError(f"no completion for the shell {chosen!r}", hint=f"name one of {', '.join(SHELLS)}")
    # Click's own for bash would start a bash to ask for its version, and a warning is all that comes of it.
    made = class_(context.find_root().command, {}, "schemasync", "_SCHEMASYNC_COMPLETE")
    write_standard_output(ShellComplete.source(made))
    return 0
