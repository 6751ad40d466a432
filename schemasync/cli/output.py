"""Where results and remarks go: reports to standard output or a file, everything else to standard error."""

import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from schemasync.cli.progress import hidden
from schemasync.errors import SchemasyncError
from schemasync.paths import shown
from schemasync.report import Terminal
from schemasync.report.layout import without_commands


def remark(text: str) -> None:
    """Say something that is no result: no names or values in it steer the terminal or the runner of a CI job."""
    with hidden():
        click.echo(without_commands(text), err=True)


def terminal() -> Terminal:
    """What standard output can show. Colour only on a terminal, and not against the user's `NO_COLOR`."""
    stream = sys.stdout
    colour = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    try:
        "\u2013→─•".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return Terminal(colour, unicode=False)
    return Terminal(colour)


def deliver(text: str, output: Path | None) -> None:
    """Write a result to a file, or to standard output where there is none.

    Raises:
        SchemasyncError: the file cannot be written.
    """
    if output is None:
        write_standard_output(text)
    else:
        write_file(output, text)
        remark(f"wrote {shown(output)}")


def write_standard_output(text: str) -> None:
    """Write to standard output. A reader who has gone away (`| head`) is no error, and changes no exit code."""
    stream = sys.stdout
    encoding = stream.encoding or "utf-8"
    try:
        with hidden():
            stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
            stream.flush()
    except BrokenPipeError:
        # Python would try to flush once more at exit, and complain (Python documentation, "Note on SIGPIPE").
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def write_file(path: Path, text: str) -> None:
    """Write a file all at once: readers see the old text or the new one, never a part.

    Raises:
        SchemasyncError: it cannot be written.
    """
    try:
        if path.exists() and not path.is_file():  # a device or a pipe can only be written in place
            path.write_bytes(text.encode())
            return
        target = path.resolve()  # a symbolic link stays one
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        from tempfile import mkstemp

        handle, temporary = mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode())
            Path(temporary).chmod(mode)
            Path(temporary).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink()
            raise
    except OSError as error:
        raise SchemasyncError(f"cannot write {shown(path)}: {error.strerror}") from error


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def write_private_file(path: Path, text: str) -> None:
    """Write a file that nobody else can read: for what holds a password.

    Raises:
        SchemasyncError: it cannot be written.
    """
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise SchemasyncError(f"cannot write {shown(path)}: {error.strerror}") from error
