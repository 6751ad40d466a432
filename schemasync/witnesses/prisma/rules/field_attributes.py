"""The attributes of columns and enum values, and those that a relation field refuses."""

from functools import partial
from typing import Literal

from schemasync.witnesses.prisma.meanings import IndexField
from schemasync.witnesses.prisma.rules.arguments import Arguments, Handler, finishing, visit
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.defaults import read_default
from schemasync.witnesses.prisma.rules.drafts import IndexDraft, ModelDraft, RelationDraft, ScalarDraft, index_draft
from schemasync.witnesses.prisma.rules.enum_draft import EnumDraft
from schemasync.witnesses.prisma.rules.holders import Holder
from schemasync.witnesses.prisma.rules.index_fields import plain_field
from schemasync.witnesses.prisma.rules.native_types import read_native_type
from schemasync.witnesses.prisma.rules.readings import Reading
from schemasync.witnesses.prisma.rules.relation_attribute import read_relation, read_usual
from schemasync.witnesses.prisma.rules.shard_keys import read_field_shard_key
from schemasync.witnesses.prisma.rules.values import as_integer, as_string
from schemasync.witnesses.prisma.rules.where import read_where
from schemasync.witnesses.prisma.syntax import Attribute

# The attributes that make an index of the very field, or the like.
_INDEXES = ("id", "unique", "shardKey")


def check_relation_field(ctx: Context, field: RelationDraft) -> None:
    """Read the attributes of a relation field."""
    attributes = field.field.attributes
    if len(attributes) == 1 and attributes[0].name == "relation":  # the usual case, without the bookkeeping
        if read_usual(field, attributes[0]):
            return
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


class ColumnReader:
    """Reads the attributes of columns, model after model; what they say is remembered for other columns."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.readings: dict[int, Reading] = {}  # by the identity of what follows a field's name
        self.model: ModelDraft
        self.map_names: dict[str, ScalarDraft]
        self.field: ScalarDraft
        self.handlers = finishing(
            {
                "map": self._map,
                "ignore": self._ignore,
                "relation": self._relation,
                "id": self._id,
                "updatedAt": self._updated_at,
                "default": self._default,
                "unique": self._unique,
                "shardKey": self._shard_key,
            }
        )

    def read(self, model: ModelDraft) -> None:
        """Read the attributes of a model's columns."""
        self.model, self.map_names = model, {}
        readings, map_names, scalars = self.readings, self.map_names, model.scalars
        for field in model.all_scalars() if model.doubles else scalars.values():
            try:
                known = readings[id(field.field.rest)]
            except KeyError:
                self._read_first(field)
                continue
            field.reading = known
            name = known.map_name
            if name is not None:
                if name in map_names or name in scalars:
                    self._name(field, name)
                else:
                    field.map_name = name
                    map_names[name] = field
            if not known.indexes:
                continue
            for attribute in known.indexes:
                if attribute.name == "unique" and not attribute.arguments:  # the usual cases
                    model.indexes.append(_plain_index("unique", field, attribute))
                elif attribute.name == "id" and not attribute.arguments and model.primary_key is None:
                    model.primary_key = _plain_index("id", field, attribute)
                else:
                    self.field = field
                    self.handlers[attribute.name](Arguments(self.ctx, field, attribute))

    def _read_first(self, field: ScalarDraft) -> None:
        self.field = field
        reading = field.reading = Reading()
        before = self.ctx.complaints()
        rest = field.field.rest
        if rest.attributes:
            native = self._native_type if field.kind == "scalar" else None
            visit(self.ctx, field, rest.attributes, self.handlers, native=native)
            reading.map_name = field.map_name
            reading.indexes = tuple(attribute for attribute in rest.attributes if attribute.name in _INDEXES)
        if field.kind != "unsupported" and self.ctx.complaints() == before:
            self.readings[id(rest)] = reading

    def _native_type(self, attribute: Attribute) -> None:
        read_native_type(self.field, attribute)

    def _map(self, arguments: Arguments) -> None:
        name = read_map(self.ctx, self.field, arguments)
        if name is not None:
            self._name(self.field, name)

    def _name(self, field: ScalarDraft, name: str) -> None:
        field.map_name = name
        if name in self.map_names:
            self._clash(self.map_names[name], field)
        self.map_names[name] = field
        other = self.model.scalars.get(name)
        if other is not None and other is not field and other.map_name in (None, name):
            self._clash(other, field)

    def _clash(self, other: ScalarDraft, field: ScalarDraft) -> None:
        self.ctx.error(field.name_place(), f"The fields {other.name} and {field.name} have the same column")

    def _ignore(self, arguments: Arguments) -> None:
        if self.field.kind == "unsupported":
            arguments.error("A field of an unsupported type is ignored anyway", "leave out @ignore")
        else:
            self.field.reading.is_ignored = True

    def _relation(self, arguments: Arguments) -> None:
        arguments.error(f"{self.field.name} is no relation: its type is no model")
        arguments.named.clear()

    def _id(self, arguments: Arguments) -> None:
        if self.model.primary_key is not None:
            place = self.model.place()
            self.ctx.error(place, f"The model {self.model.name} has more than one @id", "write @@id([…])")
            return
        self.model.primary_key = self._index("id", arguments)

    def _updated_at(self, arguments: Arguments) -> None:
        if self.field.kind != "scalar" or self.field.field.type_name != "DateTime":
            arguments.error("@updatedAt is for DateTime fields")
        if self.field.field.arity == "list":
            arguments.error("@updatedAt is not for lists")
        self.field.reading.is_updated_at = True

    def _default(self, arguments: Arguments) -> None:
        read_default(self.ctx, self.field, arguments)

    def _unique(self, arguments: Arguments) -> None:
        index = self._index("unique", arguments)
        read_where(self.ctx, index, arguments)
        self.model.indexes.append(index)

    def _shard_key(self, arguments: Arguments) -> None:
        read_field_shard_key(self.ctx, self.field, arguments)

    def _index(self, kind: Literal["id", "unique"], arguments: Arguments) -> IndexDraft:
        index = _plain_index(kind, self.field, arguments.attribute)
        if arguments.named:
            index.map_name = arguments.take_string("map")
            length = arguments.take("length")
            number = as_integer(self.ctx, self.field, length) if length is not None else None
            sort = arguments.take_sort()
            index.clustered = arguments.take_boolean("clustered")
            index.fields = [(self.field, IndexField(self.field.name, sort, number))]
            index.is_plain = False
        return index


def _plain_index(kind: Literal["id", "unique"], field: ScalarDraft, attribute: Attribute) -> IndexDraft:
    """The index that `@id` or `@unique` without arguments makes of a column."""
    node = field.field
    columns = [(field, plain_field(node.name))]
    return index_draft(kind, field.model, node.line, node.origin, attribute, columns, on_field=True)


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
