"""The errors that a user can cause. Each says what, where and what to do; several are reported at once."""

from collections.abc import Sequence
from typing import Literal

from schemasync.records import record


@record(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong in a user's file.

    Args:
        message: what is wrong, in a sentence without a final full stop.
        path: the file, as the user named it.
        line: from 1.
        column: from 1, in code points, as editors count them.
        end_column: one past the last marked column on the same line; the caret's length follows from it.
        source_line: the text of the line, without its line ending.
        hint: what to do, if there is something definite to say.
        severity: a warning does not make the file invalid.
    """

    message: str
    path: str
    line: int
    column: int
    end_column: int = 0
    source_line: str = ""
    hint: str = ""
    severity: Literal["error", "warning"] = "error"

    def render(self) -> str:
        """The diagnostic as text: `path:line:column: severity: message`, the line, a caret, the hint."""
        head = f"{self.path}:{self.line}:{self.column}: {self.severity}: {self.message}"
        lines = [head]
        if self.source_line.strip():
            before = self.source_line[: self.column - 1]
            indent = "".join(character if character == "\t" else " " for character in before)
            width = max(1, min(self.end_column or 0, len(self.source_line) + 1) - self.column)
            lines += [f"    {self.source_line}", f"    {indent}{'^' * width}"]
        if self.hint:
            lines.append(f"    hint: {self.hint}")
        return "\n".join(lines)


class SchemasyncError(Exception):
    """Something that a user can cause and mend; the command line prints it and exits with 2.

    Args:
        message: what went wrong and where.
        hint: what to do about it.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def render(self) -> str:
        """The whole text for a terminal."""
        return f"error: {self.message}" + (f"\n    hint: {self.hint}" if self.hint else "")


class PrismaSchemaError(SchemasyncError):
    """A schema.prisma that Prisma would refuse; carries every diagnostic of the file or folder.

    Args:
        diagnostics: the errors, and the warnings beside them.
        rules: by which rules, where that follows from the project's files: `by the rules of Prisma 7, …`.
    """

    def __init__(self, diagnostics: Sequence[Diagnostic], rules: str = "") -> None:
        self.diagnostics = tuple(diagnostics)
        self.rules = rules
        super().__init__("\n".join(item.render() for item in self.diagnostics))

    def render(self) -> str:
        """Every diagnostic with its line and caret, then their number."""
        count = sum(item.severity == "error" for item in self.diagnostics)
        rules = f", {self.rules}" if self.rules else ""
        return f"{self.message}\n{count} error{'s' if count != 1 else ''} in the Prisma schema{rules}"


class PrismaSchemaWarning(UserWarning):
    """What Prisma warns of in a schema that it accepts; shown by Python's `warnings`.

    Args:
        text: the diagnostic with its line and caret.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)


class ConfigurationError(SchemasyncError):
    """The configuration is missing, malformed or contradicts itself."""


class ModelImportError(SchemasyncError):
    """The user's models could not be imported; the traceback is cut to their own frames."""


class DatabaseError(SchemasyncError):
    """The database could not be reached or read. The message never holds a password."""


class ScratchError(SchemasyncError):
    """No scratch database could be started."""


class SnapshotError(SchemasyncError):
    """A snapshot file is no snapshot, or one of a newer format."""


class NothingComparedError(SchemasyncError):
    """The witnesses have no table in common: a comparison that compared nothing is no success."""
