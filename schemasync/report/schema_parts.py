"""What JSON schemas are put together from.

Draft 2020-12: https://json-schema.org/draft/2020-12/json-schema-core.
"""

from typing import Any

DRAFT = "https://json-schema.org/draft/2020-12/schema"
TEXT: dict[str, Any] = {"type": "string"}
TEXTS: dict[str, Any] = {"type": "array", "items": TEXT}
NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
OPTIONAL: dict[str, Any] = {"type": ["string", "null"]}
TRUTH: dict[str, Any] = {"type": "boolean"}


def open_object(properties: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """An object that has these properties, may have the optional ones, and others that come later."""
    return {"type": "object", "properties": {**properties, **optional}, "required": list(properties)}


def closed_object(properties: dict[str, Any]) -> dict[str, Any]:
    """An object that may have these properties, and no others."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


def list_of(items: dict[str, Any]) -> dict[str, Any]:
    """A list of such items."""
    return {"type": "array", "items": items}


def or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Such a value, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def titled(title: str, content: dict[str, Any]) -> dict[str, Any]:
    """A whole schema."""
    return {"$schema": DRAFT, "title": title, **content}
