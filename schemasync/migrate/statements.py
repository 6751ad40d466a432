"""What a statement surely does to named objects, read by PostgreSQL's own grammar (`postgast`, libpg_query).

Deny-only: a statement that cannot be read, or that hides what it does (dynamic SQL, function bodies), says nothing
here; other layers see what it did.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemasync.migrate.blocks import static_queries
from schemasync.migrate.denials import DENIALS
from schemasync.migrate.opacity import is_opaque, references
from schemasync.migrate.touches import (
    Touch,
    enum_name,
    literal,
    named,
    parts_of,
    range_of,
    regclass_name,
    strings,
    strings_of,
)

# Functions that reach outside the transaction, or end it, or move a sequence for good (manual, "Sequence
# Manipulation Functions": setval is never rolled back).
OUTSIDE = ("dblink", "postgres_fdw_", "pg_terminate_backend", "pg_cancel_backend", "pg_reload_conf", "lo_import")
# Extensions with which SQL opens connections, files or programs (manual, "Additional Supplied Modules").
REACHING = ("dblink", "postgres_fdw", "file_fdw", "adminpack", "plpython3u", "plperlu", "pltclu")
SEQUENCE_SETTERS = ("setval",)
SILENCING = "session_replication_role"
_DEFINED = {"RuleStmt": ("actions",), "CreateFunctionStmt": ("sql_body",)}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text of SQL does.

    Args:
        touches: objects that it surely changes.
        denials: what it does that no migration may, as sentences.
        kinds: the statements' kinds as the grammar names them: `update_stmt`.
        sets_constraints: whether it says SET CONSTRAINTS ALL.
        outside: whether PostgreSQL refuses to run it in a transaction.
        opaque: whether it may do more than it says.
        references: the tables that its new foreign keys refer to.
    """

    touches: tuple[Touch, ...] = ()
    denials: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sets_constraints: bool = False
    outside: bool = False
    opaque: bool = False
    references: tuple[tuple[str, ...], ...] = ()


def read_statement(sql: str) -> Reading | None:
    """What a text of SQL does; None where the grammar cannot read it."""
    from google.protobuf.message import DecodeError
    from postgast import PgQueryError, parse
    from postgast.walk import unwrap_node

    try:
        tree = parse(sql)
    except (PgQueryError, UnicodeError, ValueError, DecodeError):  # the last for what is nested too deep
        return None
    touches: list[Touch] = []
    denials: list[str] = []
    kinds: list[str] = []
    referred: list[tuple[str, ...]] = []
    sets_constraints = outside = opaque = False
    for raw in tree.stmts:
        statement = unwrap_node(raw.stmt)
        kinds.append(raw.stmt.WhichOneof("node") or "")
        outside |= _is_outside(statement)
        if type(statement).__name__ == "ConstraintsSetStmt" and not statement.constraints:
            sets_constraints = not statement.deferred or sets_constraints
        nodes = list(_run_by(statement))
        opaque = opaque or is_opaque(statement, nodes)
        referred.extend(references(nodes))
        for node in nodes:
            found = _READERS.get(type(node).__name__)
            if found is None:
                continue
            for item in found(node):
                (touches if isinstance(item, Touch) else denials).append(item)
    return Reading(tuple(touches), tuple(denials), tuple(kinds), sets_constraints, outside, opaque, tuple(referred))


def _run_by(statement: Any) -> Iterator[Any]:
    """A statement's nodes, but for the statements that it only defines: a rule's actions, a function's body."""
    from google.protobuf.message import Message
    from postgast.walk import unwrap_node

    waiting = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        for field, value in reversed(node.ListFields()):
            if field.name in _DEFINED.get(type(node).__name__, ()):
                continue
            inner = [value] if isinstance(value, Message) else value if field.message_type else ()
            waiting.extend(unwrap_node(item) for item in inner)


def _is_outside(node: Any) -> bool:
    name = type(node).__name__
    if name in ("IndexStmt", "DropStmt") and node.concurrent:
        return True
    if name == "ReindexStmt":
        return enum_name(node, "kind") not in ("REINDEX_OBJECT_INDEX", "REINDEX_OBJECT_TABLE") or any(
            item.def_elem.defname == "concurrently" for item in node.params
        )
    if name == "VacuumStmt":
        return bool(node.is_vacuumcmd)
    return False


def _writer(verb: str) -> Any:
    return lambda node: range_of(node.relation, verb)


def _alter_table(node: Any) -> Iterator[Touch | str]:
    kind = enum_name(node, "objtype")
    if kind == "OBJECT_TYPE":
        yield Touch("alters", "type", parts_of(node.relation))
        return
    yield from range_of(node.relation, "alters")
    for command in node.cmds:
        inner = command.alter_table_cmd
        subtype = enum_name(inner, "subtype")
        if subtype in ("AT_AttachPartition", "AT_DetachPartition"):
            yield from range_of(getattr(inner, "def").partition_cmd.name, "changes the partitions of")
        if subtype == "AT_AddInherit":
            yield from range_of(getattr(inner, "def").range_var, "adds a child to")


def _create(node: Any) -> Iterator[Touch]:
    for parent in node.inh_relations:
        yield from range_of(parent.range_var, "adds a child to")


def _truncate(node: Any) -> Iterator[Touch]:
    for relation in node.relations:
        yield from range_of(relation.range_var, "truncates")


def _copy(node: Any) -> Iterator[Touch | str]:
    if node.is_from:
        yield from range_of(node.relation, "copies rows into")
    if node.is_program:
        yield "COPY … PROGRAM starts a process on the database server"


def _lock(node: Any) -> Iterator[Touch]:
    if node.mode > 2:  # ACCESS SHARE and ROW SHARE let everybody read and write
        for relation in node.relations:
            yield from range_of(relation.range_var, "locks")


def _vacuum(node: Any) -> Iterator[Touch]:
    for relation in node.rels:
        yield from range_of(relation.vacuum_relation.relation, "rewrites or analyzes")


def _drop(node: Any) -> Iterator[Touch | str]:
    kind = enum_name(node, "remove_type").removeprefix("OBJECT_")
    for item in node.objects:
        yield from named(kind, item, "drops")


def _comment(node: Any) -> Iterator[Touch | str]:
    yield from named(enum_name(node, "objtype").removeprefix("OBJECT_"), node.object, "changes the comment on")


def _object_alteration(verb: str) -> Any:
    def read(node: Any) -> Iterator[Touch | str]:
        if node.HasField("relation"):
            yield from range_of(node.relation, verb)
        elif node.HasField("object"):
            kind = enum_name(node, "rename_type" if hasattr(node, "rename_type") else "object_type")
            yield from named(kind.removeprefix("OBJECT_"), node.object, verb)
        elif getattr(node, "subname", "") and enum_name(node, "rename_type") == "OBJECT_SCHEMA":
            yield Touch(verb, "schema", (node.subname,))

    return read


def _grant(node: Any) -> Iterator[Touch | str]:
    if enum_name(node, "targtype") == "ACL_TARGET_DEFAULTS":
        return
    kind = enum_name(node, "objtype").removeprefix("OBJECT_")
    verb = "grants privileges on" if node.is_grant else "revokes privileges on"
    if enum_name(node, "targtype") == "ACL_TARGET_ALL_IN_SCHEMA":
        for item in node.objects:
            yield Touch(f"{verb} everything in", "schema", strings(item)[-1:])
        return
    for item in node.objects:
        yield from named(kind, item, verb)


def _call(node: Any) -> Iterator[Touch | str]:
    name = strings_of(node.funcname)[-1].lower() if node.funcname else ""
    if name.startswith(OUTSIDE):
        yield f"{name}() reaches outside of this transaction"
    arguments = [text for text in (literal(item) for item in node.args[:1]) if text]
    if name in SEQUENCE_SETTERS and arguments:
        yield Touch(
            "sets the value (for good: setval is never rolled back) of", "relation", regclass_name(arguments[0])
        )
    if name == "set_config" and arguments and arguments[0].lower() == SILENCING:
        yield f"it sets {arguments[0].lower()}, which switches triggers and foreign keys off"


def _set(node: Any) -> Iterator[str]:
    if node.name.lower() == SILENCING:
        yield f"it sets {node.name.lower()}, which switches triggers and foreign keys off"
    if node.name.lower() == "session_authorization":
        yield "it changes the session's user, whom the fence has looked at"


def _transaction(node: Any) -> Iterator[str]:
    kind = enum_name(node, "kind").removeprefix("TRANS_STMT_")
    if kind in ("COMMIT", "ROLLBACK", "PREPARE", "COMMIT_PREPARED", "ROLLBACK_PREPARED"):
        yield f"{kind.replace('_', ' ')}: only the fence ends the transaction, when everything has been checked"


def _do(node: Any) -> Iterator[Touch | str]:
    body = next((item.def_elem.arg.string.sval for item in node.args if item.def_elem.defname == "as"), "")
    if any(f"{name}" in body.lower() for name in OUTSIDE[:2]):
        yield "a DO block that calls dblink or postgres_fdw reaches outside of this transaction"
    for query in static_queries(body):
        inner = read_statement(query)
        if inner is not None:
            yield from inner.touches
            yield from inner.denials


def _sentence(text: str) -> Any:
    def read(_node: Any) -> Iterator[str]:
        yield text

    return read


def _of_type(verb: str) -> Any:
    return lambda node: iter((Touch(verb, "type", strings_of(node.type_name)[-2:]),))


def _function(node: Any) -> Iterator[Touch]:
    if node.replace:
        yield Touch("replaces", "function", strings_of(node.funcname)[-2:])


def _trigger(node: Any) -> Iterator[Touch]:
    yield from range_of(node.relation, f"creates the trigger {node.trigname} on")


def _policy(node: Any) -> Iterator[Touch]:
    yield from range_of(node.table, f"writes the policy {node.policy_name} of")


def _extension(node: Any) -> Iterator[str]:
    if node.extname in REACHING:
        yield f"the extension {node.extname} reaches outside of this transaction"


def _view(node: Any) -> Iterator[Touch]:
    if node.replace:
        yield from range_of(node.view, "replaces")


_READERS: dict[str, Any] = {
    "InsertStmt": _writer("inserts into"),
    "UpdateStmt": _writer("updates"),
    "DeleteStmt": _writer("deletes from"),
    "MergeStmt": _writer("merges into"),
    "AlterTableStmt": _alter_table,
    "CreateStmt": _create,
    "TruncateStmt": _truncate,
    "CopyStmt": _copy,
    "LockStmt": _lock,
    "VacuumStmt": _vacuum,
    "ClusterStmt": _writer("rewrites"),
    "ReindexStmt": _writer("rebuilds the indexes of"),
    "RefreshMatViewStmt": _writer("refreshes"),
    "IndexStmt": _writer("creates an index on"),
    "CreateTrigStmt": _trigger,
    "RuleStmt": _writer("writes a rule of"),
    "CreatePolicyStmt": _policy,
    "AlterPolicyStmt": _policy,
    "CreateStatsStmt": lambda node: (
        touch for item in node.relations for touch in range_of(item.range_var, "creates statistics on")
    ),
    "AlterSeqStmt": lambda node: range_of(node.sequence, "alters"),
    "ViewStmt": _view,
    "DropStmt": _drop,
    "RenameStmt": _object_alteration("renames"),
    "AlterObjectSchemaStmt": _object_alteration("moves"),
    "AlterOwnerStmt": _object_alteration("changes the owner of"),
    "AlterObjectDependsStmt": _object_alteration("alters"),
    "CommentStmt": _comment,
    "SecLabelStmt": _comment,
    "GrantStmt": _grant,
    "AlterEnumStmt": _of_type("alters"),
    "AlterDomainStmt": _of_type("alters"),
    "AlterTypeStmt": _of_type("alters"),
    "CreateFunctionStmt": _function,
    "AlterFunctionStmt": lambda node: iter((Touch("alters", "function", strings_of(node.func.objname)[-2:]),)),
    "CreateExtensionStmt": _extension,
    "AlterExtensionStmt": lambda node: iter((Touch("alters", "extension", (node.extname,)),)),
    "FuncCall": _call,
    "VariableSetStmt": _set,
    "TransactionStmt": _transaction,
    "DoStmt": _do,
    **{name: _sentence(text) for name, text in DENIALS.items()},
}
