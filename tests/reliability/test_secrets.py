"""No command shows the database's password: not in its output, its errors, its reports or any file that it leaves.

A part of the commands by default; `SCHEMASYNC_ALL_COMMANDS=1` (`make secrets`) runs all of them.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
from command_line import Result, spawned

from schemasync.demo import Example, running_example
from schemasync.report import FORMATS
from schemasync.urls import build_url, connection_parameters

ALL = os.environ.get("SCHEMASYNC_ALL_COMMANDS") == "1"
COMMANDS = [
    "check --witness prisma --witness database",
    "snapshot --witness database --complete --output before.json",
    "status --format json",
    "upgrade --dry-run",
    "current --verbose",
    "check --at-applied",
    "check --replay",
    "snapshot --witness sqlalchemy",
    "check --snapshot before.json --witness snapshot --witness database",
    "check --write-baseline",
    "status",
    "plan --format json",
    "plan --format shell",
    "graph --witness database --format html --output graph.html",
    "heads --verbose",
    "history --verbose",
    "wait --timeout 1",
    "roles --sql",
    "roles --check",
    "upgrade --sql",
    "upgrade --record record.json",
    "revision -m nothing",
    "mirror --diff",
    "lock -- true",
    "verify prisma",
    "stamp heads",
]
# Each word is a part by itself, so that half a leak is a leak; what separates them has to be quoted in a URL.
WORDS = ("Hemlock7", "Quartz3", "Vesper9", "Obsidian4")
PASSWORD = "{}%{}@:/{} '{}".format(*WORDS)


class Watched:
    """The example with a database role of that password; everything that runs may write to its folders only."""

    def __init__(self, example: Example, scratch: Path) -> None:
        self.example, self.scratch = example, scratch
        self.own = {path: path.read_bytes() for path in example.folder.rglob("*") if path.is_file()}
        parameters = {**connection_parameters(example.url), "user": "keeper", "password": PASSWORD}
        self.url = build_url(parameters)
        self.parameters = parameters
        self.ran = 0

    def environment(self) -> dict[str, str]:
        folders = {name: str(self.scratch / name) for name in ("TMPDIR", "XDG_CACHE_HOME", "HOME")}
        for folder in folders.values():
            Path(folder).mkdir(exist_ok=True)
        return {**folders, "DATABASE_URL": self.url, "PYTHONWARNINGS": "default", "SQLALCHEMY_WARN_20": "1"}

    def run(self, *arguments: str, **environment: str) -> Result:
        """Run a command in the example's folder; neither it nor any file may say the password."""
        self.ran += 1
        result = spawned(*arguments, folder=self.example.folder, **(self.environment() | environment))
        assert leaks(result.out + result.err) == [], arguments
        for folder in (self.example.folder, self.scratch):
            for path in folder.rglob("*"):
                if path.is_file() and self.own.get(path) is None:
                    assert leaks(path.read_bytes().decode(errors="replace")) == [], (arguments, path)
        return result


def leaks(text: str) -> list[str]:
    """The words of the password that are in a text."""
    return [word for word in WORDS if word.casefold() in text.casefold()]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with running_example(lambda _: None) as example:
        with psycopg2.connect(example.url) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE ROLE keeper LOGIN SUPERUSER PASSWORD %s", (PASSWORD,))
        connection.close()
        yield Watched(example, tmp_path_factory.mktemp("watched"))
        with psycopg2.connect(example.url) as connection, connection.cursor() as cursor:
            cursor.execute("REASSIGN OWNED BY keeper TO CURRENT_USER; DROP OWNED BY keeper; DROP ROLE keeper")
        connection.close()


def test_the_password_is_the_roles(watched: Watched) -> None:
    psycopg2.connect(watched.url).close()
    assert quote(PASSWORD, safe="") in watched.url


@pytest.mark.parametrize("kind", FORMATS if ALL else ["json", "html"])
def test_reports_do_not_say_it(watched: Watched, kind: str) -> None:
    assert watched.run("check", "--format", kind, "--output", f"report.{kind}").code == 1
    assert (watched.example.folder / f"report.{kind}").stat().st_size > 0


@pytest.mark.parametrize("arguments", COMMANDS if ALL else COMMANDS[:5])
def test_commands_do_not_say_it(watched: Watched, arguments: str) -> None:
    watched.run(*arguments.split())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": PASSWORD + "x"}, "password authentication failed"),
        ({"dbname": "no_such"}, "does not exist"),
        ({"port": "1"}, "refused"),
        ({"host": "no-such-host.invalid"}, "no-such-host.invalid"),
        ({"sslmode": "require"}, "SSL"),
        ({"sslmode": "verify-full", "sslrootcert": "/no/such/file"}, "SSL"),
        ({"options": "-c nonsense=1"}, "nonsense"),
    ],
)
def test_errors_do_not_say_it_and_name_their_reason(watched: Watched, change: dict[str, str], said: str) -> None:
    """A TLS mode in the URL reaches libpq: the server here has no TLS, and that is what is said."""
    url = build_url(watched.parameters | change)
    commands = [["status"], ["check"], ["upgrade"], ["current"], ["wait", "--timeout", "1"]]
    if "options" in change:
        commands.remove(["current"])  # it connects as env.py does, and the example's sets options of its own
    for arguments in commands if ALL else commands[:1]:
        result = watched.run(*arguments, DATABASE_URL=url)
        assert result.code == 2
        assert said in result.err, (arguments, result.err)
        assert "Traceback" not in result.err


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://keeper:{PASSWORD}@localhost/db",
        f"mysql://keeper:{quote(PASSWORD, safe='')}@localhost/db",
        f"postgresql://keeper:{quote(PASSWORD, safe='')}@localhost:port/db",
        f"host=localhost user=keeper password='{PASSWORD}'",
        f"postgresql://localhost/db?user=keeper&password={quote(PASSWORD, safe='')}&connect_timeout=1",
    ],
)
def test_urls_that_are_none_do_not_say_it(watched: Watched, url: str) -> None:
    assert watched.run("status", DATABASE_URL=url).code == 2
    if ALL:
        assert watched.run("check", "--database", url).code == 2


def test_a_url_in_the_configuration_and_in_the_options_is_not_said(watched: Watched) -> None:
    own = watched.example.folder / "schemasync.toml"
    text = own.read_text()
    literal = watched.url.replace("\\", "\\\\").replace('"', '\\"')
    watched.own[watched.example.folder / "other.toml"] = b""
    (watched.example.folder / "other.toml").write_text(text.replace("$DATABASE_URL", literal))
    environment = {"DATABASE_URL": ""}
    watched.run("status", "--config", "other.toml", **environment)
    watched.run("status", "--database", watched.url, **environment)


def test_the_scan_would_find_it() -> None:
    assert leaks(f"cannot connect to {quote(PASSWORD)}") == list(WORDS)
    assert leaks(repr(PASSWORD).upper()) == list(WORDS)
    assert os.environ.get("DATABASE_URL", "") == "" or not leaks(os.environ["DATABASE_URL"])
