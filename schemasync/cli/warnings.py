"""What Prisma warns of, on standard error."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def prisma_warnings_shown() -> Iterator[None]:
    """Show each warning about a Prisma schema once, as its text alone; other warnings stay Python's matter."""
    import click

    from schemasync.errors import PrismaSchemaWarning

    said: set[str] = set()
    with warnings.catch_warnings():
        otherwise = warnings.showwarning

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            text = str(message)
            if not issubclass(category, PrismaSchemaWarning):
                otherwise(message, category, filename, lineno, file, line)
            elif text not in said:
                said.add(text)
                click.echo(text, err=True)

        warnings.simplefilter("always", PrismaSchemaWarning)
        warnings.showwarning = show
        yield
