"""Fields that are written alike but for their names are judged once, and every mistake is told where it stands."""

import re

import pytest

from schemasync.witnesses.prisma.parser import parse
from schemasync.witnesses.prisma.resolve import resolve
from schemasync.witnesses.prisma.tables import schema_of

DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n'


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("Strin", "There is no type, enum or model Strin"),
        ("String @default(1)", "1 is no String"),
        ("String @db.Bit(0)", "The length of Bit is at least 1, not 0"),
        ("Json[] @updatedAt", "@updatedAt is for DateTime fields"),
        ('String @map("same")', "have the same column"),
    ],
)
def test_a_mistake_in_fields_that_are_written_alike_is_told_of_each(rest: str, message: str) -> None:
    lines = f"  one {rest}\n  two {rest}\n"
    models = "".join(f"model {name} {{\n  id Int @id\n{lines}}}\n" for name in ("A", "B"))
    _, diagnostics = resolve([parse(DATASOURCE + models, "schema.prisma")[0]], version=7)
    found = re.findall(r"schema.prisma:(\d+):\d+: error: (.*)", "\n".join(item.render() for item in diagnostics))
    wrong = ["7", "12"] if "same" in message else ["6", "7", "11", "12"]
    assert [line for line, text in found if message in text] == wrong


def test_fields_that_are_written_alike_have_names_and_places_of_their_own() -> None:
    text = "model A {\n  id Int @id\n  one String? @db.Char(2)\n  two String? @db.Char(2)\n}\n"
    resolved, _ = resolve([parse(text.replace("model", DATASOURCE + "model"), "schema.prisma")[0]])
    assert resolved is not None
    _, one, two = schema_of(resolved, "schema.prisma").tables[0].columns
    assert (one.name, one.field, two.name, two.field) == ("one", "one", "two", "two")
    assert str(one.type) == str(two.type) == "char(2)"
    assert [column.location.line for column in (one, two) if column.location is not None] == [6, 7]
