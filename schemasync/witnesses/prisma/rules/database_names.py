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
_SUFFIXES = {"id": "pkey", "unique": "key", "index": "idx", "fulltext": "idx"}


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
    columns = [] if index.kind == "id" else [field.database_name for field, _ in index.fields]
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
        in_schema: list[tuple[str | None, str]] = []
        in_table: list[tuple[str, str]] = []
        if ctx.provider is not None:
            for model in ctx.models.values():
                schema, model_name, key = model.schema, model.name, model.primary_key
                table = model.database_name
                for index in model.indexes if key is None else (key, *model.indexes):
                    name = names[id(index)] = index_name(index, table)
                    in_schema.append((schema, name))
                    in_table.append((model_name, name))
            for relation in relations:
                name = names[id(relation)] = foreign_key_name(relation.model, relation.forward)
                in_table.append((relation.model.name, name))
        self._doubled_in_schema, self._doubled_in_table = _doubled(in_schema), _doubled(in_table)

    def of_index(self, index: IndexDraft) -> str:
        """The name of a primary key or an index."""
        return self._names.get(id(index)) or index_name(index, index.model.database_name)

    def of_relation(self, relation: InlineRelation) -> str:
        """The name of a foreign key."""
        return self._names.get(id(relation)) or foreign_key_name(relation.model, relation.forward)

    def check_index(self, index: IndexDraft) -> None:
        """Whether a primary key's or an index's name is the only one, and fits."""
        if self._doubled_in_schema or self._doubled_in_table:
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
    if len(set(names)) == len(names):  # the usual case
        return set()
    return {name for name, times in Counter(names).items() if times > 1}
