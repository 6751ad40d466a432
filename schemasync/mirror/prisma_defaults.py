"""What fills a column in, as Prisma writes it.

Source: Prisma documentation, "Attribute functions".
"""

import json
import re
from collections.abc import Iterable, Mapping

from schemasync.schema.defaults import ClientDefault, Default, normal_default
from schemasync.schema.expressions import unquote_string
from schemasync.schema.model import Column


def field_defaults(column: Column, kind: str, labels: Mapping[str, str] | None) -> Iterable[str]:
    """`@default(…)` and `@updatedAt`: the database's, else what SQLAlchemy fills in where Prisma can do the same.

    Args:
        labels: what Prisma calls the labels of the enum that the column's type is.
    """
    if column.default is not None:
        text = _database_default(column, column.default, kind, labels)
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


def _database_default(column: Column, default: Default, kind: str, labels: Mapping[str, str] | None) -> str:
    if default.kind == "sequence":
        return "autoincrement()" if kind in ("Int", "BigInt") else ""
    if default.sql is None:
        return ""
    generic = f"dbgenerated({json.dumps(default.sql, ensure_ascii=False)})"
    form, value = normal_default(default.sql, column.type)
    if form == "function" and value == "now()" and kind == "DateTime":
        return "now()"
    if form != "literal" or column.type.dimensions:
        return generic
    text = unquote_string(default.sql)
    if labels is not None:
        return labels.get(text or "", generic)
    if kind == "Boolean":
        return "true" if value else "false"
    if kind in ("Int", "BigInt") and re.fullmatch(r"-?\d+", text or default.sql):
        return text or default.sql
    if kind in ("Float", "Decimal") and re.fullmatch(r"-?\d+(\.\d+)?", text or default.sql):
        return text or default.sql
    if kind in ("String", "Json") and text is not None:
        return json.dumps(text, ensure_ascii=False)
    return generic
