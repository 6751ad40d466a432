"""Errors of the user's own code while it is imported: shown as theirs, without our frames and without passwords."""

import linecache
import re
import traceback
from pathlib import Path

from schemasync.errors import ModelImportError
from schemasync.paths import shown
from schemasync.witnesses.guard import SideEffectError
from schemasync.witnesses.user_files import UserFiles

# A password may itself hold an @ or a slash: everything up to the last @ of the word is hidden.
_URL_PASSWORD = re.compile(r"(://[^\s:/@'\"]*):[^\s'\"]*@")
_NAMED_PASSWORD = re.compile(r"(?i)\b(\w*(?:password|passwd|pwd)\w*[\"']?\s*[=:]\s*)([\"']?)[^\s'\",)&]+")


def without_passwords(text: str) -> str:
    """A text with `***` for the password of every URL and of every `password=…`."""
    return _NAMED_PASSWORD.sub(r"\1\2***", _URL_PASSWORD.sub(r"\1:***@", text))


def user_error(
    error: BaseException, user_files: UserFiles, working_folder: Path, *, hint: str = ""
) -> ModelImportError:
    """An exception that the user's code raised while it was imported, as an error."""
    return ModelImportError(described_error(error, user_files, working_folder), hint=hint)


def described_error(error: BaseException, user_files: UserFiles, working_folder: Path) -> str:
    """An exception that the user's code raised: `path:line: Name: text`, then the frames of the user's files.

    Args:
        error: the exception.
        user_files: tells the user's files from all others.
        working_folder: what paths are shown from.
    """
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if user_files.hold(frame.filename) and frame.lineno is not None
    ]
    places = [(frame.filename, frame.lineno or 0, frame.line or "") for frame in frames]
    if isinstance(error, SyntaxError) and error.filename is not None and error.lineno is not None:
        places.append((error.filename, error.lineno, linecache.getline(error.filename, error.lineno).strip()))
    text = _text(error)
    name = type(error).__name__
    summary = f"{name}: {text}" if text else name
    if places:
        summary = f"{shown(places[-1][0], working_folder)}:{places[-1][1]}: {summary}"
    steps = [f"    {shown(filename, working_folder)}:{line}: {source}" for filename, line, source in places]
    return without_passwords("\n".join([summary, *(steps if len(steps) > 1 else [])]))


def side_effect_error(attempt: SideEffectError, working_folder: Path) -> ModelImportError:
    """What is said of a connection or `create_all()` that was stopped."""
    hint = "schemasync only reads the models: move the call into a function that the import does not run"
    return ModelImportError(describe_attempt(attempt, working_folder), hint=hint)


def describe_attempt(attempt: SideEffectError, working_folder: Path) -> str:
    """`path:line: create_all() was attempted while the models were imported, and was stopped`."""
    place = f"{shown(attempt.filename, working_folder)}:{attempt.line}: " if attempt.filename else ""
    return f"{place}{attempt}, and was stopped"


def _text(error: BaseException) -> str:
    """An exception's message on one line; a syntax error's without its place, which stands in front."""
    text = (error.msg or "") if isinstance(error, SyntaxError) else str(error)
    return " ".join(text.partition("\n(Background on this error")[0].split())
