"""Writes Prisma's own table of applied migrations, for a database that was migrated without Prisma."""

import hashlib
import uuid
from collections.abc import Sequence
from pathlib import Path

from schemasync.errors import DatabaseError
from schemasync.passwords import scrub
from schemasync.paths import shown
from schemasync.urls import connection_parameters

# As Prisma itself creates it (prisma-engines, the SQL schema connector's PostgreSQL flavour).
TABLE = """
CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id varchar(36) PRIMARY KEY NOT NULL,
    checksum varchar(64) NOT NULL,
    finished_at timestamptz,
    migration_name varchar(255) NOT NULL,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0
)"""
ROW = """
INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
VALUES (%s, %s, %s, clock_timestamp(), 1)"""


def record_applied(migrations: Path, names: Sequence[str], url: str) -> None:
    """Write migrations as applied, as `prisma migrate deploy` does after each.

    Args:
        migrations: Prisma's folder of migrations.
        names: those that the database has, in the order in which they ran.
        url: the database; its table of applied migrations is created where it lacks one.

    Raises:
        DatabaseError: the database cannot be written, or a script cannot be read.
    """
    import psycopg2

    try:
        checksums = [hashlib.sha256((migrations / name / "migration.sql").read_bytes()).hexdigest() for name in names]
    except OSError as error:
        raise DatabaseError(f"cannot read Prisma's migrations in {shown(migrations)}: {error.strerror}") from error
    try:
        connection = psycopg2.connect(**connection_parameters(url))  # type: ignore[call-overload]  # libpq's names
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(TABLE)
                for name, checksum in zip(names, checksums, strict=True):
                    cursor.execute(ROW, (str(uuid.uuid4()), checksum, name))
        finally:
            connection.close()
    except psycopg2.Error as error:
        message = scrub(" ".join(str(error).split()), url)
        raise DatabaseError(f"cannot write Prisma's table of applied migrations: {message}") from None
