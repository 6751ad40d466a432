"""Prisma models of SQLAlchemy's own tables: Prisma accepts them, and reads from them what PostgreSQL holds."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from databases import Database
from prisma_oracle import Oracle
from proof import EXAMPLE

import schemasync
from schemasync.mirror.prisma_side import prisma_models
from schemasync.mirror.prisma_types import field_type
from schemasync.schema.types import parse_type
from schemasync.witnesses.loader import load_schema
from schemasync.witnesses.replay import replay_alembic, replay_prisma


@pytest.fixture(scope="module")
def prisma() -> schemasync.Schema:
    return schemasync.read_prisma(EXAMPLE / "frontend" / "prisma" / "schema.prisma")


@pytest.fixture(scope="module")
def models() -> schemasync.Schema:
    return load_schema("app.models:db", path=[EXAMPLE / "backend" / "api"])


def combined(prisma: schemasync.Schema, models: schemasync.Schema, folder: Path) -> Path:
    path = folder / "schema.prisma"
    original = (EXAMPLE / "frontend" / "prisma" / "schema.prisma").read_text()
    path.write_text(original + "\n" + prisma_models(models, prisma))
    return path


def test_prisma_accepts_them(prisma, models, oracle: Oracle, tmp_path):
    judged = oracle.judge(combined(prisma, models, tmp_path))
    assert judged["errors"] == []


def test_they_are_laid_out_as_prisma_formats_them(prisma, models):
    text = prisma_models(models, prisma)
    assert AUDIT_LOG in text
    assert "  companyAddresses CompanyAddress[]\n  extractionRules  ExtractionRule[]\n" in text
    assert "@default(draft)" in text


AUDIT_LOG = """
model AuditLog {
  actorId    String?  @map("actor_id") @db.Uuid
  action     String   @db.VarChar(60)
  entityType String   @map("entity_type") @db.VarChar(60)
  entityId   String   @map("entity_id") @db.Uuid
  changes    Json     @default("{}")
  ipAddress  String?  @map("ip_address") @db.Inet
  id         String   @id @default(uuid()) @db.Uuid
  createdAt  DateTime @default(now()) @map("created_at") @db.Timestamptz(6)
  updatedAt  DateTime @default(now()) @updatedAt @map("updated_at") @db.Timestamptz(6)

  @@map("audit_logs")
}
"""


def test_they_state_what_sqlalchemy_states(prisma, models, tmp_path):
    """Held against the models as if Prisma owned them; names and what either cannot say apart."""
    both = schemasync.read_prisma(combined(prisma, models, tmp_path))
    owned = [table for table in both.tables if table.key not in prisma.table_by_key]
    assert len(owned) == 18
    for table in owned:
        stated = models.table_by_key[table.key]
        assert [column.name for column in table.columns] == [column.name for column in stated.columns]
        for column in table.columns:
            other = stated.column(column.name)
            assert other is not None
            expected = other.type.name, other.type.dimensions, other.nullable or bool(other.type.dimensions)
            assert (column.type.name, column.type.dimensions, column.nullable) == expected
        assert table.primary_key is not None
        assert table.primary_key.columns == stated.primary_key.columns


def test_the_configuration_lists_every_table_and_enum(prisma, models):
    text = prisma_models(models, prisma)
    owned = [table for table in models.tables if table.key not in prisma.table_by_key]
    for table in owned:
        if table.marked_owner != "prisma":
            assert f'//       "public.{table.name}",\n' in text
    assert '//       "public.invoice_status",\n' in text
    assert "externalTables: true" in text


def test_the_command():
    command = [sys.executable, "-m", "schemasync", "mirror", "--to", "prisma"]
    environment = {**os.environ, "PYTHONPATH": str(EXAMPLE.parents[1])}
    completed = subprocess.run(command, cwd=EXAMPLE, env=environment, capture_output=True, text=True, check=True)
    assert "model InvoiceLineItem {" in completed.stdout
    assert "model User {" not in completed.stdout


@pytest.mark.parametrize(
    ("sql", "prisma_type"),
    [
        ("varchar(20)", ("String", "@db.VarChar(20)")),
        ("text", ("String", "")),
        ("numeric(12, 2)", ("Decimal", "@db.Decimal(12, 2)")),
        ("timestamptz", ("DateTime", "@db.Timestamptz(6)")),
        ("timestamp(3)", ("DateTime", "@db.Timestamp(3)")),
        ("bigint[]", ("BigInt", "")),
        ("tsvector", ('Unsupported("tsvector")', "")),
        ("interval", ('Unsupported("interval")', "")),
    ],
)
def test_types(sql, prisma_type):
    assert field_type(parse_type(sql)) == prisma_type


def test_nothing_to_write(prisma):
    with pytest.raises(schemasync.SchemasyncError, match="nothing to write"):
        prisma_models(prisma, prisma)


def test_prisma_migrate_plans_nothing(prisma, models, prisma_command: Path, migrated: Database, tmp_path):
    """Held by Prisma's own command line against a database that both histories made, with the printed settings."""
    combined(prisma, models, tmp_path)
    settings = "\n".join(re.findall(r"(?m)^//   (.*)$", prisma_models(models, prisma)))
    differing = {}
    for name, printed in (("with", settings), ("without", "")):
        (tmp_path / "prisma.config.ts").write_text(
            "export default {\n  schema: 'schema.prisma',\n"
            f"  datasource: {{ url: {json.dumps(migrated.url)} }},\n{printed}\n}}\n"
        )
        command = ["migrate", "diff", "--from-config-datasource", "--to-schema", "schema.prisma", "--exit-code"]
        completed = subprocess.run(
            [prisma_command, *command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        differing[name] = completed.returncode
    assert differing == {"with": 0, "without": 2}


@pytest.fixture
def prisma_command() -> Path:
    """Prisma's command line as an installed oracle has it."""
    named = os.environ.get("SCHEMASYNC_ORACLE")
    folder = Path(named) if named else EXAMPLE.parents[2] / "oracle"
    if not (folder / "prisma").is_file() or not (folder / "prisma7").is_dir():
        pytest.skip("no oracle: neither SCHEMASYNC_ORACLE nor a folder oracle beside the clone")
    return folder / "prisma"


@pytest.fixture
def migrated(database: Database) -> Database:
    replay_prisma(EXAMPLE / "frontend" / "prisma" / "migrations", database.url)
    replay_alembic(EXAMPLE / "backend" / "api" / "migrations", database.url)
    return database
