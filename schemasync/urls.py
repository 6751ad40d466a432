"""Database URLs: read as Prisma, SQLAlchemy and libpq write them, and never shown with their password."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, quote_plus, unquote

from schemasync.errors import ConfigurationError

SCHEME = re.compile(r"(?P<dialect>[A-Za-z][A-Za-z0-9-]*)(?:\+(?P<driver>[A-Za-z0-9_]+))?://")
DIALECTS = frozenset({"postgresql", "postgres"})
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
# A quotation mark that nothing but more of the value follows was forgotten to be escaped; it ends nothing.
SECRET_IN_QUERY = re.compile(
    r"(?i)(?P<name>\b(?:(?:ssl)?password|passwd|pwd|api_?key|token|secret)\s*=\s*)(?P<value>'(?:[^'\\]|\\.|'(?![\s&#]|$))*'?|[^&#\s]*)"
)
PORTS = re.compile(r"[^:,]*(?::[0-9]*)?(?:,[^:,]*(?::[0-9]*)?)*")
MASK = "***"


@dataclass(frozen=True, slots=True)
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


def hide_password(url: str) -> str:
    """A URL, or libpq's `key=value` string, with `***` for each password; works on malformed ones too."""
    for start, end in sorted(_secret_spans(url), reverse=True):
        if end > start:
            url = url[:start] + MASK + url[end:]
    return url


def scrub(text: str, url: str) -> str:
    """Remove a URL's passwords, raw and percent-encoded, from any text.

    Args:
        text: what is about to be shown, a driver's message for instance.
        url: the URL whose passwords must not be in it.
    """
    needles: set[str] = set()
    for written in _secrets(url):
        for plain in {written, unquote(written), unquote(written.replace("+", " "))}:
            encodings = {quote(plain, safe=""), quote(plain), quote_plus(plain)}
            lower_case = {re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), one) for one in encodings}
            needles |= {plain, *encodings, *lower_case}
    needles.discard("")
    if not needles:
        return text
    pattern = re.compile("|".join(re.escape(one) for one in sorted(needles, key=len, reverse=True)))
    # The mask must share no character with the password, or what it leaves could spell the password again.
    used = set().union(*needles)
    mask = next((one for one in (MASK, "---", "...", "###", "___") if not used & set(one)), "")
    text = pattern.sub(mask, text)
    while not mask and pattern.search(text):
        text = pattern.sub("", text)
    return text


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


def _secret_spans(url: str) -> list[tuple[int, int]]:
    """Where the passwords stand in a URL, in order and apart.

    The first span reaches to the last @ of all, since a password that was not percent-encoded may hold
    any character; that is rather too much than too little when an @ stands in the query.
    """
    spans = [found.span("value") for found in SECRET_IN_QUERY.finditer(url)]
    scheme = SCHEME.match(url)
    if scheme is None or scheme["dialect"].lower() not in DIALECTS:
        within = _anything_before_an_at(url)
    else:
        starts = [found.end() for found in re.finditer("://", url)]
        within = next((span for start in starts if (span := _password_after(url, start)) is not None), None)
        within = within or _password_in_the_path(url, starts[0])
    apart: list[tuple[int, int]] = []
    for start, end in sorted([*spans, *([within] if within is not None else [])]):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _password_in_the_path(url: str, start: int) -> tuple[int, int] | None:
    """Where a password stands behind a slash: that of a URL whose beginning is another one's."""
    end = min((place for place in (url.find(mark, start) for mark in "?#") if place >= 0), default=len(url))
    at = url.rfind("@", start, end)
    colon = url.find(":", url.find("/", start, end), at)
    return (colon + 1, at) if start <= colon < at else None


def _anything_before_an_at(text: str) -> tuple[int, int] | None:
    """Where a password may stand in what is no URL of ours: a mistyped one, one without its beginning, two in one."""
    at = text.rfind("@")
    if at < 0:
        return None
    colon = re.search(r":(?!//?)", text[:at])
    beginning = re.match(r"[\w+-]*:/*", text[:at])
    return (colon.end() if colon is not None else beginning.end() if beginning is not None else 0, at)


def _password_after(url: str, start: int) -> tuple[int, int] | None:
    """Where the password stands in what follows a `://`; what should be a port and is none may be one too."""
    colon, at = url.find(":", start), url.rfind("@")
    first_mark = min((place for place in (url.find(mark, start) for mark in "/?#") if place >= 0), default=len(url))
    if start <= colon < min(at, first_mark):
        return (colon + 1, at)
    hosts = url[start:first_mark]
    if at < start and start <= colon < first_mark and "[" not in hosts and PORTS.fullmatch(hosts) is None:
        return (colon + 1, len(url))
    return None


def _secrets(url: str) -> set[str]:
    """The passwords as they are written in a URL, by every reading of it."""
    secrets = {url[start:end] for start, end in _secret_spans(url)}
    secrets |= {found["value"] for found in SECRET_IN_QUERY.finditer(url)}
    scheme = SCHEME.match(url)
    authority = re.split(r"[/?#]", url[scheme.end() if scheme else 0 :], maxsplit=1)[0]
    secrets.add(authority.rpartition("@")[0].partition(":")[2])
    return secrets
