"""A report with a little of everything, made by hand."""

from schemasync.compare.drift import Comparison, Drift, DriftLocation, Severity
from schemasync.report import Report, WitnessSummary

SCHEMA = "frontend/prisma/schema.prisma"
MODEL = "backend/api/app/models/access_code.py"
SHIFTED = (
    "A value that the mirror reads has no time zone, so that comparing it with an aware datetime raises TypeError, and "
    "what it writes is shifted by the session's time zone."
)


def drift(
    kind: str,
    severity: Severity,
    table: str | None,
    name: str | None,
    values: dict[str, str | None],
    *,
    breaks: str = "",
    fix: str = "",
    behind: tuple[str, ...] = ("sqlalchemy",),
    owner: str | None = "prisma",
    schema: str = "public",
    lines: tuple[int, ...] = (),
    explained_by: str | None = None,
) -> Drift:
    places = tuple(
        DriftLocation(path, line, 3, witness)
        for path, line, witness in zip((SCHEMA, MODEL), lines, ("prisma", "sqlalchemy"), strict=False)
    )
    message = f"{table}.{name}: {kind}"
    return Drift(kind, severity, owner, schema, table, name, values, behind, message, breaks, fix, explained_by, places)


def three(prisma: str | None, sqlalchemy: str | None, database: str | None) -> dict[str, str | None]:
    return {"prisma": prisma, "sqlalchemy": sqlalchemy, "database": database}


def report(*drifts: Drift, not_compared: tuple[str, ...] = (), baselined: int = 0) -> Report:
    witnesses = (
        WitnessSummary("prisma", SCHEMA, 9),
        WitnessSummary("sqlalchemy", "app.models:db", 26),
        WitnessSummary("database", "postgresql://ann:***@db.example:5432/shop", 28),
    )
    return Report(witnesses, Comparison(drifts, 27, 1204, not_compared), baselined)


MIRROR = "in the SQLAlchemy model AccessCode"
EVERYTHING = report(
    *(
        drift(
            "column-missing",
            "warning",
            "access_codes",
            name,
            three(kind, None, kind),
            breaks="Nothing fails now, but the back end can neither read nor write it.",
            fix=f"{MIRROR}: add the column {name}, {kind}",
            lines=(line, 9),
        )
        for name, kind, line in (("access_request_id", "uuid", 170), ("generated_by", "uuid", 164))
    ),
    *(
        drift(
            "column-type",
            "error",
            table,
            name,
            three("timestamp(3)", "timestamptz", "timestamp(3)"),
            breaks=SHIFTED,
            fix=f"in the SQLAlchemy model {model}: make {name} timestamp(3)",
            lines=(line, line + 100),
        )
        for table, model, line in (("access_codes", "AccessCode", 20), ("users", "User", 40))
        for name in ("created_at", "updated_at")
    ),
    drift(
        "check-expression",
        "error",
        "invoices",
        "invoices_total_check",
        {
            "sqlalchemy": "total >= 0 AND total = subtotal + tax AND currency IN ('EUR', 'USD', 'GBP')",
            "database": "total > 0",
        },
        behind=("database",),
        owner="sqlalchemy",
        breaks="Rows that the model allows are refused.",
        fix="in an Alembic revision: create invoices_total_check anew",
    ),
    drift(
        "table-extra",
        "warning",
        "leftovers",
        None,
        three(None, None, "table, 3 columns"),
        behind=("database",),
        owner=None,
        schema="archive",
        breaks="Nobody vouches for it.",
        fix="declare it, or drop it",
        explained_by="20250101_leftovers",
    ),
    drift("enum-order", "info", None, "Role", three("A, B", "B, A", "A, B"), fix="in the enum Role: sort the values"),
    not_compared=("schema.prisma cannot express CHECK constraints; they were not held against it",),
)
