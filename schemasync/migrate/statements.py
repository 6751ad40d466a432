"""What a statement surely does to named objects, read by PostgreSQL's own grammar (libpg_query).

Deny-only: a statement that cannot be read, or that hides what it does (dynamic SQL, function bodies), says nothing
here; other layers see what it did.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from schemasync.migrate.blocks import static_queries
from schemasync.migrate.denials import DENIALS
from schemasync.migrate.grammar import Fields, nodes_of, parse
from schemasync.migrate.opacity import is_opaque, references
from schemasync.migrate.touches import (
    Touch,
    literal,
    named,
    parts_of,
    range_of,
    regclass_name,
    strings,
    strings_of,
)
from schemasync.records import record

# Functions that reach outside the transaction, or end it, or move a sequence for good (manual, "Sequence
# Manipulation Functions": setval is never rolled back).
OUTSIDE = ("dblink", "postgres_fdw_", "pg_terminate_backend", "pg_cancel_backend", "pg_reload_conf", "lo_import")
# Extensions with which SQL opens connections, files or programs (manual, "Additional Supplied Modules").
REACHING = ("dblink", "postgres_fdw", "file_fdw", "adminpack", "plpython3u", "plperlu", "pltclu")
SEQUENCE_SETTERS = ("setval",)
SILENCING = "session_replication_role"
_DEFINED = {"RuleStmt": ("actions",), "CreateFunctionStmt": ("sql_body",)}
# A migration may send the same text for each of many rows, and what is rehearsed is sent once more.
TEXTS_KEPT = 2000
LONGEST_KEPT = 10_000


@record(frozen=True, slots=True)
class Reading:
    """What a text of SQL does.

    Args:
        touches: objects that it surely changes.
        denials: what it does that no migration may, as sentences.
        kinds: the statements' kinds as the grammar names them: `UpdateStmt`.
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
    return _kept(sql) if len(sql) <= LONGEST_KEPT else _read(sql)


def _read(sql: str) -> Reading | None:
    statements = parse(sql)
    if statements is None:
        return None
    touches: list[Touch] = []
    denials: list[str] = []
    referred: list[tuple[str, ...]] = []
    sets_constraints = outside = opaque = False
    for kind, statement in statements:
        outside |= _is_outside(kind, statement)
        if kind == "ConstraintsSetStmt" and not statement.get("constraints"):
            sets_constraints = not statement.get("deferred") or sets_constraints
        # A statement's nodes, but for the statements that it only defines: a rule's actions, a function's body.
        nodes = list(nodes_of((kind, statement), _DEFINED))
        opaque = opaque or is_opaque(kind, nodes)
        referred.extend(references(nodes))
        for name, node in nodes:
            found = _READERS.get(name)
            if found is None:
                continue
            for item in found(node):
                (touches if isinstance(item, Touch) else denials).append(item)
    kinds = tuple(kind for kind, _ in statements)
    return Reading(tuple(touches), tuple(denials), kinds, sets_constraints, outside, opaque, tuple(referred))


_kept = lru_cache(maxsize=TEXTS_KEPT)(_read)


def _is_outside(kind: str, node: Fields) -> bool:
    if kind in ("IndexStmt", "DropStmt") and node.get("concurrent"):
        return True
    if kind == "ReindexStmt":
        return node.get("kind") not in ("REINDEX_OBJECT_INDEX", "REINDEX_OBJECT_TABLE") or any(
            item["DefElem"].get("defname") == "concurrently" for item in node.get("params", ())
        )
    return kind == "VacuumStmt" and bool(node.get("is_vacuumcmd"))


def _writer(verb: str) -> Any:
    return lambda node: range_of(node.get("relation"), verb)


def _alter_table(node: Fields) -> Iterator[Touch | str]:
    if node.get("objtype") == "OBJECT_TYPE":
        yield Touch("alters", "type", parts_of(node["relation"]))
        return
    yield from range_of(node.get("relation"), "alters")
    for command in node.get("cmds", ()):
        inner = command["AlterTableCmd"]
        subtype = inner.get("subtype")
        if subtype in ("AT_AttachPartition", "AT_DetachPartition"):
            yield from range_of(inner["def"]["PartitionCmd"]["name"], "changes the partitions of")
        if subtype == "AT_AddInherit":
            yield from range_of(inner["def"]["RangeVar"], "adds a child to")


def _create(node: Fields) -> Iterator[Touch]:
    for parent in node.get("inhRelations", ()):
        yield from range_of(parent["RangeVar"], "adds a child to")


def _truncate(node: Fields) -> Iterator[Touch]:
    for relation in node.get("relations", ()):
        yield from range_of(relation["RangeVar"], "truncates")


def _copy(node: Fields) -> Iterator[Touch | str]:
    if node.get("is_from"):
        yield from range_of(node.get("relation"), "copies rows into")
    if node.get("is_program"):
        yield "COPY … PROGRAM starts a process on the database server"


def _lock(node: Fields) -> Iterator[Touch]:
    if node.get("mode", 0) > 2:  # ACCESS SHARE and ROW SHARE let everybody read and write
        for relation in node.get("relations", ()):
            yield from range_of(relation["RangeVar"], "locks")


def _vacuum(node: Fields) -> Iterator[Touch]:
    for relation in node.get("rels", ()):
        yield from range_of(relation["VacuumRelation"].get("relation"), "rewrites or analyzes")


def _drop(node: Fields) -> Iterator[Touch | str]:
    for item in node.get("objects", ()):
        yield from named(_kind(node, "removeType"), item, "drops")


def _comment(node: Fields) -> Iterator[Touch | str]:
    yield from named(_kind(node, "objtype"), node.get("object", {}), "changes the comment on")


def _object_alteration(verb: str) -> Any:
    def read(node: Fields) -> Iterator[Touch | str]:
        kind = _kind(node, "renameType" if "renameType" in node else "objectType")
        if "relation" in node:
            yield from range_of(node["relation"], verb)
        elif "object" in node:
            yield from named(kind, node["object"], verb)
        elif node.get("subname") and kind == "SCHEMA":
            yield Touch(verb, "schema", (node["subname"],))

    return read


def _kind(node: Fields, field: str) -> str:
    """The kind of the object that a statement is about, as `named` knows it."""
    return str(node.get(field, "")).removeprefix("OBJECT_")


def _grant(node: Fields) -> Iterator[Touch | str]:
    if node.get("targtype") == "ACL_TARGET_DEFAULTS":
        return
    verb = "grants privileges on" if node.get("is_grant") else "revokes privileges on"
    if node.get("targtype") == "ACL_TARGET_ALL_IN_SCHEMA":
        for item in node.get("objects", ()):
            yield Touch(f"{verb} everything in", "schema", strings(item)[-1:])
        return
    for item in node.get("objects", ()):
        yield from named(_kind(node, "objtype"), item, verb)


def _call(node: Fields) -> Iterator[Touch | str]:
    names = strings_of(node.get("funcname", ()))
    name = names[-1].lower() if names else ""
    if name.startswith(OUTSIDE):
        yield f"{name}() reaches outside of this transaction"
    arguments = [text for text in (literal(item) for item in node.get("args", ())[:1]) if text]
    if name in SEQUENCE_SETTERS and arguments:
        yield Touch(
            "sets the value (for good: setval is never rolled back) of", "relation", regclass_name(arguments[0])
        )
    if name == "set_config" and arguments and arguments[0].lower() == SILENCING:
        yield f"it sets {arguments[0].lower()}, which switches triggers and foreign keys off"


def _set(node: Fields) -> Iterator[str]:
    name = node.get("name", "").lower()
    if name == SILENCING:
        yield f"it sets {name}, which switches triggers and foreign keys off"
    if name == "session_authorization":
        yield "it changes the session's user, whom the fence has looked at"


def _transaction(node: Fields) -> Iterator[str]:
    kind = node.get("kind", "").removeprefix("TRANS_STMT_")
    if kind in ("COMMIT", "ROLLBACK", "PREPARE", "COMMIT_PREPARED", "ROLLBACK_PREPARED"):
        yield f"{kind.replace('_', ' ')}: only the fence ends the transaction, when everything has been checked"


def _do(node: Fields) -> Iterator[Touch | str]:
    options = [item["DefElem"] for item in node.get("args", ())]
    body = next(("".join(strings(one.get("arg", {}))) for one in options if one.get("defname") == "as"), "")
    if any(name in body.lower() for name in OUTSIDE[:2]):
        yield "a DO block that calls dblink or postgres_fdw reaches outside of this transaction"
    for query in static_queries(body):
        inner = read_statement(query)
        if inner is not None:
            yield from inner.touches
            yield from inner.denials


def _sentence(text: str) -> Any:
    def read(_node: Fields) -> Iterator[str]:
        yield text

    return read


def _of_type(verb: str) -> Any:
    return lambda node: iter((Touch(verb, "type", strings_of(node.get("typeName", ()))[-2:]),))


def _function(node: Fields) -> Iterator[Touch]:
    if node.get("replace"):
        yield Touch("replaces", "function", strings_of(node["funcname"])[-2:])


def _altered_function(node: Fields) -> Iterator[Touch]:
    yield Touch("alters", "function", strings_of(node["func"].get("objname", ()))[-2:])


def _trigger(node: Fields) -> Iterator[Touch]:
    yield from range_of(node.get("relation"), f"creates the trigger {node.get('trigname')} on")


def _policy(node: Fields) -> Iterator[Touch]:
    yield from range_of(node.get("table"), f"writes the policy {node.get('policy_name')} of")


def _statistics(node: Fields) -> Iterator[Touch]:
    for item in node.get("relations", ()):
        yield from range_of(item.get("RangeVar"), "creates statistics on")


def _extension(node: Fields) -> Iterator[str]:
    if node.get("extname") in REACHING:
        yield f"the extension {node['extname']} reaches outside of this transaction"


def _view(node: Fields) -> Iterator[Touch]:
    if node.get("replace"):
        yield from range_of(node.get("view"), "replaces")


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
    "CreateStatsStmt": _statistics,
    "AlterSeqStmt": lambda node: range_of(node.get("sequence"), "alters"),
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
    "AlterFunctionStmt": _altered_function,
    "CreateExtensionStmt": _extension,
    "AlterExtensionStmt": lambda node: iter((Touch("alters", "extension", (node.get("extname", ""),)),)),
    "FuncCall": _call,
    "VariableSetStmt": _set,
    "TransactionStmt": _transaction,
    "DoStmt": _do,
    **{name: _sentence(text) for name, text in DENIALS.items()},
}
