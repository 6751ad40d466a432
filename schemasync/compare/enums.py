"""Enum types side by side: `enum-missing`, `enum-extra`, `enum-values`, `enum-order`."""

from collections.abc import Iterator, Mapping

from schemasync.compare.external import UNLISTED, is_unlisted
from schemasync.compare.fixes import fix, fix_extra, nothing_fails
from schemasync.compare.sides import LABELS, Consequence, Finding, TableSides, in_words
from schemasync.ownership import Ownership, matches
from schemasync.schema.model import Enum, Schema, Table
from schemasync.schema.names import qualified

_DATABASE_LIKE = ("database", "snapshot", "prisma-migrations", "alembic")


def enum_findings(witnesses: Mapping[str, Schema], ownership: Ownership) -> Iterator[Finding]:
    """Every drift of an enum type, in order of schema and name."""
    keys = sorted({key for schema in witnesses.values() for key in schema.enum_by_key})
    for schema_name, name in keys:
        stated = {
            witness: schema.enum_by_key[(schema_name, name)]
            for witness, schema in witnesses.items()
            if (schema_name, name) in schema.enum_by_key
        }
        sides = _sides(schema_name, name, stated, witnesses)
        if ownership.is_ignored(schema_name, name):
            continue
        yield from _compared(sides, stated)


def _sides(schema: str, name: str, stated: Mapping[str, Enum], witnesses: Mapping[str, Schema]) -> TableSides:
    """An enum's sides; each enum stands in as a table without columns, so that judging is the same."""
    owner = None
    external = witnesses["prisma"].external_enums if "prisma" in witnesses else ()
    if ("prisma" in stated or "prisma-migrations" in stated) and not matches(external, schema, name):
        owner = "prisma"
    elif "sqlalchemy" in stated or "alembic" in stated or "prisma" in stated:
        owner = "sqlalchemy"
    tables = {
        witness: Table(name, schema, location=enum.location, model=enum.model) for witness, enum in stated.items()
    }
    return TableSides(schema, name, owner, tables, witnesses)


def _text(enum: Enum | None) -> str | None:
    return ", ".join(enum.values) if enum is not None else None


def _drift(
    sides: TableSides,
    kind: str,
    stated: Mapping[str, Enum],
    absent: list[str],
    behind: Mapping[str, Consequence],
    message: str,
    what: str,
) -> Finding:
    values = {name: _text(enum) for name, enum in stated.items()} | dict.fromkeys(absent)
    found = sides.drift(kind, sides.name, values, behind, message, what)
    return found.of_enum()


def _where(names: Mapping[str, object] | list[str]) -> str:
    return in_words(LABELS.get(name, name) for name in names)


def _compared(sides: TableSides, stated: Mapping[str, Enum]) -> Iterator[Finding]:
    yield from _external(sides, stated)
    reference = sides.reference
    expected = stated[reference]
    type_name = qualified(sides.schema, sides.name)
    lacking = [
        name
        for name, schema in sides.witnesses.items()
        if name in _DATABASE_LIKE and name not in stated and sides.schema in schema.namespaces
    ]
    if sides.owner is None and reference == "database":
        yield _drift(
            sides,
            "enum-extra",
            stated,
            [name for name in sides.witnesses if name not in stated and name in (*_DATABASE_LIKE, "prisma")],
            {"database": Consequence("info", "Nothing fails; no declared column uses it.")},
            f"the enum {type_name} is in the database, declared by nobody",
            fix_extra(sides, ["database"], f"DROP TYPE {type_name}", "declare it"),
        )
        return
    if lacking:
        yield _drift(
            sides,
            "enum-missing",
            stated,
            lacking,
            {
                name: Consequence("error", "Statements that cast to it or read it fail (UndefinedObject).")
                for name in lacking
            },
            f"the enum {type_name} is missing from {_where(lacking)}",
            fix(sides, lacking, f"create the type {type_name} ({_text(expected)})"),
        )
    differing = {name: enum for name, enum in stated.items() if set(enum.values) != set(expected.values)}
    if differing:
        yield _drift(
            sides,
            "enum-values",
            stated,
            [],
            {name: _values_consequence(sides, name, expected, enum) for name, enum in differing.items()},
            f"the enum {type_name} "
            + "; ".join(
                f"{_difference(expected, enum)} in {LABELS.get(name, name)}" for name, enum in differing.items()
            ),
            fix(sides, list(differing), f"make the values of {type_name} {_text(expected)}"),
        )
    reordered = {
        name: enum
        for name, enum in stated.items()
        if name not in differing and enum.values != expected.values and sides.role(name) == "database"
    }
    if reordered:
        yield _drift(
            sides,
            "enum-order",
            stated,
            [],
            {
                name: Consequence("info", "Sorting and comparing by the enum follow the database's order.")
                for name in reordered
            },
            f"the values of the enum {type_name} are in another order in {_where(reordered)}",
            fix(sides, list(reordered), f"order the values of {type_name} {_text(expected)}"),
        )


def _external(sides: TableSides, stated: Mapping[str, Enum]) -> Iterator[Finding]:
    """`external-tables`: Prisma's configuration does not say that Prisma Migrate must leave this enum alone."""
    prisma = sides.witnesses.get("prisma")
    if prisma is None or "prisma" in stated or sides.owner != "sqlalchemy":
        return
    if is_unlisted(prisma, prisma.external_enums, sides.schema, sides.name) is not None:
        yield _drift(
            sides,
            "external-tables",
            stated,
            ["prisma"],
            {"prisma": UNLISTED},
            f"the enum {qualified(sides.schema, sides.name)} is SQLAlchemy's, and prisma.config does not list it "
            "under enums.external",
            f'add "{sides.schema}.{sides.name}" to enums.external in prisma.config',
        )


def _difference(expected: Enum, enum: Enum) -> str:
    lacks = [value for value in expected.values if value not in enum.values]
    has = [value for value in enum.values if value not in expected.values]
    parts = [f"lacks {', '.join(lacks)}"] if lacks else []
    return " and ".join([*parts, f"also has {', '.join(has)}"] if has else parts)


def _values_consequence(sides: TableSides, name: str, expected: Enum, enum: Enum) -> Consequence:
    lacks, has = set(expected.values) - set(enum.values), set(enum.values) - set(expected.values)
    if sides.role(name) == "mirror":
        if lacks:
            return Consequence("error", f"Reading a row with {', '.join(sorted(lacks))} raises LookupError.")
        return Consequence("error", f"Writing {', '.join(sorted(has))} through the mirror fails (invalid input value).")
    if lacks:
        return Consequence("error", f"Writing {', '.join(sorted(lacks))} fails (invalid input value for enum).")
    if name == "database":
        return Consequence("error", f"The owner's side cannot read a row with {', '.join(sorted(has))}.")
    return Consequence("warning", nothing_fails(sides, name))
