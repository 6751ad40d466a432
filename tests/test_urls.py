"""URLs in, connection parameters out."""

import psycopg2.extensions
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemasync.errors import ConfigurationError
from schemasync.urls import LIBPQ_PARAMETERS, build_url, connection_parameters, default_schema, with_database

PLAIN = {"user": "ann", "password": "pw", "host": "db.example", "port": "5433", "dbname": "shop"}


@pytest.mark.parametrize(
    "scheme",
    ["postgresql", "postgres", "POSTGRESQL", "postgresql+psycopg2", "postgresql+psycopg", "postgresql+asyncpg"],
)
def test_every_spelling_of_the_scheme(scheme: str) -> None:
    assert connection_parameters(f"{scheme}://ann:pw@db.example:5433/shop") == PLAIN


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://", {}),
        ("postgresql:///shop", {"dbname": "shop"}),
        ("postgresql://localhost", {"host": "localhost"}),
        ("postgresql://ann@/shop?host=/var/run/pg", {"user": "ann", "dbname": "shop", "host": "/var/run/pg"}),
        ("postgresql://ann@localhost/shop?host=/tmp", {"user": "ann", "dbname": "shop", "host": "/tmp"}),
        ("postgresql://%2Ftmp/shop", {"host": "/tmp", "dbname": "shop"}),
        ("postgresql://[::1]:5433/shop", {"host": "::1", "port": "5433", "dbname": "shop"}),
        ("postgresql://ann:p%40ss%2Fw%3Aord@[fe80::1]/", {"user": "ann", "password": "p@ss/w:ord", "host": "fe80::1"}),
        ("postgresql://an%20n:p+w@h/a%20b", {"user": "an n", "password": "p+w", "host": "h", "dbname": "a b"}),
        ("postgresql://ann:a@b@h/", {"user": "ann", "password": "a@b", "host": "h"}),
        ("postgresql://a:1,b/shop", {"host": "a,b", "port": "1,", "dbname": "shop"}),
        (
            "postgresql://h?sslmode=require&application_name=x",
            {"host": "h", "sslmode": "require", "application_name": "x"},
        ),
        ("postgresql://h/d?connect_timeout=7", {"host": "h", "dbname": "d", "connect_timeout": "7"}),
        ("postgresql://h/d?password=pw&user=ann", {"host": "h", "dbname": "d", "user": "ann", "password": "pw"}),
        ("postgresql+asyncpg://h/d?ssl=verify-full", {"host": "h", "dbname": "d", "sslmode": "verify-full"}),
        ("postgresql://h/d?ssl=true", {"host": "h", "dbname": "d", "sslmode": "require"}),
    ],
)
def test_parts(url: str, expected: dict[str, str]) -> None:
    assert connection_parameters(url) == expected


@pytest.mark.parametrize(
    "query",
    [
        "connection_limit=5&pool_timeout=10&socket_timeout=3&statement_cache_size=0&pgbouncer=true",
        "sslidentity=client.p12&sslpassword=secret&sslaccept=accept_invalid_certs&sslcert=server.pem",
        "schema=public&single_use_connections=true&max_idle_connection_lifetime=3",
        "prepared_statement_cache_size=0&supa=base-pooler.x",
    ],
)
def test_parameters_of_other_clients_do_not_reach_libpq(query: str) -> None:
    assert connection_parameters(f"postgresql://ann:pw@db.example:5433/shop?{query}") == PLAIN


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sslaccept=strict", {"sslmode": "verify-full", "sslrootcert": "system"}),
        ("sslaccept=strict&sslcert=ca.pem", {"sslmode": "verify-full", "sslrootcert": "ca.pem"}),
        ("sslmode=require&sslaccept=strict&sslcert=ca.pem", {"sslmode": "verify-full", "sslrootcert": "ca.pem"}),
        ("sslmode=disable&sslaccept=strict", {"sslmode": "disable"}),
        ("sslcert=client.crt&sslkey=client.key", {"sslcert": "client.crt", "sslkey": "client.key"}),
        ("sslmode=verify-ca&sslrootcert=ca.pem", {"sslmode": "verify-ca", "sslrootcert": "ca.pem"}),
    ],
)
def test_tls(query: str, expected: dict[str, str]) -> None:
    assert connection_parameters(f"postgresql://h?{query}") == {"host": "h", **expected}


@pytest.mark.parametrize(
    ("query", "schema", "options"),
    [
        ("", None, None),
        ("schema=", None, None),
        ("schema=public", "public", None),
        ("schema=shop", "shop", '-c search_path="shop"'),
        ("schema=my%20shop", "my shop", '-c search_path="my\\ shop"'),
        ("schema=shop&options=-c%20geqo%3Doff", "shop", '-c geqo=off -c search_path="shop"'),
        ("schema=shop&pgbouncer=true", "shop", None),
    ],
)
def test_prisma_schema_is_the_search_path(query: str, schema: str | None, options: str | None) -> None:
    url = f"postgresql://h/d?{query}"
    assert default_schema(url) == schema
    assert connection_parameters(url).get("options") == options


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://ann:secret@h/d", "not a PostgreSQL URL: 'mysql://ann:***@h/d'"),
        ("postgresql+oracle://ann:secret@h/d", "not a PostgreSQL URL"),
        ("prisma://h/?api_key=x", "not a PostgreSQL URL"),
        ("ann:secret@h/d", "not a PostgreSQL URL: 'ann:***@h/d'"),
        ("", "not a PostgreSQL URL: ''"),
        ("postgresql://ann:se/secret@h/d", "host or port malformed in the URL 'postgresql://ann:***@h/d'"),
        ("postgresql://ann:se#secret@h/d", "host or port malformed"),
        ("postgresql://ann:secret@h:port/d", "host or port malformed in the URL 'postgresql://ann:***@h:port/d'"),
        ("postgresql://ann:secret@[::1/d", "host or port malformed"),
        ("postgresql://ann:secret@h/d%00", "a zero byte in the URL"),
    ],
)
def test_what_is_no_postgresql_url_is_said_without_its_password(url: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        connection_parameters(url)
    assert said in caught.value.message
    assert "secret" not in caught.value.render()


def test_another_database_of_the_same_server() -> None:
    url = "postgresql+psycopg2://ann:p%40w@[::1]:5433/shop?schema=app&connection_limit=1&sslmode=require"
    assert with_database(url, "scratch") == "postgresql://ann:p%40w@[::1]:5433/scratch?sslmode=require"


# No clock: a busy machine is slow.
at_leisure = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)
# TLS parameters have rules of their own, tested above.
untranslated = sorted(LIBPQ_PARAMETERS - {"sslcert", "sslkey", "sslmode", "sslpassword"})
socket_folders = words.map(lambda word: "/" + word)


@at_leisure
@given(st.dictionaries(st.sampled_from(untranslated), words | socket_folders))
def test_a_built_url_is_read_back_as_it_was(parameters: dict[str, str]) -> None:
    assert connection_parameters(build_url(parameters)) == parameters


@at_leisure
@given(st.dictionaries(st.sampled_from(["user", "password", "dbname", "application_name"]), words))
def test_libpq_reads_a_built_url_as_we_do(parameters: dict[str, str]) -> None:
    url = build_url({"host": "localhost", "port": "5432", **parameters})
    assert psycopg2.extensions.parse_dsn(url) == connection_parameters(url)
