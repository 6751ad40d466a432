"""A checkout with a project in a folder of it, and a runner for it."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from runner import Comments, Runner, served_comments
from test_cli_base import git
from test_cli_baseline import CONFIGURATION, MODELS, SCHEMA

MIRROR = """
[mirror]
output = "models.py"
base = "models:Base"
"""
CREATE = (
    'CREATE TABLE users (id uuid NOT NULL, name text NOT NULL, email text, CONSTRAINT "users_pkey" PRIMARY KEY (id));'
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository whose branch `main` has a project with two drifts in `apps/shop`."""
    root = tmp_path / "checkout"
    folder = root / "apps" / "shop"
    migration = folder / "migrations/20240101000000_users/migration.sql"
    migration.parent.mkdir(parents=True)
    migration.write_text(CREATE)
    (folder / "migrations/migration_lock.toml").write_text('provider = "postgresql"\n')
    files = {"schema.prisma": SCHEMA, "models.py": MODELS, "schemasync.toml": CONFIGURATION + MIRROR}
    for name, text in files.items():
        (folder / name).write_text(text)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "start")
    return root


@pytest.fixture
def runner(checkout: Path, tmp_path: Path) -> Runner:
    """A runner that finds this Python, and `schemasync` as installed for it."""
    if shutil.which("bash") is None:
        pytest.skip("no bash")
    commands = tmp_path / "runner" / "commands"
    commands.mkdir(parents=True)
    for name, arguments in {"schemasync": "-m schemasync", "python": ""}.items():
        (commands / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
        (commands / name).chmod(0o755)
    return Runner(checkout, tmp_path / "runner", {"version": "", "working-directory": "apps/shop"})


@pytest.fixture
def comments(runner: Runner) -> Iterator[Comments]:
    """The pull request's comments, where the runner finds them."""
    with served_comments() as served:
        runner.api = served.url
        runner.event["pull_request.number"] = 7
        yield served
