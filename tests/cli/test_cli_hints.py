"""Help that shows how, and errors that name the nearest right name."""

from pathlib import Path

import pytest
from command_line import schemasync

from schemasync.cli.main import COMMANDS

SCHEMA = """
datasource db {
  provider = "postgresql"
}

model User {
  id Int @id

  @@map("users")
}
"""
MODELS = """
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
"""
CONFIGURATION = '[prisma]\nschema = "schema.prisma"\n[sqlalchemy]\nmetadata = "models:Base"\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schema.prisma").write_text(SCHEMA)
    (tmp_path / "models.py").write_text(MODELS)
    (tmp_path / "schemasync.toml").write_text(CONFIGURATION)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_commands_help_shows_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, found, examples = schemasync(capsys, command, "--help").out.partition("Examples:\n")
    assert found
    assert f"schemasync {command}" in examples


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("chek",), "Did you mean check?"),
        (("check", "--databse", "x"), "--database"),
        (("check", "--format", "jsn"), "Did you mean json?"),
        (("check", "--witness", "databse"), "Did you mean database?"),
        (("check", "--fail-on", "eror"), "Did you mean error?"),
        (("graph", "--owner", "prism"), "Did you mean prisma?"),
        (("mirror", "--style", "declaritive"), "Did you mean declarative?"),
        (("completion", "zhs"), "Did you mean zsh?"),
        (("check", "--ignore", "colum-type"), "hint: did you mean column-type?"),
        (("explain", "colum-type"), "hint: did you mean column-type?"),
        (("graph", "--table", "user"), "hint: did you mean users?"),
        (("check", "--metadata", "model:Base"), "hint: did you mean models?"),
        (("check", "--metadata", "models:Bas"), "hint: did you mean Base?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_the_nearest_right_name(
    project: Path, arguments: tuple[str, ...], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    result = schemasync(capsys, *arguments)
    assert (result.code, result.out) == (2, "")
    assert hint in result.err


def test_a_far_name_gets_no_hint(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    error = schemasync(capsys, "check", "--format", "spreadsheet").err
    assert "is not one of" in error
    assert "Did you mean" not in error


@pytest.mark.parametrize(
    ("more", "hint"),
    [
        ('[chek]\nignore = ["x"]\n', "hint: did you mean check?"),
        ('[check]\nignor = ["x"]\n', "hint: did you mean ignore?"),
        ('[check]\nignore = ["colum-type"]\n', "hint: did you mean column-type?"),
        ('[check.severity]\ncolum-type = "error"\n', "hint: did you mean column-type?"),
        ('[mirror]\nstyle = "declaritive"\n', "hint: did you mean declarative?"),
    ],
)
def test_the_nearest_setting(project: Path, more: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "schemasync.toml").write_text(CONFIGURATION + more)
    result = schemasync(capsys, "check")
    assert (result.code, hint in result.err) == (2, True), result.err


@pytest.mark.parametrize("setting", ["prisma", "sqlalchemy", "mirror"])
def test_an_owner_of_a_table_that_there_is_not(project: Path, setting: str, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "schemasync.toml").write_text(f'{CONFIGURATION}[ownership]\n{setting} = ["usrs", "audit_*"]\n')
    said = " ".join(schemasync(capsys, "check").out.split())
    assert f"[ownership] {setting} names usrs, and there is no such table; did you mean users?" in said
    assert "audit_*" not in said
