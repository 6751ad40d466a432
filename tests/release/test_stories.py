"""The example's three stories before, during and after a release of it: the plan's own script carries it out."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import environment_with_sources, schemasync
from databases import Database
from prisma_tools import ToolsMissingError, find_tools
from release_play import played
from release_project import commit, prisma_deploy_command
from release_table import demand_row

from schemasync.config import load
from schemasync.demo import LEFT_BEHIND, deploy, example_folder
from schemasync.project_rehearsal import rehearse
from schemasync.witnesses.replay import replay_alembic

TELLER = Path(__file__).resolve().parents[1] / "release_stories.py"
MIGRATION = "20260110090000_page_counts"
# As Prisma writes it for the changes of its schema below.
SCRIPT = """\
-- AlterEnum
ALTER TYPE "job_status" ADD VALUE 'CANCELLED';

-- AlterTable
ALTER TABLE "access_requests" ADD COLUMN     "phone" VARCHAR(40);

-- AlterTable
ALTER TABLE "processing_jobs" ADD COLUMN     "page_count" INTEGER;
"""
REVISION = """\
'''{message}'''
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{down}"


def upgrade():
    {upgrade}
"""
COUNT = 'op.add_column("invoices", sa.Column("page_count", sa.Integer()))'
DROP = 'op.drop_column("invoices", "ship_method_id")'
SHIPPED = 'db.Column(UUID(as_uuid=True), db.ForeignKey("ship_methods.id", ondelete="SET NULL"))'
CHANGES = {
    "frontend/prisma/schema.prisma": [
        ("  reason     String?\n", "  reason     String?\n  phone      String?             @db.VarChar(40)\n"),
        ("  priority     Int\n", '  priority     Int\n  pageCount    Int?      @map("page_count")\n'),
        ("  FAILED\n", "  FAILED\n  CANCELLED\n"),
    ],
    "backend/api/app/models/processing_job.py": [
        ('    FAILED = "FAILED"\n', '    FAILED = "FAILED"\n    CANCELLED = "CANCELLED"\n'),
        ("    result = db.Column(JSONB)\n", "    result = db.Column(JSONB)\n    page_count = db.Column(db.Integer)\n"),
    ],
    "backend/api/app/models/invoice.py": [
        (f"    ship_method_id = {SHIPPED}\n", "    page_count = db.Column(db.Integer)\n"),
        ('    ship_method = db.relationship("ShipMethod")\n', ""),
    ],
    "backend/api/app/routes/invoices.py": [
        ("        extracted=found,\n", "        extracted=found,\n        page_count=job.page_count,\n")
    ],
}
# Every version that runs tells all three stories, beside every version of the other service.
HOOKS = """\
stories() {{
  for back in $(cat ../back); do
    for front in $(cat ../front); do
      {python} {teller} "../$back" "../$front"
      echo "$1 $back $front" >> ../told
    done
  done
}}
roll() {{
  echo old new > "../$1"
  stories "$1-rolls"
  echo new > "../$1"
  stories "$1-new"
}}
# It is called in the front end's folder.
prisma_migrate_deploy() {{ {deploy}; cd ..; stories prisma; }}
alembic_upgrade() {{ schemasync upgrade "$1" --config schemasync.toml; stories "$1"; }}
deploy_front_end() {{ roll front; }}
deploy_back_end() {{ roll back; }}
"""


@pytest.fixture
def trees(tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example, deployed, in `old`; in `new` the tree that is released."""
    monkeypatch.setenv("DATABASE_URL", database.url)
    old, new = tmp_path / "old", tmp_path / "new"
    shutil.copytree(example_folder(), old, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    configuration = old / "schemasync.toml"
    configuration.write_text(configuration.read_text() + '\n[scratch]\nserver = "$DATABASE_URL"\n')
    deploy(old / "frontend/prisma/migrations", database.url)
    replay_alembic(old / "backend/api/migrations", database.url)
    shutil.copytree(old, new)
    commit(new)
    for name, changes in CHANGES.items():
        text = (new / name).read_text()
        for before, after in changes:
            assert before in text, before
            text = text.replace(before, after)
        (new / name).write_text(text)
    script = new / "frontend/prisma/migrations" / MIGRATION / "migration.sql"
    script.parent.mkdir()
    script.write_text(SCRIPT)
    versions = new / "backend/api/migrations/versions"
    for name, down, upgrade in (("aa11", "b64e19c8d702", COUNT), ("bb22", "aa11", DROP)):
        (versions / f"{name}.py").write_text(REVISION.format(message=name, revision=name, down=down, upgrade=upgrade))
    for service in ("back", "front"):
        (tmp_path / service).write_text("old\n")
    return tmp_path


def test_the_stories_before_during_and_after_a_release(
    trees: Path, database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(trees / "old")
    for witness in ("prisma", "sqlalchemy"):
        done = schemasync(capsys, "snapshot", "--witness", witness, "--output", f"../{witness}.json")
        assert done.code == 0, done.err
    monkeypatch.chdir(trees / "new")
    manifests = ("--deployed-manifest", "../prisma.json", "--deployed-manifest", "../sqlalchemy.json")
    rehearsal = rehearse(load(trees / "new/schemasync.toml"), deployed="HEAD", rows=3)
    plan = rehearsal.plan
    assert plan.order is not None
    order = ["prisma", "alembic:aa11", "service:front end", "service:back end", "alembic:bb22"]
    assert [step.id for step in plan.order.steps] == order
    assert [(one.value, one.until.id) for one in plan.cautions] == [("CANCELLED", "service:back end")]
    assert any("verifications fails: it names the column attempts" in one for one in plan.known)
    assert rehearsal.is_sound, [(one.failure, one.failed, one.differences) for one in rehearsal.stages]
    demand_row("the three stories of the example", [played(plan.order, rehearsal.stages)])

    script = schemasync(capsys, "plan", "--format", "shell", *manifests).out
    (trees / "new/release.sh").write_text(script)
    try:
        tools = find_tools()
    except ToolsMissingError:
        tools = None
    hooks = HOOKS.format(python=sys.executable, teller=TELLER, deploy=prisma_deploy_command(tools))
    (trees / "new/hooks.sh").write_text(hooks)
    shim = trees / "commands/schemasync"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m schemasync "$@"\n')
    shim.chmod(0o755)
    environment = environment_with_sources(
        PATH=f"{shim.parent}{os.pathsep}{os.environ['PATH']}",
        RELEASE_URL=database.url,
        MIGRATIONS=str(trees / "new/frontend/prisma/migrations"),
        RELEASE_HOOKS="hooks.sh",
    )
    (trees / "new/before.sh").write_text("set -e\nsource hooks.sh\nstories before\n")
    for name in ("before.sh", "release.sh"):
        run = subprocess.run(
            ["bash", name], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        assert run.returncode == 0, run.stdout
    told = (trees / "told").read_text().splitlines()
    assert told == [
        "before old old",
        "prisma old old",
        "aa11 old old",
        "front-rolls old old",
        "front-rolls old new",
        "front-new old new",
        "back-rolls old new",
        "back-rolls new new",
        "back-new new new",
        "bb22 new new",
    ]
    counted = database.execute("SELECT count(*), count(page_count) FROM invoices")
    assert counted[0][0] == len(told)
    assert 0 < counted[0][1] < counted[0][0]
