"""The `@@` attributes of models, views and enums."""

from collections.abc import Callable, Sequence
from typing import Literal

from schemasync.witnesses.prisma.meanings import IndexMethod
from schemasync.witnesses.prisma.positions import Place
from schemasync.witnesses.prisma.rules.arguments import Arguments
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import IndexDraft, IndexKind, ModelDraft, index_draft
from schemasync.witnesses.prisma.rules.enum_draft import EnumDraft
from schemasync.witnesses.prisma.rules.field_attributes import read_map
from schemasync.witnesses.prisma.rules.holders import AttributeHolder
from schemasync.witnesses.prisma.rules.index_fields import plain_fields, read_index_fields
from schemasync.witnesses.prisma.rules.shard_keys import read_block_shard_key
from schemasync.witnesses.prisma.rules.values import as_constant, as_string
from schemasync.witnesses.prisma.rules.where import read_where
from schemasync.witnesses.prisma.syntax import ArrayValue, BlockAttribute, StringValue

_METHODS: dict[str, IndexMethod] = {
    "BTree": "BTree",
    "Hash": "Hash",
    "Gist": "Gist",
    "Gin": "Gin",
    "SpGist": "SpGist",
    "Brin": "Brin",
}
_USUAL = frozenset({"index", "unique", "map"})
_REPEATED = ("index", "unique", "fulltext")


def check_enum_attributes(ctx: Context, enum: EnumDraft) -> None:
    """Read the `@@` attributes of an enum."""

    def map_enum(arguments: Arguments) -> None:
        enum.map_name = read_map(ctx, arguments.holder, arguments)

    def schema(arguments: Arguments) -> None:
        enum.schema, enum.schema_place = _schema(ctx, arguments)

    _visit(ctx, enum, enum.block.attributes, {"map": map_enum, "schema": schema})


def _visit(
    ctx: Context,
    owner: ModelDraft | EnumDraft,
    attributes: tuple[BlockAttribute, ...],
    handlers: dict[str, Callable[[Arguments], None]],
    usual: Callable[[Sequence[str], str, BlockAttribute], bool] | None = None,
) -> None:
    """Hand each attribute to its handler, in their order, but for what `usual` has dealt with."""
    names = [item.attribute.name for item in attributes]
    if len(set(names)) > 1:
        order = {name: position for position, name in enumerate(handlers)}
        attributes = tuple(sorted(attributes, key=lambda item: order.get(item.attribute.name, -1)))
    for item in attributes:
        attribute = item.attribute
        name = attribute.name
        if usual is not None and usual(names, name, item):
            continue
        holder = AttributeHolder(owner.file, item.line, item.origin)
        if name not in handlers:
            ctx.error(holder.place(attribute), f"There is no attribute @@{name} here")
        elif name not in _REPEATED and names.count(name) > 1:
            ctx.error(holder.place(attribute), f"The attribute @@{name} is given more than once")
        else:
            arguments = Arguments(ctx, holder, attribute, "@@")
            if arguments.usable:
                handlers[name](arguments)
                if arguments.named:
                    arguments.finish()


class ModelReader:
    """Reads the `@@` attributes of models and views, one after another."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.model: ModelDraft
        self.handlers = {
            "ignore": self._ignore,
            "id": self._id,
            "map": self._map,
            "schema": self._schema,
            "index": self._index,
            "unique": self._unique,
            "fulltext": self._fulltext,
            "shardKey": self._shard_key,
        }

    def read(self, model: ModelDraft) -> None:
        """Read the `@@` attributes of a model or view, and judge its id."""
        self.model = model
        if model.block.attributes:
            _visit(self.ctx, model, model.block.attributes, self.handlers, self._usual)
        key = model.primary_key
        if key is not None and key.on_field and not model.is_ignored and key.fields[0][0].field.arity != "required":
            self.ctx.error(key.attribute_place(), "The id must be required", "leave out the ? or [] of its type")

    def _usual(self, names: Sequence[str], name: str, item: BlockAttribute) -> bool:
        """Read `@@index([a, b])`, `@@unique([a, b])` and a sole `@@map("a")`, the most usual ones, and no others."""
        attribute = item.attribute
        if name not in _USUAL or len(attribute.arguments) != 1 or attribute.trailing_comma >= 0:
            return False
        (argument,) = attribute.arguments
        listed = argument.value
        if argument.name is not None:
            return False
        model = self.model
        if name == "map":
            if not isinstance(listed, StringValue) or names.count(name) > 1:
                return False
            model.map_name, model.map_item = listed.text, item
            return True
        if not isinstance(listed, ArrayValue):
            return False
        fields = plain_fields(model, listed.items)
        if not fields:
            return False
        kind: Literal["index", "unique"] = "index" if name == "index" else "unique"
        model.indexes.append(index_draft(kind, model, item.line, item.origin, attribute, fields))
        return True

    def _ignore(self, _arguments: Arguments) -> None:
        self.model.is_ignored = True
        for field in self.model.scalars.values():
            if field.reading.is_ignored:
                message = f"The model {self.model.name} is ignored as a whole: {field.name} needs no @ignore"
                self.ctx.error(field.name_place(), message, "leave it out")

    def _map(self, arguments: Arguments) -> None:
        self.model.map_name = read_map(self.ctx, arguments.holder, arguments)
        holder = arguments.holder
        self.model.map_item = BlockAttribute(arguments.attribute, holder.line, holder.origin)

    def _schema(self, arguments: Arguments) -> None:
        self.model.schema, self.model.schema_place = _schema(self.ctx, arguments)

    def _shard_key(self, arguments: Arguments) -> None:
        read_block_shard_key(self.ctx, self.model, arguments)

    def _id(self, arguments: Arguments) -> None:
        index = _draft("id", self.model, arguments)
        if not read_index_fields(self.ctx, index, arguments):
            arguments.named.clear()
            return
        optional = [field.name for field, _ in index.fields if field.field.arity != "required"]
        if optional and not self.model.is_ignored:
            verb = "is" if len(optional) == 1 else "are"
            arguments.error(f"{', '.join(optional)} in the id {verb} not required")
        if self.model.primary_key is not None:
            place = self.model.place()
            self.ctx.error(place, f"The model {self.model.name} has an @id and an @@id", "leave one out")
        index.map_name = arguments.take_string("map")
        index.name = self._client_name(arguments)
        index.clustered = arguments.take_boolean("clustered")
        self.model.primary_key = index

    def _unique(self, arguments: Arguments) -> None:
        index = _draft("unique", self.model, arguments)
        read_index_fields(self.ctx, index, arguments)
        self.model.indexes.append(index)
        if not arguments.named:  # the usual case
            return
        index.name = self._client_name(arguments)
        index.map_name = arguments.take_string("map")
        index.clustered = arguments.take_boolean("clustered")
        read_where(self.ctx, index, arguments)

    def _index(self, arguments: Arguments) -> None:
        index = _draft("index", self.model, arguments)
        read_index_fields(self.ctx, index, arguments)
        self.model.indexes.append(index)
        if not arguments.named:  # the usual case
            return
        name, map_name = arguments.take_string("name"), arguments.take_string("map")
        if name is not None and map_name is not None:
            arguments.error("name is the old word for map in @@index, and both are given", "leave out name")
        index.map_name = map_name or name
        method = arguments.take("type")
        text = as_constant(self.ctx, index, method) if method is not None else None
        if text is not None and text not in _METHODS:
            arguments.error(f"There is no index type {text}", f"known are {', '.join(_METHODS)}")
        index.method = _METHODS.get(text or "")
        index.clustered = arguments.take_boolean("clustered")
        read_where(self.ctx, index, arguments)

    def _fulltext(self, arguments: Arguments) -> None:
        index = _draft("fulltext", self.model, arguments)
        read_index_fields(self.ctx, index, arguments)
        index.map_name = arguments.take_string("map")
        self.model.indexes.append(index)

    def _client_name(self, arguments: Arguments) -> str | None:
        name = arguments.take_string("name")
        if name is not None and not all(part.isascii() and (part.isalnum() or part == "_") for part in name):
            arguments.error("The argument name takes letters a to z, digits and _", "map takes any name")
        return name


def _draft(kind: IndexKind, model: ModelDraft, arguments: Arguments) -> IndexDraft:
    holder = arguments.holder
    return index_draft(kind, model, holder.line, holder.origin, arguments.attribute, [])


def _schema(ctx: Context, arguments: Arguments) -> tuple[str | None, Place | None]:
    value = arguments.take_default("map")
    name = as_string(ctx, arguments.holder, value) if value is not None else None
    if name is None or value is None:
        return None, None
    return name, arguments.holder.place(value)
