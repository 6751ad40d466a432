"""Text with a URL in; the same without its password out."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schemasync.errors import ConfigurationError
from schemasync.passwords import hide_password, scrub
from schemasync.urls import build_url, connection_parameters

# No clock: a busy machine is slow.
at_leisure = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ann:secret@h:1/d?sslmode=require", "postgresql://ann:***@h:1/d?sslmode=require"),
        ("postgresql://ann@h:1/d", "postgresql://ann@h:1/d"),
        ("postgresql://h:5432/d", "postgresql://h:5432/d"),
        ("postgresql://h/d?application_name=a@b", "postgresql://h/d?application_name=a@b"),
        ("postgresql://h/d?password=secret&user=x", "postgresql://h/d?password=***&user=x"),
        ("postgresql://ann:one@h/d?sslpassword=two", "postgresql://ann:***@h/d?sslpassword=***"),
        ("postgresql://:secret@h/d", "postgresql://:***@h/d"),
        ("host=h password='se cret' user=x", "host=h password=*** user=x"),
        ("postgresql://ann:se?cret@h/d", "postgresql://ann:***@h/d"),
        ("postgresql://ann:@#secret@h/d", "postgresql://ann:***@h/d"),
        ("postgresql://ann:secret@h/d?application_name=a@b", "postgresql://ann:***@b"),
        ("postgresql://ann:one@h/d?sslpassword=t@wo", "postgresql://ann:***"),
        ("postgresql//ann:secret@h/d", "postgresql//ann:***@h/d"),
        ("postgresql:/ann:secret@h/d", "postgresql:/ann:***@h/d"),
        ("postgresql://h/d postgresql://ann:secret@h/d", "postgresql://h/d postgresql://ann:***@h/d"),
        ("postgresql://ann:secret", "postgresql://ann:***"),
        ("postgresql://ann:secret/d", "postgresql://ann:***"),
        ("postgresql://h/ann:secret@h/d", "postgresql://h/ann:***@h/d"),
        ("postgresql://h/d@e?options=a:b", "postgresql://h/d@e?options=a:b"),
        ('"postgresql://ann@h/d:secret@h/d', '"postgresql://ann@h/d:***@h/d'),
        ("postgresql;//ann.secret@h/d", "***@h/d"),
        ("prisma+postgres://h:51213/?api_key=secret", "prisma+postgres://h:51213/?api_key=***"),
        ("postgresql://h:5432,i:5433/d", "postgresql://h:5432,i:5433/d"),
        ("postgresql://[::1]:5432/d", "postgresql://[::1]:5432/d"),
    ],
)
def test_hidden_passwords(url: str, shown: str) -> None:
    assert hide_password(url) == shown


def test_scrub_removes_the_password_in_every_spelling() -> None:
    url = "postgresql://ann:p%40ss%3Aé@h/d?sslpassword=other"
    text = "tried p@ss:é, p%40ss%3Aé, p%40ss%3A%C3%A9, p%40ss%3a%c3%a9 and other at h"
    assert scrub(text, url) == "tried ***, ***, ***, *** and *** at h"


def test_scrub_knows_the_password_of_a_url_with_an_at_in_its_query() -> None:
    url = "postgresql://ann:secret@h/d?application_name=a@b"
    assert scrub('password "secret" refused', url) == 'password "***" refused'


def test_scrub_leaves_text_alone_where_the_url_has_no_password() -> None:
    assert scrub("connection to h refused", "postgresql://ann@h/d") == "connection to h refused"


@at_leisure
@given(password=words, before=words, after=words)
def test_no_password_survives_scrubbing(password: str, before: str, after: str) -> None:
    url = build_url({"user": "ann", "password": password, "host": "h", "dbname": "d"})
    assert password not in scrub(before + password + after + url, url)


@given(password=st.from_regex(r"[A-Z]{8}", fullmatch=True), noise=st.text("@/?#:%&=a[]'", max_size=5))
@example(password="AAAAAAAA", noise="@#")
@settings(max_examples=300, deadline=None)
def test_no_password_survives_hiding_even_in_malformed_urls(password: str, noise: str) -> None:
    url = f"postgresql://ann:{noise}{password}{noise}@host/d"
    assert password not in hide_password(url)
    try:
        connection_parameters(url)
    except ConfigurationError as error:
        assert password not in error.render()
