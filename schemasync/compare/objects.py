"""Everything that only PostgreSQL states (views, triggers, policies, privileges …): a snapshot against a database."""

from collections.abc import Iterator, Mapping

from schemasync.compare.sides import LABELS, Consequence, Finding, TableSides
from schemasync.ownership import Ownership, owner_of
from schemasync.schema.model import CatalogObject, Schema, Table


def object_findings(witnesses: Mapping[str, Schema], ownership: Ownership) -> Iterator[Finding]:
    """One drift for each object that two complete witnesses state differently; attributes side by side."""
    complete = {name: schema for name, schema in witnesses.items() if schema.complete}
    if len(complete) < 2:
        return
    stated = {name: {item.key: item for item in schema.objects} for name, schema in complete.items()}
    reference = "snapshot" if "snapshot" in complete else next(iter(complete))
    for key in sorted({key for objects in stated.values() for key in objects}):
        held = {name: objects.get(key) for name, objects in stated.items()}
        expected = held[reference]
        behind = {
            name: Consequence("warning", "What one side relies on has changed outside its tables.")
            for name, item in held.items()
            if item != expected
        }
        if behind:
            yield _drift(key, held, behind, reference, witnesses, ownership)


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
