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
def test_any_text_can_be_normalised(text: str) -> None:
    assert isinstance(normal_expression(text), str)


operands = st.sampled_from(["a", "b", '"B c"', "0", "'x'", "lower(a)", "arr[1]"])
written = st.recursive(
    operands,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["=", "<>", "<", ">=", "+", "*", "~~"]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
        inner.map(lambda part: f"NOT ({part})"),
        inner.map(lambda part: f"({part}) IS NULL"),
    ),
    max_leaves=8,
)


@given(written)
def test_brackets_case_and_spaces_are_no_difference(expression: str) -> None:
    plain = normal_expression(expression)
    assert normal_expression(f"(({expression}))") == plain
    assert normal_expression(expression.replace("(", "( (").replace(")", ") )")) == plain or "lower" in expression
    assert normal_expression(expression.replace("AND", "and").replace("NOT", "not").replace(" ", "\n ")) == plain or (
        '"B c"' in expression
    )


@given(written, written)
def test_a_negation_is_never_the_same(one: str, other: str) -> None:
    assert same_expression(one, f"NOT ({one})") is None
    if same_expression(one, other):
        assert same_expression(f"NOT ({one})", f"NOT ({other})")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
def test_a_quoted_string_is_one_token(value: str) -> None:
    quoted = "'" + value.replace("'", "''") + "'"
    assert "\\" in value or tokens(quoted) == [quoted]
    assert unquote_string(quoted) == value
