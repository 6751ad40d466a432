"""Database URLs, read as Prisma, SQLAlchemy and libpq write them."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, unquote

from schemasync.errors import ConfigurationError
from schemasync.passwords import DIALECTS, SCHEME, hide_password
from schemasync.records import record

DRIVERS = frozenset({None, "psycopg2", "psycopg", "psycopg_async", "psycopg2cffi", "asyncpg", "pg8000"})

# PostgreSQL manual, "Parameter Key Words" of libpq's connection functions. A query parameter that is
# not among them is meant for another client (a pool's size, a cache) and would make libpq refuse the URL.
LIBPQ_PARAMETERS = frozenset(
    {
        "application_name",
        "channel_binding",
        "client_encoding",
        "connect_timeout",
        "dbname",
        "fallback_application_name",
        "gssdelegation",
        "gssencmode",
        "gsslib",
        "host",
        "hostaddr",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "krbsrvname",
        "load_balance_hosts",
        "options",
        "passfile",
        "password",
        "port",
        "replication",
        "require_auth",
        "requirepeer",
        "service",
        "sslcert",
        "sslcertmode",
        "sslcompression",
        "sslcrl",
        "sslcrldir",
        "sslkey",
        "ssl_max_protocol_version",
        "ssl_min_protocol_version",
        "sslmode",
        "sslnegotiation",
        "sslpassword",
        "sslrootcert",
        "sslsni",
        "target_session_attrs",
        "tcp_user_timeout",
        "user",
    }
)


@record(frozen=True, slots=True)
class _Url:
    """A URL taken apart; every part decoded."""

    parameters: Mapping[str, str]
    schema: str | None
    behind_pgbouncer: bool


def connection_parameters(url: str) -> dict[str, str]:
    """The keyword arguments with which `psycopg2.connect` opens what a URL names.

    Takes `postgresql://` and `postgres://`, with or without a SQLAlchemy driver. Libpq's own query
    parameters pass through. Of Prisma's (Prisma documentation, "PostgreSQL database connector",
    connection URL) `schema` becomes the search path, `sslaccept` and `sslcert` become libpq's
    `sslmode` and `sslrootcert`, and those that only steer Prisma's pool are dropped.

    Args:
        url: the URL. Percent-encoding in any part is decoded.

    Raises:
        ConfigurationError: it is no PostgreSQL URL. The message shows it without its password.
    """
    parsed = _parse(url)
    parameters = dict(parsed.parameters)
    # PgBouncer refuses the startup parameter `options`; "public" is where the search path leads anyway.
    if parsed.schema not in (None, "public") and not parsed.behind_pgbouncer:
        search_path = '"{}"'.format((parsed.schema or "").replace('"', '""'))
        # Spaces and backslashes within one option are escaped by a backslash (manual, libpq `options`).
        escaped = re.sub(r"([\\\s])", r"\\\1", search_path)
        parameters["options"] = f"{parameters.get('options', '')} -c search_path={escaped}".strip()
    return parameters


def default_schema(url: str) -> str | None:
    """The schema that Prisma's `?schema=` names, or None where the URL names none.

    Raises:
        ConfigurationError: it is no PostgreSQL URL.
    """
    return _parse(url).schema


def with_database(url: str, name: str) -> str:
    """The same server's URL for another database, without Prisma's `schema`, which that database may lack.

    Raises:
        ConfigurationError: it is no PostgreSQL URL.
    """
    return build_url({**_parse(url).parameters, "dbname": name})


def build_url(parameters: Mapping[str, str]) -> str:
    """The `postgresql://` URL that `connection_parameters` reads back as these parameters.

    Args:
        parameters: libpq's keywords; the values need no encoding.
    """
    rest = dict(parameters)
    user, password, database = (rest.pop(key, None) for key in ("user", "password", "dbname"))
    hosts = rest.get("host", "")
    user_part = "" if user is None else quote(user, safe="")
    if password is not None:
        user_part += ":" + quote(password, safe="")
    address = ""
    # A list of hosts, a socket's folder and an empty host are spelled in the query, where they need no rules.
    if hosts and "port" in rest and not re.search(r"[,/]", hosts) and rest["port"].isascii() and rest["port"].isdigit():
        address = _bracketed(rest.pop("host")) + ":" + rest.pop("port")
    elif hosts and "port" not in rest and not re.search(r"[,/]", hosts):
        address = _bracketed(rest.pop("host"))
    at = "@" if user is not None or password is not None else ""
    path = "" if database is None else "/" + quote(database, safe="")
    query = "&".join(f"{key}={quote(value, safe='')}" for key, value in sorted(rest.items()))
    return f"postgresql://{user_part}{at}{address}{path}" + (f"?{query}" if query else "")


def _parse(url: str) -> _Url:
    """Take a URL apart, by hand: `urlsplit` drops control characters and quotes passwords in its errors."""
    scheme = SCHEME.match(url)
    if scheme is None or scheme["dialect"].lower() not in DIALECTS or scheme["driver"] not in DRIVERS:
        hint = "write it as postgresql://user:password@host:5432/database"
        if scheme is not None and scheme["dialect"].lower() in ("prisma", "prisma+postgres"):
            hint = "Prisma's proxies speak no PostgreSQL protocol; give the direct URL of the database"
        raise ConfigurationError(f"not a PostgreSQL URL: {hide_password(url)!r}", hint=hint)
    rest = url[scheme.end() :].partition("#")[0]
    rest, _, query = rest.partition("?")
    authority, _, path = rest.partition("/")
    user_part, at, address = authority.rpartition("@")
    if ":" in authority and "@" in path:
        # A slash in a password that was not encoded: the rest of it would be shown as the database's name.
        raise ConfigurationError(
            f"host or port malformed in the URL {hide_password(url)!r}",
            hint="percent-encode @ : / ? # and % in the user and the password",
        )
    parameters: dict[str, str] = {}
    if at:
        user, colon, password = user_part.partition(":")
        if user:
            parameters["user"] = unquote(user)
        if colon:
            parameters["password"] = unquote(password)
    parameters |= _hosts(address, url)
    if path:
        parameters["dbname"] = unquote(path)
    given = dict(parse_qsl(query, keep_blank_values=True))
    parameters |= {key: value for key, value in given.items() if key in LIBPQ_PARAMETERS}
    _translate_tls(parameters, given)
    for value in parameters.values():
        if "\0" in value:
            raise ConfigurationError(f"a zero byte in the URL {hide_password(url)!r}")
    return _Url(
        parameters=MappingProxyType(parameters),
        schema=given.get("schema") or None,
        behind_pgbouncer=given.get("pgbouncer") == "true",
    )


def _hosts(address: str, url: str) -> dict[str, str]:
    """Host and port, or libpq's comma-separated lists of them, from the part before the path."""
    hosts, ports = [], []
    for one in address.split(",") if address else []:
        found = re.fullmatch(r"(?:\[(?P<ipv6>[^\[\]]+)\]|(?P<host>[^\[\]:]*))(?::(?P<port>[0-9]*))?", one)
        if found is None:
            raise ConfigurationError(
                f"host or port malformed in the URL {hide_password(url)!r}",
                hint="percent-encode @ : / ? # and % in the user and the password",
            )
        hosts.append(unquote(found["ipv6"] or found["host"]))
        ports.append(found["port"] or "")
    result = {}
    if any(hosts):
        result["host"] = ",".join(hosts)
    if any(ports):
        result["port"] = ",".join(ports)
    return result


def _translate_tls(parameters: dict[str, str], given: Mapping[str, str]) -> None:
    """Prisma's and asyncpg's TLS parameters in libpq's words.

    Prisma's `sslcert` is the server's certificate, libpq's the client's, which comes with a `sslkey`.
    Prisma's PKCS #12 `sslidentity` has no counterpart in libpq.
    """
    if "sslkey" not in given:
        server_certificate = parameters.pop("sslcert", None)
        if given.get("sslaccept") == "strict" and parameters.get("sslmode") != "disable":
            parameters["sslmode"] = "verify-full"
            parameters.setdefault("sslrootcert", server_certificate or "system")
        if "sslidentity" in given:
            parameters.pop("sslpassword", None)
    if "ssl" in given and "sslmode" not in given:
        wanted = {"true": "require", "1": "require", "false": "disable", "0": "disable"}
        parameters["sslmode"] = wanted.get(given["ssl"], given["ssl"])


def _bracketed(host: str) -> str:
    quoted = quote(host, safe=":")
    return f"[{quoted}]" if ":" in quoted else quoted
