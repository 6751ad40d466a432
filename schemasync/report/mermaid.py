"""A diagram as a Mermaid flowchart, which GitHub and GitLab draw: https://mermaid.js.org/syntax/flowchart.html.

Mermaid refuses texts of more than 50,000 characters and more than 500 edges (`maxTextSize`, `maxEdges`), so that a
diagram beyond that is refused here, with what to do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schemasync.errors import SchemasyncError
from schemasync.report.layout import visible
from schemasync.report.svg import SIGNS

if TYPE_CHECKING:
    from schemasync.report.diagram import Diagram, Entity

CHARACTERS, EDGES = 50_000, 500
GROUPS = {"prisma": "Prisma owns", "sqlalchemy": "SQLAlchemy owns", None: "nobody declares"}
# Characters that would be Markdown, as those that look like them. A `_` between letters is none; a joiner is one.
MARKDOWN = str.maketrans("*`[]~", "\uff0a\uff40\uff3b\uff3d\uff5e")
WORD_JOINER = "\u2060"
LOOSE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
STYLES = (
    "classDef error stroke:#b3121d,stroke-width:3px",
    "classDef warning stroke:#8a5a00,stroke-width:3px",
    "classDef unmirrored stroke-dasharray:5 3",
)


def mermaid(diagram: Diagram) -> str:
    """The tables grouped by owner, an arrow for each foreign key; thick frames have drifts, dashed ones no mirror.

    Raises:
        SchemasyncError: it is larger than Mermaid draws.
    """
    names = {entity.key: f"t{number}" for number, entity in enumerate(diagram.entities)}
    lines = ["flowchart LR"]
    for owner, title in GROUPS.items():
        listed = [entity for entity in diagram.entities if entity.owner == owner]
        if listed:
            lines.append(f'  subgraph {owner or "nobody"}["{title}"]')
            lines += [f'    {names[entity.key]}["{_label(entity)}"]' for entity in listed]
            lines.append("  end")
    for edge in diagram.edges:
        label = _quoted(", ".join(edge.columns))
        lines.append(f'  {names[edge.source]} -->|"{label}"| {names[edge.target]}')
    used = [f"  class {names[entity.key]} {style}" for entity in diagram.entities for style in _styles(entity)]
    if used:
        lines += [f"  {style}" for style in STYLES] + used
    text = "\n".join(lines) + "\n"
    if len(text) > CHARACTERS or len(diagram.edges) > EDGES:
        raise SchemasyncError(
            f"{len(diagram.entities)} tables and {len(diagram.edges)} foreign keys are more than Mermaid draws",
            hint="give --table or --owner, or --format svg or html",
        )
    return text


def _styles(entity: Entity) -> list[str]:
    worst = [severity for severity, _ in entity.drifts if severity != "info"][:1]
    return [*worst, "unmirrored"] if entity.mirrored is False else worst


def _label(entity: Entity) -> str:
    drifts = " ".join(f"{SIGNS[severity]}{number}" for severity, number in entity.drifts)
    return _quoted(entity.name) + (f"<br>{drifts}" if drifts else "")


def _quoted(text: str) -> str:
    """A text inside Mermaid's quotes, its special characters as Mermaid's own references (`#35;`).

    Mermaid takes what it has decoded for Markdown, and has no escape for that.
    """
    plain = LOOSE_UNDERSCORE.sub(f"{WORD_JOINER}_{WORD_JOINER}", visible(text).translate(MARKDOWN))
    return "".join(
        character if character.isalnum() or character in f"_., -{WORD_JOINER}" else f"#{ord(character)};"
        for character in plain
    )
