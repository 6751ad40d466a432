"""The generator blocks, and the preview features that they name."""

from collections.abc import Iterator

from schemasync.witnesses.prisma.positions import block_place
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.datasource import environment_string
from schemasync.witnesses.prisma.rules.holders import AttributeHolder, Holder
from schemasync.witnesses.prisma.rules.names import blocks
from schemasync.witnesses.prisma.rules.values import as_string, items, mismatch
from schemasync.witnesses.prisma.settings import Generator
from schemasync.witnesses.prisma.syntax import (
    ArrayValue,
    ConfigBlock,
    FunctionCall,
    Property,
    SchemaFile,
    StringValue,
    Value,
)

# Preview features of Prisma 6 and 7, hidden ones (typedSql, reactNative) included.
_ACTIVE = frozenset(
    [
        "nativeDistinct",
        "postgresqlExtensions",
        "reactNative",
        "relationJoins",
        "schemaEngineDriverAdapters",
        "shardKeys",
        "strictUndefinedChecks",
        "typedSql",
        "views",
    ]
)
_ACTIVE_IN_7 = frozenset({"partialIndexes"})
# Once preview features, now part of Prisma: naming them is a warning.
_DEPRECATED = frozenset(
    [
        "aggregateApi",
        "atomicNumberOperations",
        "clientExtensions",
        "cockroachdb",
        "connectOrCreate",
        "createMany",
        "dataProxy",
        "deno",
        "distinct",
        "driverAdapters",
        "extendedIndexes",
        "extendedWhereUnique",
        "fieldReference",
        "filteredRelationCount",
        "filterJson",
        "fullTextIndex",
        "fullTextSearch",
        "groupBy",
        "improvedQueryRaw",
        "interactiveTransactions",
        "jsonProtocol",
        "microsoftSqlServer",
        "middlewares",
        "mongoDb",
        "multiSchema",
        "namedConstraints",
        "nApi",
        "nativeTypes",
        "omitApi",
        "orderByAggregateGroup",
        "orderByNulls",
        "orderByRelation",
        "prismaSchemaFolder",
        "queryCompiler",
        "referentialActions",
        "referentialIntegrity",
        "selectRelationCount",
        "tracing",
        "transactionApi",
        "uncheckedScalarInputs",
    ]
)
_DEPRECATED_IN_6 = frozenset({"metrics"})
_ALL = _ACTIVE | _ACTIVE_IN_7 | _DEPRECATED | _DEPRECATED_IN_6 | {"fullTextSearchPostgres"}
_BY_LOWER_CASE = {name.lower(): name for name in _ALL}


# Settings that have a rule of their own.
_READ = frozenset({"provider", "output", "binaryTargets", "previewFeatures"})


def check_generators(ctx: Context) -> tuple[Generator, ...]:
    """The generators, once they are checked; their preview features are put into the context."""
    found = [
        _Reader(ctx, file, block).generator()
        for file, block in blocks(ctx)
        if isinstance(block, ConfigBlock) and block.kind == "generator"
    ]
    return tuple(generator for generator in found if generator is not None)


class _Reader:
    def __init__(self, ctx: Context, file: SchemaFile, block: ConfigBlock) -> None:
        self.ctx, self.file, self.block = ctx, file, block
        self.properties = {item.name: item for item in block.properties}

    def generator(self) -> Generator | None:
        empty = [item.name for item in self.block.properties if item.value is None]
        for setting in empty:
            self.ctx.error(block_place(self.file, self.block), f"{setting} has no value")
        if empty:
            return None
        engine = self.properties.get("engineType")
        if engine is not None and engine.value is not None and not isinstance(engine.value, StringValue):
            mismatch(self.ctx, self._holder(engine), engine.value, "a string")
        provider = self.properties.get("provider")
        if provider is None:
            hint = 'add provider = "prisma-client"'
            self.ctx.error(block_place(self.file, self.block), "The generator has no provider", hint)
            return None
        name = environment_string(self.ctx, self._holder(provider), provider.value)
        if name is None:
            return None
        self._settings()
        if (output := self.properties.get("output")) is not None:
            environment_string(self.ctx, self._holder(output), output.value)
        if (targets := self.properties.get("binaryTargets")) is not None and targets.value is not None:
            for target in items(targets.value):
                environment_string(self.ctx, self._holder(targets), target)
        literal = name[1] if name[0] == "literal" else None
        return Generator(self.block.name, literal, self._features())

    def _settings(self) -> None:
        """A generator's own settings may be anything, but an `env()` among them names its variable."""
        for item in self.block.properties:
            if item.name not in _READ and item.value is not None:
                for call in _calls_of_env(item.value):
                    environment_string(self.ctx, self._holder(item), call)

    def _holder(self, item: Property) -> Holder:
        return AttributeHolder(self.file, item.line, item.origin)

    def _features(self) -> tuple[str, ...]:
        item = self.properties.get("previewFeatures")
        if item is None or item.value is None:
            return ()
        features = []
        for value in items(item.value):
            text = as_string(self.ctx, self._holder(item), value)
            if text is None:
                continue
            name = _BY_LOWER_CASE.get(text.lower())
            if name is None or not self._is_known(name):
                hint = f"those of this version: {', '.join(sorted(self._active()))}"
                self.ctx.error(self._holder(item).place(item.value), f"There is no preview feature {text}", hint)
                continue
            features.append(self._current_name(item, value, name))
        self.ctx.features.update(features)
        return tuple(features)

    def _active(self) -> frozenset[str]:
        active = _ACTIVE if self.ctx.version == 6 else _ACTIVE | _ACTIVE_IN_7
        return active | {"fullTextSearchPostgres"} if self.ctx.provider == "postgresql" else active

    def _is_known(self, name: str) -> bool:
        if name in _DEPRECATED_IN_6:
            return self.ctx.version != 7
        return name in _DEPRECATED or name in self._active()

    def _current_name(self, item: Property, value: Value, name: str) -> str:
        place = self._holder(item).place(value)
        if name == "fullTextSearch" and self.ctx.provider == "postgresql":
            self.ctx.warn(place, "fullTextSearch is now fullTextSearchPostgres", "write fullTextSearchPostgres")
            return "fullTextSearchPostgres"
        if name in _DEPRECATED:
            self.ctx.warn(place, f"{name} is no preview feature any more", "leave it out: it is always on")
        elif name in _DEPRECATED_IN_6:
            self.ctx.warn(place, f"{name} is going away; Prisma 7 refuses it", "leave it out")
        return name


def _calls_of_env(value: Value) -> Iterator[Value]:
    if isinstance(value, ArrayValue):
        for item in value.items:
            yield from _calls_of_env(item)
    elif isinstance(value, FunctionCall) and value.name == "env":
        yield value
