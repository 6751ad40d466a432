"""Syntax nodes as text, and as plain tuples without positions."""

from dataclasses import fields, is_dataclass
from typing import Any

from schemasync.witnesses.prisma.syntax import (
    Argument,
    ArrayValue,
    Attribute,
    Block,
    ConfigBlock,
    EnumBlock,
    Field,
    FunctionCall,
    Model,
    ObjectValue,
    SchemaFile,
    StringValue,
    Value,
)

Plain = tuple[Any, ...]
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
ARITIES = {"required": "", "optional": "?", "list": "[]"}


def quoted(text: str) -> str:
    """A string literal."""
    return '"' + "".join(ESCAPES.get(c, c if c >= " " else f"\\u{ord(c):04x}") for c in text) + '"'


def print_value(value: Value) -> str:
    """A value as the language writes it."""
    match value:
        case StringValue():
            return quoted(value.text)
        case FunctionCall():
            return value.name + print_arguments(value.arguments, value.trailing_comma >= 0)
        case ArrayValue():
            return f"[{', '.join(map(print_value, value.items))}]"
        case ObjectValue():
            return f"{{ {', '.join(map(print_argument, value.entries))} }}"
    return value.text


def print_argument(argument: Argument) -> str:
    """An argument, whatever of it is there."""
    text = print_value(argument.value) if argument.value is not None else ""
    return f"{argument.name}: {text}" if argument.name is not None else text


def print_arguments(arguments: tuple[Argument, ...], trailing_comma: bool) -> str:
    """Arguments in their parentheses."""
    return f"({', '.join(map(print_argument, arguments))}{',' if trailing_comma else ''})"


def print_attribute(attribute: Attribute, sign: str = "@") -> str:
    """An attribute; without arguments it has no parentheses."""
    trailing = attribute.trailing_comma >= 0
    if not attribute.arguments and not trailing:
        return f"{sign}{attribute.name}"
    return f"{sign}{attribute.name}{print_arguments(attribute.arguments, trailing)}"


def print_type(field: Field) -> str:
    """A field's type."""
    name = field.type_name or f"Unsupported({quoted(field.unsupported or '')})"
    return name + ARITIES[field.arity]


def print_block(block: Block) -> str:
    """A block with its lines."""
    if isinstance(block, ConfigBlock):
        lines = [f"{item.name} = {print_value(item.value) if item.value else ''}" for item in block.properties]
        return "\n  ".join([f"{block.kind} {block.name} {{", *lines]) + "\n}\n"
    if isinstance(block, EnumBlock):
        keyword, members = "enum", [(value.name, value) for value in block.values]
    else:
        keyword = block.kind
        members = [(f"{field.name} {print_type(field)}", field) for field in block.fields]
    lines = []
    for head, member in members:
        lines += [f"/// {line}" for line in (member.documentation or "").split("\n") if line]
        lines.append(" ".join([head, *map(print_attribute, member.attributes)]))
    lines += [print_attribute(item.attribute, "@@") for item in block.attributes]
    above = "".join(f"/// {line}\n" for line in (block.documentation or "").split("\n") if line)
    return above + "\n  ".join([f"{keyword} {block.name} {{", *lines]) + "\n}\n"


def plain_value(value: Value | None) -> Plain | None:
    """A value without its position."""
    match value:
        case None:
            return None
        case StringValue():
            return "string", value.text
        case FunctionCall():
            return "call", value.name, plain_arguments(value.arguments, value.trailing_comma)
        case ArrayValue():
            return "array", [plain_value(item) for item in value.items]
        case ObjectValue():
            return "object", plain_arguments(value.entries, -1)
    return {"NumberValue": "number", "ConstantValue": "constant"}[type(value).__name__], value.text


def plain_arguments(arguments: tuple[Argument, ...], trailing_comma: int) -> list[Plain]:
    """Arguments without their positions."""
    plain: list[Plain] = [(argument.name, plain_value(argument.value)) for argument in arguments]
    return [*plain, (",",)] if trailing_comma >= 0 else plain


def plain_attribute(attribute: Attribute) -> Plain:
    """An attribute without its position."""
    return attribute.name, plain_arguments(attribute.arguments, attribute.trailing_comma)


def plain_block(block: Block) -> Plain:
    """A block without its positions and documentation."""
    if isinstance(block, ConfigBlock):
        members: list[Plain] = [(item.name, plain_value(item.value)) for item in block.properties]
        return block.kind, block.name, members, []
    if isinstance(block, EnumBlock):
        members = [(value.name, [plain_attribute(item) for item in value.attributes]) for value in block.values]
    else:
        members = [
            (
                field.name,
                field.type_name if field.unsupported is None else ("unsupported", field.unsupported),
                field.arity,
                [plain_attribute(item) for item in field.attributes],
            )
            for field in block.fields
        ]
    keyword = block.kind if isinstance(block, Model) else "enum"
    return keyword, block.name, members, [plain_attribute(item.attribute) for item in block.attributes]


def plain_file(file: SchemaFile) -> list[Plain]:
    """A file's blocks without their positions and documentation."""
    return [plain_block(block) for block in file.blocks]


def with_places(file: SchemaFile) -> list[Any]:
    """All nodes of a file with their places counted from the beginnings of their lines."""
    found: list[Any] = []
    for block in file.blocks:
        found.append((type(block).__name__, block.name, block.line, block.column, block.name_column))
        if isinstance(block, ConfigBlock):
            found += [(item.name, item.line, _moved(item.value, item.origin)) for item in block.properties]
            continue
        if isinstance(block, Model):
            found += [(field.name, field.type_name, field.arity, field.unsupported) for field in block.fields]
        for holder in block.values if isinstance(block, EnumBlock) else block.fields:
            moved = [_moved(attribute, holder.origin) for attribute in holder.attributes]
            found.append((holder.name, holder.line, holder.documentation, moved))
        found += [(item.line, _moved(item.attribute, item.origin)) for item in block.attributes]
    return found


def _moved(node: Any, origin: int) -> Any:
    """A node as nested tuples, its offsets moved by the origin."""
    if isinstance(node, tuple):
        return [_moved(item, origin) for item in node]
    if not is_dataclass(node):
        return node
    moved = []
    for item in fields(node):
        value = getattr(node, item.name)
        is_place = item.name in ("start", "end") or (item.name == "trailing_comma" and value >= 0)
        moved.append(value + origin if is_place else _moved(value, origin))
    return type(node).__name__, moved
