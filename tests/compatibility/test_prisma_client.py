"""What Prisma's client leaves to the database, and what it never names."""

from dataclasses import replace
from pathlib import Path

from schemasync.compatibility import Service, breakages, service_of
from schemasync.schema.model import Column, Schema, Table
from schemasync.schema.types import parse_type
from schemasync.witnesses.prisma.read import read_prisma


def test_prisma_leaves_dbgenerated_to_the_database(tmp_path: Path) -> None:
    path = tmp_path / "schema.prisma"
    path.write_text("""datasource db {
  provider = "postgresql"
}

model Code {
  id     String   @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  kind   String   @default("new's")
  rank   Int      @default(-1)
  tags   String[] @default(["a", "b"])
  made   DateTime @default(now())
}
""")
    facts = read_prisma(path)
    (table,) = facts.tables
    bare = replace(table, columns=tuple(replace(column, default=None) for column in table.columns))
    found = breakages(Service("front end", "prisma", facts), replace(facts, tables=(bare,)))
    assert [one.reason for one in found] == ["id has no default, and its Prisma client leaves it to the database"]


def test_prisma_never_names_what_its_client_does_not_see(tmp_path: Path) -> None:
    file = tmp_path / "schema.prisma"
    file.write_text(
        'datasource db {\n  provider = "postgresql"\n}\n'
        'model users {\n  id Int @id\n  nick String? @ignore\n  place Unsupported("point")?\n}\n'
        "model gone {\n  id Int @id\n\n  @@ignore\n}\n"
    )
    schema = read_prisma(file)
    assert schema.unseen == (("public", "gone"), ("public", "users", "nick"), ("public", "users", "place"))
    assert Schema.from_json(schema.to_json()).unseen == schema.unseen
    front = service_of("front end", schema)
    id_ = Column("id", parse_type("integer"), nullable=False)
    state = Schema("database", "live", tables=(Table("users", columns=(id_,)),))
    assert breakages(front, state) == ()
    # A column that it does not see is one that it does not fill.
    required = Column("nick", parse_type("text"), nullable=False)
    (found,) = breakages(front, replace(state, tables=(Table("users", columns=(id_, required)),)))
    assert (found.statement, found.object) == ("INSERT", "nick")
