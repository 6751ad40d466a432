"""The databases of a fleet: named in a file, a line each, or by URLs alone."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemasync.config import VARIABLE
from schemasync.errors import ConfigurationError, Diagnostic
from schemasync.passwords import hide_password
from schemasync.paths import shown
from schemasync.urls import connection_parameters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

NAMED = re.compile(r"""(?P<name>"[^"]*"|'[^']*'|[^=\s"'][^=]*?)\s*=\s*(?P<url>.*)""")
EXAMPLE = "write a line for each: berlin = $BERLIN_URL"


@dataclass(frozen=True, slots=True, repr=False)
class FleetDatabase:
    """One database of a fleet; shown by its name.

    Args:
        name: what reports call it.
        url: how to reach it, password included.
        path, line: where it is named; empty where the command line named it.
    """

    name: str
    url: str
    path: str = ""
    line: int = 0

    def __repr__(self) -> str:
        return f"FleetDatabase({self.name!r}, {self.source!r})"

    @property
    def source(self) -> str:
        """The URL without its password."""
        return hide_password(self.url)


class FleetFileError(ConfigurationError):
    """A list of databases with errors; carries a diagnostic for each, none of which shows a URL."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(item.render() for item in self.diagnostics))

    def render(self) -> str:
        """Every diagnostic with its line, then their number."""
        count = len(self.diagnostics)
        return f"{self.message}\n{count} error{'s' if count != 1 else ''} in the list of databases"


def read_fleet_file(path: Path) -> tuple[FleetDatabase, ...]:
    """The databases that a file names, as `listed` reads it.

    Raises:
        ConfigurationError: the file cannot be read, or names no database.
        FleetFileError: lines of it are wrong.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigurationError(f"cannot read {shown(path)}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{shown(path)} is not UTF-8: {error.reason} at byte {error.start}") from error
    return listed(text, shown(path))


def listed(text: str, path: str) -> tuple[FleetDatabase, ...]:
    """The databases that a text names.

    Each line is `name = url`, or a URL alone, which is named by its database. URLs may stand in quotation marks and
    may name environment variables as `$NAME` or `${NAME}` (`$$` is a dollar sign). Lines that start with `#` are
    comments.

    Args:
        path: where the text came from, for messages.

    Raises:
        ConfigurationError: the text names no database.
        FleetFileError: lines of it are malformed, use a name twice, or need a variable that is not set; all of them at
            once.
    """
    databases = []
    problems = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            databases.append(_entry(line.strip(), path, number))
        except ConfigurationError as error:
            problems.append(Diagnostic(error.message, path, number, 1, hint=error.hint))
    first: dict[str, FleetDatabase] = {}
    for database in databases:
        same = first.setdefault(database.name, database)
        if database.name and same is not database:
            message = f"the name {database.name!r} stands in line {same.line} already"
            problems.append(Diagnostic(message, database.path, database.line, 1, hint="give each its own name"))
    if problems:
        raise FleetFileError(sorted(problems, key=lambda problem: problem.line))
    if not databases:
        raise ConfigurationError(f"{path} names no database", hint=EXAMPLE)
    return all_named(databases)


def given(values: Iterable[str]) -> tuple[FleetDatabase, ...]:
    """The databases that the command line names: each a URL, or `name=url`. The shell has filled in variables.

    Raises:
        ConfigurationError: one is no PostgreSQL URL.
    """
    return tuple(_database(*_taken_apart(value)) for value in values)


def all_named(databases: Sequence[FleetDatabase]) -> tuple[FleetDatabase, ...]:
    """The databases, those without a name named by what tells their URLs apart: the database's name, then the host.

    Raises:
        ConfigurationError: two have the same name.
    """
    taken = {database.name for database in databases if database.name}
    if len(taken) < sum(bool(database.name) for database in databases):
        counts = Counter(database.name for database in databases if database.name)
        raise ConfigurationError(
            f"two databases are named {counts.most_common(1)[0][0]!r}", hint="give each its own name"
        )
    nameless = [database for database in databases if not database.name]
    candidates = [_candidates(database.url) for database in nameless]
    found = []
    for database, wanted in zip(nameless, candidates, strict=True):
        unique = (
            name
            for place, name in enumerate(wanted)
            if name not in taken and sum(other[place] == name for other in candidates) == 1
        )
        name = next(unique, None) or _numbered(wanted[-1], taken)
        taken.add(name)
        found.append(FleetDatabase(name, database.url, database.path, database.line))
    rest = iter(found)
    return tuple(database if database.name else next(rest) for database in databases)


def _candidates(url: str) -> tuple[str, str, str]:
    parameters = connection_parameters(url)
    name, host = parameters.get("dbname", "postgres"), parameters.get("host", "localhost")
    return name, f"{host}/{name}", f"{host}:{parameters.get('port', '5432')}/{name}"


def _numbered(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})" if name in taken else name


def _entry(line: str, path: str, number: int) -> FleetDatabase:
    name, url = _taken_apart(line)
    url = _unquoted(url)
    if not url:
        raise ConfigurationError("a line without a URL", hint=EXAMPLE)
    filled = VARIABLE.sub(lambda found: "$" if found["escaped"] else _variable(found["name"] or found["braced"]), url)
    return _database(name, filled, path, number)


def _database(name: str, url: str, path: str = "", number: int = 0) -> FleetDatabase:
    connection_parameters(url)
    return FleetDatabase(name, url, path, number)


def _taken_apart(text: str) -> tuple[str, str]:
    """Name and URL; a URL alone may have a `=` too, in its query or its password."""
    found = NAMED.fullmatch(text)
    if found is None or "://" in found["name"] or text.startswith(("$", '"$', "'$")):
        return "", text
    return _unquoted(found["name"]), found["url"]


def _unquoted(text: str) -> str:
    for mark in ("'", '"'):
        if len(text) > 1 and text.startswith(mark) and text.endswith(mark):
            return text[1:-1]
    return text


def _variable(name: str) -> str:
    if name not in os.environ:
        raise ConfigurationError(f"the environment variable {name} is not set", hint=f"set {name}")
    return os.environ[name]
