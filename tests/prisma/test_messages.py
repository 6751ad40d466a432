"""What a user reads who has made a mistake: where it is, what it is, and what to do."""

from pathlib import Path
from textwrap import dedent

import pytest

import schemasync
from schemasync.cli.main import main
from schemasync.errors import PrismaSchemaError
from schemasync.witnesses.prisma.loading import read_syntax
from schemasync.witnesses.prisma.parser import parse
from schemasync.witnesses.prisma.resolve import load, resolve

DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n'


def messages(schema: str, version: int | None = 7) -> str:
    """All diagnostics of a schema, as they are shown."""
    tree, diagnostics = parse(dedent(schema), "schema.prisma")
    _, diagnostics = resolve([tree], diagnostics, version=version)
    return "\n".join(item.render() for item in diagnostics) + "\n"


def test_every_broken_line_is_reported_with_what_was_meant() -> None:
    assert (
        messages("""\
        model User {
          id: Int @id
          name String!
          tags [String]
          more String[]?
          alone
          email String @unique(
            map: "x")
          ok Boolean @default('true')
        }
        modul Post {
          id Int @id
        }
        """)
        == EXPECTED
    )


EXPECTED = """\
schema.prisma:2:5: error: A field has no colon between its name and its type
      id: Int @id
        ^^^^^^^^^
    hint: write name Type
schema.prisma:3:8: error: A field is required unless its type ends in ?
      name String!
           ^^^^^^^
    hint: leave the ! out
schema.prisma:4:8: error: A list is written Type[], not [Type]
      tags [String]
           ^^^^^^^^
    hint: write name Type[]
schema.prisma:5:8: error: A list cannot be optional
      more String[]?
           ^^^^^^^^^
    hint: write Type[] or Type?
schema.prisma:6:3: error: This field has no type
      alone
      ^^^^^
    hint: write name Type
schema.prisma:7:3: error: This line is neither a field nor an attribute
      email String @unique(
      ^^^^^^^^^^^^^^^^^^^^^
    hint: brackets close on the line on which they open
schema.prisma:8:8: error: A field has no colon between its name and its type
        map: "x")
           ^^^^^^
    hint: write name Type
schema.prisma:9:3: error: This line is neither a field nor an attribute
      ok Boolean @default('true')
      ^^^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: strings stand in double quotes
schema.prisma:11:1: error: This line begins with no known keyword
    modul Post {
    ^^^^^^^^^^^^
    hint: blocks are model, view, enum, type, datasource and generator
schema.prisma:12:3: error: This line begins with no known keyword
      id Int @id
      ^^^^^^^^^^
    hint: blocks are model, view, enum, type, datasource and generator
schema.prisma:13:1: error: This brace closes no block
    }
    ^
"""


def test_columns_count_characters_and_the_caret_stands_below_tabs() -> None:
    assert messages("model A {\n\tid Int @id\n\tß𠀀 Strng // é\n}\n") == (
        "schema.prisma:3:5: error: There is no type, enum or model Strng\n    \tß𠀀 Strng // é\n    \t   ^^^^^\n"
    )


def test_all_errors_come_at_once() -> None:
    text = messages(
        DATASOURCE
        + """\
model User {
  id Int @id @default(uuid())
  name String @db.Varchar(10) @foo
  age Int @default("old") @unique(map: "")
  role Role @default(BOSS)
  posts Post[]
  broken!
  kind Knid
  @@index([nmae])
}
model Post {
  id Int @id
  userId Int
  user User @relation(fields: [userId, usrId], references: [id], onDelete: Drop)
}
enum Role {
  ADMIN
}
"""
    )
    assert [line for line in text.splitlines() if line.startswith("schema.prisma")] == [
        "schema.prisma:5:14: error: uuid() makes no Int",
        "schema.prisma:6:31: error: There is no attribute @foo here",
        'schema.prisma:7:11: error: "old" is no Int',
        "schema.prisma:7:27: error: The argument map must not be empty",
        "schema.prisma:8:13: error: BOSS is no value of the enum Role",
        "schema.prisma:10:3: error: This line is neither a field nor an attribute",
        "schema.prisma:11:8: error: There is no type, enum or model Knid",
        "schema.prisma:12:3: error: The model User has no field nmae",
        "schema.prisma:17:31: error: usrId in fields is no field of Post",
        "schema.prisma:17:76: error: There is no referential action Drop",
    ]
    assert "hint: its values are ADMIN" in text


@pytest.mark.parametrize(
    ("schema", "message", "hint"),
    [
        ("model A {\n  id Int\n}\n", "1:1: error: The model A has no field or fields that tell its rows apart", "@id"),
        (
            "model A {\n  id string @id\n}\n",
            "2:6: error: There is no type, enum or model string",
            "did you mean String?",
        ),
        ("model A {\n  id String @id @db.VarChar(0.5)\n}\n", "error: The arguments of VarChar are whole numbers", ""),
        ("model A {\n  id String @id @db.uuid\n}\n", "error: There is no native type uuid in postgresql", "Uuid"),
        ("model A {\n  id Int @id\n  id Int\n}\n", "3:3: error: The model A has a field id already", ""),
        (
            "model A {\n  id Int @id\n  b  B[]\n  b  Int\n}\nmodel B {\n  id Int @id\n}\n",
            "4:3: error: The model A has a field b already",
            "",
        ),
        ("type T {\n  a Int\n  a Int\n}\n", "3:3: error: The type T has a field a already", ""),
        ("model class {\n  id Int @id\n}\n", "class is a reserved word and no name of a model", '@@map("class")'),
        (
            "model A {\n  id Int @id\n  b B @relation(fields: [id], references: [id])\n}\nmodel B {\n  id Int @id\n}\n",
            "3:3: error: The model B has no field that leads back to A.b",
            "add one: a A",
        ),
        (
            "model A {\n  id Int @id\n  b B[]\n  c B[]\n}\nmodel B {\n  id Int @id\n}\n",
            "b, c all lead from A to B, and nothing tells them apart",
            "give each relation a name",
        ),
        (
            'model A {\n  id Int @id(map: "k")\n  b Int @unique(map: "k")\n}\n',
            "error: The constraint or index name k is not unique in its schema",
            "map",
        ),
        ("type T {\n  a Int\n}\n", "1:1: error: PostgreSQL has no composite types", "Json"),
        ("view V {\n  a Int @unique\n}\n", "1:1: error: Views are a preview feature of Prisma", "previewFeatures"),
        ('model A {\n  a Unsupported("Text") @unique\n}\n', "Prisma supports the type Text", "write String @db.Text"),
    ],
)
def test_the_message_and_its_hint(schema: str, message: str, hint: str) -> None:
    start = DATASOURCE.count("\n")
    text = messages(schema + DATASOURCE)
    assert message in text
    assert hint in text
    assert start == 3


def test_other_providers_and_other_versions() -> None:
    mysql = 'datasource db {\n  provider = "mysql"\n}\n'
    assert "2:14: error: The provider mysql is not supported" in messages(mysql)
    with_url = 'datasource db {\n  provider = "postgresql"\n  url = env("U")\n}\nmodel A {\n  id Int @id\n}\n'
    assert "3:3: error: url does not belong into the datasource" in messages(with_url, 7)
    assert messages(with_url, 6) == "\n"
    assert messages(with_url, None) == "\n"
    assert "1:1: error: The datasource has no url" in messages(DATASOURCE, 6)
    partial = "model A {\n  id Int @id\n  @@index([id], where: { id: 1 })\n}\n"
    assert "3:3: error: Prisma 6 has no objects in braces" in messages(partial, 6)


def test_a_folder_is_one_schema(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "schema.prisma").write_text(DATASOURCE, encoding="utf-8")
    (tmp_path / "models" / "a.prisma").write_text("model A {\n  id Int @id\n  role Role\n}\n", encoding="utf-8")
    (tmp_path / "models" / "b.prisma").write_text("enum Role {\n  ADMIN\n}\n", encoding="utf-8")
    (tmp_path / "node_modules" / "c.prisma").write_text("model A {\n  id Int @id\n}\n", encoding="utf-8")
    schema = load(tmp_path)
    assert [model.file.path for model in schema.models] == [str(tmp_path / "models" / "a.prisma")]
    (tmp_path / "models" / "b.prisma").write_text("model A {\n  id Int @id\n}\n", encoding="utf-8")
    with pytest.raises(PrismaSchemaError) as caught:
        load(tmp_path)
    assert [(Path(item.path).name, item.line, item.message) for item in caught.value.diagnostics] == [
        ("a.prisma", 3, "There is no type, enum or model Role"),
        ("b.prisma", 1, "There is a model A already"),
    ]


def test_files_that_cannot_be_read_are_diagnostics_too(tmp_path: Path) -> None:
    (tmp_path / "a.prisma").write_bytes(b"model A {\n  id \xff Int\n}\n")
    (tmp_path / "b.prisma").write_text("model B {\n  id\n}\n", encoding="utf-8")
    (tmp_path / "contract.prisma").write_text("", encoding="utf-8")
    with pytest.raises(PrismaSchemaError) as caught:
        load(tmp_path)
    found = [(Path(item.path).name, item.line, item.column) for item in caught.value.diagnostics]
    assert found == [("a.prisma", 2, 6), ("b.prisma", 2, 3), ("contract.prisma", 1, 1)]
    assert caught.value.render().endswith("3 errors in the Prisma schema")
    assert [item.message for item in read_syntax(tmp_path / "none.prisma")[1]] == [
        "This file cannot be read: No such file or directory"
    ]
    (tmp_path / "empty").mkdir()
    with pytest.raises(PrismaSchemaError, match=r"There is no \.prisma file in this folder"):
        load(tmp_path / "empty")


def test_a_byte_order_mark_is_refused(tmp_path: Path) -> None:
    (tmp_path / "schema.prisma").write_text("\ufeffmodel A {\n  id Int @id\n}\n", encoding="utf-8")
    with pytest.raises(PrismaSchemaError, match="The file begins with a byte order mark"):
        load(tmp_path)


def test_documentation_belongs_to_the_node_below() -> None:
    tree, problems = parse(
        dedent("""\
        /// far away

        /// Somebody.
        // not this
        /// Who signs in.
        model User {
          /// The key.
          id Int @id /// never changes
          name String // plain
        }
        """),
        "schema.prisma",
    )
    assert problems == []
    (schema, _) = resolve([tree])
    assert schema is not None
    (user,) = schema.models
    assert user.block.documentation == "Somebody.\nWho signs in."
    assert [field.documentation for field in user.block.fields] == ["The key.\nnever changes", None]


def test_a_condition_compares_no_unsupported_type() -> None:
    partial = 'generator client {\n  provider = "prisma-client"\n  previewFeatures = ["partialIndexes"]\n}\n'
    text = messages(
        DATASOURCE
        + partial
        + 'model A {\n  id Int @id\n  shape Unsupported("circle")\n  @@index([id], where: { shape: 1 })\n}\n'
    )
    assert "11:3: error: shape is of an unsupported type, which only raw() can compare" in text


WARNED = """\
datasource db {
  provider     = "postgresql"
  relationMode = "prisma"
}

generator client {
  provider        = "prisma-client"
  previewFeatures = ["driverAdapters"]
}

model User {
  id    Int    @id
  posts Post[]
}

model Post {
  id     Int  @id
  userId Int
  user   User @relation(fields: [userId], references: [id])
}
"""
WARNINGS = """\
schema.prisma:8:22: warning: driverAdapters is no preview feature any more
      previewFeatures = ["driverAdapters"]
                         ^^^^^^^^^^^^^^^^
    hint: leave it out: it is always on
schema.prisma:19:15: warning: With relationMode = "prisma" nothing makes an index for this relation
      user   User @relation(fields: [userId], references: [id])
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: add @@index([userId]) to Post
"""


def test_warnings_are_pythons_warnings_and_stand_on_standard_error_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("schema.prisma").write_text(WARNED, encoding="utf-8")
    with pytest.warns(schemasync.PrismaSchemaWarning) as caught:
        prisma = schemasync.read_prisma("schema.prisma")
    assert "".join(f"{item.message}\n" for item in caught) == WARNINGS
    assert {item.filename for item in caught} == {__file__}
    Path("before.json").write_text(prisma.to_json(), encoding="utf-8")
    assert main(["check", "--prisma", "schema.prisma", "--snapshot", "before.json"]) == 0
    assert capsys.readouterr().err == WARNINGS
