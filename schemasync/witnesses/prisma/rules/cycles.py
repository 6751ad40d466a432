"""With `relationMode = "prisma"`: no circle of relations whose actions would run for ever."""

from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.inference import InlineRelation

_HARMLESS = ("NoAction", "Restrict")


def check_cycles(ctx: Context, relations: list[InlineRelation]) -> None:
    """Every relation that leads back to its own model through actions that change rows is reported."""
    if ctx.relation_mode != "prisma":
        return
    outgoing: dict[str, list[InlineRelation]] = {}
    for relation in relations:
        if relation.forward is not None and relation.back is not None:
            outgoing.setdefault(relation.model.name, []).append(relation)
    for model_relations in outgoing.values():
        for relation in model_relations:
            _check(ctx, relation, outgoing)


def _check(ctx: Context, start: InlineRelation, outgoing: dict[str, list[InlineRelation]]) -> None:
    hint = "set onDelete and onUpdate to NoAction (CockroachDB) or Restrict in one of its relations"
    visited: set[int] = set()
    following = [(start, start.model.name)]
    while following:
        relation, path = following.pop()
        visited.add(id(relation))
        if not _changes_rows(relation) or start.forward is None:
            continue
        path = f"{path} → {relation.target.name}"
        if relation.target is relation.model:
            ctx.error(start.forward.whole(), "The actions of a self-relation would run in a circle", hint)
            return
        if relation.target is start.model:
            ctx.error(start.forward.whole(), f"The actions of these relations would run in a circle: {path}", hint)
            return
        following += [(other, path) for other in outgoing.get(relation.target.name, ()) if id(other) not in visited]


def _changes_rows(relation: InlineRelation) -> bool:
    forward = relation.forward
    if forward is None:
        return False
    on_delete = forward.on_delete or ("Restrict" if _is_required(relation) else "SetNull")
    on_update = forward.on_update or "Cascade"
    return on_delete not in _HARMLESS or on_update not in _HARMLESS


def _is_required(relation: InlineRelation) -> bool:
    fields = relation.forward.fields if relation.forward is not None else None
    return any(field.field.arity == "required" for field in fields or ())
