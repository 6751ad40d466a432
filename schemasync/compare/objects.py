"""Everything that only PostgreSQL states (views, triggers, policies, privileges …): a snapshot against a database."""

import re
from collections.abc import Iterator, Mapping

from schemasync.compare.sides import LABELS, Consequence, Finding, TableSides
from schemasync.ownership import Ownership, owner_of
from schemasync.records import replace
from schemasync.schema.model import CatalogObject, Schema, Table


def object_findings(witnesses: Mapping[str, Schema], ownership: Ownership) -> Iterator[Finding]:
    """One drift for each object that two complete witnesses state differently; attributes side by side."""
    complete = {name: schema for name, schema in witnesses.items() if schema.complete}
    if len(complete) < 2:
        return
    stated = {name: {item.key: item for item in schema.objects} for name, schema in complete.items()}
    reference = "snapshot" if "snapshot" in complete else next(iter(complete))
    for key in sorted({key for objects in stated.values() for key in objects}):
        held = {name: _comparable(objects.get(key), complete) for name, objects in stated.items()}
        if _goes_with_another(held, complete):
            continue
        expected = held[reference]
        behind = {
            name: Consequence("warning", "What one side relies on has changed outside its tables.")
            for name, item in held.items()
            if item != expected
        }
        if behind:
            yield _drift(key, held, behind, reference, witnesses, ownership)


def _goes_with_another(held: Mapping[str, CatalogObject | None], complete: Mapping[str, Schema]) -> bool:
    """Whether the object came or went with its table, column, index or type, whose own drift says so."""
    present = next(item for item in held.values() if item is not None)
    if None not in held.values():
        return False
    owned_by = dict(present.attributes).get("owned by", "")
    return any(
        len({_has(schema, place) for schema in complete.values()}) > 1
        for place in (
            (present.schema, present.table, present.name),
            _column_place(owned_by),
            (present.schema, "", present.name),
        )
        if place is not None
    )


def _has(schema: Schema, place: tuple[str, str | None, str]) -> bool:
    """Whether a witness has the table, and the column, index or type that an object's name names in it."""
    namespace, table_name, name = place
    what, _, part = name.partition(" ")
    if not table_name:
        return what == "type" and (namespace, part) in schema.enum_by_key
    table = schema.table_by_key.get((namespace, table_name))
    if table is None:
        return False
    if what == "column":
        return table.column(part) is not None
    if what == "index":
        names = {index.name for index in table.indexes} | {unique.name for unique in table.uniques}
        return part in names
    return True


def _column_place(owned_by: str) -> tuple[str, str | None, str] | None:
    """The column that a sequence belongs to, as `schema.table.column` names it."""
    quoted = re.findall(r'"(?:[^"]|"")*"|[^."]+', owned_by)
    parts = [part[1:-1].replace('""', '"') if part.startswith('"') else part for part in quoted]
    return (parts[0], parts[1], f"column {parts[2]}") if len(parts) == 3 else None


def _comparable(item: CatalogObject | None, complete: Mapping[str, Schema]) -> CatalogObject | None:
    """A column order without the columns that not all witnesses have: only the order of the others is its own fact."""
    if item is None or item.kind != "column-order":
        return item
    tables = [schema.table_by_key.get((item.schema, item.table or "")) for schema in complete.values()]
    stated = [{column.name for column in table.columns} for table in tables if table is not None]
    shared = set.intersection(*stated) if stated else set()
    # In a file that somebody has edited a position may be anything.
    ordered = sorted((int(at) if at.isdecimal() else 0, name) for name, at in item.attributes if name in shared)
    attributes = tuple(sorted((name, str(place)) for place, (_, name) in enumerate(ordered, 1)))
    return replace(item, attributes=attributes)


def _drift(
    key: tuple[str, str, str, str],
    held: Mapping[str, CatalogObject | None],
    behind: Mapping[str, Consequence],
    reference: str,
    witnesses: Mapping[str, Schema],
    ownership: Ownership,
) -> Finding:
    kind, schema, table, name = key
    owner = owner_of((schema, table), witnesses, ownership) if table else None
    sides = TableSides(
        schema, table or name, owner, {witness: Table(table or name, schema) for witness in held}, witnesses
    )
    changed = sorted(
        {
            attribute
            for item in held.values()
            if item is not None
            for attribute in item.attributes
            if any(other is not None and attribute not in other.attributes for other in held.values())
        }
    )
    names = {attribute for attribute, _ in changed}
    values = {
        witness: None
        if item is None
        else ", ".join(f"{one}={text}" for one, text in item.attributes if one in names) or "present"
        for witness, item in held.items()
    }
    subject = f"{table}.{name}" if table and table != name else name
    what = "is missing" if any(held[one] is None for one in behind) else "differs"
    if held[reference] is None:
        what = "is new"
    found = sides.drift(
        kind,
        name,
        values,
        behind,
        f"the {kind.replace('-', ' ')} {subject} {what} in {' and '.join(LABELS.get(one, one) for one in behind)}",
        f"restore the {kind.replace('-', ' ')} {subject}, or take a new snapshot if the change is meant to be",
    )
    return found if table else found.of_enum()
