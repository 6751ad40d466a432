"""Whole tables side by side: missing, extra, of another kind, without a mirror, or on the wrong side of a boundary."""

from collections.abc import Iterator

from schemasync.compare.external import external_findings
from schemasync.compare.fixes import UPDATE, differing, fix, nothing_fails
from schemasync.compare.sides import Consequence, Finding, TableSides, grouped_by_value, table_text
from schemasync.ownership import Ownership, matches
from schemasync.schema.names import qualified

_DATABASE_LIKE = ("database", "snapshot", "prisma-migrations", "alembic")


def table_findings(sides: TableSides, ownership: Ownership) -> Iterator[Finding]:
    """Every drift of the table as a whole."""
    yield from _boundaries(sides)
    yield from external_findings(sides)
    if sides.owner is None and not _snapshots_only(sides):
        yield from _undeclared(sides)
        return
    yield from _missing(sides)
    yield from _mirror_missing(sides, ownership)
    yield from _kind(sides)
    yield from _comment(sides)


def _snapshots_only(sides: TableSides) -> bool:
    return set(sides.witnesses) <= {"snapshot", "database"}


def _values(sides: TableSides, names: list[str]) -> dict[str, str | None]:
    return {
        name: None if (table := sides.tables.get(name)) is None else table_text(table)
        for name in sides.witnesses
        if name in names
    }


def _undeclared(sides: TableSides) -> Iterator[Finding]:
    having = [name for name in sides.tables if name in _DATABASE_LIKE]
    if having and sides.tables[having[0]].kind in ("table", "partitioned table", "foreign table"):
        yield sides.drift(
            "table-extra",
            None,
            _values(sides, list(sides.witnesses)),
            {
                name: Consequence("warning", "Nobody vouches for it; either side's autogenerate may offer to drop it.")
                for name in having
            },
            f"{sides.name} is in {differing(sides, having)}, declared by nobody",
            f"declare {sides.name} on the side that needs it, list it under [ownership] ignore, or drop it",
        )


def _missing(sides: TableSides) -> Iterator[Finding]:
    """`table-missing`: the owner declares it and a database lacks it; for two snapshots either way round."""
    expected = sides.tables[sides.reference]
    if sides.reference == "database" and "snapshot" in sides.witnesses and "snapshot" not in sides.tables:
        yield sides.drift(
            "table-extra",
            None,
            _values(sides, list(sides.witnesses)),
            {"database": Consequence("warning", "It was not there when the snapshot was taken.")},
            f"{sides.name} is in the database but not in the snapshot",
            f"take a new snapshot if {sides.name} is meant to be; else drop it",
        )
        return
    if "view" in expected.kind and "view" in sides.witnesses[sides.reference].silent:
        return
    lacking = [
        name for name in sides.witnesses if name in _DATABASE_LIKE and name not in sides.tables and _covers(sides, name)
    ]
    if lacking:
        yield sides.drift(
            "table-missing",
            None,
            _values(sides, [*sides.tables, *lacking]),
            {name: Consequence("error", "Every statement on it fails (UndefinedTable).") for name in lacking},
            f"{sides.name} is missing from {differing(sides, lacking)}",
            fix(sides, lacking, f"create the table {qualified(sides.schema, sides.name)}"),
        )


def _covers(sides: TableSides, witness: str) -> bool:
    """Whether a witness speaks about the table's schema, and a replayed history about its owner's tables."""
    schema = sides.witnesses[witness]
    if sides.schema not in schema.namespaces and not any(table.schema == sides.schema for table in schema.tables):
        return False
    return {"prisma-migrations": "prisma", "alembic": "sqlalchemy"}.get(witness, sides.owner) == sides.owner


def _mirror_missing(sides: TableSides, ownership: Ownership) -> Iterator[Finding]:
    models = sides.witnesses.get("sqlalchemy")
    if models is None or "sqlalchemy" in sides.tables or sides.owner != "prisma":
        return
    expected = sides.tables[sides.reference]
    if expected.kind != "table" or not ownership.needs_mirror(sides.schema, sides.name):
        return
    referring = sorted(
        {
            table.name
            for table in models.tables
            for key in table.foreign_keys
            if (key.referenced_schema, key.referenced_table) == expected.key
        }
    )
    consequence = Consequence("warning", "Nothing fails now, but the back end can neither read nor write the table.")
    if referring:
        consequence = Consequence(
            "error", f"The foreign keys of {', '.join(referring)} cannot be resolved: mapping fails when it is used."
        )
    model = f" ({expected.model} in schema.prisma)" if expected.model else ""
    yield sides.drift(
        "mirror-missing",
        None,
        _values(sides, [*sides.tables, "sqlalchemy"]),
        {"sqlalchemy": consequence},
        f"{sides.name}{model} has no SQLAlchemy model",
        f"{UPDATE}, or leave {sides.name} out of [ownership] mirror",
    )


def _kind(sides: TableSides) -> Iterator[Finding]:
    reference = sides.reference_on("table-kind") or sides.reference
    expected = sides.tables[reference].kind
    alike = {"table", "partitioned table"}
    behind = {
        name: Consequence("error", f"Writes to a {sides.tables[name].kind} are not what its owner expects.")
        for name in sides.others(reference, "table-kind")
        if sides.tables[name].kind != expected
        and not (name == "database" and {expected, sides.tables[name].kind} <= alike and sides.reference != "snapshot")
    }
    if behind:
        values = {name: str(table.kind) for name, table in sides.tables.items()}
        yield sides.drift(
            "table-kind",
            None,
            values,
            behind,
            f"{sides.name} is a {expected} in {sides.where(reference)}, "
            + ", ".join(
                f"a {value} in {' and '.join(where)}"
                for value, where in grouped_by_value(sides, {name: values[name] for name in behind})
            ),
            fix(sides, list(behind), f"make {sides.name} a {expected}", update=None),
        )


def _comment(sides: TableSides) -> Iterator[Finding]:
    reference = sides.reference_on("comment")
    if reference is None or not sides.owner_speaks("comment"):
        return
    expected = sides.tables[reference].comment
    behind = {
        name: Consequence("info", nothing_fails(sides, name))
        for name in sides.others(reference, "comment")
        if sides.tables[name].comment != expected and sides.role(name) != "mirror"
    }
    if behind:
        yield sides.drift(
            "table-comment",
            None,
            {name: sides.tables[name].comment or "none" for name in (reference, *behind)},
            behind,
            f"the comment of {sides.name} differs",
            fix(sides, list(behind), f"set the comment of {sides.name} to {expected or 'none'}", update=None),
        )


def _boundaries(sides: TableSides) -> Iterator[Finding]:
    """`owned-twice` and `boundary`: a side declares, as its own to migrate, what the other owns."""
    prisma, model = sides.tables.get("prisma"), sides.tables.get("sqlalchemy")
    external = sides.witnesses["prisma"].external if "prisma" in sides.witnesses else ()
    if prisma is not None and sides.owner == "sqlalchemy" and not matches(external, sides.schema, sides.name):
        yield sides.drift(
            "owned-twice",
            None,
            _values(sides, list(sides.tables)),
            {"prisma": Consequence("error", "Prisma Migrate and Alembic both change it; the last one wins.")},
            f"{sides.name} is SQLAlchemy's, yet schema.prisma declares it as a table that Prisma migrates",
            f"list {sides.name} under tables.external in prisma.config.ts, or remove its model from schema.prisma",
        )
    elif prisma is not None and model is not None and model.marked_owner == "sqlalchemy" and sides.owner == "prisma":
        yield sides.drift(
            "owned-twice",
            None,
            _values(sides, list(sides.tables)),
            {"sqlalchemy": Consequence("error", "Prisma Migrate and Alembic both change it; the last one wins.")},
            f"{sides.where('sqlalchemy')} is marked as SQLAlchemy's own, yet schema.prisma declares {sides.name}",
            "remove the mark from the model's info, or the table from schema.prisma",
        )
    if prisma is None and model is not None and sides.owner == "prisma" and "prisma" in sides.witnesses:
        yield sides.drift(
            "boundary",
            None,
            _values(sides, [*sides.tables, "prisma"]),
            {"sqlalchemy": Consequence("error", "No side's migrations create or change the table.")},
            f"{sides.name} is Prisma's, yet only {sides.where('sqlalchemy')} declares it",
            f"declare {sides.name} in schema.prisma, or give it to SQLAlchemy: remove the model's mark, "
            "or list it under [ownership] sqlalchemy",
        )
