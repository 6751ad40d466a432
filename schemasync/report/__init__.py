"""One file a report format; each turns a report into text. Writing it somewhere is the command line's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from schemasync.records import beside, record

if TYPE_CHECKING:
    from schemasync.compare.drift import Comparison
    from schemasync.fleet import FleetMember
    from schemasync.ownership import Ownership
    from schemasync.schema.model import Schema


@record(frozen=True, slots=True)
class WitnessSummary:
    """A witness that took part: its name, where it came from, and how many tables it states."""

    name: str
    source: str
    tables: int


@record(frozen=True, slots=True)
class Report:
    """What a check found.

    Args:
        witnesses: who took part, in the order of the columns.
        comparison: the drifts, and what was not compared.
        baselined: how many drifts a baseline accepted and the comparison no longer has.
        schemas: what the witnesses state, by name, for the formats that draw it.
        ownership: what the user configured about owners.
        folder: the working folder as seen from the repository's root, where paths in files for a forge start.
        members: the databases of a fleet, where there are many.
    """

    witnesses: tuple[WitnessSummary, ...]
    comparison: Comparison
    baselined: int = 0
    schemas: Mapping[str, Schema] = beside(default_factory=dict)
    ownership: Ownership | None = None
    folder: str = ""
    members: tuple[FleetMember, ...] = ()

    def compared_tables(self) -> list[tuple[str, str]]:
        """Schema and name of each table that two witnesses or more state, sorted."""
        from schemasync.ownership import Ownership

        rules = self.ownership or Ownership()
        stated = [key for schema in self.schemas.values() for key in schema.table_by_key]
        return sorted(key for key in set(stated) if stated.count(key) > 1 and not rules.is_ignored(*key))


@record(frozen=True, slots=True)
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
FORMATS = {
    "text": "schemasync.report.text",
    "json": "schemasync.report.json",
    "sarif": "schemasync.report.sarif",
    "github": "schemasync.report.github",
    "gitlab": "schemasync.report.gitlab",
    "junit": "schemasync.report.junit",
    "markdown": "schemasync.report.markdown",
    "html": "schemasync.report.html",
}


def report_on(
    witnesses: Mapping[str, Schema],
    comparison: Comparison,
    *,
    ownership: Ownership | None = None,
    folder: str = "",
    members: tuple[FleetMember, ...] = (),
) -> Report:
    """A comparison with what a reader wants to know of its witnesses.

    Args:
        witnesses: by name, in the order of the columns.
        comparison: what holding them against each other gave.
        ownership: what the user configured about owners.
        folder: the working folder as seen from the repository's root.
        members: the databases of a fleet, where there are many.
    """
    summaries = tuple(
        WitnessSummary(
            name,
            fleet_in_words(members) if members and name == "database" else schema.source,
            sum(table.kind != "view" for table in schema.tables),
        )
        for name, schema in witnesses.items()
    )
    baselined = sum(item.place == "external" for item in comparison.suppressed)
    return Report(summaries, comparison, baselined, witnesses, ownership, folder, members)


def fleet_in_words(members: Sequence[FleetMember]) -> str:
    """How many databases there are, and how many of them differ: `12 databases, 3 of them different`."""
    groups = len({member.group for member in members if member.group is not None})
    alike = "all equal" if groups == 1 else f"{groups:,} different ones"
    lost = sum(member.state == "unreachable" for member in members)
    unread = f", {lost:,} unreachable" if lost else ""
    return f"{len(members):,} databases, {alike}{unread}"


def render(report: Report, format_name: str, terminal: Terminal | None = None) -> str:
    """A report in one of `FORMATS`; the same report always gives the same text."""
    writer: Format = import_module(FORMATS[format_name])
    return writer.render(report, terminal or Terminal())
