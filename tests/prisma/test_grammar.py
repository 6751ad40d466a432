"""The parser, line by line, and the grammar, the whole file at once, read the same."""

import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import UnexpectedInput
from prisma_printing import plain_file, print_block, quoted, with_places
from prisma_whole_file import blocks

from schemasync.witnesses.prisma.parser import parse
from schemasync.witnesses.prisma.syntax import (
    Argument,
    ArrayValue,
    Attribute,
    BlockAttribute,
    ConfigBlock,
    ConstantValue,
    EnumBlock,
    EnumValue,
    Field,
    FieldRest,
    FunctionCall,
    Model,
    NumberValue,
    ObjectValue,
    Property,
    StringValue,
)

SAMPLE = """
datasource db { // where
  provider = "postgresql"
  schemas  = ["a", "b"]
}

/// Somebody.
model User {
  id     Int      @id @default(autoincrement()) /// the key
  model  String?  @db.VarChar(255)
  tags   String[] @default(["a, b", "}"])
  circle Unsupported("circle")?
  /* not
  } the end */
  @@index([id, model(sort: Desc, ops: raw("x"))], type: Gin, where: { id: 1, model: { not: null } })
} enum Role {
  ADMIN @map("admin") // first
  USER
}
"""

SCRAPS = ["model A {\n", "enum B {\n", "\n}\n", "@@", "///", "/*", "*/", '"', "\\", *"{}()[]@\n\r\t ,.:=?_-1aÉⅧ²"]


def test_the_sample_is_read_alike() -> None:
    tree, problems = parse(SAMPLE, "schema.prisma")
    assert problems == []
    assert [block.name for block in tree.blocks] == ["db", "User", "Role"]
    assert plain_file(tree) == blocks(SAMPLE)


def test_every_real_file_is_read_alike(corpus: Path) -> None:
    compared = 0
    for path in sorted(corpus.rglob("*.prisma")):
        text = path.read_text(encoding="utf-8")
        tree, problems = parse(text, str(path))
        try:
            whole = blocks(text)
        except UnexpectedInput:
            assert problems, path  # what the grammar refuses, some line of it is refused
            continue
        if not problems and "\\" not in text:
            assert plain_file(tree) == whole, path
            compared += 1
    assert compared > 150


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_one(ending: str) -> None:
    tree, problems = parse(SAMPLE.replace("\n", ending), "schema.prisma")
    assert problems == []
    assert plain_file(tree) == plain_file(parse(SAMPLE, "schema.prisma")[0])


def same_without_the_short_cut(text: str) -> bool:
    """Whether the grammar alone reads what it reads with the short cut: nodes, places, diagnostics."""
    quick, quick_problems = parse(text, "schema.prisma")
    slow, slow_problems = parse(text, "schema.prisma", quick=False)
    return with_places(quick) == with_places(slow) and quick_problems == slow_problems


def test_the_short_cut_changes_nothing_in_real_files(corpus: Path) -> None:
    for path in sorted(corpus.rglob("*.prisma")):
        assert same_without_the_short_cut(path.read_text(encoding="utf-8")), path


ODD = """ a(b) a (b) 1 1. 1a -1 -a 1.5 [] [a] [ a ,b ] "x" "\\n" "\\q" {a:1} x.y x. x..y ( ) , : , ) ? [] ?[] // /* */
  @ @@ @a @a.b @a( @a() @a(b: c) @a(b:) @a(,) @a([a(x: 1), b]) @a(f(1,2),) Int Int? Unsupported("c") Ⅷ é @é \t = ! """


@given(st.lists(st.sampled_from(ODD.split()), max_size=8), st.sampled_from(["", " ", "  ", "\t"]))
@settings(max_examples=1500, deadline=None)
def test_the_short_cut_changes_nothing_in_odd_lines(words: list[str], space: str) -> None:
    line = space.join(words)
    text = f"model A {{\n  x Int {line}\n y {line}\n  @@{line}\n}}\nenum B {{\n  x {line}\n}}\n"
    assert same_without_the_short_cut(text)


@given(st.lists(st.sampled_from(SCRAPS), max_size=30).map("".join))
@settings(max_examples=500, deadline=None)
def test_the_parser_answers_to_any_text(text: str) -> None:
    tree, problems = parse(text, "schema.prisma")
    assert tree.path == "schema.prisma"
    for problem in problems:
        assert 1 <= problem.line <= len(tree.lines)
        assert problem.source_line == tree.lines[problem.line - 1]
        assert 1 <= problem.column <= len(problem.source_line) + 1
        problem.render()


@given(st.text())
@settings(deadline=None)
def test_the_parser_answers_to_any_unicode(text: str) -> None:
    parse(text, "schema.prisma")


NAMES = st.builds(str.__add__, st.sampled_from(string.ascii_letters + "é字"), st.text("abcXYZ_-019é", max_size=6))
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(".".join)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
DOCUMENTATION = st.none() | st.text(string.ascii_letters + " ", min_size=1).map(str.strip).filter(bool)
NUMBERS = st.from_regex(r"-?[0-9]{1,6}(\.[0-9]{1,4})?", fullmatch=True)
LEAVES = (
    st.builds(StringValue, TEXTS, st.just(0), st.just(0))
    | st.builds(NumberValue, NUMBERS, st.just(0), st.just(0))
    | st.builds(ConstantValue, PATHS, st.just(0), st.just(0))
)


def arguments_of(values: st.SearchStrategy[object], *, empty: bool = True) -> st.SearchStrategy[tuple[Argument, ...]]:
    """Arguments with and without names and values."""
    named = st.builds(Argument, NAMES, values | st.none() if empty else values, st.just(0), st.just(0))
    plain = st.builds(Argument, st.none(), values, st.just(0), st.just(0))
    return st.lists(named | plain if empty else named, max_size=3).map(tuple)


VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(ArrayValue, st.lists(inner, max_size=3).map(tuple), st.just(0), st.just(0))
        | st.builds(ObjectValue, arguments_of(inner, empty=False), st.just(0), st.just(0))
        | st.builds(FunctionCall, PATHS, arguments_of(inner), st.just(0), st.just(0), st.sampled_from([-1, 0]))
    ),
    max_leaves=6,
)
ATTRIBUTES = st.builds(Attribute, PATHS, arguments_of(VALUES), st.just(0), st.just(0), st.sampled_from([-1, 0]))
ARITIES = st.sampled_from(["required", "optional", "list"])
RESTS = st.builds(FieldRest, NAMES, ARITIES, st.none(), st.lists(ATTRIBUTES, max_size=3).map(tuple)) | st.builds(
    FieldRest, st.just(""), ARITIES, TEXTS, st.just(())
)
FIELDS = st.builds(Field, NAMES, RESTS, DOCUMENTATION, st.just(1), st.just(0))
BLOCK_ATTRIBUTES = st.lists(st.builds(BlockAttribute, ATTRIBUTES, st.just(1), st.just(0)), max_size=2).map(tuple)
PLACES = (st.just(1), st.just(0), st.just(0))
BLOCKS = (
    st.builds(
        Model,
        st.sampled_from(["model", "view", "type"]),
        NAMES,
        st.lists(FIELDS, max_size=4).map(tuple),
        BLOCK_ATTRIBUTES,
        DOCUMENTATION,
        *PLACES,
    )
    | st.builds(
        EnumBlock,
        NAMES,
        st.lists(
            st.builds(
                EnumValue, NAMES, st.lists(ATTRIBUTES, max_size=2).map(tuple), DOCUMENTATION, st.just(1), st.just(0)
            ),
            max_size=4,
        ).map(tuple),
        BLOCK_ATTRIBUTES,
        DOCUMENTATION,
        *PLACES,
    )
    | st.builds(
        ConfigBlock,
        st.sampled_from(["datasource", "generator"]),
        NAMES,
        st.lists(st.builds(Property, NAMES, VALUES | st.none(), st.just(1), st.just(0)), max_size=4).map(tuple),
        *PLACES,
    )
)


@given(st.lists(BLOCKS, max_size=4))
@settings(max_examples=200, deadline=None)
def test_a_printed_tree_is_read_back(written: list[Model | EnumBlock | ConfigBlock]) -> None:
    text = "\n".join(map(print_block, written))
    tree, problems = parse(text, "schema.prisma")
    assert problems == []
    assert same_without_the_short_cut(text)
    assert list(map(print_block, tree.blocks)) == list(map(print_block, written))
    if "\\" not in text:
        assert plain_file(tree) == blocks(text)


def test_positions_lead_back_to_the_text() -> None:
    (_, model, _) = parse(SAMPLE, "schema.prisma")[0].blocks
    assert isinstance(model, Model)
    lines = SAMPLE.split("\n")
    (field,) = (item for item in model.fields if item.name == "tags")
    (attribute,) = field.attributes
    line = lines[field.line - 1]
    assert line[field.origin + attribute.start : field.origin + attribute.end] == '@default(["a, b", "}"])'
    (value,) = (argument.value for argument in attribute.arguments)
    assert isinstance(value, ArrayValue)
    assert [line[field.origin + item.start : field.origin + item.end] for item in value.items] == ['"a, b"', '"}"']
    assert quoted("a, b") == '"a, b"'
