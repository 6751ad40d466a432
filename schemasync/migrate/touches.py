"""Names in PostgreSQL's parse tree, and what a statement does to the object that they name."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from schemasync.migrate.grammar import Fields, unwrapped
from schemasync.records import record

Space = Literal["relation", "type", "function", "schema", "extension"]


@record(frozen=True, slots=True)
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


def range_of(relation: Fields | None, verb: str) -> Iterator[Touch]:
    """A range variable as a touch; nothing where there is none."""
    if relation and relation.get("relname"):
        yield Touch(verb, "relation", parts_of(relation))


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


def named(kind: str, item: Fields, verb: str) -> Iterator[Touch | str]:
    """An object as DROP, COMMENT, ALTER … OWNER and GRANT name it."""
    part_of = {"TRIGGER", "POLICY", "RULE", "COLUMN", "TABCONSTRAINT"}
    parts = strings(item)
    if kind in part_of:
        if len(parts) > 1:
            word = "constraint" if kind == "TABCONSTRAINT" else kind.lower()
            yield Touch(f"{verb} the {word} {parts[-1]} of", "relation", parts[:-1][-2:])
    elif kind in ("TABLE", "INDEX", "SEQUENCE", "VIEW", "MATVIEW", "FOREIGN_TABLE"):
        if "RangeVar" in item:
            yield from range_of(item["RangeVar"], verb)
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


def literal(node: Fields) -> str | None:
    """A literal string, also under a cast."""
    while "TypeCast" in node:
        node = node["TypeCast"]["arg"]
    if "A_Const" not in node:
        return None
    return str(node["A_Const"].get("sval", {}).get("sval", ""))


def parts_of(relation: Fields) -> tuple[str, ...]:
    """The parts of the name of a range variable."""
    schema, name = relation.get("schemaname"), relation.get("relname", "")
    return (schema, name) if schema else (name,)


def strings_of(items: Iterable[Fields]) -> tuple[str, ...]:
    """The strings of a list of nodes."""
    return tuple(item["String"].get("sval", "") for item in items if "String" in item)


def strings(item: Fields) -> tuple[str, ...]:
    """The parts of the name that a node holds, in whichever form."""
    kind, fields = unwrapped(item)
    if kind == "List":
        return tuple(part for inner in fields.get("items", ()) for part in strings(inner))
    if kind == "String":
        return (fields.get("sval", ""),)
    if kind == "TypeName":
        return strings_of(fields.get("names", ()))
    if kind == "ObjectWithArgs":
        return strings_of(fields.get("objname", ()))
    if kind == "RangeVar":
        return parts_of(fields)
    return ()


def regclass_name(text: str) -> tuple[str, ...]:
    """A name in a string, as `regclass` reads it: folded to lower case unless quoted."""
    parts = re.findall(r'"((?:[^"]|"")*)"|([^".\s]+)', text)
    return tuple(quoted.replace('""', '"') if quoted else plain.lower() for quoted, plain in parts)[-2:]
