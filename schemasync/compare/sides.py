"""A table as every witness sees it: who owns it, who states the owner's facts, and who may be behind."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from schemasync.compare.drift import SEVERITIES, Drift, DriftLocation, Severity
from schemasync.records import record
from schemasync.schema.model import Location, Schema, Silence, Table

# What a witness is to a table that another side owns, or to the owner's own declaration.
Role = Literal["database", "mirror", "prisma"]

# The parts of a table that are compared one by one.
Parts = Literal["primary_key", "uniques", "foreign_keys", "indexes", "checks", "exclusions"]

# In this order a witness stands in for an owner that was not asked, or that cannot express a fact.
_STAND_IN: tuple[str, ...] = ("snapshot", "database", "prisma-migrations", "alembic", "prisma", "sqlalchemy")
_OWN_WITNESSES: dict[str, tuple[str, ...]] = {
    "prisma": ("prisma", "prisma-migrations"),
    "sqlalchemy": ("sqlalchemy", "alembic"),
}

LABELS = {
    "prisma": "schema.prisma",
    "sqlalchemy": "the SQLAlchemy model",
    "database": "the database",
    "snapshot": "the snapshot",
    "prisma-migrations": "the replayed Prisma migrations",
    "alembic": "the replayed Alembic revisions",
}


@record(frozen=True, slots=True)
class Consequence:
    """How bad it is that one witness differs, and what breaks."""

    severity: Severity
    breaks: str


@record(frozen=True, slots=True)
class NotCompared:
    """Something that a comparison left out, as a sentence for the end of the report."""

    sentence: str


Finding = Drift | NotCompared


class Speller(Protocol):
    """Lets PostgreSQL itself say whether two expressions mean the same."""

    def same(self, kind: str, table: Table, column: str | None, one: str, other: str) -> bool | None:
        """Whether PostgreSQL spells both alike; None where it cannot read one of them.

        Args:
            kind: `default`, `check`, `predicate`, `generated` or `index`.
            table: gives the columns that the expressions may name.
            column: the column whose default or expression it is.
        """
        ...


def reference_among(owner: str | None, names: Collection[str]) -> str:
    """The witness that states the owner's facts, or the one that stands in for it.

    Args:
        owner: the owning side; None where nobody declares the table.
        names: the witnesses that there are.
    """
    return next(name for name in (*_OWN_WITNESSES.get(owner or "", ()), *_STAND_IN) if name in names)


@dataclass(frozen=True, slots=True)
class TableSides:
    """One table, as the witnesses state it.

    Args:
        owner: the owning side; None where nobody declares the table.
        tables: the witnesses that have the table, by name, in the order in which they were given.
        witnesses: all that the comparison was given.
        speller: settles expressions that the text alone cannot.
        reference: the witness that states the owner's facts, or the one that stands in for it.
    """

    schema: str
    name: str
    owner: str | None
    tables: Mapping[str, Table]
    witnesses: Mapping[str, Schema]
    speller: Speller | None = None
    reference: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reference", reference_among(self.owner, self.tables))

    def agree(self, part: Parts) -> bool:
        """Whether all witnesses that have the table state the same in one of its parts: nothing can differ there."""
        first, *others = [getattr(table, part) for table in self.tables.values()]
        return all(first == other for other in others)

    def reference_on(self, silence: Silence) -> str | None:
        """The witness to hold the others against where some are silent; None where fewer than two speak."""
        speaking = [name for name in self.tables if silence not in self.witnesses[name].silent]
        if len(speaking) < 2:
            return None
        return reference_among(self.owner, speaking)

    def others(self, reference: str, silence: Silence | None = None) -> list[str]:
        """The witnesses that are held against the reference."""
        return [
            name
            for name in self.tables
            if name != reference and (silence is None or silence not in self.witnesses[name].silent)
        ]

    def owner_speaks(self, silence: Silence) -> bool:
        """Whether the owner's own witness takes part and can express the fact."""
        reference = self.reference
        return (
            reference in _OWN_WITNESSES.get(self.owner or "", (reference,))
            and silence not in self.witnesses[reference].silent
        )

    def role(self, witness: str) -> Role:
        """What a witness is to this table."""
        if witness == "sqlalchemy" and self.owner != "sqlalchemy":
            return "mirror"
        return "prisma" if witness == "prisma" and self.owner != "prisma" else "database"

    def where(self, witness: str) -> str:
        """A witness in words: `the SQLAlchemy model AccessCode`."""
        table = self.tables.get(witness)
        if witness == "sqlalchemy" and table is not None and table.model is not None:
            return f"the SQLAlchemy model {table.model}"
        return LABELS.get(witness, f"the witness {witness}")

    def locations(self, places: Mapping[str, Location | None]) -> tuple[DriftLocation, ...]:
        """Where the witnesses state the object, each falling back to where it states the table."""
        found = []
        for name in self.witnesses:
            table = self.tables.get(name)
            place = places.get(name) or (table.location if table is not None else None)
            if place is not None:
                found.append(DriftLocation(place.path, place.line, place.column, name))
        return tuple(found)

    def drift(
        self,
        kind: str,
        subject: str | None,
        values: Mapping[str, str | None],
        behind: Mapping[str, Consequence],
        message: str,
        fix: str,
        places: Mapping[str, Location | None] | None = None,
    ) -> Drift:
        """A drift of this table; its severity is the worst consequence's.

        Args:
            subject: the column, constraint or index, by the owner's name; None for the table itself.
            values: what each witness says.
            behind: the witnesses that differ, with what breaks for each.
        """
        severity, breaks = worst(behind.values())
        return Drift(
            kind=kind,
            severity=severity,
            owner=self.owner,
            schema=self.schema,
            table=self.name,
            object=subject,
            values={name: values[name] for name in self.witnesses if name in values},
            behind=tuple(name for name in self.witnesses if name in behind),
            message=message,
            breaks=breaks,
            fix=fix,
            locations=self.locations(places or {}),
        )


def table_text(table: Table) -> str:
    """A table as a drift's value: `table, 3 columns`."""
    return f"{table.kind}, {len(table.columns)} column{'s' if len(table.columns) != 1 else ''}"


def worst(consequences: Iterable[Consequence]) -> tuple[Severity, str]:
    """The worst severity, and what breaks in all of them, the worst first, each sentence once."""
    ordered = sorted(consequences, key=lambda item: SEVERITIES.index(item.severity))
    sentences = dict.fromkeys(item.breaks for item in ordered if item.breaks)
    return ordered[0].severity, " ".join(sentences)


def in_words(names: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    listed = list(names)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"


def grouped_by_value(sides: TableSides, values: Mapping[str, str | None]) -> Iterator[tuple[str, list[str]]]:
    """The witnesses in words, grouped by what they say, for messages."""
    groups: dict[str, list[str]] = {}
    for name, value in values.items():
        groups.setdefault(value if value is not None else "nothing", []).append(sides.where(name))
    yield from groups.items()
