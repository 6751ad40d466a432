"""The example's neglected mirrors, brought up to date by one command."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from databases import Database
from proof import EXAMPLE

from schemasync.witnesses.replay import replay_alembic, replay_prisma


@pytest.fixture
def example(tmp_path: Path) -> Path:
    folder = tmp_path / "invoices"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def schemasync(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(EXAMPLE.parents[1]), "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "schemasync", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def models(folder: Path) -> dict[str, str]:
    place = folder / "backend" / "api" / "app" / "models"
    return {path.name: path.read_text() for path in sorted(place.glob("*.py"))}


CHECK = ("check", "--witness", "prisma", "--witness", "sqlalchemy", "--format", "json")


def test_one_command_makes_check_clean(example: Path):
    before = models(example)
    assert schemasync(example, *CHECK).returncode == 1
    done = schemasync(example, "mirror", "--update", "--prune")
    assert done.returncode == 0, done.stderr
    checked = schemasync(example, *CHECK)
    assert checked.returncode == 0, checked.stdout
    after = models(example)
    for name in ("access_code.py", "user.py", "session.py", "processing_job.py"):
        assert methods(after[name]) == methods(before[name])
        assert comments(before[name]) <= comments(after[name])
    assert (
        "    password: Mapped[str | None] = mapped_column(db.Text)  # a hash, never the password itself\n"
        in after["account.py"]
    )
    owned = set(before) - {name for name in before if before[name] != after[name]}
    assert {"invoice.py", "company.py", "base.py", "payment.py"} <= owned
    assert {"access_request.py", "helpers.py"} == set(after) - set(before)
    assert "from app.models.access_request import AccessRequest, AccessRequestStatus\n" in after["__init__.py"]
    assert (
        '    "AccessCode",\n    "AccessRequest",\n    "AccessRequestStatus",\n    "Account",\n' in after["__init__.py"]
    )


def test_one_command_makes_a_three_way_check_clean(example: Path, database: Database, monkeypatch):
    replay_prisma(example / "frontend" / "prisma" / "migrations", database.url)
    replay_alembic(example / "backend" / "api" / "migrations", database.url)
    monkeypatch.setenv("DATABASE_URL", database.url)
    before = json.loads(schemasync(example, "check", "--format", "json").stdout)
    assert before["summary"]["error"] > 10
    assert schemasync(example, "mirror", "--update", "--prune").returncode == 0
    checked = schemasync(example, "check", "--format", "json")
    assert checked.returncode == 0
    after = json.loads(checked.stdout)
    assert set(after["witnesses"]) == {"prisma", "sqlalchemy", "database"}
    assert after["drifts"] == []


def methods(text: str) -> list[str]:
    """Every method with its decorators, as it is written."""
    return re.findall(r"(?:    @\w+\n)?    def (?:.*\n)(?:(?:        .*)?\n)*", text)


def comments(text: str) -> set[str]:
    return set(re.findall(r"#.*", text))


def test_nothing_is_deleted_unasked(example: Path):
    done = schemasync(example, "mirror", "--update")
    assert done.returncode == 0
    assert "    attempts: Mapped[int] = mapped_column(default=0)\n" in models(example)["verification.py"]
    assert "suggested: verifications.attempts" in done.stderr
    assert "--prune" in done.stderr
    checked = schemasync(example, *CHECK)
    assert re.findall(r'"kind": "(.*?)"', checked.stdout) == ["column-extra"]


def test_a_second_update_changes_nothing(example: Path):
    schemasync(example, "mirror", "--update")
    once = models(example)
    done = schemasync(example, "mirror", "--update")
    assert done.returncode == 0
    assert models(example) == once


def test_the_diff_is_shown_and_nothing_written(example: Path):
    before = models(example)
    shown = schemasync(example, "mirror", "--update", "--diff")
    assert shown.returncode == 0
    assert models(example) == before
    assert "-    provider_id: Mapped[str] = mapped_column(db.String(50))\n" in shown.stdout
    assert "+    provider_id: Mapped[str] = mapped_column(db.Text)\n" in shown.stdout
    assert "--- /dev/null\n+++ b/backend/api/app/models/access_request.py\n" in shown.stdout
    patched = subprocess.run(["patch", "-p1", "--silent"], cwd=example, input=shown.stdout, text=True, check=False)
    assert patched.returncode == 0
    assert schemasync(example, "mirror", "--check").returncode == 0


def test_check_tells_stale_files(example: Path):
    stale = schemasync(example, "mirror", "--check")
    assert stale.returncode == 1
    assert stale.stdout.startswith("--- ")
    schemasync(example, "mirror", "--update")
    fresh = schemasync(example, "mirror", "--check")
    assert (fresh.returncode, fresh.stdout) == (0, "")


def test_edited_files_are_not_overwritten(example: Path):
    refused = schemasync(example, "mirror")
    assert refused.returncode == 2
    assert "--update edits files in place; --force writes them anew" in refused.stderr


def test_the_updated_models_are_formatted_as_the_others(example: Path):
    schemasync(example, "mirror", "--update")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "120", "--diff", "backend"]
    completed = subprocess.run(command, cwd=example, capture_output=True, text=True, check=False)
    assert completed.returncode == 0, completed.stdout


def test_names_that_the_configuration_chooses(example: Path):
    configuration = example / "schemasync.toml"
    names = '\n[mirror.names]\n"AccessRequest" = "Application"\n"AccessRequest.fullName" = "applicant"\n'
    configuration.write_text(configuration.read_text() + names)
    assert schemasync(example, "mirror", "--update").returncode == 0
    text = models(example)["application.py"]
    assert "class Application(BaseModel):\n" in text
    assert '    applicant: Mapped[str] = mapped_column("full_name", String(120))\n' in text
    assert (
        'access_request = db.relationship("Application", back_populates="access_code")'
        in models(example)["access_code.py"]
    )


def test_a_package_is_written_and_checked_by_its_bytes(example: Path):
    settings = ("--output", "generated", "--style", "declarative")
    done = schemasync(example, "mirror", *settings)
    assert done.returncode == 0, done.stderr
    assert (example / "generated" / "access_request.py").is_file()
    path = example / "generated" / "user.py"
    written = path.read_text()
    path.write_text(written.replace("String(255)", "String(25)"))
    stale = schemasync(example, "mirror", *settings, "--check")
    assert stale.returncode == 1
    assert "-    email: Mapped[str] = mapped_column(String(25))\n" in stale.stdout
    # The models cannot be imported any more, and for files that are as they would be written they need not be.
    path.write_text(written)
    (example / "backend" / "api" / "app" / "__init__.py").write_text("raise RuntimeError\n")
    fresh = schemasync(example, "mirror", *settings, "--check")
    assert (fresh.returncode, fresh.stdout) == (0, "")
