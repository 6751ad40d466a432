"""`schemasync explain`: what a kind of drift means, why it matters, how to mend it."""

import click

from schemasync.cli.options import kinds_beginning
from schemasync.cli.output import deliver, terminal
from schemasync.errors import ConfigurationError

EXAMPLES = """\b
Examples:
  schemasync explain
  schemasync explain column-missing"""


def _names(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from schemasync.compare.kinds import catalogue

    return [name for name in catalogue() if name.startswith(incomplete)]


@click.command("explain", epilog=EXAMPLES)
@click.argument("kind", required=False, shell_complete=kinds_beginning)
def command(kind: str | None) -> int:
    """Explain a kind of drift, or list all kinds."""
    from schemasync.compare.kinds import catalogue
    from schemasync.report.kinds import explained, listed

    if kind is None:
        deliver(listed(terminal()), None)
        return 0
    if kind not in catalogue():
        from schemasync.config_file import nearest

        raise ConfigurationError(
            f"there is no kind of drift {kind!r}",
            hint=nearest(kind, catalogue()) or "schemasync explain lists all kinds",
        )
    deliver(explained(catalogue()[kind], terminal()), None)
    return 0
