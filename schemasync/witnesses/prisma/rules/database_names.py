"""Names in the database: tables, enums, constraints and indexes must not clash, nor exceed PostgreSQL's length."""

from collections import Counter
from collections.abc import Hashable
from typing import TypeVar

from schemasync.schema.names import MAXIMUM_BYTES, prisma_constraint_name
from schemasync.witnesses.prisma.positions import Place
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import IndexDraft, ModelDraft, RelationDraft
from schemasync.witnesses.prisma.rules.inference import InlineRelation

_Name = TypeVar("_Name", bound=Hashable)
_SUFFIXES = {"unique": "key", "index": "idx", "fulltext": "idx"}


def check_table_names(ctx: Context) -> None:
    """Two models of one schema cannot share a table; a view comes after the models."""
    seen: dict[tuple[str | None, str], ModelDraft] = {}
    for model in sorted(ctx.models.values(), key=lambda model: model.is_view):
        key = model.schema, model.database_name
        other = seen.setdefault(key, model)
        if other is not model:
            place = model.map_place or other.map_place or model.place()
            ctx.error(place, f"The models {other.name} and {model.name} have the same table {model.database_name}")


def check_enum_names(ctx: Context) -> None:
    """Two enums of one schema cannot share a type."""
    seen: dict[tuple[str | None, str], str] = {}
    for name, enum in ctx.enums.items():
        key = enum.schema, enum.database_name
        other = seen.setdefault(key, name)
        if other != name:
            ctx.error(enum.place(), f"The enums {other} and {name} have the same type {enum.database_name}")


def index_name(index: IndexDraft, table: str) -> str:
    """An index's or primary key's name in the database; `table` is its table's."""
    if index.map_name is not None:
        return index.map_name
    if index.kind == "id":
        return prisma_constraint_name(table, (), "pkey")
    columns = [field.field.name if field.map_name is None else field.map_name for field, _ in index.fields]
    return prisma_constraint_name(table, columns, _SUFFIXES[index.kind])


def foreign_key_name(model: ModelDraft, forward: RelationDraft | None) -> str:
    """The name in the database of a foreign key that a model holds."""
    if forward is not None and forward.map_name is not None:
        return forward.map_name
    columns = [field.database_name for field in forward.fields or ()] if forward is not None else []
    return prisma_constraint_name(model.database_name, columns or [""], "fkey")  # Prisma's A__fkey


class ConstraintNames:
    """The names of all keys and indexes, counted where PostgreSQL or CockroachDB wants them unique.

    PostgreSQL keeps primary keys and indexes of a schema in one space with its tables; a foreign key's name is
    unique within its table. In CockroachDB all three are unique within a table only.
    """

    def __init__(self, ctx: Context, relations: list[InlineRelation]) -> None:
        self.ctx = ctx
        names = self._names = dict[int, str]()  # by the identity of an index or relation
        self._doubled_in_schema: set[tuple[str | None, str]] = set()
        self._doubled_in_table: set[tuple[str, str]] = set()
        if ctx.provider is None:
            return
        for model in ctx.models.values():
            table, key = model.database_name, model.primary_key
            if key is not None:
                names[id(key)] = index_name(key, table)
            for index in model.indexes:
                names[id(index)] = index_name(index, table)
        for relation in relations:
            names[id(relation)] = foreign_key_name(relation.model, relation.forward)
        if len(set(names.values())) < len(names):
            self._find_doubled(relations)

    def _find_doubled(self, relations: list[InlineRelation]) -> None:
        """Note the names that are not unique where they must be."""
        in_schema: list[tuple[str | None, str]] = []
        in_table: list[tuple[str, str]] = []
        for model in self.ctx.models.values():
            for index in (model.primary_key, *model.indexes):
                if index is not None:
                    in_schema.append((model.schema, self.of_index(index)))
                    in_table.append((model.name, self.of_index(index)))
        in_table += [(relation.model.name, self.of_relation(relation)) for relation in relations]
        self._doubled_in_schema, self._doubled_in_table = _doubled(in_schema), _doubled(in_table)

    @property
    def all_differ(self) -> bool:
        """Whether no name is there more than once where it must be unique."""
        return not (self._doubled_in_schema or self._doubled_in_table)

    def of_index(self, index: IndexDraft) -> str:
        """The name of a primary key or an index."""
        return self._names.get(id(index)) or index_name(index, index.model.database_name)

    def of_relation(self, relation: InlineRelation) -> str:
        """The name of a foreign key."""
        return self._names.get(id(relation)) or foreign_key_name(relation.model, relation.forward)

    def check_index(self, index: IndexDraft) -> None:
        """Whether a primary key's or an index's name is the only one, and fits."""
        if not self.all_differ:
            self._check_clash(index)
        if index.map_name is not None:
            self.check_length(index.attribute_place(), index.map_name)

    def _check_clash(self, index: IndexDraft) -> None:
        model, name = index.model, self.of_index(index)
        if self.ctx.provider == "postgresql" and (model.schema, name) in self._doubled_in_schema:
            self._clash(index.argument_place("map", "name"), name, "in its schema")
        elif index.kind == "id" and (model.name, name) in self._doubled_in_table:
            self._clash(index.argument_place("map"), name, f"on the model {model.name}")

    def check_relation(self, relation: InlineRelation) -> None:
        """Whether a foreign key's name is the only one."""
        if not self._doubled_in_table:
            return
        name = self.of_relation(relation)
        if (relation.model.name, name) in self._doubled_in_table:
            side = relation.forward or relation.back
            if side is not None:
                self._clash(side.argument_place("map"), name, f"on the model {relation.model.name}")

    def check_length(self, place: Place, name: str | None) -> None:
        """A name that the schema gives must fit."""
        if name is not None and self.ctx.provider is not None and len(name.encode()) > MAXIMUM_BYTES:
            message = f"The name {name} has more than {MAXIMUM_BYTES} bytes"
            self.ctx.error(place, message, "PostgreSQL cuts longer names off: give a shorter one in map")

    def _clash(self, place: Place, name: str, where: str) -> None:
        hint = "give another name in the argument map"
        self.ctx.error(place, f"The constraint or index name {name} is not unique {where}", hint)


def _doubled(names: list[_Name]) -> set[_Name]:
    """Those that are there more than once."""
    return {name for name, times in Counter(names).items() if times > 1}
