"""Hazards and squawk's findings for people, a paragraph each."""

from collections.abc import Iterator, Sequence

from schemasync.release.hazards import Hazard
from schemasync.release.squawk import LintFinding
from schemasync.report.layout import Style, paragraph

WIDTH = 80


def hazard_lines(hazards: Sequence[Hazard], lint: Sequence[LintFinding], style: Style, indent: int) -> Iterator[str]:
    """What a step does to tables in use: what lasts one by one, what does not together; then squawk's findings.

    Args:
        hazards: the step's, the worst first.
        lint: squawk's findings of it.
        style: how to emphasise.
        indent: spaces before each line.
    """
    bullet = style.character("•", "-")
    for hazard in hazards:
        if hazard.lasts:
            told = f"{bullet} {hazard.sentence} ({_short(hazard.place)})"
            for line in paragraph(told, WIDTH, indent=indent, hanging=2):
                yield style.behind(line) if hazard.blocks else line
    brief: dict[str, dict[str, None]] = {}
    for hazard in hazards:
        if not hazard.lasts and hazard.lock is not None:
            name = hazard.sentence.partition(" on ")[2].partition(": ")[0]
            brief.setdefault(hazard.lock, {})[name] = None
    for lock, names in brief.items():
        yield from paragraph(f"{bullet} {lock} for a moment on {', '.join(names)}", WIDTH, indent=indent, hanging=2)
    for finding in lint:
        told = f"{bullet} squawk: {finding.rule} ({_short(finding.place)}): {finding.message}"
        yield from paragraph(told, WIDTH, indent=indent, hanging=2)


def _short(place: str) -> str:
    """A migration's file without the folders above its own."""
    return "/".join(place.split("/")[-2:])
