"""`external-tables`: whether Prisma's configuration tells Prisma Migrate to leave the other side's tables alone.

Prisma goes by qualified names alone: `schema.table`, no patterns (error P3023 for any other name).
"""

from collections.abc import Iterator

from schemasync.compare.sides import Consequence, Finding, TableSides, table_text
from schemasync.schema.model import Location, Schema

# Prisma Migrate's own table, which it always leaves alone.
_OWN = "_prisma_migrations"
UNLISTED = Consequence("warning", "prisma migrate dev takes it for drift and offers to drop it.")


def external_findings(sides: TableSides) -> Iterator[Finding]:
    """A table of SQLAlchemy's that Prisma's configuration does not list."""
    if "prisma" in sides.tables or sides.owner != "sqlalchemy":
        return
    declared = next((sides.tables[name] for name in ("sqlalchemy", "alembic") if name in sides.tables), None)
    if declared is not None and declared.kind == "table":
        yield from _unlisted(sides, f"{sides.name} is SQLAlchemy's")


def history_findings(sides: TableSides) -> Iterator[Finding]:
    """A migration history's table that Prisma's configuration does not list, though the database has it.

    Args:
        sides: the table, as SQLAlchemy's.
    """
    if sides.name != _OWN and "prisma" not in sides.tables:
        yield from _unlisted(sides, f"Alembic keeps its history in {sides.name}")


def is_unlisted(prisma: Schema | None, listed: tuple[str, ...], schema: str, name: str) -> Location | None:
    """The configuration that was read and does not list what stands in a PostgreSQL schema that Prisma manages."""
    if prisma is None or schema not in prisma.namespaces or f"{schema}.{name}" in listed:
        return None
    return prisma.external_place


def _unlisted(sides: TableSides, what: str) -> Iterator[Finding]:
    prisma = sides.witnesses.get("prisma")
    place = is_unlisted(prisma, prisma.external if prisma is not None else (), sides.schema, sides.name)
    if place is not None:
        having = {name: table_text(table) for name, table in sides.tables.items()}
        yield sides.drift(
            "external-tables",
            None,
            {**having, "prisma": None},
            {"prisma": UNLISTED},
            f"{what}, and prisma.config does not list it under tables.external",
            f'add "{sides.schema}.{sides.name}" to tables.external in prisma.config',
            {"prisma": place},
        )
