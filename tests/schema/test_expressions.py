"""Expressions: case, brackets and the casts that PostgreSQL adds are no difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemasync.schema.expressions import normal_expression, same_expression, split_casts, tokens, unquote_string


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("amount > 0", "(amount > (0)::numeric)"),
        ("amount >= 0 AND amount <= 10", "((amount >= 0) AND (amount <= 10))"),
        ("status <> 'x'", "((status)::text <> 'x'::text)"),
        ("price != 1", "price <> 1"),
        ('"Name" IS NOT NULL', '("Name" IS NOT NULL)'),
        ('"name" IS NOT NULL', "(name IS NOT NULL)"),
        ("NOT deleted", "(NOT deleted)"),
        ("deleted_at IS NULL", "(deleted_at IS NULL)"),
    ],
)
def test_what_people_write_and_what_postgresql_prints(written: str, printed: str) -> None:
    assert same_expression(written, printed) is True


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a > 0", "a >= 0"),
        ("a = 'X'", "a = 'x'"),
        ('"A" > 0', "a > 0"),
        ("(a + b) * c", "a + b * c"),
        ("a - (b - c)", "a - b - c"),
    ],
)
def test_what_differs_is_never_called_the_same(one: str, other: str) -> None:
    assert same_expression(one, other) is None


def test_casts_come_off_from_the_outside() -> None:
    assert split_casts("('x'::text)::character varying") == ("'x'", ("text", "varchar"))
    assert split_casts("a + b::int") == ("a + b::int", ())


def test_strings_keep_what_they_say() -> None:
    assert unquote_string("'it''s'") == "it's"
    assert unquote_string("E'a\\nb'") == "a\nb"
    assert unquote_string("$tag$a'b$tag$") == "a'b"
    assert unquote_string("'a' || 'b'") is None


@given(st.text(max_size=60))
def test_any_text_can_be_normalised_and_twice_is_once(text: str) -> None:
    once = normal_expression(text)
    assert normal_expression(once) == once or "'" in text or '"' in text or "$" in text


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
def test_a_quoted_string_is_one_token(value: str) -> None:
    quoted = "'" + value.replace("'", "''") + "'"
    assert "\\" in value or tokens(quoted) == [quoted]
    assert unquote_string(quoted) == value
