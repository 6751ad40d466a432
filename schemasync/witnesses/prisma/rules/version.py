"""What Prisma 6 cannot read: objects `{ key: value }`."""

from collections.abc import Iterable

from schemasync.witnesses.prisma.positions import Place, line_place
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.names import blocks
from schemasync.witnesses.prisma.syntax import (
    Argument,
    ArrayValue,
    Attribute,
    ConfigBlock,
    EnumBlock,
    FunctionCall,
    ObjectValue,
    Value,
)


def check_version(ctx: Context) -> None:
    """Report every line that Prisma 6 would refuse and 7 reads, where its rules hold."""
    if ctx.version != 6:
        return
    for file, block in blocks(ctx):
        lines: list[tuple[int, bool]] = []
        if isinstance(block, ConfigBlock):
            lines = [(item.line, _has_object(item.value)) for item in block.properties]
        else:
            members = block.values if isinstance(block, EnumBlock) else block.fields
            lines = [(member.line, _in_attributes(member.attributes)) for member in members]
            lines += [(item.line, _in_attributes((item.attribute,))) for item in block.attributes]
        for line, found in lines:
            if found:
                place: Place = line_place(file, line)
                ctx.error(place, "Prisma 6 has no objects in braces", "Prisma 7 has them")


def _in_attributes(attributes: Iterable[Attribute]) -> bool:
    return any(_in_arguments(attribute.arguments) for attribute in attributes if attribute.arguments)


def _in_arguments(arguments: Iterable[Argument]) -> bool:
    return any(_has_object(argument.value) for argument in arguments)


def _has_object(value: Value | None) -> bool:
    if isinstance(value, FunctionCall):
        return _in_arguments(value.arguments)
    if isinstance(value, ArrayValue):
        return any(_has_object(item) for item in value.items)
    return isinstance(value, ObjectValue)
