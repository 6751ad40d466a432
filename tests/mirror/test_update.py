"""Packages of mirrors, brought up to date: generated ones, neglected ones, those of the whole corpus."""

import subprocess
import sys
from pathlib import Path

import pytest
from neglect import neglected
from project import Project
from proof import schema_files

import schemasync
from schemasync.errors import PrismaSchemaError

METHOD = """
    def approve(self):
        # Nobody but people wrote this.
        self.approved   =   True

    def reject( self ): return not self.approve
"""


def test_a_generated_package_is_up_to_date(case, tmp_path, monkeypatch):
    prisma = schemasync.read_prisma(case[0])
    project = Project(tmp_path)
    project.write(schemasync.mirror_modules(prisma))
    result = project.update(prisma, monkeypatch)
    assert result == schemasync.MirrorUpdate({})


def test_a_neglected_package_is_brought_up_to_date(case, tmp_path, monkeypatch):
    prisma = schemasync.read_prisma(case[0])
    project = Project(tmp_path)
    project.write(schemasync.mirror_modules(neglected(prisma)))
    model = next(name for name in project.texts() if "class " in project.text(name) and name not in RESERVED)
    project.write({model: project.text(model) + METHOD})
    assert schemasync.compare({"prisma": prisma, "sqlalchemy": project.read(monkeypatch)})
    result = project.update(prisma, monkeypatch)
    assert result.left == ()
    assert schemasync.compare({"prisma": prisma, "sqlalchemy": project.read(monkeypatch)}) == []
    assert METHOD in project.text(model)
    assert formatted(project.folder, model) == ""
    again = project.update(prisma, monkeypatch)
    assert dict(again.files) == {}


def formatted(folder: Path, but: str) -> str:
    """What ruff would do otherwise."""
    files = [path for path in sorted(folder.glob("*.py")) if path.name != but]
    output = ""
    for command in (["format", "--diff"], ["check"]):
        completed = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "--quiet", *files],
            capture_output=True,
            text=True,
            check=False,
        )
        output += completed.stdout
    return output


RESERVED = ("__init__.py", "associations.py", "base.py", "enums.py", "helpers.py")


@pytest.mark.filterwarnings("ignore::schemasync.errors.PrismaSchemaWarning")  # real schemas have what Prisma warns of
def test_every_schema_of_the_corpus(corpus: Path, tmp_path, monkeypatch):
    problems = []
    proven = 0
    for path in schema_files(corpus):
        try:
            prisma = schemasync.read_prisma(path)
        except PrismaSchemaError:
            continue
        if not any(table.kind == "table" and table.model for table in prisma.tables):
            continue
        name = path.relative_to(corpus)
        project = Project(tmp_path)
        project.write(schemasync.mirror_modules(prisma))
        if project.update(prisma, monkeypatch).files:
            problems.append(f"{name}: a generated package is not up to date")
        old = Project(tmp_path)
        old.write(schemasync.mirror_modules(neglected(prisma)))
        try:
            left = old.update(prisma, monkeypatch).left
            drifts = schemasync.compare({"prisma": prisma, "sqlalchemy": old.read(monkeypatch)})
            problems += [f"{name}: left: {line}" for line in left] + [f"{name}: {drift.message}" for drift in drifts]
            if old.update(prisma, monkeypatch).files:
                problems.append(f"{name}: a second update changes something")
        except Exception as error:  # noqa: BLE001 - each schema's failure is one line of the report
            problems.append(f"{name}: {type(error).__name__}: {str(error).splitlines()[0]}")
        proven += 1
    assert problems == []
    assert proven > 50
