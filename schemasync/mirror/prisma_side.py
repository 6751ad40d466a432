"""The other way: Prisma models of the tables that SQLAlchemy owns, for a front end that wants to read them.

Source: Prisma documentation, "Models", "PostgreSQL: Native type mapping" and "Externally managed tables".
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from schemasync.errors import SchemasyncError
from schemasync.mirror.naming import class_name
from schemasync.mirror.prisma_defaults import field_defaults
from schemasync.mirror.prisma_layout import Line, aligned
from schemasync.mirror.prisma_names import camel_case, field_names, free_name, identifier, plural
from schemasync.mirror.prisma_types import field_type
from schemasync.ownership import Ownership, owner_of
from schemasync.schema.model import Column, Enum, ForeignKey, Schema, Table
from schemasync.schema.names import prisma_constraint_name

Key = tuple[str, str]


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
    relations: list[Line] = field(default_factory=list)


class _Writer:
    def __init__(self, owned: Iterable[Table], models: Schema, prisma: Schema) -> None:
        self.prisma = prisma
        self.is_multi_schema = len(prisma.namespaces) > 1
        taken = {table.model for table in prisma.tables} | {enum.model for enum in prisma.enums}
        self.models: dict[Key, _Model] = {}
        for table in owned:
            name = free_name(class_name(table.model or table.name), taken)
            self.models[table.key] = _Model(table, name, field_names(table))
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
            self.enum_names[key] = free_name(class_name(enum.model or enum.name), taken)
        self.labels = {
            key: dict(zip(enum.values, enum.members, strict=True)) for key, enum in prisma.enum_by_key.items()
        }
        for key, enum in self.enums.items():
            used_labels: set[str | None] = set()
            self.labels[key] = {label: free_name(identifier(label), used_labels) for label in enum.values}
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
        # Prisma would drop Alembic's own table, which no model declares.
        tables = sorted({*self.models, ("public", "alembic_version")})
        for word, keys in (("tables", tables), ("enums", sorted(self.enums))):
            if keys:
                lines += [f"  {word}: {{", "    external: ["]
                lines += [f"      {json.dumps(f'{schema}.{name}')}," for schema, name in keys]
                lines += ["    ],", "  },"]
        return "\n".join(f"// {line}".rstrip() for line in lines)

    def _enum(self, enum: Enum) -> str:
        names = self.labels[enum.key]
        values = [(name, f"@map({json.dumps(label)})" if name != label else "") for label, name in names.items()]
        lines = [f"enum {self.enum_names[enum.key]} {{", *aligned(values)]
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
        lines += aligned([self._field(model, column) for column in table.columns])
        lines += ["", *aligned(model.relations)] if model.relations else []
        attributes = list(self._attributes(model))
        return "\n".join([*lines, "", *attributes, "}"])

    def _field(self, model: _Model, column: Column) -> Line:
        name = model.fields[column.name]
        enum = self.enum_names.get((column.type.schema or "", column.type.name))
        kind, native = field_type(column.type, enum)
        arity = "[]" if column.type.dimensions else "?" if column.nullable else ""
        parts = []
        key = model.table.primary_key
        if key is not None and key.columns == (column.name,):
            parts.append("@id")
        if not kind.startswith("Unsupported"):
            parts += field_defaults(column, kind, self.labels.get((column.type.schema or "", column.type.name)))
        if name != column.name:
            parts.append(f"@map({json.dumps(column.name)})")
        return name, f"{kind}{arity}", " ".join([*parts, *([native] if native else [])])

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
        keys = [
            (model, key, target)
            for model in self.models.values()
            for key in model.table.foreign_keys
            # Other targets would need a field of a model that people write themselves.
            if (target := self.models.get((key.referenced_schema, key.referenced_table))) is not None
            and _refers_to_key(key, target.table)
        ]
        pairs = Counter(frozenset((model.name, target.name)) for model, _, target in keys)
        for model, key, target in keys:
            pair = frozenset((model.name, target.name))
            self._relation(model, key, target, is_named=pairs[pair] > 1 or len(pair) == 1)

    def _relation(self, model: _Model, key: ForeignKey, target: _Model, *, is_named: bool) -> None:
        """Two relation fields.

        Args:
            is_named: whether Prisma needs a name to know which field belongs to which.
        """
        fields = [model.fields[column] for column in key.columns]
        local = identifier(re.sub(r"(?:_id|Id)$", "", key.columns[-1]) if len(key.columns) == 1 else target.name)
        forward = free_name(camel_case(local), set(_all_fields(model)))
        label = json.dumps(f"{model.name}_{'_'.join(key.columns)}") if is_named else ""
        columns = {column.name: column for column in model.table.columns}
        optional = "?" if any(columns[column].nullable for column in key.columns) else ""
        references = ", ".join(target.fields[column] for column in key.referenced_columns)
        attribute = f"@relation({label}{', ' if label else ''}fields: [{', '.join(fields)}], references: [{references}]"
        attribute += f", onDelete: {_ACTIONS[key.on_delete]}, onUpdate: {_ACTIONS[key.on_update]}"
        if key.name not in (None, prisma_constraint_name(model.table.name, key.columns, "fkey")):
            attribute += f", map: {json.dumps(key.name)}"
        model.relations.append((forward, f"{target.name}{optional}", f"{attribute})"))
        single = _is_unique(model.table, key.columns)
        back = camel_case(model.name) if single else plural(camel_case(model.name))
        backward = free_name(back, set(_all_fields(target)))
        target.relations.append(
            (backward, f"{model.name}{'?' if single else '[]'}", f"@relation({label})" if label else "")
        )


_ACTIONS = {
    "NO ACTION": "NoAction",
    "RESTRICT": "Restrict",
    "CASCADE": "Cascade",
    "SET NULL": "SetNull",
    "SET DEFAULT": "SetDefault",
}


def _all_fields(model: _Model) -> Iterable[str]:
    yield from model.fields.values()
    for name, *_ in model.relations:
        yield name


def _refers_to_key(key: ForeignKey, table: Table) -> bool:
    return _is_unique(table, key.referenced_columns)


def _is_unique(table: Table, columns: tuple[str, ...]) -> bool:
    keys = [table.primary_key.columns] if table.primary_key is not None else []
    keys += [unique.columns for unique in table.uniques]
    keys += [index.columns for index in table.indexes if index.unique and index.predicate is None]
    return any(set(one) == set(columns) for one in keys)
