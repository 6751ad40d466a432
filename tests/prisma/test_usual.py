"""What the rules take for the usual case they judge as they judge all others, only sooner."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemasync.witnesses.prisma.parser import parse
from schemasync.witnesses.prisma.resolve import resolve
from schemasync.witnesses.prisma.rules import field_attributes, index_rules, relation_rules
from schemasync.witnesses.prisma.rules.block_attributes import ModelReader
from schemasync.witnesses.prisma.tables import schema_of

CASES = sorted((Path(__file__).parent / "cases").rglob("*.prisma"))
RELATIONS = """\
datasource db {
  provider     = "postgresql"
}

model User {
  id       Int     @id @default(autoincrement())
  email    String  @unique
  tag      String? @db.VarChar(9)
  document String? @db.Xml
  posts    Post[]
  written  Post[]  @relation("writer")
  profile  Profile?

  @@unique([email, tag])
  @@index([tag])
  @@map("users")
}

model Post {
  id       Int   @id
  authorId Int?
  writerId Int
  ownerTag String?
  author   User? @relation(fields: [authorId], references: [id], onDelete: SetNull, onUpdate: NoAction)
  writer   User  @relation("writer", fields: [writerId], references: [id])
  @@index([authorId])
  @@map("posts")
}

model Profile {
  userId Int   @unique
  user   User  @relation(fields: [userId], references: [id], onDelete: Cascade)
  @@ignore
}
"""
EXCHANGED = [
    ("SetNull", "SetDefault"), ("Int?", "Int"), ("Int ", "Int? "), ("Int ", "String "), ("[id]", "[tag]"),
    ("[id]", "[email]"), ("[tag]", "[document]"), ("User?", "User"), ("User ", "User? "), ("fields", "references"),
    ("references: [id]", "references: [id], onDelete: SetNull"), ("references: [id]", 'references: [id], map: "a"'),
    ('@@map("posts")', '@@map("users")'), ('@@map("users")', '@@map("")'), ("[authorId]", "[authorId, id]"),
    ("@@index([tag])", '@@index([tag], map: "users_email_key")'), ("@unique", '@unique(map: "posts_pkey")'),
    ("Post[]", 'Post[] @relation(onDelete: Cascade)'), ("posts    Post[]", "posts    Post?"), ("@id", "@unique"),
    ("authorId Int?", "authorId String?"), ("writerId Int", "writerId String"), ("Cascade", "Nothing"),
    ("@@index([authorId])", f'@@index([authorId], map: "{"a" * 64}")'), ("@@index([tag])", "@@index([tag], type: Gin)"),
    ('"postgresql"', '"cockroachdb"'), ('     = "postgresql"', '="postgresql"\n  relationMode = "prisma"'),
]  # fmt: skip


def made(seed: int) -> str:
    """The relations with some mistakes."""
    luck = random.Random(seed)
    text = RELATIONS
    for _ in range(luck.randint(1, 3)):
        old, new = luck.choice(EXCHANGED)
        before, found, behind = text.partition(old) if luck.random() < 0.5 else text.rpartition(old)
        text = before + new + behind if found else text
    lines = text.split("\n")
    if luck.random() < 0.4:
        number = luck.randrange(4, len(lines))
        lines[number : number + 1] = luck.choice([[], [lines[number]] * 2])
    return "\n".join(lines)


def told(text: str) -> tuple[object, ...]:
    """The schema and the diagnostics, by each version's rules."""
    found: list[object] = []
    for version in (6, 7):
        tree, broken = parse(text, "a.prisma")
        resolved, diagnostics = resolve([tree], broken, version=version)
        found += [repr(schema_of(resolved, "a.prisma")) if resolved is not None else None, diagnostics]
    return tuple(found)


@pytest.fixture
def no_usual_case(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    def nothing(*_: object) -> bool:
        return False

    monkeypatch.setattr(field_attributes, "read_usual", nothing)
    monkeypatch.setattr(index_rules, "_is_usual", nothing)
    monkeypatch.setattr(relation_rules, "_is_usual", nothing)
    monkeypatch.setattr(ModelReader, "_usual", nothing)
    yield monkeypatch


def test_the_usual_case_is_judged_as_any_other(no_usual_case: pytest.MonkeyPatch) -> None:
    texts = [path.read_text(encoding="utf-8") for path in CASES] + [RELATIONS, *map(made, range(3000))]
    closely = [told(text) for text in texts]
    no_usual_case.undo()
    verdicts = {outcome[2] is None for outcome in closely}
    assert verdicts == {True, False}
    for text, expected in zip(texts, closely, strict=True):
        assert told(text) == expected, text
