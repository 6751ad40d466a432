"""PostgreSQL's own grammar (libpg_query, which `postgast` brings), its parse tree as the JSON that it writes itself.

The library is called without `postgast`'s modules: importing them and protobuf costs more than a short migration.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

# A node of the parse tree: its kind as the grammar names it (`UpdateStmt`; empty where the tree does not say it), and
# its fields.
Fields = Mapping[str, Any]
Node = tuple[str, Fields]

# Statements and calls that stand in a field of their own type, so that the tree does not name their kind again.
TYPED = {
    ("AlterDatabaseSetStmt", "setstmt"): "VariableSetStmt",
    ("AlterDefaultPrivilegesStmt", "action"): "GrantStmt",
    ("AlterRoleSetStmt", "setstmt"): "VariableSetStmt",
    ("AlterSystemStmt", "setstmt"): "VariableSetStmt",
    ("CallStmt", "funccall"): "FuncCall",
    ("CreateForeignTableStmt", "base"): "CreateStmt",
    ("PLAssignStmt", "val"): "SelectStmt",
    ("SelectStmt", "larg"): "SelectStmt",
    ("SelectStmt", "rarg"): "SelectStmt",
}
_NAMES = ("libpg_query.so", "libpg_query.dylib", "pg_query.dll")


def parse(sql: str) -> tuple[Node, ...] | None:
    """The statements of a text; None where the grammar cannot read it, or it is nested too deep."""
    tree = _called("pg_query_parse", sql)
    return None if tree is None else tuple(unwrapped(raw["stmt"]) for raw in tree["stmts"] if raw.get("stmt"))


def parse_block(sql: str) -> Any:
    """The PL/pgSQL of a CREATE FUNCTION or DO as libpg_query writes it; None where the grammar cannot read it."""
    return _called("pg_query_parse_plpgsql", sql)


def unwrapped(value: Fields) -> Node:
    """A node as the tree writes it where any kind may stand: `{"UpdateStmt": {…}}`."""
    return next(iter(value.items()), ("", {}))


def nodes_of(node: Node, passed_over: Mapping[str, tuple[str, ...]]) -> Iterator[Node]:
    """A node and all within it, each before what it contains.

    Args:
        node: where to begin.
        passed_over: fields that are not looked into, by the kind that has them.
    """
    waiting = [node]
    while waiting:
        kind, fields = waiting.pop()
        yield kind, fields
        found: list[Node] = []
        for name, value in fields.items():
            if isinstance(value, dict):
                inner = [value]
            elif isinstance(value, list):
                inner = value
            else:
                continue
            if name not in passed_over.get(kind, ()):
                typed = TYPED.get((kind, name), "")
                found += [_child(item, typed) for item in inner if isinstance(item, dict)]
        found.reverse()
        waiting += found


def _child(value: dict[str, Any], typed: str) -> Node:
    """A value in a field: a node of any kind, whose name begins with a capital as no field's does, or a typed one."""
    if len(value) == 1:
        kind, fields = next(iter(value.items()))
        if kind[0].isupper() and isinstance(fields, dict):
            return kind, fields
    return typed, value


def _called(function: str, sql: str) -> Any:
    import json

    library = _library()
    result = getattr(library, function)(sql.encode(errors="replace"))
    try:
        # A name that is cut in the middle of a character is no reason to read nothing.
        return None if result.error else json.loads(result.tree.decode(errors="replace"))
    except (ValueError, RecursionError):
        return None
    finally:
        getattr(library, _FREED_BY[function])(result)


_FREED_BY = {
    "pg_query_parse": "pg_query_free_parse_result",
    "pg_query_parse_plpgsql": "pg_query_free_plpgsql_parse_result",
}


@cache
def _library() -> Any:
    """The shared library, with the signatures of its pg_query.h."""
    import ctypes

    class Parsed(ctypes.Structure):
        _fields_ = (("tree", ctypes.c_char_p), ("said", ctypes.c_char_p), ("error", ctypes.c_void_p))

    class Block(ctypes.Structure):
        _fields_ = (("tree", ctypes.c_char_p), ("error", ctypes.c_void_p))

    library = ctypes.CDLL(_path())
    for function, result in (("pg_query_parse", Parsed), ("pg_query_parse_plpgsql", Block)):
        call, free = getattr(library, function), getattr(library, _FREED_BY[function])
        call.argtypes, call.restype = (ctypes.c_char_p,), result
        free.argtypes, free.restype = (result,), None
    return library


def _path() -> str:
    """Where the library is: beside postgast's modules; else postgast is asked, which knows other places."""
    from importlib.util import find_spec
    from pathlib import Path

    package = find_spec("postgast")
    for folder in (package.submodule_search_locations or ()) if package is not None else ():
        for name in _NAMES:
            if Path(folder, name).is_file():
                return str(Path(folder, name))
    from postgast.native import lib

    return str(lib._name)
