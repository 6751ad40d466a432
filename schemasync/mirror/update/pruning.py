"""What a mirror has and its owner lacks: suggested, or taken away where the user asks for it."""

import re

import libcst as cst

from schemasync.compare.drift import Drift
from schemasync.mirror.update.classes import MappedClass, declared_name
from schemasync.mirror.update.outcome import Outcome
from schemasync.mirror.update.work import TableWork

EXTRA_KINDS = frozenset(
    {"column-extra", "index-extra", "unique-extra", "foreign-key-extra", "check-extra", "exclusion"}
)


def prune(work: TableWork, mapped: MappedClass, outcome: Outcome, *, deletes: bool) -> None:
    """Suggests what to delete, or deletes the columns and indexes that stand plainly in the class.

    Args:
        deletes: whether to delete.
    """
    for drift in work.drifts:
        if drift.kind not in EXTRA_KINDS:
            continue
        statement = _statement(work, mapped, drift)
        if deletes and statement is not None:
            mapped.source.remove_statement(statement)
            outcome.did.append(f"{mapped.node.name.value}: deleted {drift.object}")
        elif deletes:
            outcome.left.append(f"{drift.message} (delete it by hand)")
        elif statement is not None:
            outcome.suggested.append(f"{drift.message}: delete it, or run with --prune")
        else:
            outcome.suggested.append(f"{drift.message}: delete it")


def _statement(work: TableWork, mapped: MappedClass, drift: Drift) -> cst.CSTNode | None:
    """The statement that can go without anything else in the file noticing."""
    if drift.kind == "column-extra" and work.model is not None:
        column = work.model.column(drift.object or "")
        attribute = mapped.attributes.get(column.field or "") if column is not None else None
        if attribute is None or attribute.function not in ("Column", "mapped_column"):
            return None
        text = mapped.source.module.code
        uses = len(re.findall(rf"\b{re.escape(attribute.name)}\b", text))
        return attribute.statement if uses == 1 else None
    if drift.kind in ("index-extra", "unique-extra"):
        for statement in mapped.source.module.body:
            if isinstance(statement, cst.SimpleStatementLine) and isinstance(statement.body[0], cst.Expr):
                value = statement.body[0].value
                if isinstance(value, cst.Call) and declared_name(value) == drift.object:
                    return statement
    return None
