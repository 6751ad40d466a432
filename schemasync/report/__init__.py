"""One file a report format; each turns a report into text. Writing it somewhere is the command line's."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemasync.compare.drift import Comparison
    from schemasync.schema.model import Schema


@dataclass(frozen=True, slots=True)
class WitnessSummary:
    """A witness that took part: its name, where it came from, and how many tables it states."""

    name: str
    source: str
    tables: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found.

    Args:
        witnesses: who took part, in the order of the columns.
        comparison: the drifts, and what was not compared.
        baselined: how many drifts a baseline accepted and the comparison no longer has.
    """

    witnesses: tuple[WitnessSummary, ...]
    comparison: Comparison
    baselined: int = 0


@dataclass(frozen=True, slots=True)
class Terminal:
    """What the place can show that a report is written to: colours, and characters beyond ASCII."""

    colour: bool = False
    unicode: bool = True


class Format(Protocol):
    """A module of this package that writes one format."""

    def render(self, report: Report, terminal: Terminal, /) -> str:
        """The report as text, with a final line ending."""
        ...


# By name on the command line; a module is imported when its format is asked for.
FORMATS = {"text": "schemasync.report.text", "json": "schemasync.report.json"}


def report_on(witnesses: Mapping[str, Schema], comparison: Comparison, *, baselined: int = 0) -> Report:
    """A comparison with what a reader wants to know of its witnesses."""
    summaries = tuple(
        WitnessSummary(name, schema.source, sum(table.kind != "view" for table in schema.tables))
        for name, schema in witnesses.items()
    )
    return Report(summaries, comparison, baselined)


def render(report: Report, format_name: str, terminal: Terminal | None = None) -> str:
    """A report in one of `FORMATS`; the same report always gives the same text."""
    writer: Format = import_module(FORMATS[format_name])
    return writer.render(report, terminal or Terminal())
