"""Relation fields and relationship()s side by side: they are matched by the foreign key they follow, not by name."""

from collections.abc import Hashable, Iterator

from schemasync.compare.constraints import columns_exist
from schemasync.compare.fixes import UPDATE
from schemasync.compare.matching import paired
from schemasync.compare.sides import Consequence, Finding, TableSides
from schemasync.schema.model import Relationship
from schemasync.schema.names import qualified, snake_case


def relationship_findings(sides: TableSides) -> Iterator[Finding]:
    """`relationship-missing` and `relationship-mismatch`, between Prisma's relation fields and a mirror."""
    if "prisma" not in sides.tables or "sqlalchemy" not in sides.tables or sides.owner != "prisma":
        return
    if "relationship" in sides.witnesses["sqlalchemy"].silent or sides.tables["sqlalchemy"].model is None:
        return
    ours, theirs = sides.tables["prisma"].relationships, sides.tables["sqlalchemy"].relationships
    pairs, missing, _ = paired(ours, theirs, (_follows, _key), lambda one: snake_case(one.name))
    for expected, relationship in pairs:
        yield from _mismatch(sides, expected, relationship)
    for expected in missing:
        if not _can_exist(sides, expected):
            continue
        attribute = snake_case(expected.name)
        target = qualified(expected.target_schema, expected.target_table)
        yield sides.drift(
            "relationship-missing",
            expected.name,
            {"prisma": _text(expected), "sqlalchemy": None},
            {
                "sqlalchemy": Consequence(
                    "warning", f"The back end cannot follow {attribute}; joins and cascades need hand-written SQL."
                )
            },
            f"{sides.where('sqlalchemy')} has no relationship {attribute} to {target} ({expected.name} in "
            "schema.prisma)",
            f"{UPDATE}, or in {sides.where('sqlalchemy')}: add relationship {attribute}",
            {"prisma": expected.location},
        )


def _follows(one: Relationship) -> Hashable:
    """The foreign key and the direction it is followed in."""
    columns = frozenset(one.columns) if one.secondary is None else one.secondary
    return (one.target_schema, one.target_table, columns, one.on_this_side, _arity(one))


def _key(one: Relationship) -> Hashable:
    columns = frozenset(one.columns) if one.secondary is None else one.secondary
    return (one.target_schema, one.target_table, columns, one.on_this_side)


def _arity(one: Relationship) -> str:
    return "many" if one.kind in ("one-to-many", "many-to-many") else "one"


def _can_exist(sides: TableSides, expected: Relationship) -> bool:
    """Whether the mirror has the columns on this side; if not, the relationship is part of the column's drift."""
    if expected.secondary is not None or not expected.on_this_side:
        return True
    return columns_exist(sides, "sqlalchemy", expected.columns)


def _text(one: Relationship) -> str:
    way = f" through {one.secondary}" if one.secondary else ""
    return f"{one.kind} {qualified(one.target_schema, one.target_table)}{way} by ({', '.join(one.columns)})"


def _mismatch(sides: TableSides, expected: Relationship, relationship: Relationship) -> Iterator[Finding]:
    one_to_one = {"one-to-one", "many-to-one"}
    same_arity = _arity(expected) == _arity(relationship)
    if same_arity or {expected.kind, relationship.kind} <= one_to_one:
        return
    yield sides.drift(
        "relationship-mismatch",
        expected.name,
        {"prisma": _text(expected), "sqlalchemy": _text(relationship)},
        {
            "sqlalchemy": Consequence(
                "warning",
                f"{relationship.name} gives {'a list' if _arity(relationship) == 'many' else 'one object'} where "
                f"Prisma has {'a list' if _arity(expected) == 'many' else 'one'}.",
            )
        },
        f"{sides.where('sqlalchemy')}.{relationship.name} is {relationship.kind}, "
        f"{expected.name} in schema.prisma is {expected.kind}",
        f"in {sides.where('sqlalchemy')}: make {relationship.name} {expected.kind} "
        f"(uselist={_arity(expected) == 'many'})",
        {"prisma": expected.location, "sqlalchemy": relationship.location},
    )
