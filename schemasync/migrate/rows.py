"""Whether a statement gives rows to the Python that runs it, so that a run without rows may go another way."""


def reads_rows(sql: str) -> bool:
    """Whether a SELECT reads a table that is not PostgreSQL's own; false for what cannot be read."""
    from google.protobuf.message import DecodeError
    from postgast import PgQueryError, parse
    from postgast.walk import walk

    if not sql.lstrip(" (\n").lower().startswith(("select", "with", "table")):
        return False
    try:
        tree = parse(sql)
    except (PgQueryError, UnicodeError, ValueError, DecodeError):
        return False
    if any(raw.stmt.WhichOneof("node") != "select_stmt" for raw in tree.stmts):
        return False
    tables = [node for _, node in walk(tree) if type(node).__name__ == "RangeVar"]
    return any(
        node.schemaname not in ("pg_catalog", "information_schema") and not node.relname.startswith("pg_")
        for node in tables
    )
