"""Configuration files in; settings, or errors with their places, out."""

from pathlib import Path

import pytest

from schemasync.config import Configuration, find, literal, load
from schemasync.errors import ConfigurationError
from schemasync.ownership import Ownership


def written(folder: Path, text: str, name: str = "schemasync.toml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load(path)
    return caught.value.render()


FULL = """
[prisma]
schema = "frontend/prisma/schema.prisma"
migrations = "frontend/prisma/migrations"

[sqlalchemy]
metadata = "app.models:db"
path = ["backend/api"]

[alembic]
config = "backend/api/alembic.ini"

[database]
url = "$DATABASE_URL"
schemas = ["public", "audit"]

[ownership]
prisma = ["lookup_*"]
sqlalchemy = ["invoices"]
ignore = ["spatial_ref_sys"]
mirror = ["users", "access_*"]

[check]
ignore = ["index-name", "column-type:users.*"]
severity = { column-comment = "warning" }
baseline = "accepted.json"

[mirror]
output = "backend/api/app/models"
style = "flask-sqlalchemy"
base = "app.models.base:BaseModel"

[scratch]
server = "container"
"""


def test_every_setting_is_read(tmp_path: Path) -> None:
    read = load(written(tmp_path, FULL))
    assert (read.folder, read.file) == (tmp_path, tmp_path / "schemasync.toml")
    assert (read.prisma.schema, read.prisma.migrations) == (
        "frontend/prisma/schema.prisma",
        "frontend/prisma/migrations",
    )
    assert (read.sqlalchemy.metadata, read.sqlalchemy.path) == ("app.models:db", ("backend/api",))
    assert read.alembic.config == "backend/api/alembic.ini"
    assert (read.database.url, read.database.schemas) == ("$DATABASE_URL", ("public", "audit"))
    assert read.table_ownership() == Ownership(
        ("lookup_*",), ("invoices",), ("spatial_ref_sys",), mirror=("users", "access_*")
    )
    assert read.check.ignore == ("index-name", "column-type:users.*")
    assert read.check.severity == {"column-comment": "warning"}
    assert read.check.baseline == "accepted.json"
    assert (read.mirror.output, read.mirror.style, read.mirror.base) == (
        "backend/api/app/models",
        "flask-sqlalchemy",
        "app.models.base:BaseModel",
    )
    assert read.scratch.server == "container"


def test_pyproject_has_the_same_settings(tmp_path: Path) -> None:
    table = FULL.replace("[", "[tool.schemasync.", 1)
    table = "\n".join(
        line.replace("[", "[tool.schemasync.", 1) if line.startswith("[") else line for line in FULL.splitlines()
    )
    shared = load(written(tmp_path, '[project]\nname = "x"\n' + table, "pyproject.toml"))
    own = load(written(tmp_path, FULL))
    assert shared.prisma == own.prisma
    assert shared.ownership == own.ownership
    assert shared.check == own.check


def test_nothing_configured_is_the_default_rule(tmp_path: Path) -> None:
    assert load(start=tmp_path) == Configuration(folder=tmp_path)
    assert load(written(tmp_path, "")).table_ownership() == Ownership()


@pytest.mark.parametrize(
    ("written_as", "patterns"), [('"all"', ("*",)), ('"none"', ()), ("[]", ()), ('["a*"]', ("a*",))]
)
def test_mirror(tmp_path: Path, written_as: str, patterns: tuple[str, ...]) -> None:
    assert load(written(tmp_path, f"[ownership]\nmirror = {written_as}\n")).ownership.mirror == patterns


def test_the_nearest_configuration_upwards_wins(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    written(tmp_path, "")
    assert find(deep) == tmp_path / "schemasync.toml"
    written(tmp_path / "a", "[tool.black]\n", "pyproject.toml")
    assert find(deep) == tmp_path / "schemasync.toml"
    written(tmp_path / "a" / "b", '[tool.schemasync.prisma]\nschema = "x"\n', "pyproject.toml")
    assert find(deep) == tmp_path / "a" / "b" / "pyproject.toml"
    written(tmp_path / "a" / "b", "")
    assert find(deep) == tmp_path / "a" / "b" / "schemasync.toml"


def test_paths_start_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHERE", "elsewhere")
    read = load(written(tmp_path, '[prisma]\nschema = "${WHERE}/schema.prisma"\n'))
    assert read.path(read.prisma.schema or "", "[prisma] schema") == tmp_path / "elsewhere" / "schema.prisma"
    assert read.migrations() == tmp_path / "elsewhere" / "migrations"


def test_a_folder_of_schema_files_holds_its_migrations(tmp_path: Path) -> None:
    (tmp_path / "prisma").mkdir()
    read = load(written(tmp_path, '[prisma]\nschema = "prisma"\n'))
    assert read.migrations() == tmp_path / "prisma" / "migrations"
    (tmp_path / "migrations").mkdir()
    assert read.migrations() == tmp_path / "migrations"
    (tmp_path / "prisma" / "migrations").mkdir()
    assert read.migrations() == tmp_path / "prisma" / "migrations"


def test_variables_are_filled_in_when_they_are_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    read = load(written(tmp_path, '[database]\nurl = "$DATABASE_URL"\n'))
    with pytest.raises(ConfigurationError, match="the environment variable DATABASE_URL, which is not set"):
        read.text(read.database.url or "", "[database] url")
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:p$HOME@h/d")
    assert read.text(read.database.url or "", "[database] url") == "postgresql://ann:p$HOME@h/d"


@pytest.mark.parametrize("text", ["", "plain", "$HOME", "${HOME}", "a$$b", "100 $"])
def test_a_literal_text_stays_as_it_is(text: str) -> None:
    assert Configuration().text(literal(text), "--prisma") == text


def test_all_errors_at_once_each_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = written(
        tmp_path,
        """\
[prisma]
shema = "x"
migrations = 3

[database]
schemas = "public"

[check]
ignore = ["colum-type"]
severity = { index-name = "off" }

[alembik]
config = "x"

[mirror]
style = "flask"
""",
    )
    assert (
        refusal(path)
        == """\
schemasync.toml:2:1: error: unknown setting 'shema' in [prisma]
    shema = "x"
    ^^^^^
    hint: did you mean schema?
schemasync.toml:3:1: error: [prisma] migrations must be a string, not an integer
    migrations = 3
    ^^^^^^^^^^
schemasync.toml:6:1: error: [database] schemas must be a list of strings
    schemas = "public"
    ^^^^^^^
    hint: write schemas = ["public"]
schemasync.toml:9:1: error: [check] ignore: there is no kind of drift 'colum-type'
    ignore = ["colum-type"]
    ^^^^^^
    hint: did you mean column-type?
schemasync.toml:10:14: error: [check] severity: index-name must be one of "error", "warning", "info"
    severity = { index-name = "off" }
                 ^^^^^^^^^^
schemasync.toml:12:2: error: unknown section 'alembik'
    [alembik]
     ^^^^^^^
    hint: did you mean alembic?
schemasync.toml:16:1: error: [mirror] style must be one of "declarative", "flask-sqlalchemy", "table"
    style = "flask"
    ^^^^^
    hint: known are declarative, flask-sqlalchemy, table
7 errors in the configuration"""
    )


def test_a_setting_outside_its_section(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (
        refusal(written(tmp_path, 'url = "postgresql://h/d"\n'))
        == """\
schemasync.toml:1:1: error: unknown section 'url'
    url = "postgresql://h/d"
    ^^^
    hint: it belongs under [database]
1 error in the configuration"""
    )


def test_no_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = refusal(written(tmp_path, "[prisma]\nschema = \n"))
    assert text.startswith("schemasync.toml:2:10: error: ")
    assert "    schema = \n             ^" in text


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.toml", None, "cannot read missing.toml: No such file or directory"),
        ("binary.toml", b"\xff", "binary.toml is not UTF-8"),
        ("pyproject.toml", b"[project]\n", "pyproject.toml has no table [tool.schemasync]"),
        ("pyproject.toml", b"tool = 1\n", "pyproject.toml has no table [tool.schemasync]"),
    ],
)
def test_files_that_are_no_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes | None, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert message in refusal(tmp_path / name)


def test_a_table_under_both_owners(tmp_path: Path) -> None:
    read = load(written(tmp_path, '[ownership]\nprisma = ["users"]\nsqlalchemy = ["users"]\n'))
    with pytest.raises(ConfigurationError, match="gives users to both"):
        read.table_ownership()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("ownership.mirror = 3\n", "1:1"),
        ("ownership = { prisma = [], mirror = 3 }\n", "1:28"),
        ('[ownership]\n"mirror" = 3\n', "2:1"),
        ("[ownership]\n\n  mirror=3\n", "3:3"),
    ],
)
def test_places_in_every_way_to_write_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert refusal(written(tmp_path, text)).startswith(f"schemasync.toml:{place}: error: [ownership] mirror must be")


def test_alembics_version_table_is_nobodys(tmp_path: Path) -> None:
    """Wherever env.py says that it is; no comparison looks at it."""
    configuration = load(written(tmp_path, '[alembic]\nconfig = "alembic.ini"\n[ownership]\nignore = ["old_*"]\n'))
    assert configuration.table_ownership().ignore == ("old_*",)
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s\n")
    environment = tmp_path / "env.py"
    environment.write_text("context.configure(connection=connection)\n")
    assert configuration.table_ownership().ignore == ("old_*",)
    environment.write_text("context.configure(version_table='versions', version_table_schema='sales')\n")
    found = configuration.table_ownership()
    assert found.is_ignored("sales", "versions")
    assert not found.is_ignored("public", "versions")
    environment.write_text("context.configure(version_table='versions')\n")
    assert configuration.table_ownership().is_ignored("public", "versions")
