"""PostgreSQL identifiers: 63 bytes, quoting, and the names that Prisma and PostgreSQL choose for constraints."""

import re
from collections.abc import Sequence

from schemasync.late_patterns import late_pattern

# NAMEDATALEN - 1; PostgreSQL manual, section 4.1.1 "Identifiers and Key Words".
MAXIMUM_BYTES = 63

_PLAIN = late_pattern(r"[a-z_][a-z0-9_$]*")

# Reserved key words of PostgreSQL 18 (manual, appendix C) that cannot be a bare table or column name.
_RESERVED = frozenset(
    [
        "all",
        "analyse",
        "analyze",
        "and",
        "any",
        "array",
        "as",
        "asc",
        "asymmetric",
        "authorization",
        "binary",
        "both",
        "case",
        "cast",
        "check",
        "collate",
        "collation",
        "column",
        "concurrently",
        "constraint",
        "create",
        "cross",
        "current_catalog",
        "current_date",
        "current_role",
        "current_schema",
        "current_time",
        "current_timestamp",
        "current_user",
        "default",
        "deferrable",
        "desc",
        "distinct",
        "do",
        "else",
        "end",
        "except",
        "false",
        "fetch",
        "for",
        "foreign",
        "freeze",
        "from",
        "full",
        "grant",
        "group",
        "having",
        "ilike",
        "in",
        "initially",
        "inner",
        "intersect",
        "into",
        "is",
        "isnull",
        "join",
        "lateral",
        "leading",
        "left",
        "like",
        "limit",
        "localtime",
        "localtimestamp",
        "natural",
        "not",
        "notnull",
        "null",
        "offset",
        "on",
        "only",
        "or",
        "order",
        "outer",
        "overlaps",
        "placing",
        "primary",
        "references",
        "returning",
        "right",
        "select",
        "session_user",
        "similar",
        "some",
        "symmetric",
        "system_user",
        "table",
        "tablesample",
        "then",
        "to",
        "trailing",
        "true",
        "union",
        "unique",
        "user",
        "using",
        "variadic",
        "verbose",
        "when",
        "where",
        "window",
        "with",
    ]
)


def quote(identifier: str) -> str:
    """An identifier as it must be written in SQL: bare where that is safe, else in double quotes."""
    if _PLAIN.fullmatch(identifier) and identifier not in _RESERVED:
        return identifier
    return '"' + identifier.replace('"', '""') + '"'


def qualified(schema: str, name: str) -> str:
    """`schema.name`, quoted where needed; `public` is left out."""
    return quote(name) if schema == "public" else f"{quote(schema)}.{quote(name)}"


def cut(identifier: str, limit: int = MAXIMUM_BYTES) -> str:
    """The longest beginning of an identifier that has at most `limit` bytes and no broken character."""
    if len(identifier) <= limit and identifier.isascii():
        return identifier
    encoded = identifier.encode()
    if len(encoded) <= limit:
        return identifier
    return encoded[:limit].decode(errors="ignore")


def prisma_constraint_name(table: str, columns: Sequence[str], suffix: str) -> str:
    """The name that Prisma gives a constraint or index: `table_a_b_suffix`, the part before the suffix cut.

    Args:
        table: the table's name in the database.
        columns: the columns' names in the database; empty for a primary key.
        suffix: `pkey`, `key`, `idx` or `fkey`.

    Source: Prisma documentation, "Configuring constraint and index names".
    """
    name = "_".join((table, *columns, suffix))
    if len(name) <= MAXIMUM_BYTES and name.isascii():
        return name
    ending, beginning = f"_{suffix}", "_".join((table, *columns))
    return cut(beginning, MAXIMUM_BYTES - len(ending)) + ending


def postgresql_constraint_name(table: str, columns: Sequence[str], suffix: str) -> str:
    """The name that PostgreSQL gives an unnamed constraint: table and columns are cut evenly until they fit.

    Source: PostgreSQL's `makeObjectName` and `ChooseConstraintName`.
    """
    joined = "_".join(columns)
    overhead = len(suffix) + 1 + (1 if joined else 0)
    available = MAXIMUM_BYTES - overhead
    table_bytes, column_bytes = len(table.encode()), len(joined.encode())
    while table_bytes + column_bytes > available:
        if table_bytes > column_bytes:
            table_bytes -= 1
        else:
            column_bytes -= 1
    parts = [cut(table, table_bytes)]
    if joined:
        parts.append(cut(joined, column_bytes))
    return "_".join([*parts, suffix])


_BOUNDARY = late_pattern(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^0-9A-Za-z_]+")


def snake_case(name: str) -> str:
    """`generatedByUser` as `generated_by_user`, `APIKey` as `api_key`."""
    return re.sub(r"__+", "_", _BOUNDARY.sub("_", name)).lower()
