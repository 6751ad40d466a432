"""Names: how they are spelled, and that each stands for one thing."""

from collections.abc import Iterator

from schemasync.witnesses.prisma.positions import Place, block_name_place, block_place, name_place, node_place
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import ModelDraft
from schemasync.witnesses.prisma.rules.enum_draft import EnumDraft
from schemasync.witnesses.prisma.syntax import (
    Attribute,
    Block,
    BlockAttribute,
    ConfigBlock,
    EnumBlock,
    Model,
    SchemaFile,
)

SCALAR_TYPES = frozenset(("String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes"))

# Names that the generated client could not use: its own class and the words of JavaScript.
RESERVED = frozenset(
    [
        "PrismaClient",
        "break",
        "case",
        "catch",
        "class",
        "const",
        "continue",
        "debugger",
        "default",
        "delete",
        "do",
        "else",
        "enum",
        "export",
        "extends",
        "false",
        "finally",
        "for",
        "function",
        "if",
        "implements",
        "import",
        "in",
        "instanceof",
        "interface",
        "let",
        "new",
        "null",
        "package",
        "private",
        "protected",
        "public",
        "return",
        "super",
        "switch",
        "this",
        "throw",
        "true",
        "try",
        "typeof",
        "var",
        "void",
        "while",
        "with",
        "yield",
    ]
)


def check_names(ctx: Context) -> None:
    """Fill `ctx.models` and `ctx.enums`, and report misspelled, reserved and duplicate names."""
    taken: dict[tuple[str, str], str] = {}
    for file, block in blocks(ctx):
        kind = "enum" if isinstance(block, EnumBlock) else block.kind
        if block.name in SCALAR_TYPES:
            ctx.error(block_name_place(file, block), f"{block.name} is a scalar type's name", "choose another name")
        if isinstance(block, Model):
            _check_model(ctx, file, block)
        elif isinstance(block, EnumBlock):
            _check_enum(ctx, file, block)
        else:
            _check_properties(ctx, file, block)
        space = kind if isinstance(block, ConfigBlock) else "type"
        other = taken.get((space, block.name))
        if other is not None:
            ctx.error(block_name_place(file, block), f"There is {_article(other)} {other} {block.name} already")
        taken[space, block.name] = kind
        if isinstance(block, EnumBlock):
            ctx.enums[block.name] = EnumDraft(file, block)
        elif isinstance(block, Model) and block.kind != "type":
            ctx.drafts.append(ModelDraft(file, block))
            ctx.models[block.name] = ctx.drafts[-1]
    if not all(_is_spelled(name) for file in ctx.files for name in file.names):
        for model in ctx.drafts:
            _check_fields(ctx, model.file, model.block)


def blocks(ctx: Context) -> Iterator[tuple[SchemaFile, Block]]:
    """Every block of every file."""
    for file in ctx.files:
        for block in file.blocks:
            yield file, block


def _article(word: str) -> str:
    return "an" if word == "enum" else "a"


def _check_model(ctx: Context, file: SchemaFile, block: Model) -> None:
    """Judge a model's name and those of its block attributes."""
    if not _is_spelled(block.name):
        _check_spelling(ctx, block_name_place(file, block), block.name, block.kind)
    if block.kind != "type":
        _check_reserved(ctx, file, block, block.kind)
        _check_attributes(ctx, file, block.attributes)
    else:
        check_fields_differ(ctx, file, block)


def _check_fields(ctx: Context, file: SchemaFile, block: Model) -> None:
    for field in block.fields:
        if not _is_spelled(field.name):
            _check_spelling(ctx, name_place(file, field.line), field.name, "field")
        for attribute in field.rest.attributes:
            _check_attribute(ctx, file, field.line, field.origin, attribute)


def check_fields_differ(ctx: Context, file: SchemaFile, block: Model) -> None:
    """Report the fields of a block whose name is taken."""
    seen: set[str] = set()
    for field in block.fields:
        if field.name in seen:
            place = name_place(file, field.line)
            ctx.error(place, f"The {block.kind} {block.name} has a field {field.name} already")
        seen.add(field.name)


def _check_enum(ctx: Context, file: SchemaFile, block: EnumBlock) -> None:
    if not _is_spelled(block.name):
        _check_spelling(ctx, block_name_place(file, block), block.name, "enum")
    _check_reserved(ctx, file, block, "enum")
    _check_attributes(ctx, file, block.attributes)
    seen: set[str] = set()
    for value in block.values:
        if not _is_spelled(value.name):
            _check_spelling(ctx, name_place(file, value.line), value.name, "value of an enum")
        for attribute in value.attributes:
            _check_attribute(ctx, file, value.line, value.origin, attribute)
        if value.name in seen:
            place = name_place(file, value.line)
            ctx.error(place, f"The enum {block.name} has a value {value.name} already")
        seen.add(value.name)


def _check_properties(ctx: Context, file: SchemaFile, block: ConfigBlock) -> None:
    seen: set[str] = set()
    for item in block.properties:
        if item.name in seen:
            place = name_place(file, item.line)
            ctx.error(place, f"The {block.kind} {block.name} has a setting {item.name} already")
        seen.add(item.name)


def _check_attributes(ctx: Context, file: SchemaFile, attributes: tuple[BlockAttribute, ...]) -> None:
    for item in attributes:
        if not _is_spelled(item.attribute.name):
            _check_attribute(ctx, file, item.line, item.origin, item.attribute)


def _check_attribute(ctx: Context, file: SchemaFile, line: int, origin: int, attribute: Attribute) -> None:
    _check_spelling(ctx, node_place(file, line, origin, attribute), attribute.name, "attribute")


def _is_spelled(name: str) -> bool:
    return name[0].isalpha() and "-" not in name


def _check_spelling(ctx: Context, place: Place, name: str, kind: str) -> None:
    if name[0].isnumeric():
        ctx.error(place, f"The name of {_article(kind)} {kind} begins with a letter, not with a digit")
    elif "-" in name:
        ctx.error(place, f"The name of {_article(kind)} {kind} has no hyphen", "write _ instead of -")


def _check_reserved(ctx: Context, file: SchemaFile, block: Model | EnumBlock, kind: str) -> None:
    name = block.name
    if name in RESERVED:
        hint = f'choose another name, and @@map("{name}") if the database has this one'
        message = f"{name} is a reserved word and no name of {_article(kind)} {kind}"
        ctx.error(block_place(file, block), message, hint)
