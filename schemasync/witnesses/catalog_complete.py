"""Everything that only PostgreSQL knows, as objects: read with `complete=True`."""

import json
from collections.abc import Iterable

from schemasync.records import replace
from schemasync.schema.model import CatalogObject, Table
from schemasync.witnesses.catalog_complete_access import ACCESS_QUERIES
from schemasync.witnesses.catalog_complete_database import DATABASE_QUERIES
from schemasync.witnesses.catalog_complete_tables import TABLE_QUERIES
from schemasync.witnesses.catalog_complete_types import TYPE_QUERIES
from schemasync.witnesses.catalog_tables import Rows

COMPLETE_QUERIES = (*TABLE_QUERIES, *TYPE_QUERIES, *ACCESS_QUERIES, *DATABASE_QUERIES)


def read_objects(rows: Rows, tables: Iterable[Table]) -> tuple[CatalogObject, ...]:
    """All objects in a fixed order: by kind, schema, table and name.

    An object about a whole table has the table's name; one about a part of a table, or about another object, is named
    by that object's kind and name (`column email`, `function f(integer)`).
    """
    found = [
        CatalogObject(kind, schema, name, table, _attributes(attributes))
        for _, kind, schema, table, name, attributes, *_ in rows["object"]
    ]
    found += [
        CatalogObject(
            "column-order",
            table.schema,
            table.name,
            table.name,
            tuple((column.name, str(position)) for position, column in enumerate(table.columns, 1)),
        )
        for table in tables
    ]
    found.sort(key=lambda item: (item.key, item.attributes))
    # A table may be called "column email": then two objects have one name, and the second gets a number.
    for position in range(1, len(found)):
        if found[position].key == found[position - 1].key:
            found[position] = replace(found[position], name=f"{found[position].name} (2)")
    return tuple(found)


def _attributes(text: str) -> tuple[tuple[str, str], ...]:
    """Attributes in the order of the query; what is at its default is null there and left out."""
    pairs = json.loads(text, object_pairs_hook=list)
    return tuple((name, value) for name, value in pairs if value is not None)
