"""The short cut past the parser generator: which texts it reads, and that it reads them by the grammar's terminals."""

import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from lark import Lark
from prisma_printing import with_places

from schemasync.witnesses.prisma.grammar import STARTS
from schemasync.witnesses.prisma.parser import parse
from schemasync.witnesses.prisma.terminals import grammar_text, plain_pattern, terminal_pattern

LETTERS = '"\\\r\n\x00\x1f a1_-.é²'
ORDINARY = """\
// A comment of its own line
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["views", "partialIndexes"] // at the end
}

datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

/// Somebody who can sign in.
model User {
  id    Int     @id @default(autoincrement())
  email String  @unique @db.VarChar(255) /// in lower case
  role  Role?   @default(ADMIN)
  posts Post[]

  @@map("users")
}

model Post {
  id       Int  @id
  authorId Int
  author   User @relation(fields: [authorId], references: [id], onDelete: Cascade)

  @@index([authorId, id(sort: Desc)], map: "posts_by_author")
}

enum Role {
  ADMIN  @map("admin")
  EDITOR
}
"""


def assert_read_alike(text: str) -> None:
    quick, quick_problems = parse(text, "a.prisma")
    slow, slow_problems = parse(text, "a.prisma", quick=False)
    assert with_places(quick) == with_places(slow)
    assert quick_problems == slow_problems


@pytest.mark.parametrize(
    "name", ["NAME", "PATH", "NUMBER", "STRING", "MODEL_KEYWORD", "ENUM_KEYWORD", "CONFIG_KEYWORD"]
)
def test_a_terminal_is_what_lark_takes_it_for(name: str) -> None:
    lark = Lark(grammar_text(), parser="lalr", start=STARTS)
    ours, theirs = re.compile(terminal_pattern(name)), re.compile(lark.get_terminal(name).pattern.to_regexp())
    words = ["".join(letters) for length in range(5) for letters in product(LETTERS, repeat=length)]
    for word in [*words, "model", "view", "type", "enum", "datasource", "generator", "a.b.c", "-12.50"]:
        assert bool(ours.fullmatch(word)) is bool(theirs.fullmatch(word)), word


@pytest.mark.parametrize("name", ["NAME", "PATH", "NUMBER", "STRING"])
def test_a_terminal_of_the_short_cut_is_the_same_in_ascii_without_a_backslash(name: str) -> None:
    letters = '"\r\n\x00\x1f aZ1_-.:[]'
    plain, whole = re.compile(plain_pattern(name), re.ASCII), re.compile(terminal_pattern(name))
    for word in ("".join(some) for length in range(5) for some in product(letters, repeat=length)):
        assert bool(plain.fullmatch(word)) is bool(whole.fullmatch(word)), word
    for letter in map(chr, set(range(128)) - {ord("\\")}):
        for word in (letter, f"a{letter}", f'"{letter}"', f"a.{letter}", f"1{letter}"):
            assert bool(plain.fullmatch(word)) is bool(whole.fullmatch(word)), word


def test_an_unknown_terminal_is_refused() -> None:
    with pytest.raises(LookupError, match="NOTHING"):
        terminal_pattern("NOTHING")


def test_an_ordinary_file_is_read_without_the_parser_generator(tmp_path: Path) -> None:
    path = tmp_path / "schema.prisma"
    path.write_text(ORDINARY, encoding="utf-8")
    program = (
        "import sys; from schemasync.witnesses.prisma.read import read_prisma; "
        "schema = read_prisma(sys.argv[1]); assert len(schema.tables) == 2; print('lark' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_an_ordinary_file_is_read_as_the_grammar_reads_it() -> None:
    assert_read_alike(ORDINARY)


@pytest.mark.parametrize("space", ["\x0b", "\x0c", "\x1c", "\x1f", "\x85", "\u2028", "\u00a0", "\u3000"])
@pytest.mark.parametrize("line", ["a{}Int", "a Int{}@id", "a{} Int", "a Int @id{}", 'A{}@map("a")'])
def test_odd_spaces_are_what_the_grammar_takes_them_for(space: str, line: str) -> None:
    text = f"model M {{\n  {line.format(space)}\n}}\nenum E {{\n  {line.format(space)}\n}}\n"
    assert_read_alike(text)


@pytest.mark.parametrize(
    "value",
    ['"a"', "1", "-1.5", "a.b", "[]", '["a", "b"]', 'env("A")', "f(a: 1)", "1a", "a b", '"a" "b"', "", "{a: 1}"],
)
def test_settings_are_read_as_the_grammar_reads_them(value: str) -> None:
    text = f"datasource db {{\n  a = {value}\n  b ={value} // c\n}}\n"
    assert_read_alike(text)


USUAL = [
    "author User @relation(fields: [authorId], references: [id])",
    "author User @relation(fields: [authorId], references: [id], onDelete: SetNull)",
    "author User @relation(fields: [authorId], references: [id], onDelete: Cascade, onUpdate: NoAction)",
    "author User @relation(fields: [authorId], references: [id], onUpdate: NoAction)",
    "@@index([authorId])",
    "@@unique([authorId, id, created_at])",
    '@@map("posts")',
]


@pytest.mark.parametrize("line", USUAL)
def test_a_usual_attribute_with_a_character_more_or_less_is_read_as_the_grammar_reads_it(line: str) -> None:
    assert_read_alike(f"model Post {{\n  {line}\n}}\n")
    for place in range(len(line)):
        for letter in ("", " ", ",", ")", "]", "[", "a", "1", ".", "-", "_", "é", '"', ":", "@", "/", "\\"):
            both = line[:place] + letter + line[place + 1 :], line[:place] + letter + line[place:]
            for changed in both:
                assert_read_alike(f"model Post {{\n  {changed}\n}}\n")
