"""The documentation's pages, and a copy of the example project in which their commands run."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from command_line import environment_with_sources

from schemasync.demo import LEFT_BEHIND, example_folder

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
# The pages of kinds are made from records whose examples have tests of their own.
PAGES = sorted([REPOSITORY / "README.md", *(page for page in DOCS.rglob("*.md") if page.parent.name != "kinds")])
FENCE = re.compile(
    r"^(?:<!-- not run: (?P<reason>[^>]+) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
BEFORE = re.compile(r"^<!-- before\n(?P<text>.*?)^-->$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<!`)`(schemasync [^`]+)`(?!`)")
PRISMA = """\
import os, subprocess, sys
from pathlib import Path

from prisma_tools import ToolsMissingError, find_tools

assert sys.argv[1:] == ["prisma", "migrate", "deploy"], sys.argv
migrations, url = Path("prisma/migrations").absolute(), os.environ["DATABASE_URL"]
try:
    tools = find_tools()
except ToolsMissingError:
    from schemasync.demo import deploy

    print(deploy(migrations, url), "migrations applied")
else:
    command = ["node", "migrate.mjs", "deploy", "--migrations", str(migrations), "--url", url]
    sys.exit(subprocess.run(command, cwd=tools).returncode)
"""

# As far as the pages use it, for machines without PostgreSQL's client.
PSQL = """\
import sys
from pathlib import Path

import psycopg2

url, *options, flag, script = sys.argv[1:]
assert (options, flag) == (["--quiet", "--set", "ON_ERROR_STOP=1"], "--file"), sys.argv
connection = psycopg2.connect(url)
connection.autocommit = True
connection.cursor().execute(Path(script).read_text())
"""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page.

    Args:
        language: what stands after the opening fence; `before` for a preparation that readers do not see.
        reason: why it is not run, where the page says so.
        start: where in the page it stands.
    """

    language: str
    text: str
    reason: str | None
    start: int


def blocks(page: Path) -> list[Block]:
    """Its fenced blocks."""
    text = page.read_text(encoding="utf-8")
    return [Block(found["language"], found["text"], found["reason"], found.start()) for found in FENCE.finditer(text)]


def steps(page: Path) -> list[Block]:
    """What is done on a page in its order: blocks, and preparations that only the test sees."""
    text = page.read_text(encoding="utf-8")
    preparations = [Block("before", found["text"], None, found.start()) for found in BEFORE.finditer(text)]
    return sorted([*blocks(page), *preparations], key=lambda step: step.start)


def name_of(page: Path) -> str:
    return page.relative_to(REPOSITORY).as_posix()


@dataclass(frozen=True)
class Project:
    """A copy of the example project.

    Args:
        url: its database.
        scratch: the URL of a server for scratch databases; starting one for each command would take a while.
        commands: a folder with `schemasync`, and `npx` for Prisma.
    """

    folder: Path
    url: str
    scratch: str
    commands: Path

    @property
    def environment(self) -> dict[str, str]:
        """With this Python's own commands, wherever it keeps them."""
        scripts = Path(sys.executable).parent
        return environment_with_sources(
            DATABASE_URL=self.url,
            SCHEMASYNC_SCRATCH=self.scratch,
            PATH=os.pathsep.join([str(self.commands), str(scripts), os.environ["PATH"]]),
            COLUMNS="80",
            # As an installed package registers it by its entry point.
            PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
            PYTEST_ADDOPTS="-p schemasync.integrations.pytest_plugin",
            XDG_STATE_HOME=str(self.commands / "state"),
            GIT_AUTHOR_NAME="Ann",
            GIT_AUTHOR_EMAIL="ann@example.org",
            GIT_COMMITTER_NAME="Ann",
            GIT_COMMITTER_EMAIL="ann@example.org",
            GIT_CONFIG_GLOBAL=os.devnull,
        )

    def run(self, command: str) -> "subprocess.CompletedProcess[str]":
        """A shell command, with its standard error among its output."""
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=300,
            check=False,
        )


def copy_of_the_example(folder: Path, url: str, scratch: str) -> Project:
    shutil.copytree(example_folder(), folder / "invoices", ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    commands = folder / "commands"
    commands.mkdir()
    tests = REPOSITORY / "tests"
    (commands / "prisma.py").write_text(f"import sys\nsys.path.append({str(tests)!r})\n{PRISMA}")
    (commands / "psql.py").write_text(PSQL)
    run = {"schemasync": "-m schemasync", "npx": f'"{commands / "prisma.py"}"', "psql": f'"{commands / "psql.py"}"'}
    for name, arguments in run.items():
        if name != "psql" or shutil.which("psql") is None:
            (commands / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
            (commands / name).chmod(0o755)
    return Project(folder / "invoices", url, scratch, commands)


def commands(block: str) -> list[tuple[str, list[str]]]:
    """Each `$ command` of a block with the output that follows it; lines that start with `> ` carry a command on."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif (line.startswith("> ") or line == ">") and found and not found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n{line[2:]}", [])
        else:
            found[-1][1].append(line)
    return found


def pattern(expected: list[str]) -> str:
    """A pattern for an output in which `…` stands for anything: in a line for its rest, alone for any lines or none."""
    lines = [r"(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + r"\n" for line in expected]
    return r"\n*" + "".join(lines) + r"\n*"
