"""Whether a statement gives rows to the Python that runs it, so that a run without rows may go another way."""

from schemasync.migrate.grammar import nodes_of, parse


def reads_rows(sql: str) -> bool:
    """Whether a SELECT reads a table that is not PostgreSQL's own; false for what cannot be read."""
    if not sql.lstrip(" (\n").lower().startswith(("select", "with", "table")):
        return False
    statements = parse(sql)
    if statements is None or any(kind != "SelectStmt" for kind, _ in statements):
        return False
    tables = [fields for node in statements for kind, fields in nodes_of(node, {}) if kind == "RangeVar"]
    return any(
        table.get("schemaname") not in ("pg_catalog", "information_schema")
        and not table.get("relname", "").startswith("pg_")
        for table in tables
    )
