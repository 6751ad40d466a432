"""What Prisma 6 cannot read: objects `{ key: value }`."""

from collections.abc import Iterable

from schemasync.records import replace
from schemasync.witnesses.prisma.positions import line_place
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.syntax import (
    Argument,
    ArrayValue,
    Attribute,
    Block,
    BlockAttribute,
    ConfigBlock,
    EnumBlock,
    FunctionCall,
    Model,
    ObjectValue,
    SchemaFile,
    Value,
)


def check_version(ctx: Context) -> None:
    """Report every line that Prisma 6 would refuse and 7 reads, and leave it out, where the rules of 6 hold."""
    if ctx.version == 6:
        ctx.files = [_without_objects(ctx, file) for file in ctx.files]


def _without_objects(ctx: Context, file: SchemaFile) -> SchemaFile:
    def kept(line: int, found: bool) -> bool:
        if found:
            ctx.error(line_place(file, line), "Prisma 6 has no objects in braces", "Prisma 7 has them")
        return not found

    def attributes(block: EnumBlock | Model) -> tuple[BlockAttribute, ...]:
        return tuple(item for item in block.attributes if kept(item.line, _in_attributes((item.attribute,))))

    blocks: list[Block] = []
    before = len(ctx.errors)
    for block in file.blocks:
        if isinstance(block, ConfigBlock):
            properties = tuple(item for item in block.properties if kept(item.line, _has_object(item.value)))
            blocks.append(replace(block, properties=properties))
        elif isinstance(block, EnumBlock):
            values = tuple(item for item in block.values if kept(item.line, _in_attributes(item.attributes)))
            blocks.append(replace(block, values=values, attributes=attributes(block)))
        else:
            fields = tuple(item for item in block.fields if kept(item.line, _in_attributes(item.attributes)))
            blocks.append(replace(block, fields=fields, attributes=attributes(block)))
    return file if len(ctx.errors) == before else replace(file, blocks=tuple(blocks))


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
