"""Adds the labels that an enum class lacks."""

import libcst as cst

from schemasync.compare.drift import Drift
from schemasync.mirror.layout import literal
from schemasync.mirror.naming import EnumNames
from schemasync.mirror.update.classes import last_name, string_value
from schemasync.mirror.update.outcome import Outcome
from schemasync.mirror.update.source import SourceFile
from schemasync.schema.model import Enum


def add_members(source: SourceFile, enum: Enum, names: EnumNames, drift: Drift, outcome: Outcome) -> None:
    """Asks for the members of an enum that its class lacks; what it has beyond the owner's is suggested to go."""
    found = next(
        (item for item in source.module.body if isinstance(item, cst.ClassDef) and item.name.value == names.class_name),
        None,
    )
    members = _members(found) if found is not None else {}
    if found is None or not members:
        outcome.left.append(f"{drift.message} (its class was not found)")
        return
    labels = {label for _, label in members.values()}
    values_differ = any(name != label for name, (_, label) in members.items())
    anchor = list(members.values())[-1][0]
    used = set(members)
    for member, label in zip(names.members, enum.values, strict=True):
        if label in labels:
            continue
        # Without values_callable SQLAlchemy stores the names of members, which then are the labels.
        name = member if values_differ or not label.isidentifier() else label
        if name in used:
            outcome.left.append(f"{names.class_name} has a member {name} already; add {label} by hand")
            continue
        used.add(name)
        source.insert_after(anchor, f"{' ' * source.column(anchor)}{name} = {literal(label)}")
        outcome.did.append(f"{names.class_name}: added {name}")
    extra = [label for label in labels if label not in enum.values]
    if extra:
        outcome.suggested.append(
            f"{names.class_name} has {', '.join(sorted(extra))}, which {enum.name} lacks: delete it"
        )


def _members(node: cst.ClassDef) -> dict[str, tuple[cst.SimpleStatementLine, str]]:
    found = {}
    for statement in node.body.body:
        if isinstance(statement, cst.SimpleStatementLine) and isinstance(statement.body[0], cst.Assign):
            assignment = statement.body[0]
            label = string_value(assignment.value)
            name = last_name(assignment.targets[0].target)
            if name and label is not None:
                found[name] = (statement, label)
    return found
