"""The exceptions that people make: comments beside declarations, and the baseline."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from schemasync.baseline import FILE_NAME, accepted, read_baseline, rewritten
from schemasync.inline_ignores import ignored_inline

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from schemasync.compare.drift import Comparison
    from schemasync.config import Configuration
    from schemasync.schema.model import Schema


def baseline_path(configuration: Configuration) -> Path:
    """The file of accepted drifts: as configured, else beside the configuration."""
    return configuration.path(configuration.check.baseline or FILE_NAME, "[check] baseline")


def gated(
    configuration: Configuration,
    comparison: Comparison,
    witnesses: Mapping[str, Schema],
    configured: Collection[str],
    today: date | None = None,
) -> Comparison:
    """A comparison without the drifts that comments or the baseline accept, and with those exceptions that are void.

    Args:
        witnesses: those that were compared.
        configured: those that the project has; a comparison of fewer cannot know that a comment is unused.
        today: the day by which entries of the baseline expire; the real one by default.

    Raises:
        BaselineError: the baseline cannot be read.
    """
    comparison = ignored_inline(comparison, witnesses, judge=set(configured) <= set(witnesses))
    path = baseline_path(configuration)
    if not path.exists():  # a project names its baseline before it has one
        return comparison
    return accepted(comparison, read_baseline(path), path, witnesses, today or date.today())


def new_baseline(
    configuration: Configuration,
    comparison: Comparison,
    witnesses: Collection[str],
    *,
    expires: date | None = None,
    today: date | None = None,
) -> tuple[str, int]:
    """The text of a baseline that accepts every drift of a comparison, and their number.

    Args:
        comparison: as `gated` gave it.
        witnesses: those that were compared.
        expires: the last day for drifts that were not accepted before.

    Raises:
        BaselineError: there is a baseline already, and it cannot be read.
    """
    path = baseline_path(configuration)
    before = read_baseline(path) if path.exists() else ()
    drifts = [drift for drift in comparison.drifts if drift.kind != "baseline-stale"]
    drifts += [item.drift for item in comparison.suppressed if item.place == "external"]
    return rewritten(drifts, before, witnesses, expires, today or date.today()), len(drifts)
