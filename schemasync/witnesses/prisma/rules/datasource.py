"""The datasource block: provider, connection URLs, schemas, relation mode, extensions."""

from typing import Literal

from schemasync.witnesses.prisma.positions import Place, block_place, name_place, node_place
from schemasync.witnesses.prisma.rules.context import Context, Provider
from schemasync.witnesses.prisma.rules.holders import AttributeHolder, Holder
from schemasync.witnesses.prisma.rules.names import blocks
from schemasync.witnesses.prisma.rules.values import as_string, items, mismatch
from schemasync.witnesses.prisma.settings import Datasource, Extension
from schemasync.witnesses.prisma.syntax import (
    ConfigBlock,
    ConstantValue,
    FunctionCall,
    Property,
    SchemaFile,
    StringValue,
    Value,
)

_PROVIDERS: dict[str, Provider] = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "cockroachdb": "cockroachdb",
}
_OTHER_PROVIDERS = ("mysql", "sqlite", "sqlserver", "mongodb")
_URLS = ("url", "directUrl", "shadowDatabaseUrl")
_KNOWN = frozenset(
    ("provider", "schemas", "relationMode", "referentialIntegrity", "extensions", "previewFeatures", *_URLS)
)


def check_datasource(ctx: Context) -> Datasource | None:
    """The datasource, once it is checked; what the other rules need of it is put into the context."""
    found = [
        (file, block) for file, block in blocks(ctx) if isinstance(block, ConfigBlock) and block.kind == "datasource"
    ]
    usable = [datasource for file, block in found if (datasource := _datasource(ctx, file, block)) is not None]
    if len(usable) > 1:
        for file, block in found:
            ctx.error(block_place(file, block), "A schema has one datasource, and this one has more")
    return usable[0] if usable else None


def _datasource(ctx: Context, file: SchemaFile, block: ConfigBlock) -> Datasource | None:
    reader = _Reader(ctx, file, block)
    empty = [item.name for item in block.properties if item.value is None]
    for name in empty:
        ctx.error(block_place(file, block), f"{name} has no value")
    if empty:
        return None
    provider = reader.provider()
    if provider is None:
        return None
    ctx.provider, ctx.datasource_name = provider, block.name
    ctx.relation_mode = reader.relation_mode()
    extensions = reader.extensions()
    reader.urls()
    ctx.schemas = reader.schemas()
    reader.others()
    return Datasource(block.name, provider, ctx.schemas or (), ctx.relation_mode, extensions, file.path, block.line)


class _Reader:
    def __init__(self, ctx: Context, file: SchemaFile, block: ConfigBlock) -> None:
        self.ctx, self.file, self.block = ctx, file, block
        self.properties = {item.name: item for item in block.properties}

    def holder(self, item: Property) -> Holder:
        return AttributeHolder(self.file, item.line, item.origin)

    def place(self, item: Property, value: Value) -> Place:
        return node_place(self.file, item.line, item.origin, value)

    def provider(self) -> Provider | None:
        item = self.properties.get("provider")
        if item is None or item.value is None:
            hint = 'add provider = "postgresql"'
            self.ctx.error(block_place(self.file, self.block), "The datasource has no provider", hint)
            return None
        place = self.place(item, item.value)
        if isinstance(item.value, FunctionCall) and item.value.name == "env":
            place = block_place(self.file, self.block)
        if not isinstance(item.value, StringValue):
            self.ctx.error(place, "The provider of a datasource is a string literal")
            return None
        name = item.value.text
        if name in _OTHER_PROVIDERS:
            hint = "Schemasync reads schemas for postgresql and cockroachdb"
            self.ctx.error(place, f"The provider {name} is not supported", hint)
            return None
        if name not in _PROVIDERS:
            self.ctx.error(place, f'There is no provider "{name}"', 'write provider = "postgresql"')
            return None
        return _PROVIDERS[name]

    def relation_mode(self) -> Literal["foreignKeys", "prisma"]:
        item, old = self.properties.get("relationMode"), self.properties.get("referentialIntegrity")
        if old is not None:
            place = name_place(self.file, old.line)
            self.ctx.warn(place, "referentialIntegrity is the old name of relationMode", "write relationMode")
            if item is not None:
                self.ctx.error(place, "relationMode and its old name referentialIntegrity are both given")
                return "foreignKeys"
        item = item or old
        if item is None or item.value is None:
            return "foreignKeys"
        mode = as_string(self.ctx, self.holder(item), item.value)
        if mode == "prisma":
            return "prisma"
        if mode not in (None, "foreignKeys"):
            place = block_place(self.file, self.block)
            self.ctx.error(place, f'There is no relation mode "{mode}"', 'it is "foreignKeys" or "prisma"')
        return "foreignKeys"

    def urls(self) -> None:
        """Prisma 7 has the connection URLs in prisma.config.ts, Prisma 6 demands `url` here."""
        given = {name: self.properties[name] for name in _URLS if name in self.properties}
        if self.ctx.version == 7:
            for name, item in given.items():
                hint = "Prisma 7 reads connection URLs from prisma.config.ts"
                self.ctx.error(name_place(self.file, item.line), f"{name} does not belong into the datasource", hint)
            return
        if self.ctx.version == 6 and "url" not in given:
            hint = 'add url = env("DATABASE_URL")'
            self.ctx.error(block_place(self.file, self.block), "The datasource has no url", hint)
            return
        urls = {name: self._url(item) for name, item in given.items()}
        shadow = urls.get("shadowDatabaseUrl")
        for name in ("directUrl", "url"):
            if shadow is not None and shadow[1] and urls.get(name) == shadow:
                place = name_place(self.file, given[name].line)
                hint = "the shadow database is emptied again and again: it must be another one"
                self.ctx.error(place, f"{name} and shadowDatabaseUrl are the same database", hint)

    def _url(self, item: Property) -> tuple[str, str] | None:
        """A URL as ("literal", text) or ("env", variable)."""
        return environment_string(self.ctx, self.holder(item), item.value)

    def schemas(self) -> tuple[str, ...] | None:
        item = self.properties.get("schemas")
        if item is None or item.value is None:
            return None
        holder = self.holder(item)
        texts = [(as_string(self.ctx, holder, value), value) for value in items(item.value)]
        if not texts:
            self.ctx.error(self.place(item, item.value), "The list of schemas is empty", "name one, or leave it out")
        seen: set[str] = set()
        for text, value in reversed(texts):
            if text is None:
                continue
            if text in seen:
                self.ctx.error(self.place(item, value), f"The schema {text} is named twice")
            seen.add(text)
        return tuple(sorted(seen))

    def extensions(self) -> tuple[Extension, ...]:
        item = self.properties.get("extensions")
        if item is None or item.value is None or self.ctx.provider != "postgresql":
            return ()
        extensions: list[Extension] = []
        for value in items(item.value):
            if isinstance(value, ConstantValue):
                extension = Extension(value.text, None, None, None)
            elif isinstance(value, FunctionCall):
                extension = self._extension(item, value)
            else:
                mismatch(self.ctx, self.holder(item), value, "an extension's name")
                continue
            extensions.append(extension)
            if "postgresqlExtensions" in self.ctx.features:
                if extension.name[0].isnumeric():
                    self.ctx.error_later(self.place(item, value), "The name of an extension begins with a letter")
                elif "-" in extension.name:
                    hint = 'write a name without it, and the real one in map: "…"'
                    self.ctx.error_later(self.place(item, value), "The name of an extension has no hyphen", hint)
        if "postgresqlExtensions" not in self.ctx.features:
            hint = 'add previewFeatures = ["postgresqlExtensions"] to the generator'
            self.ctx.error_later(name_place(self.file, item.line), "extensions is a preview feature of Prisma", hint)
        return tuple(sorted(extensions, key=lambda extension: extension.name))

    def _extension(self, item: Property, call: FunctionCall) -> Extension:
        found: dict[str, str | None] = {}
        for argument in call.arguments:
            if argument.value is None:
                continue  # Prisma overlooks an argument without a value here, whatever its name
            place = node_place(self.file, item.line, item.origin, argument)
            if argument.name is None:
                self.ctx.error(place, "The arguments of an extension have names: map, schema, version")
            elif argument.name in found:
                self.ctx.error(place, f"The argument {argument.name} is given twice")
            elif argument.name not in ("map", "schema", "version"):
                self.ctx.error(place, f"An extension takes no argument {argument.name}")
            else:
                found[argument.name] = as_string(self.ctx, self.holder(item), argument.value)
        return Extension(call.name, found.get("map"), found.get("schema"), found.get("version"))

    def others(self) -> None:
        for name, item in self.properties.items():
            if name == "previewFeatures":
                hint = "move them to the generator"
                self.ctx.error(name_place(self.file, item.line), "A datasource has no preview features", hint)
            elif name not in _KNOWN or (name == "extensions" and self.ctx.provider != "postgresql"):
                self.ctx.error(name_place(self.file, item.line), f"A datasource has no setting {name}")


def environment_string(ctx: Context, holder: Holder, value: Value | None) -> tuple[str, str] | None:
    """A string, or `env("VARIABLE")`, as ("literal", text) or ("env", variable); None, reported, for others."""
    if isinstance(value, StringValue):
        return ("literal", value.text)
    if isinstance(value, FunctionCall) and value.name == "env":
        arguments = [argument.value for argument in value.arguments]
        if len(arguments) != 1 or arguments[0] is None or value.trailing_comma >= 0:
            ctx.error(holder.place(value), "env() takes one string, the variable's name")
            return None
        text = as_string(ctx, holder, arguments[0])
        return None if text is None else ("env", text)
    if value is not None:
        mismatch(ctx, holder, value, 'a string or env("…")')
    return None


def known_provider(ctx: Context) -> Provider | None:
    """The provider, ahead of all checks: some preview features depend on it."""
    for _, block in blocks(ctx):
        if isinstance(block, ConfigBlock) and block.kind == "datasource":
            for item in block.properties:
                if item.name == "provider" and isinstance(item.value, StringValue):
                    return _PROVIDERS.get(item.value.text)
    return None
