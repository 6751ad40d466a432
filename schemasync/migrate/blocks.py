"""The SQL statements inside a PL/pgSQL block, as far as they are written in it and not put together at run time."""

from collections.abc import Iterator
from typing import Any

from schemasync.migrate.grammar import parse_block


def static_queries(body: str) -> Iterator[str]:
    """The SQL statements of a PL/pgSQL block, as they are written in it."""
    tag = "$schemasync_block$"
    waiting: list[Any] = [parse_block(f"DO {tag}{body}{tag}")]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            query = node.get("query")
            if isinstance(query, str):
                yield query if node.get("parseMode", 0) == 0 else f"SELECT {query}"
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
