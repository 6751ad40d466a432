"""What is to be said of two migration histories, as drifts like any other."""

from collections.abc import Iterator

from schemasync.compare.drift import Drift, DriftLocation, Severity
from schemasync.compare.kinds import catalogue
from schemasync.paths import shown
from schemasync.witnesses.alembic_history import AlembicHistory
from schemasync.witnesses.histories import Histories
from schemasync.witnesses.prisma_history import TABLE, PrismaHistory, PrismaMigration

ALEMBIC_TABLE = "alembic_version"
PENDING = frozenset({"prisma-pending", "alembic-pending"})


def history_drifts(histories: Histories) -> tuple[Drift, ...]:
    """The drifts between the migrations in the folders and those that the database has seen.

    Args:
        histories: as `read_histories` gives them.
    """
    found: list[Drift] = []
    if histories.prisma is not None:
        found += _prisma(histories.prisma)
    if histories.alembic is not None:
        found += _alembic(histories.alembic)
    return tuple(found)


def _prisma(history: PrismaHistory) -> Iterator[Drift]:
    if history.refuses_first_deploy:
        tables = len(history.other_tables)
        yield _drift(
            "prisma-baseline",
            "error",
            None,
            {"prisma-migrations": f"{len(history.migrations)} migrations", "database": "no history"},
            f"the database has {tables} table{'' if tables == 1 else 's'} and no {TABLE}",
        )
        return
    for migration in history.migrations:
        place = history.folder / migration.name / "migration.sql"
        location = (DriftLocation(shown(place), 1, 1, "prisma-migrations"),) if migration.has_script else ()
        yield from _migration(migration, location)


def _migration(migration: PrismaMigration, location: tuple[DriftLocation, ...]) -> Iterator[Drift]:
    name = migration.name
    in_folder = "present" if migration.in_folder else None
    if migration.stops_deploy:
        severity: Severity = "warning" if migration.state == "running" else "error"
        message = _unfinished(migration)
        values = {"prisma-migrations": in_folder, "database": migration.state}
        fix = ""
        if not migration.has_script and migration.state in ("pending", "rolled back"):
            values = {"prisma-migrations": "a folder without migration.sql", "database": migration.state}
            fix = f"Restore {name}/migration.sql, or delete the folder."
        elif migration.state == "running":
            fix = "Wait until it has finished."
        yield _drift("prisma-failed", severity, name, values, message, locations=location, fix=fix)
    elif migration.is_unknown:
        values = {"prisma-migrations": None, "database": migration.state}
        message = f"the database has seen {name}, and the folder of migrations lacks it"
        yield _drift("prisma-unknown", "warning", name, values, message)
    elif migration.edited:
        values = {"prisma-migrations": "another script", "database": "applied"}
        message = f"{name} was edited after it had been applied"
        yield _drift("prisma-edited", "warning", name, values, message, locations=location)
    elif migration.state in ("pending", "rolled back") and migration.in_folder:
        values = {"prisma-migrations": "present", "database": migration.state}
        message = f"{name} has not been applied"
        if migration.state == "rolled back":
            message = f"{name} was rolled back, and the next deploy applies it again"
        yield _drift("prisma-pending", "warning", name, values, message, locations=location)


def _unfinished(migration: PrismaMigration) -> str:
    if migration.state == "failed":
        return f"{migration.name} failed: {first_line(migration.logs)}"
    if migration.state == "running":
        return f"{migration.name} is running: somebody holds Prisma's lock"
    if migration.state == "interrupted":
        return f"{migration.name} was begun and not finished, and nobody holds Prisma's lock: its client was killed"
    return f"{migration.name} has no migration.sql, and prisma migrate deploy refuses (P3015)"


def first_line(logs: str | None) -> str:
    """What PostgreSQL said, out of the several lines that Prisma keeps of a failure."""
    lines = [line.strip() for line in (logs or "").splitlines() if line.strip()]
    said = [line[line.index("ERROR:") :] for line in lines if "ERROR:" in line]
    return (said or lines or ["no reason was kept"])[0]


def _alembic(history: AlembicHistory) -> Iterator[Drift]:
    for identifier in history.unknown:
        values = {"alembic": None, "database": "applied"}
        message = f"the database is at revision {identifier}, which no file has"
        yield _drift("alembic-unknown", "error", identifier, values, message)
    if len(history.heads) > 1:
        heads = ", ".join(history.heads)
        values = {"alembic": heads, "database": ", ".join(history.at) or None}
        message = f"there are {len(history.heads)} heads: {heads}"
        yield _drift("alembic-heads", "warning", None, values, message)
    if history.unknown:
        return  # which of the others have been applied cannot be told
    for identifier in history.pending:
        revision = history.revision(identifier)
        values = {"alembic": "present", "database": None}
        message = f"{revision.title} has not been applied"
        location = (DriftLocation(shown(revision.path), 1, 1, "alembic"),)
        yield _drift("alembic-pending", "warning", identifier, values, message, locations=location)


def _drift(
    kind: str,
    severity: Severity,
    subject: str | None,
    values: dict[str, str | None],
    message: str,
    *,
    locations: tuple[DriftLocation, ...] = (),
    fix: str = "",
) -> Drift:
    entry = catalogue()[kind]
    is_prisma = kind.startswith("prisma")
    return Drift(
        kind=kind,
        severity=severity,
        owner="prisma" if is_prisma else "sqlalchemy",
        schema="public",
        table=TABLE if is_prisma else ALEMBIC_TABLE,
        object=subject,
        values=values,
        behind=("database",) if kind in PENDING else (),
        message=message,
        breaks=entry.breaks,
        fix=fix or entry.fix.replace("NAME", subject or "NAME"),
        locations=locations,
    )
