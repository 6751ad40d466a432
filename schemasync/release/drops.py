"""What Prisma lets go of while a mirror still maps it, and which release must do what about it."""

from collections.abc import Iterator, Mapping

from schemasync.compare.drift import Drift, DriftLocation
from schemasync.compare.kinds import catalogue
from schemasync.paths import shown
from schemasync.schema.model import Column, Location, Schema, Table
from schemasync.schema.names import qualified

KIND = "prisma-drop"


def drops_in_use(deployed: Mapping[str, Schema], declared: Mapping[str, Schema]) -> tuple[Drift, ...]:
    """The tables and columns that the deployed schema.prisma has and the new one has not, and that a mirror maps.

    A rename is a drop as well: what is deployed knows the old name only.

    Args:
        deployed: what the deployed builds rely on: `prisma`, `sqlalchemy`.
        declared: what this tree declares: `prisma`, `sqlalchemy`.
    """
    was, is_ = deployed.get("prisma"), declared.get("prisma")
    if was is None or is_ is None:
        return ()
    found: list[Drift] = []
    for table in was.tables:
        if table.kind != "table":
            continue
        there = is_.table_by_key.get(table.key)
        gone = [None] if there is None else [one for one in table.columns if there.column(one.name) is None]
        for column in gone:
            found += _drop(table, column, there, deployed.get("sqlalchemy"), declared.get("sqlalchemy"))
    return tuple(found)


def _drop(
    table: Table, column: Column | None, there: Table | None, old: Schema | None, new: Schema | None
) -> Iterator[Drift]:
    old_place, new_place = _mapped(table, column, old), _mapped(table, column, new)
    if old_place is None and new_place is None:
        return
    subject = qualified(table.schema, table.name) + ("" if column is None else f".{column.name}")
    who = " and ".join(
        f"the {which} mirror" for which, place in (("deployed", old_place), ("new", new_place)) if place is not None
    )
    come = _renamed_to(table, column, there)
    what = "drops it" if come is None else f"drops it, or renames it to {come}"
    state = "table" if column is None else str(column.type)
    yield Drift(
        KIND,
        "error" if new_place is not None else "warning",
        "prisma",
        table.schema,
        table.name,
        None if column is None else column.name,
        {"prisma": None, "sqlalchemy": state if new_place is not None else None},
        ("sqlalchemy",) if new_place is not None else (),
        f"{subject}: Prisma {what}, and {who} still map{'s' if ' and ' not in who else ''} it",
        catalogue()[KIND].breaks,
        _releases(subject, column, is_new=new_place is not None),
        locations=(_location(new_place),) if isinstance(new_place, Location) else (),
    )


def _mapped(table: Table, column: Column | None, schema: Schema | None) -> Location | bool | None:
    """Where a mirror maps it, or that it does; None where it does not."""
    mirror = None if schema is None else schema.table_by_key.get(table.key)
    if mirror is None:
        return None
    if column is None:
        return mirror.location or True
    mapped = mirror.column(column.name)
    return None if mapped is None else mapped.location or True


def _location(place: Location) -> DriftLocation:
    return DriftLocation(shown(place.path), place.line, place.column, "sqlalchemy")


def _renamed_to(table: Table, column: Column | None, there: Table | None) -> str | None:
    """The only new column of the same type."""
    if column is None or there is None:
        return None
    come = [one for one in there.columns if table.column(one.name) is None and one.type == column.type]
    return come[0].name if len(come) == 1 else None


def _releases(subject: str, column: Column | None, *, is_new: bool) -> str:
    """Which release must do what."""
    ignore = "@ignore" if column is not None else "@@ignore"
    optional = "" if column is None or column.nullable or column.default is not None else ", and make it optional"
    if not is_new:
        return (
            f"This release takes {subject} out of the mirror, and may mark it {ignore} in schema.prisma; the next one "
            "drops it. In one release it is safe only in the order of schemasync plan: both services first."
        )
    return (
        f"Three releases. This one: take {subject} out of the mirror alone, and leave schema.prisma as it was"
        f"{optional}. The next: mark it {ignore} in schema.prisma, so that the front end lets go of it. The third: "
        "remove it there, and let Prisma's migration drop it."
    )
