"""What an Alembic chain's applied revisions created: a table is owned even when its model is gone.

Read from the revisions' text, never by running it: `op.create_table("…")`, enums with a literal name, and SQL in
`op.execute("…")`. A revision that is not applied says nothing: it could claim any table.
"""

import ast
from collections.abc import Iterable
from pathlib import Path

from schemasync.migrate.grammar import Fields, parse
from schemasync.migrate.touches import strings_of
from schemasync.records import record

_SQL_KINDS = {
    "CreateStmt": ("relation", "table"),
    "CreateForeignTableStmt": ("relation", "table"),
    "ViewStmt": ("view", "table"),
    "CreateSeqStmt": ("sequence", "sequence"),
    "CreateFunctionStmt": ("funcname", "function"),
    "CreateEnumStmt": ("typeName", "enum"),
    "CreateDomainStmt": ("domainname", "domain"),
    "CompositeTypeStmt": ("typevar", "type"),
    "CreateExtensionStmt": ("extname", "extension"),
    "CreateSchemaStmt": ("schemaname", "schema"),
}


@record(frozen=True, slots=True)
class Created:
    """Something that a revision created.

    Args:
        kind: `table`, `enum`, `function`, `sequence`, `domain`, `type`, `extension` or `schema`.
        name: its name; a function's without its arguments.
        schema: None where the revision does not name it.
    """

    kind: str
    name: str
    schema: str | None = None


def created_by(files: Iterable[Path]) -> frozenset[Created]:
    """What the revisions in these files created, in whichever of their functions."""
    found: set[Created] = set()
    for file in files:
        try:
            tree = ast.parse(file.read_bytes())
        except (OSError, SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                found |= _of_call(node)
    return frozenset(found)


def _of_call(node: ast.Call) -> set[Created]:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    keywords = {item.arg: item.value for item in node.keywords if item.arg}
    schema = _text(keywords.get("schema"))
    first = _text(node.args[0]) if node.args else None
    if called == "create_table":
        name = first or _text(keywords.get("table_name"))
        return {Created("table", name, schema)} if name else set()
    if called == "rename_table":
        name = _text(node.args[1]) if len(node.args) > 1 else _text(keywords.get("new_table_name"))
        return {Created("table", name, schema)} if name else set()
    if called in ("Enum", "ENUM"):
        name = _text(keywords.get("name"))
        return {Created("enum", name, schema)} if name else set()
    if called in ("execute", "text", "exec_driver_sql", "DDL"):
        return _of_sql(first) if first else set()
    return set()


def _of_sql(sql: str) -> set[Created]:
    found = set()
    for name, statement in parse(sql) or ():
        if name == "CreateTableAsStmt":
            found.add(_relation("table", statement["into"]["rel"]))
        elif name in _SQL_KINDS:
            field, kind = _SQL_KINDS[name]
            if name == "CreateForeignTableStmt":
                statement = statement["base"]
            value = statement.get(field, "")
            if isinstance(value, str):
                found.add(Created(kind, value))
            elif isinstance(value, dict):
                found.add(_relation(kind, value))
            else:
                parts = strings_of(value)
                found.add(Created(kind, parts[-1], parts[-2] if len(parts) > 1 else None))
    return found


def _relation(kind: str, relation: Fields) -> Created:
    return Created(kind, relation["relname"], relation.get("schemaname"))


def _text(node: ast.expr | None) -> str | None:
    """A literal string, also within `op.f("…")` and `sa.text("…")`."""
    if isinstance(node, ast.Call) and node.args:
        return _text(node.args[0])
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
