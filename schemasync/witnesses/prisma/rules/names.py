"""Names: how they are spelled, and that each stands for one thing."""

from collections.abc import Iterator

from schemasync.witnesses.prisma.positions import Place, block_name_place, block_place, name_place, node_place
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import EnumDraft, ModelDraft
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
    right: set[str | int] = set()
    for file, block in blocks(ctx):
        place = block_name_place(file, block)
        kind = block.kind if isinstance(block, Model | ConfigBlock) else "enum"
        if block.name in SCALAR_TYPES:
            ctx.error(place, f"{block.name} is a scalar type's name", "choose another name")
        if isinstance(block, Model):
            _check_model(ctx, file, block, right)
        elif isinstance(block, EnumBlock):
            _check_enum(ctx, file, block)
        else:
            _check_properties(ctx, file, block)
        space = kind if isinstance(block, ConfigBlock) else "type"
        other = taken.get((space, block.name))
        if other is not None:
            ctx.error(place, f"There is {_article(other)} {other} {block.name} already")
        taken[space, block.name] = kind
        if isinstance(block, EnumBlock):
            ctx.enums[block.name] = EnumDraft(file, block)
        elif isinstance(block, Model) and block.kind != "type":
            ctx.drafts.append(ModelDraft(file, block))
            ctx.models[block.name] = ctx.drafts[-1]


def blocks(ctx: Context) -> Iterator[tuple[SchemaFile, Block]]:
    """Every block of every file."""
    for file in ctx.files:
        for block in file.blocks:
            yield file, block


def _article(word: str) -> str:
    return "an" if word == "enum" else "a"


def _check_model(ctx: Context, file: SchemaFile, block: Model, right: set[str | int]) -> None:
    """Judge the names in a model.

    Args:
        right: the names of fields that were found right, and the identities of what follows such names.
    """
    _check_spelling(ctx, block_name_place(file, block), block.name, block.kind)
    if block.kind != "type":
        _check_reserved(ctx, block_place(file, block), block.name, block.kind)
        _check_attributes(ctx, file, block.attributes)
        for field in block.fields:
            if field.name not in right or id(field.rest) not in right:
                before = len(ctx.errors)
                if not field.name[0].isalpha() or "-" in field.name:
                    _check_spelling(ctx, name_place(file, field.line), field.name, "field")
                for attribute in field.rest.attributes:
                    _check_attribute(ctx, file, field.line, field.origin, attribute)
                if len(ctx.errors) == before:
                    right.update((field.name, id(field.rest)))
    if len({field.name for field in block.fields}) < len(block.fields):
        _check_doubles(ctx, file, block)


def _check_doubles(ctx: Context, file: SchemaFile, block: Model) -> None:
    seen: set[str] = set()
    for field in block.fields:
        if field.name in seen:
            place = name_place(file, field.line)
            ctx.error(place, f"The {block.kind} {block.name} has a field {field.name} already")
        seen.add(field.name)


def _check_enum(ctx: Context, file: SchemaFile, block: EnumBlock) -> None:
    _check_spelling(ctx, block_name_place(file, block), block.name, "enum")
    _check_reserved(ctx, block_place(file, block), block.name, "enum")
    _check_attributes(ctx, file, block.attributes)
    seen: set[str] = set()
    for value in block.values:
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
    for block_attribute in attributes:
        _check_attribute(ctx, file, block_attribute.line, block_attribute.origin, block_attribute.attribute)


def _check_attribute(ctx: Context, file: SchemaFile, line: int, origin: int, attribute: Attribute) -> None:
    name = attribute.name
    if not name[0].isalpha() or "-" in name:
        _check_spelling(ctx, node_place(file, line, origin, attribute), name, "attribute")


def _check_spelling(ctx: Context, place: Place, name: str, kind: str) -> None:
    if name[0].isnumeric():
        ctx.error(place, f"The name of {_article(kind)} {kind} begins with a letter, not with a digit")
    elif "-" in name:
        ctx.error(place, f"The name of {_article(kind)} {kind} has no hyphen", "write _ instead of -")


def _check_reserved(ctx: Context, place: Place, name: str, kind: str) -> None:
    if name in RESERVED:
        hint = f'choose another name, and @@map("{name}") if the database has this one'
        ctx.error(place, f"{name} is a reserved word and no name of {_article(kind)} {kind}", hint)
