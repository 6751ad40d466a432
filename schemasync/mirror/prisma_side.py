"""The other way: Prisma models of the tables that SQLAlchemy owns, for a front end that wants to read them.

Source: Prisma documentation, "Models", "PostgreSQL: Native type mapping" and "Externally managed tables".
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from schemasync.errors import SchemasyncError
from schemasync.mirror.naming import class_name
from schemasync.mirror.prisma_types import field_type
from schemasync.ownership import Ownership, owner_of
from schemasync.schema.defaults import ClientDefault, Default, normal_default
from schemasync.schema.expressions import unquote_string
from schemasync.schema.model import Column, Enum, ForeignKey, Schema, Table
from schemasync.schema.names import prisma_constraint_name, snake_case

Key = tuple[str, str]

# Words that Prisma refuses as a model's name (Prisma documentation, "Naming models").
_RESERVED = frozenset(
    {"break", "case", "catch", "class", "const", "continue", "default", "delete", "do", "else", "enum"}
)


def prisma_models(models: Schema, prisma: Schema, *, ownership: Ownership | None = None) -> str:
    """Prisma models and enums to append to schema.prisma, and what prisma.config.ts must say about them.

    Args:
        models: what SQLAlchemy states.
        prisma: what schema.prisma states already.
        ownership: what overrides the default rule of ownership.

    Raises:
        SchemasyncError: SQLAlchemy owns no table.
    """
    rules = ownership or Ownership()
    witnesses = {"prisma": prisma, "sqlalchemy": models}
    owned = [
        table
        for table in models.tables
        if not rules.is_ignored(*table.key)
        and table.key not in prisma.table_by_key
        and owner_of(table.key, witnesses, rules) == "sqlalchemy"
    ]
    if not owned:
        raise SchemasyncError("SQLAlchemy owns no table that schema.prisma lacks: there is nothing to write")
    return _Writer(owned, models, prisma).text()


@dataclass(slots=True)
class _Model:
    """One model: its names, and the relation fields that it gains."""

    table: Table
    name: str
    fields: dict[str, str]
    relations: list[str] = field(default_factory=list)


class _Writer:
    def __init__(self, owned: Iterable[Table], models: Schema, prisma: Schema) -> None:
        self.prisma = prisma
        self.is_multi_schema = len(prisma.namespaces) > 1
        taken = {table.model for table in prisma.tables} | {enum.model for enum in prisma.enums}
        self.models: dict[Key, _Model] = {}
        for table in owned:
            name = _free(class_name(table.model or table.name), taken)
            self.models[table.key] = _Model(table, name, _field_names(table))
        used = {
            (column.type.schema or "", column.type.name)
            for model in self.models.values()
            for column in model.table.columns
        }
        self.enums: dict[Key, Enum] = {
            enum.key: enum for enum in models.enums if enum.key in used and enum.key not in prisma.enum_by_key
        }
        self.enum_names = {key: enum.model or key[1] for key, enum in prisma.enum_by_key.items()}
        for key, enum in self.enums.items():
            self.enum_names[key] = _free(class_name(enum.model or enum.name), taken)
        self._relate()

    def text(self) -> str:
        """Everything."""
        parts = [self._configuration()]
        parts += [self._enum(enum) for enum in self.enums.values()]
        parts += [self._model(model) for model in self.models.values()]
        return "\n\n".join(parts) + "\n"

    def _configuration(self) -> str:
        lines = [
            "The models below are of tables that Alembic migrates. Prisma Migrate leaves them alone where",
            "prisma.config.ts says so:",
            "",
            "  experimental: {",
            "    externalTables: true,",
            "  },",
        ]
        for word, keys in (("tables", self.models), ("enums", self.enums)):
            if keys:
                lines += [f"  {word}: {{", "    external: ["]
                lines += [f"      {json.dumps(f'{schema}.{name}')}," for schema, name in keys]
                lines += ["    ],", "  },"]
        return "\n".join(f"// {line}".rstrip() for line in lines)

    def _enum(self, enum: Enum) -> str:
        lines = [f"enum {self.enum_names[enum.key]} {{"]
        used: set[str | None] = set()
        for label in enum.values:
            name = _free(_identifier(label), used)
            lines.append(f"  {name}" + (f" @map({json.dumps(label)})" if name != label else ""))
        attributes = []
        if self.enum_names[enum.key] != enum.name:
            attributes.append(f"  @@map({json.dumps(enum.name)})")
        if self.is_multi_schema:
            attributes.append(f"  @@schema({json.dumps(enum.schema)})")
        return "\n".join([*lines, *([""] if attributes else []), *attributes, "}"])

    def _model(self, model: _Model) -> str:
        table = model.table
        lines = [f"/// {line}".rstrip() for line in (table.comment or "").split("\n") if table.comment]
        lines.append(f"model {model.name} {{")
        lines += [self._field(model, column) for column in table.columns]
        lines += ["", *model.relations] if model.relations else []
        attributes = list(self._attributes(model))
        return "\n".join([*lines, "", *attributes, "}"])

    def _field(self, model: _Model, column: Column) -> str:
        name = model.fields[column.name]
        enum = self.enum_names.get((column.type.schema or "", column.type.name))
        kind, native = field_type(column.type, enum)
        arity = "[]" if column.type.dimensions else "?" if column.nullable else ""
        parts = [f"  {name} {kind}{arity}"]
        key = model.table.primary_key
        if key is not None and key.columns == (column.name,):
            parts.append("@id")
        if not kind.startswith("Unsupported"):
            parts += _defaults(column, kind, is_enum=enum is not None)
        if name != column.name:
            parts.append(f"@map({json.dumps(column.name)})")
        return " ".join([*parts, *([native] if native else [])])

    def _attributes(self, model: _Model) -> Iterable[str]:
        table = model.table
        names = model.fields

        def listed(columns: Iterable[str]) -> str:
            return ", ".join(names[column] for column in columns)

        key = table.primary_key
        identified = key is not None
        if key is not None and len(key.columns) > 1:
            yield f"  @@id([{listed(key.columns)}])"
        stated: set[tuple[str, ...]] = set()
        uniques = [(unique.columns, unique.name) for unique in table.uniques]
        uniques += [
            (index.columns, index.name)
            for index in table.indexes
            if index.unique and index.predicate is None and all(part.column for part in index.parts)
        ]
        required = {column.name for column in table.columns if not column.nullable}
        for columns, name in uniques:
            if columns in stated or self._is_unsupported(table, columns):
                continue
            stated.add(columns)
            identified = identified or required.issuperset(columns)
            usual = prisma_constraint_name(table.name, columns, "key")
            mapped = f", map: {json.dumps(name)}" if name is not None and name != usual else ""
            yield f"  @@unique([{listed(columns)}]{mapped})"
        if not identified:
            yield "  @@ignore"
        if table.name != model.name:
            yield f"  @@map({json.dumps(table.name)})"
        if self.is_multi_schema:
            yield f"  @@schema({json.dumps(table.schema)})"

    def _is_unsupported(self, table: Table, columns: Iterable[str]) -> bool:
        for column in table.columns:
            enum = self.enum_names.get((column.type.schema or "", column.type.name))
            if column.name in columns and field_type(column.type, enum)[0].startswith("Unsupported"):
                return True
        return False

    def _relate(self) -> None:
        """Gives both ends of each foreign key between the models a relation field."""
        for model in self.models.values():
            for key in model.table.foreign_keys:
                target = self.models.get((key.referenced_schema, key.referenced_table))
                if target is None or not _refers_to_key(key, target.table):
                    # The other end would have to be a field of a model that people write themselves.
                    continue
                self._relation(model, key, target)

    def _relation(self, model: _Model, key: ForeignKey, target: _Model) -> None:
        fields = [model.fields[column] for column in key.columns]
        local = _identifier(re.sub(r"(?:_id|Id)$", "", key.columns[-1]) if len(key.columns) == 1 else target.name)
        forward = _free(_camel(local), set(_all_fields(model)))
        label = json.dumps(f"{model.name}_{'_'.join(key.columns)}")
        columns = {column.name: column for column in model.table.columns}
        optional = "?" if any(columns[column].nullable for column in key.columns) else ""
        references = ", ".join(target.fields[column] for column in key.referenced_columns)
        model.relations.append(
            f"  {forward} {target.name}{optional} @relation({label}, fields: [{', '.join(fields)}], "
            f"references: [{references}], onDelete: {_ACTIONS[key.on_delete]}, onUpdate: {_ACTIONS[key.on_update]}, "
            f"map: {json.dumps(key.name or prisma_constraint_name(model.table.name, key.columns, 'fkey'))})"
        )
        single = _is_unique(model.table, key.columns)
        back = _camel(model.name) if single else _plural(_camel(model.name))
        backward = _free(back, set(_all_fields(target)))
        target.relations.append(f"  {backward} {model.name}{'?' if single else '[]'} @relation({label})")


_ACTIONS = {
    "NO ACTION": "NoAction",
    "RESTRICT": "Restrict",
    "CASCADE": "Cascade",
    "SET NULL": "SetNull",
    "SET DEFAULT": "SetDefault",
}


def _all_fields(model: _Model) -> Iterable[str]:
    yield from model.fields.values()
    for relation in model.relations:
        yield relation.split()[0]


def _refers_to_key(key: ForeignKey, table: Table) -> bool:
    return _is_unique(table, key.referenced_columns)


def _is_unique(table: Table, columns: tuple[str, ...]) -> bool:
    keys = [table.primary_key.columns] if table.primary_key is not None else []
    keys += [unique.columns for unique in table.uniques]
    keys += [index.columns for index in table.indexes if index.unique and index.predicate is None]
    return any(set(one) == set(columns) for one in keys)


def _field_names(table: Table) -> dict[str, str]:
    used: set[str | None] = set()
    return {column.name: _free(_camel(_identifier(column.name)), used) for column in table.columns}


def _camel(name: str) -> str:
    first, *rest = [word for word in snake_case(name).split("_") if word] or ["field"]
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _plural(name: str) -> str:
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"


def _identifier(text: str) -> str:
    plain = re.sub(r"[^0-9A-Za-z_]+", "_", text).strip("_")
    return plain if plain[:1].isalpha() else f"v_{plain}" if plain else "value"


def _free(name: str, taken: set[str | None]) -> str:
    found, number = f"{name}_" if name in _RESERVED else name, 1
    while found in taken:
        number += 1
        found = f"{name}{number}"
    taken.add(found)
    return found


def _defaults(column: Column, kind: str, *, is_enum: bool) -> Iterable[str]:
    """`@default(…)` and `@updatedAt`: the database's, else what SQLAlchemy fills in where Prisma can do the same."""
    if column.default is not None:
        text = _database_default(column, column.default, kind, is_enum=is_enum)
        if text:
            yield f"@default({text})"
    elif column.identity is not None:
        yield "@default(autoincrement())"
    elif column.client_default is not None and not column.type.dimensions:
        text = _client_default(column.client_default, kind)
        if text:
            yield f"@default({text})"
    if column.on_update is not None and column.on_update.kind == "now" and kind == "DateTime":
        yield "@updatedAt"


def _client_default(default: ClientDefault, kind: str) -> str:
    if default.kind in ("uuid", "cuid", "ulid", "nanoid") and kind == "String":
        usual: Mapping[str, str] = {"uuid": "4", "cuid": "1", "nanoid": "21"}
        given = default.argument if default.argument != usual.get(default.kind, "") else ""
        return f"{default.kind}({given})"
    return "now()" if default.kind == "now" and kind == "DateTime" else ""


def _database_default(column: Column, default: Default, kind: str, *, is_enum: bool) -> str:
    if default.kind == "sequence":
        return "autoincrement()" if kind in ("Int", "BigInt") else ""
    if default.sql is None:
        return ""
    generic = f"dbgenerated({json.dumps(default.sql, ensure_ascii=False)})"
    form, value = normal_default(default.sql, column.type)
    if form == "function" and value == "now()" and kind == "DateTime":
        return "now()"
    if form != "literal" or is_enum or column.type.dimensions:
        return generic
    text = unquote_string(default.sql)
    if kind == "Boolean":
        return "true" if value else "false"
    if kind in ("Int", "BigInt") and re.fullmatch(r"-?\d+", text or default.sql):
        return text or default.sql
    if kind == "String" and text is not None:
        return json.dumps(text, ensure_ascii=False)
    return generic
