"""A diagram as SVG: light and dark, readable by a screen reader, with nothing to fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from schemasync.report.layered import HEADER, PADDING, ROW, Box, laid_out
from schemasync.report.layout import no_command_in_markup, visible
from schemasync.report.places import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemasync.report.diagram import Diagram, Edge, Entity, Key

OWNERS = {"prisma": "owned by Prisma", "sqlalchemy": "owned by SQLAlchemy", None: "declared by nobody"}
NEAR_ACROSS, NEAR_DOWN = 420, 500
SIGNS = {"error": "✕", "warning": "▲", "info": "i"}
STYLE = """
.diagram { --paper: #ffffff; --ink: #1c2330; --faint: #5c6675; --line: #8a94a3; --box: #ffffff;
  --prisma: #2b4c9b; --sqlalchemy: #8a3b12; --nobody: #565d68; --error: #b3121d; --warning: #8a5a00; --info: #2f5d8c;
  --on-colour: #ffffff; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 12px; }
.diagram .paper { fill: var(--paper); } .diagram .frame { fill: var(--box); stroke: var(--line); }
.diagram text { fill: var(--ink); } .diagram .type, .diagram .more { fill: var(--faint); }
.diagram .mark { fill: var(--faint); font-size: 10px; }
.diagram .header { fill: var(--nobody); } .diagram .prisma .header { fill: var(--prisma); }
.diagram .sqlalchemy .header { fill: var(--sqlalchemy); }
.diagram .name { fill: var(--on-colour); font-weight: 600; font-size: 13px; }
.diagram .badge { stroke: var(--on-colour); } .diagram .badge-error { fill: var(--error); }
.diagram .badge-warning { fill: var(--warning); } .diagram .badge-info { fill: var(--info); }
.diagram .badge-text { fill: var(--on-colour); font-size: 11px; font-weight: 700; }
.diagram .unmirrored .frame { stroke-dasharray: 5 3; stroke-width: 2; }
.diagram .edge { fill: none; stroke: var(--line); stroke-width: 1.3; }
.diagram .edge.far { visibility: hidden; }
.diagram .tip { fill: var(--line); }
@media (prefers-color-scheme: dark) {
.diagram { --paper: #12161d; --ink: #e6e9ef; --faint: #a3adba; --line: #6f7a8a; --box: #1a202a; --prisma: #3f63bd;
  --sqlalchemy: #a34e22; --nobody: #5d6572; --error: #c8323b; --warning: #946400; --info: #3a6ea5; } }
"""


def svg(diagram: Diagram, *, title: str = "Tables and their owners", standalone: bool = True) -> str:
    """The diagram as one SVG element.

    Args:
        title: is read out first.
        standalone: with its style and namespace, as a file; else for a page that has the style.
    """
    boxes, width, height = laid_out(diagram)
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    space = 'xmlns="http://www.w3.org/2000/svg" ' if standalone else ""
    lines = [f'<svg {space}class="diagram" {size} role="group" aria-label={quoteattr(title)}>']
    if standalone:
        lines.append(f"<title>{escape(title)}</title><style>{STYLE}</style>")
    lines.append(
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path class="tip" d="M0 0 8 4 0 8Z"/></marker></defs>'
    )
    lines.append('<rect class="paper" width="100%" height="100%"/>')
    for edge in diagram.edges:
        far = diagram.is_large and _is_far(boxes[edge.source], boxes[edge.target])
        if not far or not standalone:  # a page shows a far one when its table is picked
            lines.append(_edge(edge, boxes, far=far))
    lines += [line for key in sorted(boxes) for line in _entity(boxes[key], linked=not standalone)]
    lines.append("</svg>")
    return no_command_in_markup("\n".join(lines) + "\n")


def described(entity: Entity) -> str:
    """An entity in a sentence, for those who do not see its colour."""
    parts = [entity.name, OWNERS.get(entity.owner, f"owned by {entity.owner}")]
    if entity.mirrored is not None:
        parts.append("mirrored" if entity.mirrored else "without a mirror")
    parts += [count(number, severity) for severity, number in entity.drifts]
    return ", ".join(parts)


def anchor(key: Key) -> str:
    """The fragment under which a page has a table's drifts."""
    return "table-" + "-".join(
        "".join(
            character if character.isalnum() and character.isascii() else f"_{ord(character):x}_" for character in part
        )
        for part in key
    )


def _entity(box: Box, *, linked: bool) -> Iterator[str]:
    entity = box.entity
    classes = f"entity {entity.owner or 'nobody'}" + (" unmirrored" if entity.mirrored is False else "")
    label = quoteattr(visible(described(entity)))
    name = quoteattr(anchor(entity.key))
    if linked:
        target = f"#{anchor(entity.key)}" if entity.drifts else "#diagram"
        yield f'<a class="{classes}" href={quoteattr(target)} data-table={name} aria-label={label}>'
    else:
        yield f'<g class="{classes}" role="img" aria-label={label}>'
    yield f"<title>{escape(visible(described(entity)))}</title>"
    place = f'x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}"'
    yield f'<rect class="frame" {place} height="{box.height:.0f}" rx="5"/>'
    yield f'<path class="header" d="{_header(box)}"/>'
    yield _text("name", box.x + PADDING, box.y + 20, entity.name)
    yield from _badge(box)
    y = box.y + HEADER + 13
    for row, said in box.shown:
        yield _text("mark", box.x + PADDING, y, row.mark)
        yield _text("column", box.x + PADDING + 36, y, row.name)
        yield f'<text class="type" x="{box.x + box.width - PADDING:.0f}" y="{y:.0f}" text-anchor="end">' + (
            f"{escape(visible(said))}</text>"
        )
        y += ROW
    if box.more:
        yield _text("more", box.x + PADDING + 36, y, f"… {box.more} more")
    yield "</a>" if linked else "</g>"


def _header(box: Box) -> str:
    right, bottom = box.x + box.width, box.y + HEADER - 4
    return f"M{box.x:.0f} {bottom:.0f}V{box.y + 5:.0f}q0 -5 5 -5H{right - 5:.0f}q5 0 5 5V{bottom:.0f}Z"


def _badge(box: Box) -> Iterator[str]:
    if not box.entity.drifts:
        return
    severity = box.entity.drifts[0][0]
    text = f"{SIGNS[severity]} {sum(number for _, number in box.entity.drifts)}"
    width = 12 + 7 * len(text)
    x = box.x + box.width - width + 6
    yield f'<rect class="badge badge-{severity}" x="{x:.0f}" y="{box.y - 8:.0f}" width="{width}" height="19" rx="9"/>'
    yield _text("badge-text", x + 7, box.y + 6, text)


def _is_far(source: Box, target: Box) -> bool:
    """Whether a line would cross much of a large diagram; the row that it starts from names its table anyway."""
    return abs(source.x - target.x) > NEAR_ACROSS or abs(source.y - target.y) > NEAR_DOWN


def _edge(edge: Edge, boxes: dict[Key, Box], *, far: bool) -> str:
    source, target = boxes[edge.source], boxes[edge.target]
    column = edge.columns[0] if edge.columns else ""
    start = source.row_at(column)
    end = target.y + HEADER / 2
    if target.x + target.width < source.x:
        x, to = source.x, target.x + target.width
        bend = max(40.0, (x - to) / 2)
        path = f"M{x:.0f} {start:.0f}C{x - bend:.0f} {start:.0f} {to + bend:.0f} {end:.0f} {to:.0f} {end:.0f}"
    else:  # the same column, a cycle, or the table itself: around the right side
        x, to = source.x + source.width, target.x + target.width
        out = max(x, to) + 46
        path = f"M{x:.0f} {start:.0f}C{out:.0f} {start:.0f} {out:.0f} {end:.0f} {to:.0f} {end:.0f}"
    names = f"data-from={quoteattr(anchor(edge.source))} data-to={quoteattr(anchor(edge.target))}"
    return f'<path class="{"edge far" if far else "edge"}" {names} d="{path}" marker-end="url(#tip)"/>'


def _text(name: str, x: float, y: float, text: str) -> str:
    return f'<text class="{name}" x="{x:.0f}" y="{y:.0f}">{escape(visible(text))}</text>' if text else ""
