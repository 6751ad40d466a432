"""Prisma's DDL in a real database, and what that database says that we read otherwise."""

import dataclasses
import re
from collections.abc import Iterable

import psycopg2
from databases import Database

import schemasync
from schemasync.schema.model import Schema, Table
from schemasync.schema.names import quote


def run_ddl(database: Database, ddl: str) -> None:
    """Run Prisma's DDL, with the extension or the types that its columns need and that it does not create itself."""
    if "CITEXT" in ddl and 'EXTENSION IF NOT EXISTS "citext"' not in ddl:
        database.execute("CREATE EXTENSION citext")
    if "gin_trgm_ops" in ddl:
        database.execute("CREATE EXTENSION pg_trgm")
    if re.search(r"\bmaterial\b", ddl):
        database.execute("CREATE TYPE material AS (name text)")  # what somebody's Unsupported("material") stands for
    for name in re.findall(r'^CREATE EXTENSION IF NOT EXISTS "([^"]+)"', ddl, re.MULTILINE):
        if not database.execute(f"SELECT name FROM pg_available_extensions WHERE name = '{name}'"):
            ddl = re.sub(rf'^CREATE EXTENSION IF NOT EXISTS "{name}".*$', "", ddl, flags=re.MULTILINE)
    if "CREATE" in ddl:
        database.execute(ddl)


def differences(prisma: Schema, database: Database) -> list[str]:
    """What the database says otherwise; of views it says nothing, because Prisma Migrate creates none."""
    tables = tuple(table for table in prisma.tables if table.kind != "view")
    used = {one.schema for one in (*tables, *prisma.enums)}
    if not used:
        return []
    _go_on(tables, database)
    live = schemasync.read_database(database.url, schemas=sorted(used))  # a schema that holds nothing is not created
    declared = dataclasses.replace(prisma, tables=tables)
    return [f"{drift.kind} {drift.message}" for drift in schemasync.compare({"prisma": declared, "database": live})]


def _go_on(tables: Iterable[Table], database: Database) -> None:
    """What Prisma's next migration does: SERIAL is NOT NULL, which Prisma forgets at first of an optional field."""
    for table in tables:
        for column in table.columns:
            if column.nullable and column.default is not None and column.default.kind == "sequence":
                name = f"{quote(table.schema)}.{quote(table.name)}"
                database.execute(f"ALTER TABLE {name} ALTER COLUMN {quote(column.name)} DROP NOT NULL")


def refusal(database: Database, ddl: str) -> str | None:
    """Why PostgreSQL cannot run this DDL, in its words; None where it did."""
    try:
        run_ddl(database, ddl)
    except psycopg2.Error as error:
        return str(error).partition("\n")[0]
    return None
