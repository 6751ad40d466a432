"""The columns of a base class, read from its source; what is not plainly understood counts as unknown."""

import ast
import re

from schemasync.schema.defaults import ClientDefault, Default
from schemasync.schema.model import Column
from schemasync.schema.types import DataType, data_type

_UNKNOWN = DataType("unknown", None)
_CLASSES = {
    "Text": "text",
    "UnicodeText": "text",
    "String": "varchar",
    "Unicode": "varchar",
    "VARCHAR": "varchar",
    "CHAR": "char",
    "Integer": "integer",
    "INTEGER": "integer",
    "BigInteger": "bigint",
    "BIGINT": "bigint",
    "SmallInteger": "smallint",
    "Boolean": "boolean",
    "Uuid": "uuid",
    "UUID": "uuid",
    "JSONB": "jsonb",
    "JSON": "json",
    "Numeric": "numeric",
    "Date": "date",
    "CITEXT": "citext",
}
_ANNOTATIONS = {
    "str": DataType("varchar"),
    "int": DataType("integer"),
    "bool": DataType("boolean"),
    "UUID": DataType("uuid"),
    "datetime": DataType("timestamp", None),
    "date": DataType("date"),
}


def column_of(attribute: str, value: ast.expr | None, annotation: ast.expr | None) -> Column | None:
    """The column that `attribute: annotation = value` declares; None where it declares none."""
    is_call = isinstance(value, ast.Call) and _last(value.func) in ("Column", "mapped_column")
    mapped = ast.unparse(annotation) if annotation is not None else ""
    if not is_call and not (value is None and re.match(r"(?:\w+\.)*Mapped\[", mapped)):
        return None
    call = value if isinstance(value, ast.Call) else ast.Call(ast.Name("mapped_column"), [], [])
    keywords = {item.arg: item.value for item in call.keywords if item.arg is not None}
    positional = list(call.args)
    name = attribute
    if positional and isinstance(positional[0], ast.Constant) and isinstance(positional[0].value, str):
        name = positional.pop(0).value  # type: ignore[attr-defined]  # checked in the line above
    inner = re.sub(r"^(?:\w+\.)*Mapped\[(.*)\]$", r"\1", mapped)
    type_ = _type(positional[0]) if positional else _annotated(inner)
    is_key = _is_true(keywords.get("primary_key"))
    nullable = not is_key and (bool(re.search(r"\bNone\b|\bOptional\[", inner)) if mapped else True)
    if "nullable" in keywords:
        nullable = _is_true(keywords["nullable"])
    understood = {"primary_key", "nullable", "default", "onupdate", "server_default", "sort_order", "index", "comment"}
    if keywords.keys() - understood or len(positional) > 1:
        type_ = _UNKNOWN
    return Column(
        name,
        type_,
        nullable,
        _server_default(keywords.get("server_default")),
        _client_default(keywords.get("default")),
        _client_default(keywords.get("onupdate")),
        field=attribute,
    )


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _type(node: ast.expr) -> DataType:
    name = _last(node.func) if isinstance(node, ast.Call) else _last(node)
    keywords = {item.arg: item.value for item in node.keywords} if isinstance(node, ast.Call) else {}
    arguments = node.args if isinstance(node, ast.Call) else []
    if name in ("DateTime", "TIMESTAMP"):
        zone = _is_true(keywords.get("timezone")) or bool(arguments and _is_true(arguments[0]))
        precision = keywords.get("precision")
        if name == "TIMESTAMP" and isinstance(precision, ast.Constant) and isinstance(precision.value, int):
            return data_type("timestamptz" if zone else "timestamp", (precision.value,))
        return DataType("timestamptz" if zone else "timestamp", None if name == "DateTime" else ())
    numbers = [item.value for item in arguments if isinstance(item, ast.Constant) and isinstance(item.value, int)]
    if name not in _CLASSES or len(numbers) != len(arguments) or keywords.keys() - {"as_uuid"}:
        return _UNKNOWN
    return data_type(_CLASSES[name], tuple(numbers))


def _annotated(text: str) -> DataType:
    plain = re.sub(r"\s*\|\s*None$|^None\s*\|\s*|^Optional\[(.*)\]$", r"\1", text).rpartition(".")[2]
    return _ANNOTATIONS.get(plain, _UNKNOWN)


def _server_default(node: ast.expr | None) -> Default | None:
    if node is None:
        return None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return Default("'" + node.value.replace("'", "''") + "'")
    if isinstance(node, ast.Call):
        if _last(node.func) == "text" and len(node.args) == 1 and isinstance(node.args[0], ast.Constant):
            return Default(str(node.args[0].value))
        if _last(node.func) in ("now", "current_timestamp", "true", "false") and not node.args:
            return Default({"now": "now()", "current_timestamp": "now()"}.get(_last(node.func), _last(node.func)))
    return Default("unknown")


def _client_default(node: ast.expr | None) -> ClientDefault | None:
    if node is None:
        return None
    text = ast.unparse(node)
    made = re.search(r"\buuid([1-8])\b", text)
    if made:
        return ClientDefault("uuid", made[1])
    return ClientDefault("now") if re.search(r"(?:\b|_)(?:utc)?now\b", text) else ClientDefault("function", text)
