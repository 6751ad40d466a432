"""Identifiers: quoting, 63 bytes, and the names that Prisma and PostgreSQL choose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemasync.schema.names import (
    cut,
    postgresql_constraint_name,
    prisma_constraint_name,
    qualified,
    quote,
    snake_case,
)


def test_only_what_needs_quotes_gets_them() -> None:
    assert [quote(name) for name in ("users", "User", "order", "a b", 'a"b', "über", "_x1")] == [
        "users", '"User"', '"order"', '"a b"', '"a""b"', '"über"', "_x1",
    ]  # fmt: skip
    assert qualified("public", "users") == "users"
    assert qualified("Auth", "users") == '"Auth".users'


@given(st.text(min_size=1, max_size=80), st.integers(1, 63))
def test_a_cut_name_fits_and_is_a_beginning(name: str, limit: int) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        return
    short = cut(name, limit)
    assert len(short.encode()) <= limit
    assert name.startswith(short)


def test_prisma_cuts_before_the_suffix() -> None:
    assert prisma_constraint_name("users", ("email",), "key") == "users_email_key"
    assert prisma_constraint_name("users", (), "pkey") == "users_pkey"
    long = prisma_constraint_name("t" * 60, ("abc", "def"), "idx")
    assert long == "t" * 59 + "_idx"
    assert len(long) == 63


def test_postgresql_cuts_table_and_columns_evenly() -> None:
    name = postgresql_constraint_name("t" * 60, ("c" * 60,), "fkey")
    assert len(name) == 63
    assert name == "t" * 29 + "_" + "c" * 28 + "_fkey"


@pytest.mark.parametrize(
    ("camel", "snake"),
    [
        ("generatedByUser", "generated_by_user"),
        ("APIKey", "api_key"),
        ("userID", "user_id"),
        ("already_snake", "already_snake"),
        ("HTMLParser2", "html_parser2"),
    ],
)
def test_snake_case(camel: str, snake: str) -> None:
    assert snake_case(camel) == snake
