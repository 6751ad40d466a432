"""An index in words, and whether two indexes over the same columns are the same as far as both witnesses speak."""

from collections.abc import Generator

from schemasync.compare.sides import NotCompared, TableSides
from schemasync.schema.expressions import same_expression
from schemasync.schema.model import Index, IndexPart, Silence


def definition(index: Index) -> str:
    """`unique btree (a, b DESC) WHERE …`; the method is left out where it is btree."""
    method = "" if index.method == "btree" else f"{index.method} "
    text = f"{'unique ' if index.unique else ''}{method}({', '.join(_part(part) for part in index.parts)})"
    if index.include:
        text += f" include ({', '.join(index.include)})"
    if index.nulls_not_distinct:
        text += " nulls not distinct"
    if index.options:
        text += f" with ({', '.join('='.join(option) for option in index.options)})"
    return text + (f" where {index.predicate}" if index.predicate else "")


def _part(part: IndexPart) -> str:
    text = part.column if part.column is not None else f"({part.expression})"
    if part.collation:
        text += f" collate {part.collation}"
    if part.operator_class:
        text += f" {part.operator_class}"
    if part.descending:
        text += " desc"
    if part.nulls_first != part.descending:
        text += " nulls first" if part.nulls_first else " nulls last"
    return text


def same_parts(sides: TableSides, witness: str, expected: Index, index: Index) -> bool:
    """Whether everything but the predicate is the same, as far as reference and witness both speak."""
    silent = sides.witnesses[sides.reference].silent | sides.witnesses[witness].silent
    attributes: list[tuple[Silence | None, object, object]] = [
        (None, expected.unique, index.unique),
        (None, expected.method, index.method),
        (None, len(expected.parts), len(index.parts)),
        ("index-include", expected.include, index.include),
        ("nulls-not-distinct", expected.nulls_not_distinct, index.nulls_not_distinct),
        ("storage", expected.options, index.options),
    ]
    for one, other in zip(expected.parts, index.parts, strict=False):
        attributes += [
            (None, one.column, other.column),
            (None, one.descending, other.descending),
            (None, one.operator_class, other.operator_class),
            ("index-nulls", one.nulls_first, other.nulls_first),
            ("collation", one.collation, other.collation),
        ]
        if one.expression is not None and other.expression is not None:
            attributes.append((None, _same_expression(sides, one.expression, other.expression), True))
    return all(first == second for silence, first, second in attributes if silence is None or silence not in silent)


def _same_expression(sides: TableSides, one: str, other: str) -> bool:
    same = same_expression(one, other)
    if same is None and sides.speller is not None:
        same = sides.speller.same("index", sides.tables[sides.reference], None, one, other)
    return same is not False


def predicate_differs(
    sides: TableSides, witness: str, expected: Index, index: Index
) -> Generator[NotCompared, None, bool]:
    """Whether the WHERE of two partial indexes differs; says so where nobody could tell."""
    if "index-predicate" in sides.witnesses[sides.reference].silent | sides.witnesses[witness].silent:
        return False
    one, other = expected.predicate, index.predicate
    if one is None or other is None:
        return one is not other
    same = same_expression(one, other)
    if same is None and sides.speller is not None:
        same = sides.speller.same("predicate", sides.tables[sides.reference], None, one, other)
    if same is None:
        yield NotCompared(
            f"the predicate of the index {expected.name or index.name} on {sides.name}: whether {one} and {other} "
            "mean the same, only PostgreSQL can tell, and it could not be asked"
        )
    return same is False
