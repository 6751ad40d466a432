"""Prisma's migration history: the folder of migrations beside what `_prisma_migrations` says of them.

Source: Prisma documentation, "About migration histories" and "prisma migrate resolve"; the states are those that
Prisma's schema engine writes.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from schemasync.errors import DatabaseError
from schemasync.paths import shown
from schemasync.witnesses.replay import collation_key, migration_names

TABLE = "_prisma_migrations"
# The key of the advisory lock that `prisma migrate deploy` and `resolve` hold while they work.
LOCK_KEY = 72707369
COLUMNS = "migration_name, checksum, started_at::text, finished_at::text, rolled_back_at::text, logs"

PrismaState = Literal["applied", "pending", "failed", "running", "interrupted", "rolled back"]


@dataclass(frozen=True, slots=True)
class PrismaRow:
    """One row of `_prisma_migrations`; a migration may have several."""

    name: str
    checksum: str
    started_at: str
    finished_at: str | None = None
    rolled_back_at: str | None = None
    logs: str | None = None


@dataclass(frozen=True, slots=True)
class PrismaMigration:
    """One migration, as folder and table tell of it together.

    Args:
        state: `running` while somebody holds Prisma's lock, `interrupted` for a row that was begun and never finished
            while nobody does: its client was killed. `rolled back` is one that Prisma will try again.
        in_folder: false for one that only the database knows.
        has_script: whether its folder holds a `migration.sql`; Prisma refuses one that does not (P3015).
        edited: whether the script is another than the one that was applied.
        attempts: how many rows the database has of it.
        by_hand: whether `prisma migrate resolve --applied` wrote its row, without running the script.
        started_at, finished_at: of the row that decides, in PostgreSQL's spelling.
        logs: why it failed, as Prisma kept it.
    """

    name: str
    state: PrismaState
    in_folder: bool = True
    has_script: bool = True
    edited: bool = False
    attempts: int = 0
    by_hand: bool = False
    started_at: str | None = None
    finished_at: str | None = None
    logs: str | None = None

    @property
    def stops_deploy(self) -> bool:
        """Whether `prisma migrate deploy` refuses because of it (P3009, P3015)."""
        return self.state in ("failed", "running", "interrupted") or (
            self.in_folder and not self.has_script and self.state in ("pending", "rolled back")
        )

    @property
    def is_unknown(self) -> bool:
        """Whether the database has it and the folder does not; one that was rolled back left nothing behind."""
        return not self.in_folder and self.state != "rolled back"


@dataclass(frozen=True, slots=True)
class PrismaHistory:
    """Prisma's side of the story.

    Args:
        folder: where the migrations are.
        migrations: in Prisma's order.
        has_table: whether the database has a `_prisma_migrations`.
        other_tables: tables that stand in its way where it has none: the first deploy refuses (P3005).
        locked: whether somebody holds Prisma's advisory lock.
    """

    folder: Path
    migrations: tuple[PrismaMigration, ...]
    has_table: bool = False
    other_tables: tuple[str, ...] = ()
    locked: bool = False

    @property
    def applied(self) -> tuple[str, ...]:
        """The migrations that the database has, by the order of their names."""
        return tuple(one.name for one in self.migrations if one.state == "applied")

    @property
    def pending(self) -> tuple[str, ...]:
        """What `prisma migrate deploy` would run, in order; those that were rolled back are among them."""
        return tuple(one.name for one in self.migrations if one.state in ("pending", "rolled back") and one.in_folder)

    @property
    def under_way(self) -> tuple[str, ...]:
        """What a deploy is running at this moment; what it has done shows when it commits."""
        return tuple(one.name for one in self.migrations if one.state == "running" and one.in_folder)

    @property
    def stopped_by(self) -> tuple[PrismaMigration, ...]:
        """The migrations because of which `prisma migrate deploy` refuses."""
        return tuple(one for one in self.migrations if one.stops_deploy)

    @property
    def refuses_first_deploy(self) -> bool:
        """Whether the first deploy refuses because the database is not empty (P3005)."""
        return not self.has_table and bool(self.other_tables)


def prisma_history(
    folder: Path,
    rows: Sequence[PrismaRow] | None,
    *,
    locked: bool = False,
    other_tables: Sequence[str] = (),
) -> PrismaHistory:
    """The history that a folder and a database's rows make together.

    Args:
        folder: Prisma's folder of migrations.
        rows: of `_prisma_migrations`; None where there is no such table.
        locked: whether somebody holds Prisma's advisory lock.
        other_tables: the tables of a database without a history.

    Raises:
        DatabaseError: the folder or a script cannot be read.
    """
    names = migration_names(folder)
    by_name: dict[str, list[PrismaRow]] = {}
    for row in rows or ():
        by_name.setdefault(row.name, []).append(row)
    everyone = sorted({*names, *by_name}, key=collation_key)
    known = frozenset(names)
    migrations = tuple(_migration(name, folder, by_name, known, locked) for name in everyone)
    return PrismaHistory(folder, migrations, rows is not None, tuple(other_tables), locked)


def unfinished(rows: Sequence[PrismaRow]) -> tuple[PrismaRow, ...]:
    """The rows of migrations that were begun and neither ended nor rolled back: each stops a deploy (P3009)."""
    names = dict.fromkeys(row.name for row in rows)
    decisive = (_decisive([row for row in rows if row.name == name]) for name in names)
    return tuple(row for row in decisive if row and row.finished_at is None and row.rolled_back_at is None)


def checksums(script: Path) -> frozenset[str]:
    """The checksums that Prisma takes for this script's: of its bytes, and of its twins with other line ends.

    Raises:
        DatabaseError: the script cannot be read.
    """
    try:
        content = script.read_bytes()
    except OSError as error:
        raise DatabaseError(f"cannot read {shown(script)}: {error.strerror}") from error
    unix = content.replace(b"\r\n", b"\n")
    return frozenset(hashlib.sha256(text).hexdigest() for text in (content, unix, unix.replace(b"\n", b"\r\n")))


def _migration(
    name: str, folder: Path, rows: Mapping[str, list[PrismaRow]], known: frozenset[str], locked: bool
) -> PrismaMigration:
    mine = rows.get(name, [])
    script = folder / name / "migration.sql"
    in_folder = name in known
    has_script = in_folder and script.is_file()
    row = _decisive(mine)
    if row is None:
        return PrismaMigration(name, "pending", in_folder, has_script)
    state = _state(row, locked)
    return PrismaMigration(
        name,
        state,
        in_folder,
        has_script,
        # A failed script is edited in order to mend it; only what has been applied must stay as it is.
        edited=state == "applied" and has_script and row.checksum not in checksums(script),
        attempts=len(mine),
        by_hand=row.finished_at is not None and row.finished_at == row.started_at and row.logs == "",
        started_at=row.started_at,
        finished_at=row.finished_at,
        logs=row.logs or None,
    )


def _decisive(rows: Sequence[PrismaRow]) -> PrismaRow | None:
    """The row that decides: an unfinished one before one that was applied, that before any that was rolled back."""
    latest = sorted(rows, key=lambda row: row.started_at, reverse=True)
    unfinished = [row for row in latest if row.finished_at is None and row.rolled_back_at is None]
    applied = [row for row in latest if row.finished_at is not None and row.rolled_back_at is None]
    return next(iter([*unfinished, *applied, *latest]), None)


def _state(row: PrismaRow, locked: bool) -> PrismaState:
    if row.rolled_back_at is not None:
        return "rolled back"
    if row.finished_at is not None:
        return "applied"
    if row.logs:
        return "failed"
    return "running" if locked else "interrupted"
