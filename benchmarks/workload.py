"""A project of any size, written twice from one plan: as a Prisma schema and as the SQL that Prisma makes of it.

`python -m benchmarks.workload --tables 1000 --out FOLDER` writes schema.prisma and schema.sql.
"""

import argparse
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

_SUBJECTS = re.findall(
    r"\w+", "Account Batch Course Device Event Folder Grant Invoice Journal Letter Market Note Order Parcel Quote"
)
_ASPECTS = re.findall(
    r"\w+", "Detail Entry Group Item Label Member Option Period Record State Ticket Unit Value Window Zone"
)
_WORDS = re.findall(
    r"\w+",
    """amount area code color count email height kind length level notes phone price rank region score size
    source status street summary title token total unit url version weight width""",
)

# How a column is written in the schema, and in SQL behind its name.
_TYPES = (
    ("String", "TEXT NOT NULL"),
    ("String?", "TEXT"),
    ("String @db.VarChar(120)", "VARCHAR(120) NOT NULL"),
    ("String? @db.VarChar(40)", "VARCHAR(40)"),
    ('String @default("new")', "TEXT NOT NULL DEFAULT 'new'"),
    ("Int", "INTEGER NOT NULL"),
    ("Int? @db.SmallInt", "SMALLINT"),
    ("Int @default(0)", "INTEGER NOT NULL DEFAULT 0"),
    ("BigInt?", "BIGINT"),
    ("Boolean @default(false)", "BOOLEAN NOT NULL DEFAULT false"),
    ("Decimal @db.Decimal(12, 2)", "DECIMAL(12,2) NOT NULL"),
    ("Float?", "DOUBLE PRECISION"),
    ("DateTime @default(now())", "TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP"),
    ("DateTime? @db.Timestamptz(6)", "TIMESTAMPTZ(6)"),
    ("Json?", "JSONB"),
    ("String[]", "TEXT[]"),
)


@dataclass
class _Model:
    name: str
    table: str
    lines: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    indexes: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


def workload(tables: int, seed: int = 1) -> tuple[str, str]:
    """The text of schema.prisma and of schema.sql, the same for the same arguments."""
    chance = random.Random(seed)
    models: list[_Model] = []
    enums = {f"Kind{number}": chance.sample(_WORDS, 4) for number in range(max(1, tables // 10))}
    for number in range(tables):
        subject, aspect = _SUBJECTS[number % 15], _ASPECTS[number // 15 % 15]
        name = f"{subject}{aspect}{number // 225 or ''}"
        models.append(_columns(_Model(name, f"{name.lower()}s"), chance, enums))
        for _ in range(chance.choice((1, 1, 2)) if number else 0):
            _relation(models[number], models[chance.randrange(number)], len(models[number].keys))
    return _schema(models, enums), _sql(models, enums)


def _columns(model: _Model, chance: random.Random, enums: dict[str, list[str]]) -> _Model:
    model.lines.append("id String @id @default(uuid()) @db.Uuid")
    model.columns.append('"id" UUID NOT NULL')
    for word in chance.sample(_WORDS, chance.randint(6, 13)):
        written, sql = chance.choice(_TYPES)
        model.lines.append(f"{word} {written}")
        model.columns.append(f'"{word}" {sql}')
    enum = chance.choice(list(enums))
    model.lines.append(f"sort {enum} @default({enums[enum][0]})")
    model.columns.append(f'"sort" "{enum}" NOT NULL DEFAULT \'{enums[enum][0]}\'')
    model.lines.append('createdAt DateTime @default(now()) @map("created_at")')
    model.columns.append('"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP')
    model.lines.append('updatedAt DateTime @updatedAt @map("updated_at")')
    model.columns.append('"updated_at" TIMESTAMP(3) NOT NULL')
    model.attributes.append("@@index([sort, createdAt(sort: Desc)])")
    index = f"{model.table}_sort_created_at_idx"
    model.indexes.append(f'CREATE INDEX "{index}" ON "{model.table}"("sort", "created_at" DESC);')
    return model


def _relation(holder: _Model, target: _Model, number: int) -> None:
    name, column = f"{holder.name}{number}", f"ref{number}_id"
    reference = f'@relation("{name}", fields: [ref{number}Id], references: [id], onDelete: Cascade)'
    holder.lines.append(f'ref{number}Id String @map("{column}") @db.Uuid')
    holder.lines.append(f"ref{number} {target.name} {reference}")
    target.lines.append(f'of{name} {holder.name}[] @relation("{name}")')
    holder.columns.append(f'"{column}" UUID NOT NULL')
    holder.attributes.append(f"@@index([ref{number}Id])")
    holder.indexes.append(f'CREATE INDEX "{holder.table}_{column}_idx" ON "{holder.table}"("{column}");')
    holder.keys.append(
        f'ALTER TABLE "{holder.table}" ADD CONSTRAINT "{holder.table}_{column}_fkey" FOREIGN KEY ("{column}") '
        f'REFERENCES "{target.table}"("id") ON DELETE CASCADE ON UPDATE CASCADE;'
    )


def _schema(models: list[_Model], enums: dict[str, list[str]]) -> str:
    parts = [
        'generator client {\n  provider = "prisma-client-js"\n}\n',
        'datasource db {\n  provider = "postgresql"\n}\n',
    ]
    parts += [
        f"enum {name} {{\n" + "".join(f"  {value}\n" for value in values) + "}\n" for name, values in enums.items()
    ]
    for model in models:
        words = [line.split(" ", 2) for line in model.lines]
        width, types = max(len(line[0]) for line in words), max(len(line[1]) for line in words)
        lines = [f"  {line[0]:{width}} {line[1]:{types}} {line[2] if len(line) > 2 else ''}".rstrip() for line in words]
        lines += ["", *(f"  {attribute}" for attribute in [*model.attributes, f'@@map("{model.table}")'])]
        parts.append(f"model {model.name} {{\n" + "\n".join(lines) + "\n}\n")
    return "\n".join(parts)


def _sql(models: list[_Model], enums: dict[str, list[str]]) -> str:
    lines = []
    for name, values in enums.items():
        labels = ", ".join(f"'{value}'" for value in values)
        lines.append(f'CREATE TYPE "{name}" AS ENUM ({labels});')
    for model in models:
        columns = ",\n    ".join([*model.columns, f'CONSTRAINT "{model.table}_pkey" PRIMARY KEY ("id")'])
        lines.append(f'CREATE TABLE "{model.table}" (\n    {columns}\n);')
    lines += [index for model in models for index in model.indexes]
    lines += [key for model in models for key in model.keys]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Write schema.prisma and schema.sql.")
    parser.add_argument("--tables", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    schema, sql = workload(chosen.tables, chosen.seed)
    (chosen.out / "schema.prisma").write_text(schema)
    (chosen.out / "schema.sql").write_text(sql)


if __name__ == "__main__":
    main()
