"""The files of a schema: one file, or a folder with all that is in it."""

from pathlib import Path

from schemasync.errors import Diagnostic
from schemasync.witnesses.prisma.parser import parse
from schemasync.witnesses.prisma.syntax import SchemaFile

_ENDING = ".prisma"
_SKIPPED = "node_modules"
_NEXT_LANGUAGE = "contract.prisma"


def read_syntax(path: Path) -> tuple[list[SchemaFile], list[Diagnostic]]:
    """Read a .prisma file, or every .prisma file in a folder and the folders in it, in the order of their paths.

    Args:
        path: the file or folder. Folders called node_modules are left out.

    Returns:
        The trees of all files that could be read, and diagnostics for what could not.
    """
    files: list[SchemaFile] = []
    diagnostics: list[Diagnostic] = []
    try:
        found = _files(path)
    except OSError as error:
        return [], [Diagnostic(f"This folder cannot be read: {error.strerror}", str(path), 1, 1)]
    if not found:
        hint = "a schema is a .prisma file, or a folder of them"
        return [], [Diagnostic("There is no .prisma file in this folder", str(path), 1, 1, hint=hint)]
    for file in found:
        text = _text(file, diagnostics)
        if text is not None:
            tree, problems = parse(text, str(file))
            files.append(tree)
            diagnostics += problems
    return files, diagnostics


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = [
        file for file in path.rglob(f"*{_ENDING}") if _SKIPPED not in file.relative_to(path).parts and file.is_file()
    ]
    return sorted(found, key=lambda file: file.relative_to(path).parts)


def _text(file: Path, diagnostics: list[Diagnostic]) -> str | None:
    """The text of a file; None, reported, where it cannot be read."""
    if file.name == _NEXT_LANGUAGE:
        message = "This is a contract of Prisma 8, which is written in another language"
        hint = "Schemasync reads the schemas of Prisma 6 and 7"
        diagnostics.append(Diagnostic(message, str(file), 1, 1, hint=hint))
        return None
    try:
        content = file.read_bytes()
    except OSError as error:
        message = f"This file cannot be read: {error.strerror}"
        diagnostics.append(Diagnostic(message, str(file), 1, 1))
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        begin = content.rfind(b"\n", 0, error.start) + 1
        column = len(content[begin : error.start].decode("utf-8", "replace")) + 1
        diagnostics.append(Diagnostic("This file is no UTF-8 from here on", str(file), line, column))
        return None
