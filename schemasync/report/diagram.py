"""Tables, their owners and foreign keys, as every diagram shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemasync.compare.drift import SEVERITIES
from schemasync.errors import SchemasyncError
from schemasync.ownership import Ownership, owner_of

if TYPE_CHECKING:
    from schemasync.compare.drift import Drift
    from schemasync.schema.model import Schema, Table

Key = tuple[str, str]
LARGE = 60


@dataclass(frozen=True, slots=True)
class Row:
    """A column of an entity; `mark` is PK, FK, both or nothing; `refers` names the table that a key refers to."""

    name: str
    type: str
    mark: str
    refers: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """A table.

    Args:
        owner: `prisma`, `sqlalchemy`, or None where nobody declares it.
        mirrored: whether a table of Prisma's has a model; None where no models were read, or it is not Prisma's.
        drifts: how many there are of each severity, the worst first.
    """

    key: Key
    owner: str | None
    mirrored: bool | None
    rows: tuple[Row, ...]
    drifts: tuple[tuple[str, int], ...] = ()

    @property
    def name(self) -> str:
        """The table's name, with the schema where that is not public."""
        return _named(self.key)


@dataclass(frozen=True, slots=True)
class Edge:
    """A foreign key, from the table that has it to the one that it refers to."""

    source: Key
    target: Key
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diagram:
    """Entities by name, and the foreign keys between them."""

    entities: tuple[Entity, ...]
    edges: tuple[Edge, ...]

    @property
    def is_large(self) -> bool:
        """Whether lines alone could not be followed: then rows say what their keys refer to."""
        return len(self.entities) > LARGE

    def of_owner(self, owner: str) -> Diagram:
        """What one side owns, and what its foreign keys refer to."""
        own = {entity.key for entity in self.entities if entity.owner == owner}
        return self._only(own | {edge.target for edge in self.edges if edge.source in own})

    def around(self, name: str, depth: int = 1) -> Diagram:
        """A table and what foreign keys join to it, in at most `depth` steps in either direction.

        Raises:
            SchemasyncError: there is no such table.
        """
        reached = {entity.key for entity in self.entities if name in (entity.name, ".".join(entity.key))}
        if not reached:
            from schemasync.config_file import nearest

            names = [entity.name for entity in self.entities]
            raise SchemasyncError(f"there is no table {name!r}", hint=nearest(name, names))
        for _ in range(depth):
            near = {edge.target for edge in self.edges if edge.source in reached}
            near |= {edge.source for edge in self.edges if edge.target in reached}
            reached |= near
        return self._only(reached)

    def _only(self, keys: set[Key]) -> Diagram:
        entities = tuple(entity for entity in self.entities if entity.key in keys)
        return Diagram(entities, tuple(edge for edge in self.edges if edge.source in keys and edge.target in keys))


def diagram_of(
    schemas: Mapping[str, Schema], ownership: Ownership | None = None, drifts: Iterable[Drift] = ()
) -> Diagram:
    """The diagram of what the witnesses state: each table as its owner has it, else as the first witness does.

    Args:
        schemas: by the witness's name.
        ownership: what the user configured about owners.
        drifts: are counted at their tables.
    """
    rules = ownership or Ownership()
    counts: dict[Key, dict[str, int]] = defaultdict(lambda: dict.fromkeys(SEVERITIES, 0))
    for drift in drifts:
        if drift.table is not None:
            counts[drift.schema, drift.table][drift.severity] += 1
    entities: list[Entity] = []
    edges: list[Edge] = []
    keys = sorted({key for schema in schemas.values() for key in schema.table_by_key if not rules.is_ignored(*key)})
    for key in keys:
        owner = owner_of(key, schemas, rules)
        table = _stated(key, schemas, owner)
        mirrored = None
        if owner == "prisma" and "sqlalchemy" in schemas:
            mirrored = key in schemas["sqlalchemy"].table_by_key
        found = tuple((severity, number) for severity, number in counts[key].items() if number)
        entities.append(Entity(key, owner, mirrored, _rows(table), found))
        for foreign_key in table.foreign_keys:
            target = (foreign_key.referenced_schema, foreign_key.referenced_table)
            edges.append(Edge(key, target, foreign_key.columns))
    known = set(keys)
    return Diagram(tuple(entities), tuple(edge for edge in edges if edge.target in known))


def _stated(key: Key, schemas: Mapping[str, Schema], owner: str | None) -> Table:
    order = [owner, *schemas] if owner in schemas else list(schemas)
    return next(table for name in order if name and (table := schemas[name].table_by_key.get(key)))


def _rows(table: Table) -> tuple[Row, ...]:
    primary = set(table.primary_key.columns) if table.primary_key else set()
    foreign = {
        column: _named((key.referenced_schema, key.referenced_table))
        for key in table.foreign_keys
        for column in key.columns
    }
    rows = []
    for column in table.columns:
        marks = [mark for mark, columns in (("PK", primary), ("FK", set(foreign))) if column.name in columns]
        rows.append(Row(column.name, str(column.type), " ".join(marks), foreign.get(column.name, "")))
    return tuple(rows)


def _named(key: Key) -> str:
    return key[1] if key[0] == "public" else ".".join(key)
