"""A second way to read a schema: the whole file at once, by the grammar's start rule `schema`."""

from functools import cache
from typing import Any

from lark import Lark, Token, Tree

from schemasync.witnesses.prisma.grammar import STARTS
from schemasync.witnesses.prisma.terminals import grammar_text

Plain = tuple[Any, ...]


def blocks(text: str) -> list[Plain]:
    """The blocks of a text without their positions and comments; raises Lark's error where it does not fit."""
    return [block(item) for item in whole().parse(text, start="schema").children if isinstance(item, Tree)]


@cache
def whole() -> Lark:
    """The grammar without the parser around it."""
    return Lark(grammar_text(), parser="lalr", start=STARTS, maybe_placeholders=False)


def block(tree: Tree[Token]) -> Plain:
    """A block: its keyword, its name, its members, its attributes."""
    keyword, name, *content = (child for child in tree.children if not is_comment(child))
    members = [member(item) for item in content if item.data != "block_attribute"]
    attributes = [attribute(item) for item in content if item.data == "block_attribute"]
    return str(keyword), str(name), members, attributes


def member(tree: Tree[Token]) -> Plain:
    """A field, an enum value or a property."""
    name, rest = tree.children
    if tree.data == "property":
        (found, *_) = [*without_comments(rest), None]
        return str(name), None if found is None else value(found)
    if tree.data == "enum_value":
        return str(name), [attribute(item) for item in without_comments(rest)]
    kind, attributes = rest.children
    (base,) = kind.children
    type_name = str(base) if isinstance(base, Token) else ("unsupported", base.children[0][1:-1])
    return str(name), type_name, kind.data, [attribute(item) for item in without_comments(attributes)]


def attribute(tree: Tree[Token]) -> Plain:
    """An attribute: its name and arguments."""
    name, *rest = without_comments(tree)
    return str(name), arguments(rest[0]) if rest else []


def arguments(tree: Tree[Token]) -> list[Plain]:
    """The arguments in parentheses, a trailing comma among them."""
    return [(",",) if item.data == "trailing_comma" else argument(item) for item in tree.children]


def argument(tree: Tree[Token]) -> Plain:
    """An argument: its name or None, its value or None."""
    if tree.data == "argument":
        return None, value(tree.children[0])
    name, *rest = tree.children
    return str(name), value(rest[0]) if rest else None


def value(tree: Tree[Token]) -> Plain:
    """A value, strings with their escapes unresolved."""
    if tree.data == "call":
        return "call", str(tree.children[0]), arguments(tree.children[1])
    if tree.data == "array":
        return "array", [value(item) for item in tree.children]
    if tree.data == "object":
        return "object", [argument(item) for item in tree.children]
    text = str(tree.children[0])
    return str(tree.data), text[1:-1] if tree.data == "string" else text


def is_comment(child: Any) -> bool:
    """Whether a child is a comment's token."""
    return isinstance(child, Token) and child.type == "COMMENT"


def without_comments(tree: Tree[Token]) -> list[Any]:
    """The children but the comments."""
    return [child for child in tree.children if not is_comment(child)]
