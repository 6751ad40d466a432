"""What the user's own code raises on the way is shown as theirs: its place, their frames, exit 2, nothing changed."""

import json
import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import Result, schemasync
from databases import Database
from fence_project import ENVIRONMENT, TEMPLATE, Project

from schemasync.migrate.record import Record, RecordError
from schemasync.migrate.runs import Target
from schemasync.migrate.upgrade import migrate

COMMANDS = {
    "upgrade": ("upgrade",),
    "live upgrade": ("upgrade", "--no-rehearsal"),
    "what would run": ("upgrade", "--sql"),
    "downgrade": ("downgrade", "base"),
    "stamp": ("stamp", "heads"),
    "revision": ("revision", "-m", "more"),
    "current": ("current",),
    "roles": ("roles", "--check"),
}
# Flask-Migrate's env.py wants an application even where Alembic does not run it.
OF_FLASK = {**COMMANDS, "heads": ("heads",), "history": ("history",)}
FAULTS = {
    "a variable that is not set": ('os.environ["NOT_SET_ANYWHERE"]', "KeyError: 'NOT_SET_ANYWHERE'"),
    "a package that is missing": ("import no_such_package", "ModuleNotFoundError: No module named 'no_such_package'"),
    "an exit": ('sys.exit("set DATABASE_URL first")', "SystemExit: set DATABASE_URL first"),
    "an exit without a word": ("sys.exit()", "SystemExit"),
    "a syntax error": ("def (", "SyntaxError: invalid syntax"),
    "a password": ('raise OSError("postgresql://u:hunter2@host/db")', "OSError: postgresql://u:***@host/db"),
}


@pytest.fixture
def configured(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project with a configuration, the folder above it being the working folder, and one revision pending."""
    project.add('op.execute("CREATE TABLE fine (id int)")')
    (project.folder.parent / "schemasync.toml").write_text(
        f'[alembic]\nconfig = "alembic/alembic.ini"\n\n[database]\nurl = "{project.database.url}"\n'
        f'\n[scratch]\nserver = "{project.database.url}"\n'
    )
    monkeypatch.chdir(project.folder.parent)
    monkeypatch.setenv("XDG_STATE_HOME", str(project.folder.parent / "state"))
    return project


def demand_theirs(result: Result, project: Project, said: str) -> None:
    assert (result.code, result.out) == (2, ""), result.out + result.err
    assert said in next(line for line in result.err.splitlines() if line.startswith("error: "))
    assert "unexpectedly" not in result.err
    assert "Traceback" not in result.err
    assert "site-packages" not in result.err
    assert project.version() == ["base0"]
    assert project.database.execute("SELECT to_regclass('fine')") == [(None,)]


@pytest.mark.parametrize("fault", FAULTS)
def test_an_env_that_raises(configured: Project, capsys: pytest.CaptureFixture[str], fault: str) -> None:
    line, said = FAULTS[fault]
    (configured.folder / "env.py").write_text(f"import os\nimport sys\n\n{line}\n{ENVIRONMENT}")
    result = schemasync(capsys, "upgrade")
    demand_theirs(result, configured, f"env.py failed: alembic/env.py:4: {said}; nothing has changed")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_runs_env(configured: Project, capsys: pytest.CaptureFixture[str], command: str) -> None:
    (configured.folder / "env.py").write_text(f"import sys\n\nsys.exit(3)\n{ENVIRONMENT}")
    result = schemasync(capsys, *COMMANDS[command])
    demand_theirs(result, configured, "alembic/env.py:3: SystemExit: 3; nothing has changed")


def test_an_env_that_raises_in_the_live_run_alone(configured: Project, capsys: pytest.CaptureFixture[str]) -> None:
    counter = configured.folder / "runs"
    (configured.folder / "env.py").write_text(
        f"import sys\nfrom pathlib import Path\n\nwith Path({str(counter)!r}).open('a') as runs:\n    runs.write('x')\n"
        f"if Path({str(counter)!r}).read_text() == 'xx':\n    sys.exit('the second time')\n{ENVIRONMENT}"
    )
    result = schemasync(capsys, "upgrade", "--no-rehearsal")
    demand_theirs(result, configured, "alembic/env.py:7: env.py failed: SystemExit: the second time")


def test_a_revision_that_exits(configured: Project, capsys: pytest.CaptureFixture[str]) -> None:
    configured.add('op.execute("CREATE TABLE fine2 (id int)")\nraise SystemExit("enough")')
    result = schemasync(capsys, "upgrade", "--no-rehearsal")
    demand_theirs(result, configured, "alembic/versions/rev2.py:12: revision rev2 failed: SystemExit: enough")


def test_a_revision_that_cannot_be_imported(configured: Project, capsys: pytest.CaptureFixture[str]) -> None:
    path = configured.add("pass")
    path.write_text(path.read_text().replace("branch_labels = None", 'branch_labels = {}["none"]'))
    result = schemasync(capsys, "upgrade")
    demand_theirs(result, configured, "alembic/versions/rev2.py:6: KeyError: 'none'")


def test_a_malformed_ini(configured: Project, capsys: pytest.CaptureFixture[str]) -> None:
    (configured.folder / "alembic.ini").write_text("no section\n")
    for command in ("current", "upgrade"):
        result = schemasync(capsys, command)
        demand_theirs(result, configured, "alembic/alembic.ini")


class FlaskProject:
    """An application whose factory fails, with Flask-Migrate's folder."""

    def __init__(self, folder: Path, database: Database, fault: str) -> None:
        # Imported modules stay in this process: each project's have a name of their own.
        self.name = f"shop_{secrets.token_hex(4)}"
        self.folder = folder
        (folder / f"{self.name}_settings.py").write_text(f"import os\nimport sys\n\n\ndef read():\n    {fault}\n")
        (folder / f"{self.name}.py").write_text(
            f"def create_app():\n    import {self.name}_settings\n\n    {self.name}_settings.read()\n"
        )
        (folder / "migrations/versions").mkdir(parents=True)
        (folder / "migrations/alembic.ini").write_text("[alembic]\n")
        (folder / "migrations/env.py").write_text("from flask import current_app\n")
        (folder / "migrations/script.py.mako").write_text(TEMPLATE)
        (folder / "migrations/versions/one.py").write_text(
            'revision = "one"\ndown_revision = None\n\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n'
        )
        (folder / "schemasync.toml").write_text(
            f'[alembic]\nconfig = "migrations"\napp = "{self.name}:create_app"\n\n[sqlalchemy]\npath = ["."]\n'
            f'\n[database]\nurl = "{database.url}"\n'
        )


@pytest.fixture
def flask_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


@pytest.mark.parametrize("command", OF_FLASK)
def test_every_command_that_loads_the_application(
    flask_folder: Path, database: Database, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    shop = FlaskProject(flask_folder, database, 'os.environ["NOT_SET_ANYWHERE"]')
    result = schemasync(capsys, *OF_FLASK[command])
    assert (result.code, result.out) == (2, ""), result.out + result.err
    assert result.err.splitlines() == [
        f"error: the Flask application of migrations/alembic.ini could not be loaded: {shop.name}_settings.py:6: "
        "KeyError: 'NOT_SET_ANYWHERE'; nothing has changed",
        f"    {shop.name}.py:4: {shop.name}_settings.read()",
        f'    {shop.name}_settings.py:6: os.environ["NOT_SET_ANYWHERE"]',
        "    hint: the project's own code was running: mend it, or set in the environment what it needs",
    ]
    assert database.execute("SELECT to_regclass('alembic_version')") == [(None,)]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_factory_that_raises(
    flask_folder: Path, database: Database, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    line, said = FAULTS[fault]
    shop = FlaskProject(flask_folder, database, line)
    result = schemasync(capsys, "upgrade")
    assert result.code == 2
    assert f"{shop.name}_settings.py:6: {said}; nothing has changed" in result.err.partition("\n")[0]


def test_an_import_that_fails_while_the_module_is_imported(
    flask_folder: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = FlaskProject(flask_folder, database, "pass")
    (flask_folder / f"{shop.name}.py").write_text("import no_such_package\n")
    result = schemasync(capsys, "current")
    assert result.code == 2
    assert f"{shop.name}.py:1: ModuleNotFoundError: No module named 'no_such_package'" in result.err
    assert "Traceback" not in result.err


def test_the_rest_of_a_check_goes_on_where_env_raises(configured: Project, capsys: pytest.CaptureFixture[str]) -> None:
    (configured.folder / "env.py").write_text(f"import sys\n\nsys.exit(3)\n{ENVIRONMENT}")
    folder = configured.folder.parent
    (folder / "schema.prisma").write_text(
        'datasource db {\n  provider = "postgresql"\n}\n\nmodel sessions {\n  id Int @id @default(autoincrement())\n'
        "  user_id Int\n  token String\n}\n"
    )
    with (folder / "schemasync.toml").open("a") as file:
        file.write('\n[prisma]\nschema = "schema.prisma"\n')
    result = schemasync(capsys, "check", "--format", "json")
    assert result.code in (0, 1), result.err
    assert any(
        "Alembic could not be asked what autogenerate would do: env.py failed: alembic/env.py:3: SystemExit: 3" in text
        for text in json.loads(result.out)["not_compared"]
    )


def test_a_run_whose_usual_record_cannot_be_kept(
    configured: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    result = schemasync(capsys, "upgrade", "--no-rehearsal")
    assert result.code == 0, result.err
    assert "the record of the run cannot be kept in file/schemasync/" in result.err
    assert configured.version() == ["rev1"]


def test_a_record_that_was_asked_for_and_cannot_be_kept(
    configured: Project, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    for place in ("folder", "alembic/env.py/record.json"):
        result = schemasync(capsys, "upgrade", "--no-rehearsal", "--record", place)
        demand_theirs(result, configured, f"the record of the run cannot be kept in {place}: ")


def test_a_record_that_cannot_be_kept_any_more_does_not_hide_the_result(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.add('op.execute("CREATE TABLE fine (id int)")')
    really = Record.write

    def write(record: Record) -> None:
        if record.state == "done":
            raise RecordError("the disk is full")
        really(record)

    monkeypatch.setattr(Record, "write", write)
    said: list[str] = []
    settings = replace(project.settings(), record=tmp_path / "record.json")
    assert migrate(settings, Target("upgrade", "heads"), say=said.append).state == "done"
    assert (said[-1], project.version()) == ("the disk is full", ["rev1"])


def test_a_record_that_cannot_be_kept_before_the_commit_stops_it(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.add('op.execute("CREATE TABLE fine (id int)")')

    def write(record: Record) -> None:
        if record.state == "committing":
            raise RecordError("the disk is full")

    monkeypatch.setattr(Record, "write", write)
    with pytest.raises(RecordError):
        project.upgrade(record=tmp_path / "record.json")
    assert project.version() == ["base0"]


@pytest.mark.parametrize("option", ["--lock-timeout", "--statement-timeout"])
def test_a_timeout_that_postgresql_does_not_understand(
    configured: Project, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    result = schemasync(capsys, "upgrade", "--no-rehearsal", option, "soon")
    demand_theirs(result, configured, f"PostgreSQL does not take 'soon' for {option[2:].replace('-', '_')}: ")
