"""Types: every spelling to one, and which values survive a change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemasync.schema.types import DataType, data_type, parse_type, same_type, values_survive


@pytest.mark.parametrize(
    ("spelled", "canonical"),
    [
        ("TIMESTAMP(3)", "timestamp(3)"),
        ("timestamp(3) without time zone", "timestamp(3)"),
        ("timestamp without time zone", "timestamp"),
        ("timestamp(6) without time zone", "timestamp"),
        ("timestamp(3) with time zone", "timestamptz(3)"),
        ("TIMESTAMPTZ(6)", "timestamptz"),
        ("time with time zone", "timetz"),
        ("character varying(255)", "varchar(255)"),
        ("VARCHAR", "varchar"),
        ("character(2)", "char(2)"),
        ("CHAR", "char(1)"),
        ("bpchar", "char"),
        ('"char"', '"char"'),
        ("DECIMAL(65,30)", "numeric(65,30)"),
        ("numeric(10)", "numeric(10,0)"),
        ("INT", "integer"),
        ("int8", "bigint"),
        ("SERIAL", "integer"),
        ("float8", "double precision"),
        ("FLOAT(24)", "real"),
        ("FLOAT(53)", "double precision"),
        ("bool", "boolean"),
        ("TEXT[]", "text[]"),
        ("integer ARRAY", "integer[]"),
        ("int[][]", "integer[]"),
        ("bit varying(8)", "bit varying(8)"),
        ("VARBIT(8)", "bit varying(8)"),
        ("BIT", "bit(1)"),
        ('public."Role"', '"Role"'),
        ('"Role"[]', "Role[]"),
        ("auth.role", "auth.role"),
        ("geometry(Point, 4326)", "geometry(point,4326)"),
        ("pg_catalog.int4", "integer"),
        ("interval day to second", "interval day to second"),
        ("citext", "citext"),
    ],
)
def test_every_spelling_comes_to_one(spelled: str, canonical: str) -> None:
    assert str(parse_type(spelled)) == canonical


def test_what_is_printed_reads_back() -> None:
    for text in ["varchar(255)", "timestamp(3)", "numeric(3,2)", "text[]", "double precision", "auth.role", '"char"']:
        assert parse_type(str(parse_type(text))) == parse_type(text)


@given(
    st.sampled_from(
        ["varchar", "char", "bit", "numeric", "timestamp", "timestamptz", "time", "text", "uuid", "bigint"]
    ),
    st.lists(st.integers(0, 9), max_size=2),
    st.booleans(),
)
def test_printing_and_reading_a_type_gives_it_back(name: str, arguments: list[int], array: bool) -> None:
    type_ = data_type(name, tuple(arguments), int(array))
    assert parse_type(str(type_)) == type_ or type_ == DataType("char", (), int(array))


@given(st.text(max_size=40))
def test_any_text_is_a_type_or_kept(text: str) -> None:
    assert isinstance(parse_type(text).name, str)


def test_silent_arguments_and_schemas_are_no_difference() -> None:
    assert same_type(DataType("timestamp", None), parse_type("timestamp(3)"))
    assert same_type(parse_type('"Role"'), parse_type('public."Role"'))
    assert not same_type(parse_type('auth."Role"'), parse_type('public."Role"'))
    assert not same_type(parse_type("text[]"), parse_type("text"))
    assert same_type(DataType("unknown", None), parse_type("text"))


@pytest.mark.parametrize(
    ("source", "target", "survival"),
    [
        ("integer", "bigint", "all"),
        ("bigint", "integer", "some"),
        ("varchar(50)", "text", "all"),
        ("text", "varchar(50)", "some"),
        ("varchar(50)", "varchar(20)", "some"),
        ("numeric(3,2)", "numeric(5,2)", "all"),
        ("numeric(5,2)", "numeric(5,3)", "some"),
        ("numeric", "numeric(65,30)", "some"),
        ("real", "double precision", "all"),
        ("integer", "numeric", "some"),
        ("uuid", "text", "none"),
        ("timestamp(3)", "timestamptz(3)", "none"),
        ("timestamp", "timestamp(3)", "some"),
        ("timestamp(3)", "timestamp", "all"),
        ("text", "text[]", "none"),
        ("json", "jsonb", "some"),
    ],
)
def test_which_values_survive(source: str, target: str, survival: str) -> None:
    assert values_survive(parse_type(source), parse_type(target)) == survival
