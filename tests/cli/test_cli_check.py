"""`check` and `snapshot` on a small project: a schema, models that lag behind it, and a database."""

import json
from pathlib import Path

import pytest
from command_line import Result, schemasync
from databases import Database

SCHEMA = """\
datasource db {
  provider = "postgresql"
}

model User {
  id    String  @id @db.Uuid
  name  String
  email String?

  @@map("users")
}
"""
MODELS = """\
import uuid

from sqlalchemy import MetaData, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

print("the models' own output")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
"""
SQL = "CREATE TABLE users (id uuid CONSTRAINT users_pkey PRIMARY KEY, name text NOT NULL, email text)"
CONFIGURATION = """\
[prisma]
schema = "web/prisma/schema.prisma"

[sqlalchemy]
metadata = "models:Base"
path = ["api"]

[database]
url = "$PROJECT_DATABASE_URL"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's folder; the working folder, too."""
    for name, text in {
        "web/prisma/schema.prisma": SCHEMA,
        "api/models.py": MODELS,
        "schemasync.toml": CONFIGURATION,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PROJECT_DATABASE_URL", raising=False)
    return tmp_path


@pytest.fixture
def migrated(project: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The project's database, as Prisma would have made it."""
    database.execute(SQL)
    monkeypatch.setenv("PROJECT_DATABASE_URL", database.url)
    return database


BOTH = ("--witness", "prisma", "--witness", "sqlalchemy")


def drifts(result: Result) -> list[tuple[str, str, str]]:
    return [(item["kind"], item["table"], item["object"]) for item in json.loads(result.out)["drifts"]]


def test_three_witnesses(migrated: Database, capsys: pytest.CaptureFixture[str]) -> None:
    result = schemasync(capsys, "check", "--format", "json")
    assert drifts(result) == [("column-missing", "users", "email")]
    report = json.loads(result.out)
    assert report["drifts"][0]["values"] == {"prisma": "text", "sqlalchemy": None, "database": "text"}
    assert report["drifts"][0]["behind"] == ["sqlalchemy"]
    assert [place["path"] for place in report["drifts"][0]["locations"]] == [
        "web/prisma/schema.prisma",
        "api/models.py",
    ]
    assert report["witnesses"]["prisma"] == {"tables": 1, "source": "web/prisma/schema.prisma"}
    assert report["summary"]["tables"] == 1
    assert (result.code, result.err) == (1, "")


def test_the_text_goes_to_standard_output_and_only_the_text(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = schemasync(capsys, "check", *BOTH)
    assert (result.code, result.err) == (1, "")
    assert "users  owned by Prisma" in result.out
    assert "email  text" in result.out
    assert "\x1b" not in result.out
    assert "Not compared:\n" in result.out
    assert "the models' own output" not in result.out


@pytest.mark.parametrize(("threshold", "code"), [("error", 0), ("warning", 1), ("info", 1)])
def test_the_threshold(project: Path, capsys: pytest.CaptureFixture[str], threshold: str, code: int) -> None:
    assert schemasync(capsys, "check", *BOTH, "--fail-on", threshold).code == code


def test_from_a_folder_below(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project / "api")
    result = schemasync(capsys, "check", *BOTH, "--format", "json")
    assert drifts(result) == [("column-missing", "users", "email")]
    locations = json.loads(result.out)["drifts"][0]["locations"]
    assert [place["path"] for place in locations] == ["../web/prisma/schema.prisma", "models.py"]


def test_without_a_configuration(migrated: Database, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "schemasync.toml").unlink()
    result = schemasync(
        capsys, "check", "--prisma", "web/prisma/schema.prisma", "--database", migrated.url, "--format", "json"
    )
    assert (result.code, drifts(result)) == (0, [])
    sources = ("--metadata", "models:Base", "--path", "api", "--database", migrated.url)
    assert schemasync(capsys, "check", *sources).code == 1


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("column-missing", 0),
        ("column-*", 0),
        ("column-missing:users", 0),
        ("column-missing:users.email", 0),
        ("column-missing:public.users.email", 0),
        ("column-missing:*.email", 0),
        ("column-missing:users.name", 1),
        ("column-missing:email", 1),
        ("column-extra", 1),
    ],
)
def test_ignored_drifts(project: Path, capsys: pytest.CaptureFixture[str], pattern: str, code: int) -> None:
    result = schemasync(capsys, "check", *BOTH, "--ignore", pattern)
    assert result.code == code
    assert (f"1 drift, ignored by '{pattern}' in [check] ignore" in result.out) == (code == 0)


def test_a_changed_severity(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (project / "schemasync.toml").open("a") as file:
        file.write('[check]\nseverity = { "column-*" = "error", column-missing = "info" }\n')
    result = schemasync(capsys, "check", *BOTH, "--format", "json")
    assert json.loads(result.out)["drifts"][0]["severity"] == "info"
    assert result.code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--ignore", "colum-missing", *BOTH),
            "there is no kind of drift 'colum-missing'\n    hint: did you mean column",
        ),
        (("--witness", "prisma"), "nothing to compare: schemasync.toml names only prisma"),
        (("--witness", "snapshot", "--witness", "prisma"), "the witness snapshot is not configured"),
        (
            (),
            "[database] url needs the environment variable PROJECT_DATABASE_URL, which is not set\n"
            "    hint: set PROJECT_DATABASE_URL, or change [database] url in {folder}/schemasync.toml; "
            "or compare without the database: --witness prisma --witness sqlalchemy",
        ),
        (("--config", "nope.toml"), "cannot read nope.toml: No such file or directory"),
        (
            ("--snapshot", "nope.json", *BOTH, "--witness", "snapshot"),
            "cannot read the snapshot nope.json: No such file",
        ),
        (("--output", "nope/report.txt", *BOTH), "cannot write nope/report.txt: No such file or directory"),
    ],
)
def test_what_cannot_be_done_exits_with_2(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    result = schemasync(capsys, "check", *arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: " + message.replace("{folder}", str(project)))


def test_no_configuration_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = schemasync(capsys, "check")
    assert result.code == 2
    assert result.err.startswith("error: nothing to compare: there is no configuration, and no witness is given\n")
    assert "schemasync init" in result.err


def test_a_broken_schema_is_shown_with_its_lines(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "web/prisma/schema.prisma").write_text(SCHEMA.replace("String?", "Strin?"))
    result = schemasync(capsys, "check", *BOTH)
    assert (result.code, result.out) == (2, "")
    assert "web/prisma/schema.prisma:8:9: error: " in result.err
    assert "\n      email Strin?\n" in result.err


def test_models_with_an_error_are_shown_as_theirs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "api/models.py").write_text(MODELS + "\nboom()\n")
    result = schemasync(capsys, "check", *BOTH)
    assert (result.code, result.out) == (2, "")
    assert "name 'boom' is not defined" in result.err
    assert "schemasync/" not in result.err


def test_a_scratch_server_that_there_is_not(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (project / "schemasync.toml").open("a") as file:
        file.write('[scratch]\nserver = "embeded"\n')
    result = schemasync(capsys, "check", *BOTH)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: no such scratch server: 'embeded' in the configuration")


def test_nothing_in_common_is_no_success(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "api/models.py").write_text(MODELS.replace('"users"', '"people"'))
    result = schemasync(capsys, "check", *BOTH)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: nothing was compared: ")


def test_a_password_is_never_shown(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = "postgresql://ann:s3cret%21x@127.0.0.1:1/shop"
    for arguments in (("check",), ("snapshot", "--witness", "database")):
        result = schemasync(capsys, *arguments, "--database", url)
        assert (result.code, result.out) == (2, "")
        assert "127.0.0.1" in result.err
        assert "s3cret" not in result.err


def test_a_report_in_a_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = schemasync(capsys, "check", *BOTH, "--format", "json", "--output", "drifts.json")
    assert (result.code, result.out, result.err) == (1, "", "wrote drifts.json\n")
    assert json.loads((project / "drifts.json").read_text())["version"] == 1


def test_a_snapshot_is_a_witness(migrated: Database, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert schemasync(capsys, "snapshot", "--witness", "database", "--output", "before.json").code == 0
    arguments = ("check", "--snapshot", "before.json", "--witness", "snapshot", "--witness", "database")
    assert schemasync(capsys, *arguments).code == 0
    migrated.execute("ALTER TABLE users ALTER name DROP NOT NULL")
    result = schemasync(capsys, *arguments, "--format", "json")
    assert (result.code, drifts(result)) == (1, [("column-nullability", "users", "name")])
    assert json.loads(result.out)["witnesses"]["snapshot"]["source"] == "before.json"


@pytest.mark.parametrize("witness", ["prisma", "sqlalchemy", "database"])
def test_a_snapshot_of_each_witness(migrated: Database, capsys: pytest.CaptureFixture[str], witness: str) -> None:
    result = schemasync(capsys, "snapshot", "--witness", witness)
    assert result.code == 0
    assert [table["name"] for table in json.loads(result.out)["tables"]] == ["users"]


def test_a_complete_snapshot(migrated: Database, capsys: pytest.CaptureFixture[str]) -> None:
    migrated.execute("CREATE VIEW names AS SELECT name FROM users")
    result = schemasync(capsys, "snapshot", "--witness", "database", "--complete")
    assert json.loads(result.out)["complete"] is True
    refused = schemasync(capsys, "snapshot", "--witness", "prisma", "--complete")
    assert (refused.code, refused.out) == (2, "")
    assert "--complete is for --witness database" in refused.err


def test_missing_packages_need_stand_ins(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "api/models.py").write_text("import a_package_that_nobody_has\n" + MODELS)
    refused = schemasync(capsys, "check", *BOTH)
    assert refused.code == 2
    assert "--stub-missing" in refused.err
    result = schemasync(capsys, "check", *BOTH, "--stub-missing")
    assert result.code == 1
    assert "a_package_that_nobody_has" in result.out
