"""Defaults: two spellings, one meaning."""

import pytest

from schemasync.schema.defaults import ClientDefault, Default, same_default, sequence_of
from schemasync.schema.types import parse_type


@pytest.mark.parametrize(
    ("one", "other", "type_"),
    [
        ("'USER'", "'USER'::\"Role\"", '"Role"'),
        ("'-1'::integer", "-1", "integer"),
        ("0", "'0'::bigint", "bigint"),
        ("1.50", "1.5", "numeric(3,2)"),
        ("1e2", "'100'::double precision", "double precision"),
        ("now()", "CURRENT_TIMESTAMP", "timestamp(3)"),
        ("('now()')::text", "'now()'", "text"),
        ("ARRAY['a', 'b']::TEXT[]", "ARRAY['a'::text, 'b'::text]", "text[]"),
        ("'{}'", "ARRAY[]::text[]", "text[]"),
        ("'{\"a,b\",c}'::text[]", "ARRAY['a,b'::text, 'c'::text]", "text[]"),
        ("ARRAY[1, 2]", "'{1,2}'::integer[]", "integer[]"),
        ("ARRAY[1, -2]::INTEGER[]", "ARRAY[1, '-2'::integer]", "integer[]"),
        ("'1970-01-01 10:00:00 +00:00'", "'10:00:00'::time without time zone", "time(3)"),
        ('\'{"b":1,"a":2}\'', '\'{"a": 2, "b": 1}\'::jsonb', "jsonb"),
        ("false", "'f'", "boolean"),
        ("'2020-01-01 00:00:00 +00:00'", "'2020-01-01 00:00:00'::timestamp without time zone", "timestamp(3)"),
        ("'2020-01-01 01:00:00+01:00'", "'2020-01-01 00:00:00+00'::timestamp with time zone", "timestamptz"),
        ("'a''b'", "E'a\\'b'", "text"),
        ("gen_random_uuid()", "public.gen_random_uuid()", "uuid"),
        ("(now() + '1 day'::interval)", "now() + '1 day'", "timestamp"),
        ("NULL", "NULL::character varying", "varchar(3)"),
        ("'NaN'", "'NaN'::numeric", "numeric"),
        ("'nan'", "'NaN'::double precision", "double precision"),
        ("'1e1000000'", "1E1000000", "numeric"),
        (f"'{'[' * 5000}'", f"'{'[' * 5000}'::jsonb", "jsonb"),
    ],
)
def test_two_spellings_of_one_default(one: str, other: str, type_: str) -> None:
    assert same_default(Default(one), Default(other), parse_type(type_)) is True


@pytest.mark.parametrize(
    ("one", "other", "type_"),
    [
        ("'USER'", "'ADMIN'::\"Role\"", '"Role"'),
        ("0", "1", "integer"),
        ("gen_random_uuid()", "'x'", "uuid"),
        ("now()", "clock_timestamp()", "timestamp"),
        ("'a'", "'A'", "text"),
        ("true", "false", "boolean"),
        ("ARRAY['a']", "ARRAY['a', 'b']", "text[]"),
        ("123456789012345678901234567890.1", "123456789012345678901234567890.2", "numeric"),
        ("'NaN'", "'Infinity'", "numeric"),
    ],
)
def test_two_defaults(one: str, other: str, type_: str) -> None:
    if type_ == '"Role"':
        type_ = 'public."Role"'
    assert same_default(Default(one), Default(other), parse_type(type_)) is False


@pytest.mark.parametrize(
    ("one", "other", "type_"),
    [("'1 day'", "'24:00:00'", "interval"), ("lower('A')", "upper('a')", "text"), ("'::1'", "'0::1'", "inet")],
)
def test_what_only_postgresql_can_tell(one: str, other: str, type_: str) -> None:
    assert same_default(Default(one), Default(other), parse_type(type_)) is None


def test_no_default_and_null_are_one() -> None:
    assert same_default(None, Default("NULL::text"), parse_type("text")) is True
    assert same_default(None, Default("'x'"), parse_type("text")) is False


def test_a_sequence_is_a_sequence_whatever_its_name() -> None:
    drawn = Default("nextval('a_seq'::regclass)", "sequence")
    assert same_default(drawn, Default(None, "sequence"), parse_type("integer")) is True
    assert same_default(drawn, Default("1"), parse_type("integer")) is False


def test_a_default_of_which_only_the_existence_is_known_agrees_with_any() -> None:
    assert same_default(Default(None), Default("lower('x')"), parse_type("text")) is True


def test_the_sequence_of_a_serial_column() -> None:
    assert sequence_of("nextval('\"User_id_seq\"'::regclass)") == '"User_id_seq"'
    assert sequence_of("nextval(('a''b'::text)::regclass)") is None
    assert sequence_of("currval('a')") is None


def test_client_defaults_print_as_prisma_writes_them() -> None:
    assert str(ClientDefault("uuid", "7")) == "uuid(7)"
    assert str(ClientDefault("cuid")) == "cuid()"
    assert str(ClientDefault("function", "app.ids.make")) == "app.ids.make"
