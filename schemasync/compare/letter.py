"""What two complete readings state differently, to the letter.

The other comparisons ask whether two witnesses mean the same, and are lenient where one of them cannot know better.
A snapshot and a database were both spelled by PostgreSQL itself: whatever differs between them has changed.
"""

from collections.abc import Collection, Iterator, Mapping

from schemasync.compare.constraints import columns_exist, target_exists
from schemasync.compare.drift import Drift
from schemasync.compare.index_text import definition
from schemasync.compare.sides import LABELS, Consequence, Finding, TableSides
from schemasync.ownership import Ownership
from schemasync.records import replace
from schemasync.schema.model import Check, Column, Exclusion, ForeignKey, Index, PrimaryKey, Schema, Table, Unique
from schemasync.schema.names import qualified

_COLUMN_KINDS: dict[str, tuple[str, ...]] = {
    "type": ("column-type", "column-length"),
    "nullable": ("column-nullability",),
    "default": ("column-default", "column-identity"),
    "identity": ("column-identity",),
    "generated": ("column-generated", "column-default"),
    "collation": ("column-collation",),
    "comment": ("column-comment",),
}
# A view's columns follow from what it selects, which is an object of its own.
_OF_VIEWS = ("default", "comment")
_CHANGED = Consequence("info", "Nothing fails by itself; it is no longer what the snapshot says.")
_MOMENT = Consequence("warning", "It is checked at another moment; foreign keys and ON CONFLICT need one at once.")


def letter_findings(sides: TableSides, found: Collection[Finding]) -> Iterator[Finding]:
    """What complete witnesses state differently of a table and no other finding has said.

    Args:
        sides: the table; anything but complete witnesses is left out.
        found: what has been found about the table already.
    """
    pair = complete_pair(sides.witnesses, sides.tables)
    if pair is None:
        return
    one, other = sides.tables[pair[0]], sides.tables[pair[1]]
    if one == other:
        return
    drifts = [item for item in found if isinstance(item, Drift)]
    said = {(item.kind, item.object) for item in drifts}
    # A constraint that was renamed is in the values of a drift which bears its former name.
    named = {item.object for item in drifts if not item.kind.startswith("column-")}
    named |= {text for item in drifts if item.kind.endswith("-name") for text in item.values.values()}
    is_view = "view" in one.kind
    if one.comment != other.comment and ("table-comment", None) not in said:
        yield _changed(sides, pair, "table-comment", None, "the comment", (one.comment, other.comment))
    for column in one.columns:
        twin = other.column(column.name)
        if twin is not None and twin != column:
            yield from _column(sides, pair, column, twin, said, is_view=is_view)
    if not is_view:
        yield from _primary_key(sides, pair, one.primary_key, other.primary_key, said)
        yield from _items(sides, pair, one.uniques, other.uniques, "index-definition", named)
        yield from _items(sides, pair, one.foreign_keys, other.foreign_keys, "foreign-key-action", named)
        yield from _items(sides, pair, one.checks, other.checks, "check-expression", named)
        yield from _items(sides, pair, one.exclusions, other.exclusions, "exclusion", named)
    yield from _items(sides, pair, one.indexes, other.indexes, "index-definition", named)


def complete_pair(witnesses: Mapping[str, Schema], having: Collection[str]) -> tuple[str, str] | None:
    """The first two complete witnesses of those that have something, the snapshot first; None where there are none."""
    complete = [name for name in witnesses if name in having and witnesses[name].complete]
    complete.sort(key=lambda name: name != "snapshot")
    return (complete[0], complete[1]) if len(complete) > 1 else None


def _changed(
    sides: TableSides,
    pair: tuple[str, str],
    kind: str,
    subject: str | None,
    what: str,
    texts: tuple[str | None, str | None],
    consequence: Consequence = _CHANGED,
) -> Finding:
    whose = sides.name if subject is None else f"{sides.name}.{subject}"
    before, after = (text if text is not None else "none" for text in texts)
    return sides.drift(
        kind,
        subject,
        {pair[0]: before, pair[1]: after},
        {pair[1]: consequence},
        f"{what} of {whose} is {before} in {LABELS[pair[0]]}, {after} in {LABELS[pair[1]]}",
        f"restore {what} of {whose} on {qualified(sides.schema, sides.name)}, or take a new snapshot if it is meant",
    )


def _column(
    sides: TableSides,
    pair: tuple[str, str],
    one: Column,
    other: Column,
    said: Collection[tuple[str, str | None]],
    *,
    is_view: bool,
) -> Iterator[Finding]:
    for attribute, kinds in _COLUMN_KINDS.items():
        before, after = getattr(one, attribute), getattr(other, attribute)
        if (
            before == after
            or any((kind, one.name) in said for kind in kinds)
            or (is_view and attribute not in _OF_VIEWS)
        ):
            continue
        texts = (_spelled(attribute, before), _spelled(attribute, after))
        yield _changed(sides, pair, kinds[0], one.name, f"the {attribute}", texts)


def _spelled(attribute: str, value: object) -> str | None:
    if value is None:
        return None
    if attribute == "default":
        return getattr(value, "sql", None)
    return {True: "null", False: "not null"}[value] if isinstance(value, bool) else str(value)


def _primary_key(
    sides: TableSides,
    pair: tuple[str, str],
    one: PrimaryKey | None,
    other: PrimaryKey | None,
    said: Collection[tuple[str, str | None]],
) -> Iterator[Finding]:
    if one is None or other is None or ("primary-key", one.name) in said or one == replace(other, name=one.name):
        return
    texts = (f"({', '.join(one.columns)}){_moment(one)}", f"({', '.join(other.columns)}){_moment(other)}")
    yield _changed(sides, pair, "primary-key", one.name, "the primary key", texts, _MOMENT)


def _moment(item: PrimaryKey | Unique | ForeignKey) -> str:
    if not item.deferrable:
        return ""
    return " deferrable initially deferred" if item.initially_deferred else " deferrable"


_Item = Unique | ForeignKey | Check | Exclusion | Index


def _items(
    sides: TableSides,
    pair: tuple[str, str],
    ones: Collection[_Item],
    others: Collection[_Item],
    kind: str,
    named: Collection[str | None],
) -> Iterator[Finding]:
    """Constraints or indexes by name: what stands on one side only, or differs, and was not named yet."""
    before, after = ({item.name: item for item in items} for items in (ones, others))
    for name in sorted({*before, *after}, key=str):
        one, other = before.get(name), after.get(name)
        if one == other or name in named or not (_possible(sides, pair[1], one) and _possible(sides, pair[0], other)):
            continue
        yield _changed(sides, pair, kind, name, _noun(one or other), (_text(one), _text(other)))


def _possible(sides: TableSides, witness: str, item: _Item | None) -> bool:
    """Whether a witness has the columns and the table that an item needs; their own drift says the rest."""
    if isinstance(item, ForeignKey):
        return columns_exist(sides, witness, item.columns) and target_exists(sides, witness, item)
    if isinstance(item, Unique | Index):
        return columns_exist(sides, witness, (*item.columns, *item.include))
    return True


def _noun(item: _Item | None) -> str:
    nouns = {Unique: "unique constraint", ForeignKey: "foreign key", Check: "CHECK", Exclusion: "exclusion constraint"}
    return f"the {nouns.get(type(item), 'index')}"


def _text(item: _Item | None) -> str | None:
    if item is None:
        return None
    if isinstance(item, Index):
        return definition(item) + ("" if item.valid else " invalid")
    if isinstance(item, Check):
        extras = (" no inherit" if item.no_inherit else "") + ("" if item.validated else " not valid")
        return f"({item.expression}){extras}"
    if isinstance(item, Exclusion):
        return item.definition
    valid = "" if not isinstance(item, ForeignKey) or item.validated else " not valid"
    return f"({', '.join(item.columns)}){_moment(item)}{valid}"


def enum_letter_findings(witnesses: Mapping[str, Schema], ownership: Ownership) -> Iterator[Finding]:
    """Comments on enum types that two complete witnesses state differently."""
    pair = complete_pair(witnesses, witnesses)
    if pair is None:
        return
    for key, one in witnesses[pair[0]].enum_by_key.items():
        other = witnesses[pair[1]].enum_by_key.get(key)
        if other is None or other.comment == one.comment or ownership.is_ignored(*key):
            continue
        sides = TableSides(*key, None, {name: Table(one.name, one.schema) for name in pair}, witnesses)
        found = _changed(sides, pair, "comment", one.name, "the comment", (one.comment, other.comment))
        if isinstance(found, Drift):
            yield found.of_enum()
