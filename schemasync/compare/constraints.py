"""What every kind of constraint shares: columns that must exist, names that differ, NOT VALID."""

from collections.abc import Iterable, Iterator, Mapping

from schemasync.compare.fixes import differing, fix
from schemasync.compare.sides import Consequence, Finding, TableSides, grouped_by_value
from schemasync.schema.model import ForeignKey, Location
from schemasync.schema.names import qualified, quote


def columns_exist(sides: TableSides, witness: str, columns: tuple[str, ...]) -> bool:
    """Whether a witness has the columns at all; without them a key or index is part of the column's own drift."""
    stated = {column.name for column in sides.tables[witness].columns}
    return stated.issuperset(columns)


def target_exists(sides: TableSides, witness: str, key: ForeignKey) -> bool:
    """Whether a witness has what a foreign key refers to; without it the key is part of the target's own drift."""
    schema = sides.witnesses[witness]
    target = schema.table_by_key.get((key.referenced_schema, key.referenced_table))
    if target is None:
        return key.referenced_schema not in schema.namespaces
    return {column.name for column in target.columns}.issuperset(key.referenced_columns)


def name_finding(
    sides: TableSides,
    kind: str,
    what: str,
    expected: str | None,
    names: Mapping[str, str | None],
    places: Mapping[str, Location | None],
) -> Iterator[Finding]:
    """A constraint or index that does the same under another name; a witness that leaves it unnamed is silent.

    Args:
        what: the object in words, such as `foreign key`.
        expected: the owner's name.
        names: what each witness calls it.
    """
    spoken = {name: text for name, text in names.items() if text is not None}
    if expected is None:
        return
    behind = {
        name: Consequence("info", f"Nothing fails, but migrations that name the {what} would not find it.")
        for name, text in spoken.items()
        if text != expected
    }
    if behind:
        yield sides.drift(
            kind,
            expected,
            spoken,
            behind,
            f"the {what} {expected} of {sides.name} has another name: "
            + ", ".join(
                f"{value} in {' and '.join(where)}"
                for value, where in grouped_by_value(sides, {name: spoken[name] for name in behind})
            ),
            fix(sides, list(behind), f"rename it to {expected}"),
            places,
        )


def not_valid(
    sides: TableSides,
    subject: str,
    what: str,
    invalid: list[str],
    stating: Iterable[str],
    places: Mapping[str, Location | None],
) -> Finding:
    """`constraint-not-valid`: added with NOT VALID and never validated, so that old rows may break it."""

    return sides.drift(
        "constraint-not-valid",
        subject,
        {name: "not valid" if name in invalid else "valid" for name in stating},
        {
            name: Consequence("warning", "Rows from before it was added may break it; nothing has checked them.")
            for name in invalid
        },
        f"the {what} {subject} of {sides.name} is NOT VALID in {differing(sides, invalid)}",
        f"ALTER TABLE {qualified(sides.schema, sides.name)} VALIDATE CONSTRAINT {quote(subject)}",
        places,
    )
