"""Passwords in database URLs: found by every reading of a URL, malformed ones too, and never shown."""

import re
from urllib.parse import quote, quote_plus, unquote

from schemasync.late_patterns import late_pattern

SCHEME = late_pattern(r"(?P<dialect>[A-Za-z][A-Za-z0-9-]*)(?:\+(?P<driver>[A-Za-z0-9_]+))?://")
DIALECTS = frozenset({"postgresql", "postgres"})
# A quotation mark that nothing but more of the value follows was forgotten to be escaped; it ends nothing.
SECRET_IN_QUERY = late_pattern(
    r"(?i)(?P<name>\b(?:(?:ssl)?password|passwd|pwd|api_?key|token|secret)\s*=\s*)(?P<value>'(?:[^'\\]|\\.|'(?![\s&#]|$))*'?|[^&#\s]*)"
)
PORTS = late_pattern(r"[^:,]*(?::[0-9]*)?(?:,[^:,]*(?::[0-9]*)?)*")
MASK = "***"


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
