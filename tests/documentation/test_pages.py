"""Every command and every piece of Python in the documentation is run, in a copy of the example project."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from command_line import environment_with_sources, spawned

from schemasync.demo import LEFT_BEHIND, example_folder
from schemasync.scratch import ScratchServer
from schemasync.witnesses.replay import replay_alembic, replay_prisma

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = sorted([REPOSITORY / "README.md", *REPOSITORY.glob("docs/*.md")])
FENCE = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LANGUAGES = {"console", "python", "toml", "text", "sh", "yaml"}


@dataclass(frozen=True)
class Project:
    folder: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """With `schemasync` as a command, wherever this Python keeps its scripts."""
        commands = self.folder / ".commands"
        return environment_with_sources(
            DATABASE_URL=self.url, PATH=f"{commands}{os.pathsep}{os.environ['PATH']}", COLUMNS="80"
        )


@pytest.fixture(scope="module")
def migrated_url(server: ScratchServer) -> Iterator[str]:
    with server.create_database() as database:
        replay_prisma(example_folder() / "frontend/prisma/migrations", database.url)
        replay_alembic(example_folder() / "backend/api/migrations", database.url)
        yield database.url


@pytest.fixture
def project(tmp_path: Path, migrated_url: str) -> Project:
    folder = tmp_path / "invoices"
    shutil.copytree(example_folder(), folder, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    commands = folder / ".commands"
    commands.mkdir()
    script = commands / "schemasync"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m schemasync "$@"\n')
    script.chmod(0o755)
    return Project(folder, migrated_url)


def blocks(page: Path, language: str) -> list[str]:
    return [found["text"] for found in FENCE.finditer(page.read_text()) if found["language"] == language]


def commands(block: str) -> list[tuple[str, list[str]]]:
    """Each `$ command` of a block with the output that follows it."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def pattern(expected: list[str]) -> str:
    """A pattern for an output in which `…` stands for anything."""
    parts = [re.escape(line).replace("…", ".*") if line != "…" else "(?:.*\n)*.*" for line in expected]
    return r"\s*" + "\n".join(parts) + r"\s*"


def test_there_are_pages_and_every_block_has_a_language_that_is_tested() -> None:
    assert len(PAGES) >= 5
    for page in PAGES:
        text = page.read_text()
        assert text.count("\n```") == 2 * len(FENCE.findall(text)), page
        assert {found["language"] for found in FENCE.finditer(text)} <= LANGUAGES, page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_do_what_the_page_shows(page: Path, project: Project) -> None:
    for block in blocks(page, "console"):
        for command, expected in commands(block):
            if command == "schemasync init":
                (project.folder / "schemasync.toml").unlink()
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=project.folder,
                env=project.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                timeout=120,
                check=False,
            )
            # A mistake that the page shows on purpose is the only one that may exit with 2.
            allowed = {0, 1, 2} if any(": error: " in line for line in expected) else {0, 1}
            assert done.returncode in allowed, f"{command}\n{done.stdout}"
            assert re.fullmatch(pattern(expected), done.stdout), f"{command}\n{done.stdout}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_runs(page: Path, project: Project) -> None:
    script = "\n".join(blocks(page, "python"))
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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_toml_is_a_configuration(page: Path, project: Project) -> None:
    for block in blocks(page, "toml"):
        (project.folder / "page.toml").write_text(block)
        done = spawned("check", "--config", "page.toml", folder=project.folder, DATABASE_URL=project.url)
        assert done.code in (0, 1), done.err


def test_shell_lines_are_only_those_that_install_and_the_demo() -> None:
    """`pip install` and `schemasync demo` are what the wheel's own test runs."""
    lines = {line for page in PAGES for block in blocks(page, "sh") for line in block.splitlines()}
    assert lines == {"pip install prisma-schemasync", "schemasync demo"}


@pytest.mark.parametrize("page", [*PAGES, REPOSITORY / "CHANGELOG.md"], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)", page.read_text()):
        assert not target or (page.parent / target).exists(), target


def test_the_readme_shows_what_the_demo_prints(project: Project) -> None:
    picture = re.search(r"<!-- demo -->\n```text\n(.*?)```", REPOSITORY.joinpath("README.md").read_text(), re.DOTALL)
    assert picture is not None
    report = spawned("check", folder=project.folder, DATABASE_URL=project.url).out
    assert len(picture[1].splitlines()) > 10
    assert picture[1] in report
