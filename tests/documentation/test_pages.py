"""Every command and every piece of code in the documentation is run, in a copy of the example project."""

import contextlib
import html
import json
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import jsonschema
import pytest
from command_line import spawned
from pages import (
    DOCS,
    INLINE,
    PAGES,
    REPOSITORY,
    Project,
    blocks,
    commands,
    copy_of_the_example,
    name_of,
    pattern,
    steps,
)

from schemasync.cli.commands import CommandLine
from schemasync.cli.main import COMMANDS
from schemasync.demo import deploy, example_folder
from schemasync.scratch import ScratchServer
from schemasync.urls import with_database
from schemasync.witnesses.replay import replay_alembic

# Run by the tests below, or shown: declarations and output.
LANGUAGES = {"console", "diff", "python", "toml", "sh", "yaml", "text", "py", "prisma", "sql", "json"}
# What a reader would type. In a block that only shows something it needs a reason why it is not run.
TYPED = re.compile(
    r"^(?:\$ )?(?:schemasync|alembic|flask|npx|npm|prisma|pip|pytest|git|make|docker|psql)\s", re.MULTILINE
)


@pytest.fixture(scope="module")
def template(server: ScratchServer) -> Iterator[str]:
    """The name of a database that both histories have migrated."""
    with server.create_database() as database:
        deploy(example_folder() / "frontend/prisma/migrations", database.url)
        replay_alembic(example_folder() / "backend/api/migrations", database.url)
        yield database.name


@pytest.fixture
def project(tmp_path: Path, server: ScratchServer, template: str) -> Iterator[Project]:
    """A copy of the example, with a database of its own."""
    with server.create_database(template=template) as database:
        yield copy_of_the_example(tmp_path, database.url, with_database(database.url, "postgres"))
    # Roles outlive the database that they were made in.
    administration = server.connect("postgres")
    administration.autocommit = True
    administration.cursor().execute("DROP ROLE IF EXISTS schemasync_migrator; DROP ROLE IF EXISTS schemasync_checker")
    administration.close()


def test_there_are_pages_and_every_block_has_a_language_that_is_tested() -> None:
    assert len(PAGES) >= 20
    for page in PAGES:
        found = blocks(page)
        assert page.read_text().count("\n```") == 2 * len(found), page
        assert {block.language for block in found} <= LANGUAGES, page


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_is_not_run_says_why(page: Path) -> None:
    for block in blocks(page):
        if block.language in ("text", "py", "sql", "json", "prisma"):
            assert block.reason or not TYPED.search(block.text), block.text
        else:
            assert block.reason is None or block.language in ("console", "sh", "yaml"), block.text
        assert block.reason is None or len(block.reason.split()) >= 3, block.reason


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(b.language == "console" for b in blocks(page))], ids=name_of
)
def test_commands_do_what_the_page_shows(page: Path, project: Project) -> None:
    for step in steps(page):
        if step.language == "before":
            done = project.run(f"set -euo pipefail\n{step.text}")
            assert done.returncode == 0, done.stdout
        elif step.language == "diff":
            patch = ["git", "apply", "--recount", "--whitespace=nowarn", "-"]
            applied = subprocess.run(patch, cwd=project.folder, input=step.text, encoding="utf-8", check=False)
            assert applied.returncode == 0, step.text
        elif step.language == "console" and step.reason is None:
            for command, expected in commands(step.text):
                run_and_compare(command, expected, project)


def run_and_compare(command: str, expected: list[str], project: Project) -> None:
    if command == "schemasync init":
        (project.folder / "schemasync.toml").unlink(missing_ok=True)
    done = project.run(command)
    # A mistake that the page shows on purpose is the only one that may exit with 2.
    allowed = {0, 1, 2} if any("error: " in line for line in expected) else {0, 1}
    assert done.returncode in allowed, f"{command}\n{done.stdout}"
    assert re.fullmatch(pattern(expected), f"{done.stdout}\n"), f"{command}\n{done.stdout}"


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(b.language == "python" for b in blocks(page))], ids=name_of
)
def test_python_runs(page: Path, project: Project) -> None:
    script = "\n".join(block.text for block in blocks(page) if block.language == "python")
    done = subprocess.run(
        [sys.executable, "-c", f"import os\nurl = os.environ['DATABASE_URL']\n{script}"],
        cwd=project.folder,
        env=project.environment,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(b.language == "toml" for b in blocks(page))], ids=name_of
)
def test_toml_is_a_configuration(page: Path, project: Project) -> None:
    schema = json.loads((DOCS / "schemas/configuration.schema.json").read_text())
    for block in blocks(page):
        if block.language == "toml":
            jsonschema.validate(tomllib.loads(block.text), schema)
            (project.folder / "page.toml").write_text(block.text)
            done = spawned("check", "--config", "page.toml", folder=project.folder, DATABASE_URL=project.url)
            assert done.code in (0, 1), done.err


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_named_in_a_sentence_exist_with_their_options(page: Path) -> None:
    named = INLINE.findall(page.read_text())
    named += [line for block in blocks(page) if block.reason for line in typed_of(block.text)]
    for command in named:
        if "NAME" not in command.split()[:2] and "COMMAND" not in command:
            parsed(command)


def typed_of(text: str) -> list[str]:
    """The lines of a block that is not run in which somebody types `schemasync`."""
    found = re.findall(r"^(?:\$ )?(?:run: )?(schemasync .*)$", text, re.MULTILINE)
    return [part.split("#")[0] for line in found for part in re.split(r"[;|]|&&", line) if "schemasync " in part]


def parsed(text: str) -> None:
    """Fails unless the command is there and takes these options; what they are given is not looked at."""
    words = shlex.split(re.sub(r"\s{2,}\(.*\)$", "", text.strip()), comments=True)[1:]
    line = CommandLine(COMMANDS)
    if words and words[0].startswith("-"):
        assert words[0] in ("--help", "--version", "-h"), text
        return
    if not words or words == ["…"]:
        return
    assert words[0] in COMMANDS, text
    command = line.get_command(click.Context(line), words[0])
    assert command is not None
    context = click.Context(command, info_name=words[0])
    with contextlib.suppress(click.BadOptionUsage):  # an option that is named without its value
        command.make_parser(context).parse_args([word for word in words[1:] if word != "…"])


def test_a_command_that_there_is_not_would_be_found() -> None:
    for wrong in ("schemasync chek", "schemasync check --formt json", "schemasync --verion"):
        with pytest.raises((AssertionError, click.NoSuchOption)):
            parsed(wrong)


def test_shell_lines_are_only_those_that_install_and_the_demo() -> None:
    """`pip install` and `schemasync demo` are what the wheel's own test runs."""
    lines = {
        line
        for page in PAGES
        for block in blocks(page)
        if block.language == "sh" and block.reason is None
        for line in block.text.splitlines()
    }
    assert lines == {"pip install prisma-schemasync", "schemasync demo"}


@pytest.mark.parametrize(
    "page", [*PAGES, REPOSITORY / "CHANGELOG.md", REPOSITORY / "examples/invoices/README.md"], ids=name_of
)
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)", page.read_text()):
        path = page.parent / target if target else page
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(path), f"{target}#{anchor}"


def anchors(page: Path) -> set[str]:
    """A page's headings as links name them."""
    headings = re.findall(
        r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL), re.MULTILINE
    )
    return {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading.lower()).strip()) for heading in headings}


def test_the_pictures_are_those_that_would_be_drawn(project: Project) -> None:
    """`make docs` draws them anew."""
    pictures = runpy.run_path(str(DOCS / "pictures.py"))
    report = spawned("check", folder=project.folder, DATABASE_URL=project.url).out.splitlines()
    shown = [
        html.unescape(text)
        for text in re.findall(r"<text[^>]*>(.*?)</text>", (DOCS / "pictures/report.svg").read_text())
    ]
    wanted = pictures["excerpt"](report)
    assert len(wanted) > 20
    assert " ".join(shown).split() == pictures["ANSI"].sub("", "\n".join(wanted)).split()
    assert (DOCS / "pictures/house.svg").read_text() == pictures["house"](pictures["layers"]())
    for page in (REPOSITORY / "README.md", DOCS / "index.md"):
        assert "pictures/report.svg)" in page.read_text()
