"""A schema as JSON: it comes back equal, and what is no snapshot is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemasync.errors import SnapshotError
from schemasync.schema.defaults import ClientDefault, Default
from schemasync.schema.model import (
    CatalogObject,
    Check,
    Column,
    Enum,
    Exclusion,
    ForeignKey,
    Generated,
    Identity,
    Index,
    IndexPart,
    Location,
    PrimaryKey,
    Relationship,
    Schema,
    Table,
    Unique,
)
from schemasync.schema.types import DataType

names = st.text(min_size=1, max_size=12)
optional_names = st.none() | names
columns = st.builds(
    Column,
    name=names,
    type=st.builds(DataType, names, st.none() | st.tuples(st.integers(0, 99)), st.integers(0, 1), optional_names),
    nullable=st.booleans(),
    default=st.none() | st.builds(Default, optional_names, st.sampled_from(["expression", "sequence"])),
    client_default=st.none() | st.builds(ClientDefault, st.sampled_from(["uuid", "now", "literal"]), names),
    identity=st.none() | st.builds(Identity, st.booleans(), st.none() | st.tuples(st.tuples(names, st.integers()))),
    generated=st.none() | st.builds(Generated, names, st.booleans()),
    comment=optional_names,
    options=st.lists(st.tuples(names, names), max_size=2).map(tuple),
    location=st.none() | st.builds(Location, names, st.integers(1, 99), st.integers(1, 99)),
)
keys = st.lists(names, min_size=1, max_size=3).map(tuple)
tables = st.builds(
    Table,
    name=names,
    schema=names,
    columns=st.lists(columns, max_size=3).map(tuple),
    primary_key=st.none() | st.builds(PrimaryKey, keys, optional_names),
    uniques=st.lists(st.builds(Unique, keys, optional_names), max_size=2).map(tuple),
    foreign_keys=st.lists(st.builds(ForeignKey, keys, names, names, keys, optional_names), max_size=2).map(tuple),
    indexes=st.lists(
        st.builds(Index, st.lists(st.builds(IndexPart, names), max_size=2).map(tuple), optional_names, st.booleans()),
        max_size=2,
    ).map(tuple),
    checks=st.lists(st.builds(Check, names), max_size=1).map(tuple),
    exclusions=st.lists(st.builds(Exclusion, names), max_size=1).map(tuple),
    relationships=st.lists(
        st.builds(Relationship, names, st.just("one-to-many"), names, names, keys, st.booleans()), max_size=1
    ).map(tuple),
    comment=optional_names,
    marked_owner=st.sampled_from([None, "prisma"]),
)
schemas = st.builds(
    Schema,
    witness=st.sampled_from(["prisma", "database"]),
    source=names,
    tables=st.lists(tables, max_size=3).map(tuple),
    enums=st.lists(st.builds(Enum, names, keys, names), max_size=2).map(tuple),
    objects=st.lists(st.builds(CatalogObject, names, names, names, optional_names), max_size=2).map(tuple),
    silent=st.frozensets(st.sampled_from(["check", "comment", "view"])),
    complete=st.booleans(),
)


@settings(deadline=None)
@given(schemas)
def test_a_schema_comes_back_equal(schema: Schema) -> None:
    text = schema.to_json()
    back = Schema.from_json(text)
    assert back == schema
    assert [table.location for table in back.tables] == [table.location for table in schema.tables]
    assert back.to_json() == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the snapshot is not valid JSON"),
        ("[]", "the file is not a schemasync snapshot"),
        ('{"tables": []}', "the file is not a schemasync snapshot"),
        ('{"schemasync": 99}', "the snapshot has format 99; this version of schemasync reads format 1"),
        ('{"schemasync": 1}', "the snapshot is damaged"),
        ('{"schemasync": 1, "witness": "nobody"}', "the snapshot is damaged: 'nobody' is none of prisma"),
        ('{"schemasync": 1, "witness": "prisma", "tables": 3}', "the snapshot is damaged: 3 is no list"),
        ('{"schemasync": 1, "witness": "prisma", "tabels": []}', "the snapshot is damaged: unknown attribute 'tabels'"),
    ],
)
def test_what_is_no_snapshot_is_refused(text: str, message: str) -> None:
    with pytest.raises(SnapshotError) as refused:
        Schema.from_json(text)
    assert message in str(refused.value)
