"""What `schemasync verify` found, for people and for programs."""

import json

from schemasync.release.verification import Verification
from schemasync.report import Terminal
from schemasync.report.layout import Style, joined, no_command_in_json, paragraph

VERSION = 1
WIDTH = 80


def as_text(found: Verification, terminal: Terminal, *, before: bool) -> str:
    """A line, and what is missing below it.

    Args:
        found: the verification.
        terminal: what can be shown.
        before: whether the question was if the step may be taken.
    """
    style = Style(terminal.colour, terminal.unicode)
    if before:
        verdict = "may be taken" if found.done else "must not be taken now"
    else:
        verdict = "done" if found.done else "not done"
    told = f"{found.step}: {verdict}"
    if found.done and found.migrations:
        told += f" ({_count(len(found.migrations), 'migration')}, {_count(found.objects, 'object')} verified)"
    bullet = style.character("•", "-")
    lines = [style.bold(line) for line in paragraph(told, WIDTH)]
    for sentence in found.missing:
        lines += paragraph(f"{bullet} {sentence}", WIDTH, indent=2, hanging=2)
    for note in found.notes:
        lines += paragraph(f"note: {note}", WIDTH, indent=2, hanging=2)
    return joined(lines)


def as_json(found: Verification) -> str:
    """One JSON object; `version` changes when a reader would break."""
    content = {
        "version": VERSION,
        "step": found.step,
        "done": found.done,
        "missing": list(found.missing),
        "migrations": list(found.migrations),
        "objects": found.objects,
        "notes": list(found.notes),
    }
    return no_command_in_json(json.dumps(content, ensure_ascii=False, indent=2)) + "\n"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
