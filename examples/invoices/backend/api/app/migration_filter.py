"""Keeps `flask db migrate` away from the tables that Prisma migrates."""

PRISMA_TABLES = frozenset(
    {
        "_prisma_migrations",
        "access_codes",
        "access_requests",
        "accounts",
        "file_access_logs",
        "file_storage",
        "processing_jobs",
        "sessions",
        "users",
        "verifications",
    }
)


def include_object(obj, name, type_, _reflected, _compare_to):
    if type_ == "table":
        return name not in PRISMA_TABLES
    table = getattr(obj, "table", None)
    return table is None or table.name not in PRISMA_TABLES
