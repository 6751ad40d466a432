"""Whether a statement's text tells everything that it locks and changes.

What names its objects, calls no function and cascades to nothing hides nothing. All else may: a function's body, a
trigger or a rule of the table that it writes to, a view's query.
"""

from collections.abc import Iterable
from typing import Any

from schemasync.migrate.touches import enum_name, parts_of

TRANSPARENT = frozenset(
    {
        "AlterEnumStmt",
        "AlterSeqStmt",
        "AlterTableStmt",
        "CommentStmt",
        "CreateEnumStmt",
        "CreateSeqStmt",
        "CreateStmt",
        "DropStmt",
        "IndexStmt",
        "RenameStmt",
    }
)
CASCADING = ("AlterTableCmd", "DropStmt")


def is_opaque(statement: Any, nodes: Iterable[Any]) -> bool:
    """Whether a statement may do more than it says.

    Args:
        statement: the node of the statement.
        nodes: all nodes in it, itself included.
    """
    return type(statement).__name__ not in TRANSPARENT or any(_may_hide(node) for node in nodes)


def _may_hide(node: Any) -> bool:
    name = type(node).__name__
    if name == "FuncCall":
        return True
    return name in CASCADING and enum_name(node, "behavior") == "DROP_CASCADE"


def references(nodes: Iterable[Any]) -> Iterable[tuple[str, ...]]:
    """The tables that the statement's new foreign keys refer to."""
    for node in nodes:
        if type(node).__name__ == "Constraint" and node.pktable.relname:
            yield parts_of(node.pktable)
