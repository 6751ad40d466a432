"""Squawk's findings, by the real program where it is installed, and by one that prints what it printed elsewhere."""

import json
import os
import sys
from pathlib import Path

import pytest
from command_line import schemasync
from release_project import SECOND, SHOP, USER, USERS, Release

from schemasync.release.squawk import Script, find_squawk, lint

SQL = "ALTER TABLE users ADD COLUMN mail text NOT NULL;\nCREATE INDEX users_nick ON users (nick);\n"
# Squawk 2.70: printf SQL | squawk --reporter json --stdin-filepath next/migration.sql; lines count from 0.
PRINTED = [
    {
        "file": "next/migration.sql",
        "line": 0,
        "column": 24,
        "level": "Warning",
        "message": "Adding a new column that is `NOT NULL` and has no default value to an existing table effectively "
        "makes it required.",
        "help": "Make the field nullable or add a non-VOLATILE DEFAULT",
        "rule_name": "adding-required-field",
        "column_end": 47,
        "line_end": 0,
    },
    {
        "file": "next/migration.sql",
        "line": 1,
        "column": 0,
        "level": "Warning",
        "message": "During normal index creation, table updates are blocked, but reads are still allowed.",
        "help": "Use `concurrently` to avoid blocking writes.",
        "rule_name": "require-concurrent-index-creation",
        "column_end": 39,
        "line_end": 1,
    },
]
FILE = Script("prisma", "next", "next/migration.sql", SQL)


def program(folder: Path, prints: str, code: int = 1) -> str:
    """An executable named squawk that keeps what it is asked, and answers this."""
    made = folder / "squawk"
    made.write_text(
        f"#!{sys.executable}\nimport json, sys\n"
        f"json.dump([sys.argv[1:], sys.stdin.read()], open({str(folder / 'asked')!r}, 'w'))\n"
        f"print({prints!r})\nsys.exit({code})\n"
    )
    made.chmod(0o755)
    return str(made)


def test_findings(tmp_path: Path) -> None:
    findings, failures = lint(program(tmp_path, json.dumps(PRINTED)), [FILE], 150_004)
    assert failures == ()
    assert [(one.place, one.rule, one.level) for one in findings] == [
        ("next/migration.sql:1", "adding-required-field", "Warning"),
        ("next/migration.sql:2", "require-concurrent-index-creation", "Warning"),
    ]
    assert findings[1].help == "Use `concurrently` to avoid blocking writes."
    arguments, text = json.loads((tmp_path / "asked").read_text())
    assert text == SQL
    assert arguments == [
        *("--reporter", "json", "--pg-version", "15.4", "--assume-in-transaction"),
        *("--stdin-filepath", "next/migration.sql"),
    ]


def test_places_of_what_alembic_sent(tmp_path: Path) -> None:
    places = ((1, "versions/b2.py:12"), (2, "versions/b2.py:15"))
    script = Script("alembic:b2", "b2", "versions/b2.py", SQL, places, in_transaction=False)
    findings, _ = lint(program(tmp_path, json.dumps(PRINTED)), [script], 180_006)
    assert [one.place for one in findings] == ["versions/b2.py:12", "versions/b2.py:15"]
    assert "--no-assume-in-transaction" in json.loads((tmp_path / "asked").read_text())[0]


@pytest.mark.parametrize(("prints", "code"), [("error: no such option", 2), ("{}", 0), ("", 101)])
def test_what_squawk_cannot_do_is_told(tmp_path: Path, prints: str, code: int) -> None:
    findings, (failure,) = lint(program(tmp_path, prints, code), [FILE], 150_004)
    assert findings == ()
    assert failure.startswith("squawk could not read next/migration.sql: ")


def test_a_script_without_sql_is_not_asked_about(tmp_path: Path) -> None:
    assert lint(str(tmp_path / "none"), [Script("prisma", "next", "x.sql", " \n")], 150_004) == ((), ())
    _, (failure,) = lint(str(tmp_path / "none"), [FILE], 150_004)
    assert "No such file" in failure


def test_the_real_squawk() -> None:
    found = find_squawk()
    if found is None:
        pytest.skip("squawk is not installed: pip install squawk-cli")
    findings, failures = lint(found, [FILE], 150_004)
    assert failures == ()
    rules = {(one.place, one.rule) for one in findings}
    assert ("next/migration.sql:1", "adding-required-field") in rules
    assert ("next/migration.sql:2", "require-concurrent-index-creation") in rules


def test_in_a_rehearsal(release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = tmp_path / "commands"
    commands.mkdir()
    program(commands, json.dumps(PRINTED))
    monkeypatch.setenv("PATH", f"{commands}{os.pathsep}{os.environ['PATH']}")
    release.prisma.write(SECOND, "ALTER TABLE users ADD COLUMN mail text;\nCREATE INDEX users_nick ON users (nick);\n")
    release.declare(USERS % '  mail String?\n  @@index([nick], map: "users_nick")\n', USER + SHOP)
    manifests = ("--deployed-manifest", "prisma.json", "--deployed-manifest", "sqlalchemy.json")
    result = schemasync(release.capsys, "rehearse", *manifests)
    assert result.code == 0, result.out
    text = " ".join(result.out.split())
    assert f"squawk: require-concurrent-index-creation ({SECOND}/migration.sql:2): During normal" in text
    assert "ACCESS EXCLUSIVE on users (empty) while it is read through: blocks reads and writes" in text
