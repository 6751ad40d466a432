"""What GitHub and GitLab say of a job in its environment, and what they take from it beside its output."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from schemasync.errors import SchemasyncError

if TYPE_CHECKING:
    from schemasync.report import Report

# Where the repository is checked out: GitHub Actions, GitLab CI.
ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")


def working_folder() -> str:
    """The working folder as seen from the root of the repository that a job has checked out; empty outside of one."""
    for variable in ROOTS:
        root = os.environ.get(variable)
        if root and Path.cwd().resolve().is_relative_to(Path(root).resolve()):
            relative = Path.cwd().resolve().relative_to(Path(root).resolve()).as_posix()
            return "" if relative == "." else relative
    return ""


def summarise(report: Report) -> None:
    """Add the whole report to the step's summary, where there is one.

    Raises:
        SchemasyncError: the file that GitHub names cannot be written.
    """
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    from schemasync.report.github import summary

    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(summary(report))
    except OSError as error:
        raise SchemasyncError(f"cannot write GITHUB_STEP_SUMMARY: {error.strerror}") from error
