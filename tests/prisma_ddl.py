"""What Prisma's DDL makes, and what a schema that we read states, as the same plain sentences."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from schemasync.schema.model import Column, ForeignKey, Index, PrimaryKey, Schema, Table
from schemasync.schema.names import cut
from schemasync.schema.operator_classes import unless_default
from schemasync.schema.types import DataType, parse_type

NAME = r'"((?:[^"]|"")*)"'
TABLE = rf"(?:{NAME}\.)?{NAME}"
HEADER = re.compile(
    r"^-- (CreateSchema|CreateExtension|CreateEnum|CreateTable|CreateIndex|AddForeignKey)\n", re.MULTILINE
)
ENUM = re.compile(rf"CREATE TYPE {TABLE} AS ENUM \((.*)\);", re.DOTALL)
CREATE_TABLE = re.compile(rf"CREATE TABLE {TABLE} \(\n(.*?)\n\);", re.DOTALL)
COLUMN = re.compile(rf"{NAME} (.*?)( NOT NULL)?(?: DEFAULT (.*))?", re.DOTALL)
PRIMARY_KEY = re.compile(rf"CONSTRAINT {NAME} PRIMARY KEY \((.*)\)")
INDEX = re.compile(
    rf"CREATE (UNIQUE )?INDEX (?:{NAME})? ON {TABLE}(?: USING (\w+) )?\((.*?)\)(?: WHERE \((.*)\))?;", re.DOTALL
)
INDEX_PART = re.compile(rf"{NAME}(?: (?!ASC|DESC)([^ ]+))?(?: (ASC|DESC))?")
FOREIGN_KEY = re.compile(
    rf"ALTER TABLE {TABLE} ADD CONSTRAINT {NAME} FOREIGN KEY \((.*)\) REFERENCES {TABLE}\((.*)\)"
    r"(?: ON DELETE ([A-Z ]+?))?(?: ON UPDATE ([A-Z ]+?))?;"
)
STRING = re.compile(r"'((?:[^']|'')*)'")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)? ?(?:Z|[-+]\d\d:\d\d)")
SERIALS = {"SERIAL": "integer", "BIGSERIAL": "bigint", "SMALLSERIAL": "smallint"}


def ddl_facts(ddl: str) -> set[str]:
    """What Prisma's DDL makes; schemas and extensions are left out."""
    pieces = HEADER.split(ddl)
    facts: set[str] = set()
    for kind, text in zip(pieces[1::2], pieces[2::2], strict=True):
        read = {
            "CreateEnum": _enum,
            "CreateTable": _table,
            "CreateIndex": _index,
            "AddForeignKey": _foreign_key,
        }.get(kind)
        if read is not None:
            facts.update(read(text.rstrip()))
    return facts


def schema_facts(schema: Schema) -> set[str]:
    """What a schema states of all that has DDL."""
    facts = {f"enum {enum.schema}.{enum.name}: {list(enum.values)}" for enum in schema.enums}
    for table in schema.tables:
        if table.kind != "view":
            facts.update(_table_facts(table))
    return facts


def _table_facts(table: Table) -> Iterator[str]:
    where = f"{table.schema}.{table.name}"
    yield f"table {where}"
    for number, column in enumerate(table.columns):
        yield _column_fact(where, number, column)
    if table.primary_key is not None:
        yield _primary_key_fact(where, table.primary_key)
    for index in table.indexes:
        yield _index_fact(where, index)
    for key in table.foreign_keys:
        yield _foreign_key_fact(where, key)


def _column_fact(where: str, number: int, column: Column) -> str:
    default = column.default
    if default is not None and default.kind == "sequence":
        text = "sequence"
    else:  # of `dbgenerated()` Prisma knows only that there is one, and writes none
        text = "none" if default is None or default.sql is None else _default(default.sql)
    return _column_text(where, number, column.name, column.type, column.nullable, text)


def _column_text(where: str, number: int, name: str, type_: DataType, nullable: bool, default: str) -> str:
    spelled = (type_.schema or "public" if _is_enum(type_) else None, type_.name, type_.arguments, type_.dimensions)
    return f"column {where} {number} {name}: {spelled} {'' if nullable else 'not '}null, default {default}"


def _is_enum(type_: DataType) -> bool:
    return type_.schema is not None


def _primary_key_fact(where: str, key: PrimaryKey) -> str:
    return f"primary key {where} {key.name} {list(key.columns)}"


def _index_fact(where: str, index: Index) -> str:
    parts = [(part.column, part.operator_class, part.descending) for part in index.parts]
    predicate = None if index.predicate is None else _comparison(index.predicate)
    return f"index {where} {index.name} unique {index.unique} {index.method} {parts} where {predicate}"


def _foreign_key_fact(where: str, key: ForeignKey) -> str:
    target = f"{key.referenced_schema}.{key.referenced_table}"
    actions = f"{key.on_delete}, {key.on_update}"
    return f"key {where} {key.name} {list(key.columns)} to {target} {list(key.referenced_columns)} {actions}"


# --- Prisma's text


def _enum(text: str) -> Iterator[str]:
    match = _matched(ENUM, text)
    values = [value.replace("''", "'") for value in STRING.findall(match[3])]
    yield f"enum {_where(match[1], match[2])}: {values}"


def _table(text: str) -> Iterator[str]:
    match = _matched(CREATE_TABLE, text)
    where = _where(match[1], match[2])
    yield f"table {where}"
    body, _, key = match[3].partition("\n\n    CONSTRAINT ")
    for number, line in enumerate(_split_columns(body)):
        found = _matched(COLUMN, line)
        serial = SERIALS.get(found[2])
        type_ = DataType(serial) if serial else _type(found[2])
        default = "sequence" if serial else "none" if found[4] is None else _default(found[4])
        yield _column_text(where, number, _name(found[1]), type_, found[3] is None, default)
    if key:
        found = _matched(PRIMARY_KEY, f"CONSTRAINT {key}")
        yield _primary_key_fact(where, PrimaryKey(_names(found[2]), _name(found[1])))


def _split_columns(body: str) -> list[str]:
    if not body.strip():
        return []
    return [line.strip() for line in re.split(r',\n(?=    "(?:[^"]|"")*" )', body.rstrip(","))]


def _type(text: str) -> DataType:
    match = re.fullmatch(rf"{TABLE}((?:\[\])?)", text)
    if match is not None:  # an enum
        return DataType(_name(match[2]), (), 1 if match[3] else 0, _name(match[1]) if match[1] else "public")
    return parse_type(text)


def _index(text: str) -> Iterator[str]:
    match = _matched(INDEX, text)
    method = (match[5] or "btree").lower()
    parts = []
    for part in match[6].split(", "):
        found = _matched(INDEX_PART, part)
        parts.append((_name(found[1]), unless_default(method, found[2]), found[3] == "DESC"))
    predicate = None if match[7] is None else _comparison(match[7])
    where = _where(match[3], match[4])
    yield f"index {where} {_name(match[2] or '')} unique {match[1] is not None} {method} {parts} where {predicate}"


def _foreign_key(text: str) -> Iterator[str]:
    match = _matched(FOREIGN_KEY, text)
    target = _where(match[5], match[6])
    actions = f"{match[8] or 'NO ACTION'}, {match[9] or 'NO ACTION'}"
    columns, references = list(_names(match[4])), list(_names(match[7]))
    yield f"key {_where(match[1], match[2])} {_name(match[3])} {columns} to {target} {references} {actions}"


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    match = pattern.fullmatch(text)
    if match is None:
        raise ValueError(f"Prisma's DDL is not understood: {text}")
    return match


def _where(schema: str | None, table: str) -> str:
    return f"{_name(schema) if schema else 'public'}.{_name(table)}"


def _name(text: str) -> str:
    return cut(text.replace('""', '"'))  # as PostgreSQL does


def _names(text: str) -> tuple[str, ...]:
    return tuple(_name(name) for name in re.findall(NAME, text))


def _default(text: str) -> str:
    """A default with its moments in one spelling, and without the cast of an array's literals."""
    return re.sub(r"\]::.*$", "]", MOMENT.sub(_moment, text), flags=re.DOTALL)


def _moment(match: re.Match[str]) -> str:
    text = re.sub(r" (?=[-+]\d\d:)", "", match[0]).replace("Z", "+00:00")
    return datetime.fromisoformat(text).astimezone(UTC).isoformat()


def _comparison(text: str) -> str:
    """A condition with its names as PostgreSQL cuts them, its strings as they are, and one spelling of "differs"."""
    return re.sub(rf"'(?:[^']|'')*'|{NAME}|!=", _word, text)


def _word(match: re.Match[str]) -> str:
    if match[0].startswith("'"):
        return match[0]
    return "<>" if match[1] is None else _name(match[0][1:-1])
