"""Where the boxes of a diagram go: tables that others refer to on the left, those that refer to them to the right."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemasync.report.diagram import Diagram, Entity, Key, Row

HEADER, ROW, PADDING = 30, 18, 8
CHARACTER = 7.3  # of a monospaced font at 12 px
GAP_ACROSS, GAP_DOWN = 90, 22
MARGIN = 24
ROWS_SHOWN = 8
SWEEPS = 6


@dataclass(frozen=True, slots=True)
class Box:
    """An entity with its place; `shown` are its rows, keys first, each with its text; `more` counts the others."""

    entity: Entity
    shown: tuple[tuple[Row, str], ...]
    more: int
    x: float
    y: float
    width: float
    height: float

    def row_at(self, column: str) -> float:
        """The height at which a line to a column ends: at its row, else at the header."""
        for place, (row, _) in enumerate(self.shown):
            if row.name == column:
                return self.y + HEADER + place * ROW + ROW / 2
        return self.y + HEADER / 2


def laid_out(diagram: Diagram) -> tuple[dict[Key, Box], float, float]:
    """Boxes by table, and the width and height of the whole."""
    linked = {key for edge in diagram.edges if edge.source != edge.target for key in (edge.source, edge.target)}
    layers = _layers(diagram, linked)
    by_key = {entity.key: entity for entity in diagram.entities}
    tallest = max(900.0, 1.6 * sum(_height(by_key[key]) + GAP_DOWN for key in linked) ** 0.5 * 14)
    boxes: dict[Key, Box] = {}
    named = diagram.is_large
    x = float(MARGIN)
    bottom = 0.0
    for layer in layers:
        for column in _columns([by_key[key] for key in layer], tallest):
            x, end = _column(column, x, boxes, named=named)
            bottom = max(bottom, end)
    alone = [entity for entity in diagram.entities if entity.key not in linked]
    right = max(x - GAP_ACROSS, 900.0)
    x, y, line = float(MARGIN), bottom + MARGIN if boxes else float(MARGIN), 0.0
    for entity in alone:
        box = _box(entity, x, y, named=named)
        width, height = box.width, box.height
        if x > MARGIN and x + width > right:
            x, y, line = float(MARGIN), y + line + GAP_DOWN, 0.0
        boxes[entity.key] = replace(box, x=x, y=y)
        x, line = x + width + GAP_DOWN, max(line, height)
    edge = max((box.x + box.width for box in boxes.values()), default=0.0)
    end = max((box.y + box.height for box in boxes.values()), default=0.0)
    return boxes, edge + MARGIN, end + MARGIN


def _layers(diagram: Diagram, linked: set[Key]) -> list[list[Key]]:
    """Each table one layer to the right of the furthest that it refers to; a cycle is cut where it is met."""
    targets: dict[Key, set[Key]] = defaultdict(set)
    sources: dict[Key, set[Key]] = defaultdict(set)
    for edge in diagram.edges:
        if edge.source != edge.target:
            targets[edge.source].add(edge.target)
            sources[edge.target].add(edge.source)
    depth: dict[Key, int] = {}

    for start in sorted(linked):
        stack = [(start, False)]
        open_keys: set[Key] = set()
        while stack:
            key, done = stack.pop()
            if done:
                known = [depth[target] + 1 for target in targets[key] if target in depth and target not in open_keys]
                depth[key] = max(known, default=0)
                open_keys.discard(key)
            elif key not in depth and key not in open_keys:
                open_keys.add(key)
                stack.append((key, True))
                stack += [(target, False) for target in sorted(targets[key]) if target not in depth]
    layers = [
        [key for key in sorted(linked) if depth[key] == level] for level in range(max(depth.values(), default=-1) + 1)
    ]
    owners = {entity.key: entity.owner or "~" for entity in diagram.entities}
    for sweep in range(SWEEPS):
        place = {key: (number + 0.5) / len(layer) for layer in layers for number, key in enumerate(layer)}
        near = targets if sweep % 2 == 0 else sources
        for layer in layers:
            layer.sort(key=lambda key: (_mean([place[other] for other in near[key]], place[key]), owners[key], key))
    return layers


def _mean(places: list[float], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise


def _columns(entities: list[Entity], tallest: float) -> list[list[Entity]]:
    """A layer as columns that are no taller than the page should be."""
    columns: list[list[Entity]] = [[]]
    taken = 0.0
    for entity in entities:
        height = _height(entity) + GAP_DOWN
        if columns[-1] and taken + height > tallest:
            columns.append([])
            taken = 0.0
        columns[-1].append(entity)
        taken += height
    return columns


def _column(entities: list[Entity], x: float, boxes: dict[Key, Box], *, named: bool) -> tuple[float, float]:
    y = float(MARGIN)
    for entity in entities:
        boxes[entity.key] = _box(entity, x, y, named=named)
        y += _height(entity) + GAP_DOWN
    return x + max((boxes[entity.key].width for entity in entities), default=0.0) + GAP_ACROSS, y


def _box(entity: Entity, x: float, y: float, *, named: bool) -> Box:
    rows = _shown(entity)
    shown = tuple((row, f"→ {row.refers}" if named and row.refers else row.type) for row in rows)
    texts = [len(row.name) + len(said) + 6 for row, said in shown]
    width = max([len(entity.name) + 7, *texts, 14]) * CHARACTER + 2 * PADDING
    return Box(entity, shown, len(entity.rows) - len(shown), x, y, width, _height(entity))


def _shown(entity: Entity) -> list[Row]:
    """Keys first, since lines end there; then other columns, as far as there is room."""
    keys = sorted((row for row in entity.rows if row.mark), key=lambda row: not row.mark.startswith("PK"))
    others = [row for row in entity.rows if not row.mark]
    return keys + others[: max(ROWS_SHOWN - len(keys), 0)]


def _height(entity: Entity) -> float:
    shown = len(_shown(entity))
    return HEADER + ROW * (shown + (len(entity.rows) > shown)) + PADDING
