"""The attributes of columns and enum values, and those that a relation field refuses."""

from functools import partial

from schemasync.witnesses.prisma.resolved_keys import IndexField
from schemasync.witnesses.prisma.rules.arguments import Arguments, Handler, finishing, visit
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.defaults import read_default
from schemasync.witnesses.prisma.rules.drafts import (
    EnumDraft,
    Holder,
    IndexDraft,
    ModelDraft,
    RelationDraft,
    ScalarDraft,
)
from schemasync.witnesses.prisma.rules.native_types import read_native_type
from schemasync.witnesses.prisma.rules.readings import Key, Reading, complaints, key_of
from schemasync.witnesses.prisma.rules.relation_attribute import read_relation
from schemasync.witnesses.prisma.rules.shard_keys import read_field_shard_key
from schemasync.witnesses.prisma.rules.values import as_integer, as_string
from schemasync.witnesses.prisma.rules.where import read_where
from schemasync.witnesses.prisma.syntax import Attribute


def check_relation_field(ctx: Context, field: RelationDraft) -> None:
    """Read the attributes of a relation field."""
    attributes = field.field.attributes
    if not attributes:
        return
    if len(attributes) == 1 and attributes[0].name == "relation":  # the usual case, without the bookkeeping
        arguments = Arguments(ctx, field, attributes[0])
        if arguments.usable:
            read_relation(ctx, field, arguments)
            arguments.finish()
        return

    def refuse(arguments: Arguments, message: str, hint: str = "") -> None:
        arguments.error(message, hint)

    def unique(arguments: Arguments) -> None:
        names = [item.name for item in field.fields or ()]
        hint = ""
        if names:
            hint = f"put it on {names[0]}" if len(names) == 1 else f"write @@unique([{', '.join(names)}])"
        arguments.error(f"{field.name} is a relation and no column: it cannot be unique", hint)

    def ignore(arguments: Arguments) -> None:
        field.is_ignored = True
        arguments.finish()

    def relation(arguments: Arguments) -> None:
        read_relation(ctx, field, arguments)
        arguments.finish()

    handlers: dict[str, Handler] = {
        "relation": relation,
        "id": partial(refuse, message=f"{field.name} is a relation and no column: it cannot be the id"),
        "ignore": ignore,
        "default": partial(refuse, message=f"{field.name} is a relation and has no default"),
        "map": partial(
            refuse,
            message=f"{field.name} is a relation and has no column to name",
            hint='@relation(map: "…") names the foreign key',
        ),
        "unique": unique,
    }
    visit(ctx, field, attributes, handlers)


class _Columns:
    """Reads the attributes of one model's columns."""

    def __init__(self, ctx: Context, model: ModelDraft, readings: dict[Key | None, Reading]) -> None:
        self.ctx, self.model, self.readings = ctx, model, readings
        self.map_names: dict[str, ScalarDraft] = {}
        self.field: ScalarDraft
        self.handlers = finishing(
            {
                "map": self.map,
                "ignore": self.ignore,
                "relation": self.relation,
                "id": self.id,
                "updatedAt": self.updated_at,
                "default": self.default,
                "unique": self.unique,
                "shardKey": self.shard_key,
            }
        )

    def read(self, field: ScalarDraft) -> None:
        self.field = field
        key = key_of(field)
        known = self.readings.get(key)
        if known is not None:
            self._read_again(field, known)
            return
        before = complaints(self.ctx)
        native = self.native_type if field.kind == "scalar" else None
        visit(self.ctx, field, field.field.attributes, self.handlers, native=native)
        if key is not None and complaints(self.ctx) == before:
            self.readings[key] = Reading(field)

    def _read_again(self, field: ScalarDraft, known: Reading) -> None:
        known.note(field)
        if known.map_name is not None:
            self._name(known.map_name)
        for attribute in known.indexes:
            self.handlers[attribute.name](Arguments(self.ctx, field, attribute))

    def native_type(self, attribute: Attribute) -> None:
        read_native_type(self.field, attribute)

    def map(self, arguments: Arguments) -> None:
        name = read_map(self.ctx, self.field, arguments)
        if name is not None:
            self._name(name)

    def _name(self, name: str) -> None:
        self.field.map_name = name
        if name in self.map_names:
            self._clash(self.map_names[name])
        self.map_names[name] = self.field
        other = self.model.scalars.get(name)
        if other is not None and other is not self.field and other.map_name in (None, name):
            self._clash(other)

    def _clash(self, other: ScalarDraft) -> None:
        message = f"The fields {other.name} and {self.field.name} have the same column"
        self.ctx.error(self.field.name_place(), message)

    def ignore(self, arguments: Arguments) -> None:
        if self.field.kind == "unsupported":
            arguments.error("A field of an unsupported type is ignored anyway", "leave out @ignore")
        else:
            self.field.is_ignored = True

    def relation(self, arguments: Arguments) -> None:
        arguments.error(f"{self.field.name} is no relation: its type is no model")
        arguments.named.clear()

    def id(self, arguments: Arguments) -> None:
        if self.model.primary_key is not None:
            place = self.model.place()
            self.ctx.error(place, f"The model {self.model.name} has more than one @id", "write @@id([…])")
            return
        self.model.primary_key = self._index("id", arguments)

    def updated_at(self, arguments: Arguments) -> None:
        if self.field.kind != "scalar" or self.field.field.type_name != "DateTime":
            arguments.error("@updatedAt is for DateTime fields")
        if self.field.field.arity == "list":
            arguments.error("@updatedAt is not for lists")
        self.field.is_updated_at = True

    def default(self, arguments: Arguments) -> None:
        read_default(self.ctx, self.field, arguments)

    def unique(self, arguments: Arguments) -> None:
        index = self._index("unique", arguments)
        read_where(self.ctx, index, arguments)
        self.model.indexes.append(index)

    def shard_key(self, arguments: Arguments) -> None:
        read_field_shard_key(self.ctx, self.field, arguments)

    def _index(self, kind: str, arguments: Arguments) -> IndexDraft:
        index = IndexDraft("id" if kind == "id" else "unique", self.model, self.field, arguments.attribute, True)
        if arguments.named:
            index.map_name = arguments.take_string("map")
            length = arguments.take("length")
            number = as_integer(self.ctx, self.field, length) if length is not None else None
            sort = arguments.take_sort()
            index.clustered = arguments.take_boolean("clustered")
            index.fields = [(self.field, IndexField(self.field.name, sort, number))]
        else:
            index.fields = [(self.field, IndexField(self.field.name))]
        return index


def check_columns(ctx: Context, model: ModelDraft, readings: dict[Key | None, Reading]) -> None:
    """Read the attributes of a model's columns; what they say is remembered for other columns."""
    reader = _Columns(ctx, model, readings)
    for field in model.all_scalars():
        if field.field.attributes:
            reader.read(field)


def check_enum_values(ctx: Context, enum: EnumDraft) -> None:
    """Read the attributes of an enum's values."""
    for value in enum.block.values:
        if not value.attributes:
            continue
        holder = enum.holder(value)

        def map_value(arguments: Arguments, holder: Holder = holder, name: str = value.name) -> None:
            mapped = read_map(ctx, holder, arguments)
            if mapped is not None:
                enum.value_names[name] = mapped

        visit(ctx, holder, value.attributes, finishing({"map": map_value}))


def read_map(ctx: Context, holder: Holder, arguments: Arguments) -> str | None:
    """The name that `@map("…")` or `@@map("…")` gives."""
    value = arguments.take_default("name")
    return as_string(ctx, holder, value) if value is not None else None
