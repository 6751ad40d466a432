"""Names in PostgreSQL's parse tree, and what a statement does to the object that they name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Space = Literal["relation", "type", "function", "schema", "extension"]


@dataclass(frozen=True, slots=True)
class Touch:
    """That a statement changes an object, or what it consists of.

    Args:
        verb: what it does, for a sentence: `updates`, `drops`.
        space: what the name is a name of.
        name: the name as written, one or two parts, innermost last.
    """

    verb: str
    space: Space
    name: tuple[str, ...]


def range_of(relation: Any, verb: str) -> Iterator[Touch]:
    """A range variable as a touch; nothing where there is none."""
    if relation.relname:
        parts = (relation.schemaname, relation.relname) if relation.schemaname else (relation.relname,)
        yield Touch(verb, "relation", parts)


_SPACES: dict[str, Space] = {
    "TYPE": "type",
    "DOMAIN": "type",
    "FUNCTION": "function",
    "PROCEDURE": "function",
    "ROUTINE": "function",
    "AGGREGATE": "function",
    "SCHEMA": "schema",
    "EXTENSION": "extension",
}


def named(kind: str, item: Any, verb: str) -> Iterator[Touch | str]:
    """An object as DROP, COMMENT, ALTER … OWNER and GRANT name it."""
    part_of = {"TRIGGER", "POLICY", "RULE", "COLUMN", "TABCONSTRAINT"}
    parts = strings(item)
    if kind in part_of:
        if len(parts) > 1:
            word = "constraint" if kind == "TABCONSTRAINT" else kind.lower()
            yield Touch(f"{verb} the {word} {parts[-1]} of", "relation", parts[:-1][-2:])
    elif kind in ("TABLE", "INDEX", "SEQUENCE", "VIEW", "MATVIEW", "FOREIGN_TABLE"):
        if item.WhichOneof("node") == "range_var":
            yield from range_of(item.range_var, verb)
        elif parts:
            yield Touch(verb, "relation", parts[-2:])
    elif kind in _SPACES and parts:
        space = _SPACES[kind]
        yield Touch(verb, space, parts[-1:] if space in ("schema", "extension") else parts[-2:])
    elif kind in ("DATABASE", "EVENT_TRIGGER", "ROLE", "PUBLICATION", "SUBSCRIPTION", "CAST", "LANGUAGE"):
        yield f"it {verb} a {kind.replace('_', ' ').lower()}, which is not Alembic's"


def cut(name: str) -> str:
    """A name as PostgreSQL keeps it: 63 bytes at most (manual, "Identifiers and Key Words")."""
    return name.encode()[:63].decode(errors="ignore")


def literal(node: Any) -> str | None:
    """A literal string, also under a cast."""
    while node.WhichOneof("node") == "type_cast":
        node = node.type_cast.arg
    return str(node.a_const.sval.sval) if node.WhichOneof("node") == "a_const" else None


def enum_name(message: Any, field: str) -> str:
    """The name of an enumerator that a message's field holds."""
    descriptor = type(message).DESCRIPTOR.fields_by_name[field]
    value = descriptor.enum_type.values_by_number.get(getattr(message, field))
    return str(value.name) if value is not None else ""


def parts_of(relation: Any) -> tuple[str, ...]:
    """The parts of the name of a range variable."""
    return (relation.schemaname, relation.relname) if relation.schemaname else (relation.relname,)


def strings_of(items: Any) -> tuple[str, ...]:
    """The strings of a list of nodes."""
    return tuple(item.string.sval for item in items if item.WhichOneof("node") == "string")


def strings(item: Any) -> tuple[str, ...]:
    """The parts of the name that a node holds, in whichever form."""
    kind = item.WhichOneof("node")
    if kind == "list":
        found: tuple[str, ...] = ()
        for inner in item.list.items:
            found += strings(inner)
        return found
    if kind == "string":
        return (item.string.sval,)
    if kind == "type_name":
        return strings_of(item.type_name.names)
    if kind == "object_with_args":
        return strings_of(item.object_with_args.objname)
    if kind == "range_var":
        return parts_of(item.range_var)
    return ()


def regclass_name(text: str) -> tuple[str, ...]:
    """A name in a string, as `regclass` reads it: folded to lower case unless quoted."""
    parts = re.findall(r'"((?:[^"]|"")*)"|([^".\s]+)', text)
    return tuple(quoted.replace('""', '"') if quoted else plain.lower() for quoted, plain in parts)[-2:]
