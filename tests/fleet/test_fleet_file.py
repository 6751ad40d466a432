"""Which databases a list names, and what is said of a list that is wrong."""

from pathlib import Path

import pytest

from schemasync.errors import ConfigurationError
from schemasync.fleet_file import FleetFileError, all_named, given, listed, read_fleet_file


def names(text: str) -> dict[str, str]:
    return {database.name: database.url for database in listed(text, "tenants.txt")}


def test_a_line_is_a_name_and_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROME", "postgresql://h/rome?application_name=a=b")
    monkeypatch.setenv("PASSWORD", "p$w")
    text = """
# tenants
berlin = postgresql://ann@h/berlin
  "Sankt Pölten"='postgresql://h/sp'
rome = $ROME
paris = "postgresql://ann:${PASSWORD}$$@h/paris"
"""
    assert names(text) == {
        "berlin": "postgresql://ann@h/berlin",
        "Sankt Pölten": "postgresql://h/sp",
        "rome": "postgresql://h/rome?application_name=a=b",
        "paris": "postgresql://ann:p$w$@h/paris",
    }


def test_a_url_alone_is_named_by_what_tells_it_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROME", "postgresql://h/rome?sslmode=disable")
    text = """
postgresql://h/berlin?sslmode=disable
postgresql://one/shop
postgresql://two/shop
postgresql://two:6000/shop
postgresql://two:6000/shop
$ROME
"""
    assert list(names(text)) == [
        "berlin",
        "one/shop",
        "two:5432/shop",
        "two:6000/shop",
        "two:6000/shop (2)",
        "rome",
    ]


def test_every_mistake_is_said_at_once_and_no_url_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOWHERE", raising=False)
    text = """a = postgresql://ann:s3cret@h/a
a = postgresql://h/b
c =
d = mysql://ann:s3cret@h/d
e = $NOWHERE
f = postgresql://ann:s3cret@h:port/f
"""
    with pytest.raises(FleetFileError) as error:
        listed(text, "tenants.txt")
    said = error.value.render()
    assert [line for line in said.splitlines() if line.startswith("tenants.txt")] == [
        "tenants.txt:2:1: error: the name 'a' stands in line 1 already",
        "tenants.txt:3:1: error: a line without a URL",
        "tenants.txt:4:1: error: not a PostgreSQL URL: 'mysql://ann:***@h/d'",
        "tenants.txt:5:1: error: the environment variable NOWHERE is not set",
        "tenants.txt:6:1: error: host or port malformed in the URL 'postgresql://ann:***@h:port/f'",
    ]
    assert said.endswith("5 errors in the list of databases")
    assert "s3cret" not in said


def test_a_list_without_a_database(tmp_path: Path) -> None:
    path = tmp_path / "tenants.txt"
    path.write_text("# nobody yet\n")
    with pytest.raises(ConfigurationError, match="names no database"):
        read_fleet_file(path)
    with pytest.raises(ConfigurationError, match="cannot read"):
        read_fleet_file(tmp_path / "nowhere.txt")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        read_fleet_file(path)


def test_the_command_lines_databases() -> None:
    found = given(["postgresql://h/berlin", "rome=postgresql://h/r?application_name=x"])
    assert [(one.name, one.url) for one in all_named(found)] == [
        ("berlin", "postgresql://h/berlin"),
        ("rome", "postgresql://h/r?application_name=x"),
    ]
    with pytest.raises(ConfigurationError, match="two databases are named 'a'"):
        all_named(given(["a=postgresql://h/b", "a=postgresql://h/c"]))


def test_a_database_shows_no_password() -> None:
    (database,) = given(["postgresql://ann:s3cret@h/berlin"])
    assert "s3cret" not in repr(database)
    assert database.source == "postgresql://ann:***@h/berlin"
