"""Indexes and unique constraints side by side; Prisma's unique index and SQLAlchemy's unique constraint do the same."""

from collections.abc import Callable, Hashable, Iterator, Mapping

from schemasync.compare.constraints import columns_exist, name_finding
from schemasync.compare.fixes import differing, fix, fix_extra, nothing_fails
from schemasync.compare.index_text import definition, predicate_differs, same_parts
from schemasync.compare.matching import paired
from schemasync.compare.sides import Consequence, Finding, NotCompared, TableSides, grouped_by_value
from schemasync.records import record
from schemasync.schema.expressions import normal_expression
from schemasync.schema.model import Index, IndexPart, Location, Unique


@record(frozen=True, slots=True)
class Entry:
    """An index or unique constraint, as one thing.

    Args:
        constraint: the unique constraint that the index backs, where it is declared as one.
    """

    index: Index
    constraint: Unique | None = None

    @property
    def name(self) -> str | None:
        """Its name, None where the witness leaves it open."""
        return self.index.name

    @property
    def location(self) -> Location | None:
        """Where the witness states it."""
        return self.index.location

    @property
    def is_plain_unique(self) -> bool:
        """Whether it does what a unique constraint does: columns only, all rows."""
        return self.index.unique and self.index.predicate is None and all(part.column for part in self.index.parts)


def entries(sides: TableSides, witness: str) -> tuple[Entry, ...]:
    """What a witness states of indexes and unique constraints, as far as the owner could express it."""
    table = sides.tables[witness]
    found = [Entry(_as_index(unique), unique) for unique in table.uniques]
    found += [Entry(index) for index in table.indexes]
    return tuple(sorted(found, key=lambda entry: (entry.name or "", definition(entry.index))))


def _as_index(unique: Unique) -> Index:
    parts = tuple(IndexPart(column) for column in unique.columns)
    return Index(
        parts,
        unique.name,
        unique=True,
        include=unique.include,
        nulls_not_distinct=unique.nulls_not_distinct,
        location=unique.location,
    )


def index_findings(sides: TableSides) -> Iterator[Finding]:
    """Indexes and uniques: missing, extra, and what differs of those in common."""
    if sides.agree("indexes") and sides.agree("uniques"):
        return
    reference = sides.reference
    stated = {name: entries(sides, name) for name in sides.tables}
    ours = stated[reference]
    held: list[dict[str, Entry | None]] = [{reference: entry} for entry in ours]
    extra: dict[Hashable, dict[str, Entry]] = {}
    for name in sides.others(reference):
        pairs, _, only_theirs = paired(ours, stated[name], _keys(), lambda entry: entry.name)
        matched = {id(one): other for one, other in pairs}
        for position, entry in enumerate(ours):
            held[position][name] = matched.get(id(entry))
        for entry in only_theirs:
            slot = extra.setdefault(_strict(entry), {})
            if name in slot:
                slot = extra.setdefault((*_strict(entry), entry.name), {})
            slot[name] = entry
    for position, entry in enumerate(ours):
        yield from _compared(sides, entry, held[position])
    for having in sorted(extra.values(), key=lambda one: _subject(sides, next(iter(one.values())))):
        yield from _extra(sides, having)


def _keys() -> tuple[Callable[[Entry], Hashable], ...]:
    return (_strict, lambda entry: entry.name, _loose, _looser)


def _strict(entry: Entry) -> tuple[Hashable, ...]:
    """What it does, to the letter."""
    index = entry.index
    parts = tuple(
        (part.column, part.expression and normal_expression(part.expression), part.descending, part.operator_class)
        for part in index.parts
    )
    return (index.unique, index.method, parts, index.predicate and normal_expression(index.predicate), index.include)


def _loose(entry: Entry) -> Hashable:
    """The same columns in the same order, unique or not alike."""
    index = entry.index
    return (index.unique, tuple(part.column or normal_expression(part.expression or "") for part in index.parts))


def _looser(entry: Entry) -> Hashable:
    """A unique over the same columns in any order refuses the same rows."""
    return frozenset(entry.index.columns) if entry.is_plain_unique else None


def _subject(sides: TableSides, entry: Entry) -> str:
    if entry.name is not None:
        return entry.name
    columns = "_".join(entry.index.columns) or "expression"
    return f"{sides.name}_{columns}_{'key' if entry.index.unique else 'idx'}"


def _noun(entry: Entry) -> str:
    if entry.constraint is not None:
        return "unique constraint"
    return "unique index" if entry.index.unique else "index"


def _all_columns(entry: Entry) -> tuple[str, ...]:
    return (*entry.index.columns, *entry.index.include)


def _compared(sides: TableSides, expected: Entry, held: Mapping[str, Entry | None]) -> Iterator[Finding]:
    subject = _subject(sides, expected)
    places = {name: entry.location if entry else None for name, entry in held.items()}
    lacking = {}
    for name, entry in held.items():
        if entry is not None or not columns_exist(sides, name, _all_columns(expected)):
            continue
        lacking[name] = _lacking_consequence(sides, name, expected)
    if lacking:
        what = definition(expected.index)
        yield sides.drift(
            "unique-missing" if expected.index.unique else "index-missing",
            subject,
            {
                name: definition(entry.index) if entry else None
                for name, entry in held.items()
                if entry is not None or name in lacking
            },
            lacking,
            f"the {_noun(expected)} {subject} on {sides.name}, {what}, is missing from "
            f"{differing(sides, list(lacking))}",
            fix(sides, list(lacking), f"add the {_noun(expected)} {subject}: {what}"),
            places,
        )
    common = {name: entry for name, entry in held.items() if entry is not None}
    yield from _definitions(sides, subject, expected, common, places)
    yield from _validity(sides, subject, common, places)
    all_indexes = all(entry.constraint is None for entry in common.values())
    yield from name_finding(
        sides,
        "index-name" if all_indexes else "constraint-name",
        _noun(expected),
        expected.name,
        {name: entry.name for name, entry in common.items()},
        places,
    )


def _lacking_consequence(sides: TableSides, name: str, expected: Entry) -> Consequence:
    if sides.role(name) != "database":
        severity = Consequence("warning", nothing_fails(sides, name))
        return severity if expected.index.unique else Consequence("info", severity.breaks)
    if expected.index.unique:
        return Consequence("error", "Duplicates can be stored; ON CONFLICT and upserts over these columns fail.")
    return Consequence("warning", "Queries that rely on it scan the whole table.")


def _definitions(
    sides: TableSides,
    subject: str,
    expected: Entry,
    held: Mapping[str, Entry],
    places: Mapping[str, Location | None],
) -> Iterator[Finding]:
    reference = sides.reference
    behind = {}
    for name in sides.others(reference):
        entry = held.get(name)
        if entry is None:
            continue
        differs = not same_parts(sides, name, expected.index, entry.index)
        if not differs:
            answer = yield from predicate_differs(sides, name, expected.index, entry.index)
            differs = answer
        if not differs and _deferrable(expected) != _deferrable(entry):
            differs = not {"deferrable"} & (sides.witnesses[reference].silent | sides.witnesses[name].silent)
        if differs:
            behind[name] = _definition_consequence(sides, name, expected, entry)
    if not behind:
        return
    values = {name: definition(entry.index) + _deferrable(entry) for name, entry in held.items()}
    yield sides.drift(
        "index-definition",
        subject,
        values,
        behind,
        f"the {_noun(expected)} {subject} on {sides.name} is {values[reference]} in {sides.where(reference)}, "
        + ", ".join(
            f"{value} in {' and '.join(where)}"
            for value, where in grouped_by_value(sides, {name: values[name] for name in behind})
        ),
        fix(sides, list(behind), f"make {subject} {values[reference]}"),
        places,
    )


def _deferrable(entry: Entry) -> str:
    if entry.constraint is None or not entry.constraint.deferrable:
        return ""
    return " deferrable initially deferred" if entry.constraint.initially_deferred else " deferrable"


def _definition_consequence(sides: TableSides, name: str, expected: Entry, entry: Entry) -> Consequence:
    if sides.role(name) != "database":
        return Consequence("info", nothing_fails(sides, name))
    if expected.index.unique != entry.index.unique or (
        expected.index.unique
        and (expected.index.predicate, set(expected.index.columns)) != (entry.index.predicate, set(entry.index.columns))
    ):
        what = "Duplicates can be stored" if expected.index.unique else "Rows that the owner allows are refused"
        return Consequence("error", f"{what} (another set of rows or columns is unique).")
    return Consequence("warning", "Queries that rely on the declared index may scan the whole table.")


def _validity(
    sides: TableSides, subject: str, held: Mapping[str, Entry], places: Mapping[str, Location | None]
) -> Iterator[Finding]:
    invalid = [name for name, entry in held.items() if not entry.index.valid]
    if not invalid or held[sides.reference].index.valid is False:
        return
    unique = any(held[name].index.unique for name in invalid)
    yield sides.drift(
        "index-invalid",
        subject,
        {name: "valid" if entry.index.valid else "invalid" for name, entry in held.items()},
        {
            name: Consequence("error", "Duplicates can be stored: an invalid index vouches for nothing.")
            if unique
            else Consequence("warning", "No query uses it, yet every write keeps it up.")
            for name in invalid
        },
        f"the index {subject} on {sides.name} is invalid in {differing(sides, invalid)} "
        "(a CREATE INDEX CONCURRENTLY that failed)",
        f"REINDEX INDEX CONCURRENTLY {subject}, or drop it and create it again",
        places,
    )


def _extra(sides: TableSides, having: Mapping[str, Entry]) -> Iterator[Finding]:
    entry = next(iter(having.values()))
    reference = sides.reference
    if not columns_exist(sides, reference, _all_columns(entry)):
        return
    subject = _subject(sides, entry)
    unspoken = sides.witnesses[reference].silent
    if "index-expression" in unspoken and any(part.expression for part in entry.index.parts):
        yield NotCompared(f"the index {subject} on {sides.name}: {sides.where(reference)} cannot express expressions")
        return
    behind = {
        name: Consequence("warning", "INSERTs that the owner allows are refused (UniqueViolation).")
        if entry.index.unique and sides.role(name) == "database"
        else Consequence("warning" if sides.role(name) == "database" else "info", nothing_fails(sides, name))
        for name in having
    }
    yield sides.drift(
        "unique-extra" if entry.index.unique else "index-extra",
        subject,
        {
            name: definition(having[name].index) if name in having else None
            for name in sides.tables
            if columns_exist(sides, name, _all_columns(entry))
        },
        behind,
        f"the {_noun(entry)} {subject} on {sides.name}, {definition(entry.index)}, is in "
        f"{differing(sides, list(having))} but not in {sides.where(reference)}",
        fix_extra(sides, list(having), f"drop the {_noun(entry)} {subject}", "declare it"),
        {name: item.location for name, item in having.items()},
    )
