"""Whether a statement's text tells everything that it locks and changes.

What names its objects, calls no function and cascades to nothing hides nothing. All else may: a function's body, a
trigger or a rule of the table that it writes to, a view's query.
"""

from collections.abc import Iterable

from schemasync.migrate.grammar import Node
from schemasync.migrate.touches import parts_of

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


def is_opaque(kind: str, nodes: Iterable[Node]) -> bool:
    """Whether a statement may do more than it says.

    Args:
        kind: the statement's, as the grammar names it.
        nodes: all nodes in it, itself included.
    """
    return kind not in TRANSPARENT or any(_may_hide(node) for node in nodes)


def _may_hide(node: Node) -> bool:
    kind, fields = node
    return kind == "FuncCall" or (kind in CASCADING and fields.get("behavior") == "DROP_CASCADE")


def references(nodes: Iterable[Node]) -> Iterable[tuple[str, ...]]:
    """The tables that the statement's new foreign keys refer to."""
    for kind, fields in nodes:
        if kind == "Constraint" and fields.get("pktable"):
            yield parts_of(fields["pktable"])
