"""A schema of many tables, as large projects have them: hubs that many refer to, chains, cycles, and some alone."""

from schemasync.schema.model import Column, ForeignKey, PrimaryKey, Schema, Table
from schemasync.schema.types import parse_type


def many_tables(number: int) -> dict[str, Schema]:
    tables = []
    for index in range(number):
        columns = [Column("id", parse_type("uuid"), nullable=False), Column("name", parse_type("text"))]
        keys = []
        targets = {index // 3, index // 7, 0} if index and index % 10 else set()
        if index == 5:
            targets = {index, 11}
        for target in sorted(targets):
            name = f"table_{target:03}_id"
            columns.append(Column(name, parse_type("uuid")))
            keys.append(ForeignKey((name,), "public", f"table_{target:03}", ("id",)))
        tables.append(
            Table(
                f"table_{index:03}", columns=tuple(columns), primary_key=PrimaryKey(("id",)), foreign_keys=tuple(keys)
            )
        )
    front, back = tables[: number // 2], tables[number // 4 :]
    return {"prisma": Schema("prisma", tables=tuple(front)), "sqlalchemy": Schema("sqlalchemy", tables=tuple(back))}
