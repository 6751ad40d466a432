"""A schema that was read leaves nothing behind that waits for the garbage collector."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

import schemasync

MODELS = """
enum Role {
  admin
  guest
}

model User {
  id    Int    @id @default(autoincrement())
  role  Role   @default(guest)
  posts Post[]
  tags  Tag[]

  @@map("users")
}

model Post {
  id       Int  @id
  author   User @relation(fields: [authorId], references: [id])
  authorId Int  @unique

  @@index([authorId, id])
}

model Tag {
  id    Int    @id
  users User[]
}
"""


@pytest.fixture(autouse=True)
def without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(
    "before", ["", "model Broken {\n  id Strin @id\n}\n", "model Broken {\n  id String\n}\n", "modl\n"]
)
def test_nothing_waits_for_the_collector(tmp_path: Path, before: str) -> None:
    path = tmp_path / "schema.prisma"
    path.write_text(before + MODELS)
    for _ in range(2):  # what is made once and kept is made by the first reading
        gc.collect()
        _read(path)
    assert gc.collect() < 10  # the error's own frames


def _read(path: Path) -> None:
    try:
        schemasync.read_prisma(path)
    except schemasync.PrismaSchemaError as error:
        assert error.diagnostics
