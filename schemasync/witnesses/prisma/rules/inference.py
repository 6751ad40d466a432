"""Which relation fields belong together, and what kind of relation they make."""

from schemasync.records import maker, record
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import ModelDraft, RelationDraft


@record(frozen=True, slots=True)
class InlineRelation:
    """A one-to-one or one-to-many relation.

    Args:
        model: the model whose table holds the foreign key.
        target: the model that it refers to.
        forward: the relation field of `model`, if there is one.
        back: the relation field of `target`, if there is one.
        is_one_to_one: which of the two it is.
    """

    model: ModelDraft
    target: ModelDraft
    forward: RelationDraft | None
    back: RelationDraft | None
    is_one_to_one: bool


@record(frozen=True, slots=True)
class Relation:
    """A one-to-one or one-to-many relation that keeps the rules.

    Args:
        forward: the relation field of the model whose table holds the foreign key, which names the key's fields.
        back: the relation field of the model that it refers to.
        is_one_to_one: which of the two it is.
        key_name: the foreign key's name in the database.
    """

    forward: RelationDraft
    back: RelationDraft
    is_one_to_one: bool
    key_name: str


@record(frozen=True, slots=True)
class ListRelation:
    """A relation with a list on both sides: the sides in the order of their names."""

    first: RelationDraft
    second: RelationDraft


_inline_relation = maker(InlineRelation)


def infer_relations(ctx: Context) -> tuple[list[InlineRelation], list[ListRelation], set[str]]:
    """Pair the relation fields of all models.

    Returns:
        All relations, and the names of the models in which fields lead to one model by the same name, or by none.
    """
    inline: list[InlineRelation] = []
    lists: list[ListRelation] = []
    opposites = _by_pair(ctx)
    for model in ctx.models.values():
        for field in model.relations.values():
            opposite = None
            for other in opposites.get((field.target.name, model.name, field.name_given), ()):
                if other is not field:
                    opposite = other
                    break
            if field.field.rest.arity == "list":
                _from_list(field, opposite, inline, lists)
            else:
                _from_single(field, opposite, inline)
    return inline, lists, {key[0] for key, fields in opposites.items() if len(fields) > 1}


def _by_pair(ctx: Context) -> dict[tuple[str, str, str | None], list[RelationDraft]]:
    """Relation fields by their model, the model they lead to, and the name that they give."""
    pairs: dict[tuple[str, str, str | None], list[RelationDraft]] = {}
    for name, model in ctx.models.items():
        for field in model.relations.values():
            pairs.setdefault((name, field.target.name, field.name_given), []).append(field)
    return pairs


def _order(field: RelationDraft) -> tuple[str, str]:
    return field.model.name, field.name


def _from_list(
    field: RelationDraft,
    opposite: RelationDraft | None,
    inline: list[InlineRelation],
    lists: list[ListRelation],
) -> None:
    if opposite is None:
        inline.append(_inline_relation(field.target, field.model, None, field, False))
    elif opposite.field.rest.arity == "list" and _order(field) <= _order(opposite):
        lists.append(ListRelation(field, opposite))


def _from_single(field: RelationDraft, opposite: RelationDraft | None, inline: list[InlineRelation]) -> None:
    one_to_one = True
    if opposite is None:
        one_to_one = _is_unique(field)
    elif opposite.field.rest.arity == "list":
        one_to_one = False
    elif not _is_forward(field, opposite):
        return
    inline.append(_inline_relation(field.model, field.target, field, opposite, one_to_one))


def _is_forward(field: RelationDraft, opposite: RelationDraft) -> bool:
    """Whether, of two single fields, this one is on the side of the foreign key."""
    arity, other = field.field.arity, opposite.field.arity
    if arity != other:
        return arity == "required"
    if arity == "optional" and (field.fields is not None) != (opposite.fields is not None):
        return field.fields is not None
    if arity == "optional" and field.fields is not None:
        return True  # both sides name fields, which is refused later
    return _order(field) <= _order(opposite)


def _is_unique(field: RelationDraft) -> bool:
    """Whether a relation field without an opposite holds a unique key."""
    if field.fields is None:
        return False
    columns = [column.name for column in field.fields]
    return any(index.kind == "unique" and index.field_names() == columns for index in field.model.indexes)
