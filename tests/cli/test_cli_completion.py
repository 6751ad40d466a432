"""What shells complete, asked as they ask it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Result, environment_with_sources, schemasync

from schemasync.cli.main import COMMANDS
from schemasync.compare.kinds import catalogue
from schemasync.report import FORMATS


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH on which `schemasync` is these sources."""
    script = tmp_path / "schemasync"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m schemasync "$@"\n')
    script.chmod(0o755)
    return f"{tmp_path}{os.pathsep}{os.environ['PATH']}"


def asked(shell: str, script: str, path: str) -> Result:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell}")
    done = subprocess.run(
        [program, "-c", script],
        env=environment_with_sources(PATH=path, SHELL=program),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def in_bash(path: str, *words: str) -> list[str]:
    """What bash offers for the last of the words."""
    typed = " ".join(f"'{word}'" for word in words)
    script = f"""
      eval "$(schemasync completion bash)"
      COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}
      _schemasync_completion schemasync
      printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    result = asked("bash", script, path)
    assert (result.code, result.err) == (0, "")
    return result.out.split()


def test_bash_completes_commands(path: str) -> None:
    assert in_bash(path, "schemasync", "re") == [name for name in COMMANDS if name.startswith("re")]
    assert set(in_bash(path, "schemasync", "")) == set(COMMANDS)


def test_bash_completes_options_and_formats(path: str) -> None:
    assert in_bash(path, "schemasync", "check", "--databa") == ["--database", "--databases"]
    assert in_bash(path, "schemasync", "check", "--format", "") == list(FORMATS)
    assert in_bash(path, "schemasync", "graph", "--format", "s") == ["svg"]


def test_bash_completes_kinds(path: str) -> None:
    expected = [name for name in catalogue() if name.startswith("enum-")]
    assert in_bash(path, "schemasync", "explain", "enum-") == expected
    assert in_bash(path, "schemasync", "check", "--ignore", "enum-") == expected


def test_fish_completes_commands(path: str) -> None:
    script = 'schemasync completion fish | source; complete -C "schemasync chec"'
    assert asked("fish", script, path).out.split("\t")[0] == "check"


def test_zsh_takes_the_script(path: str) -> None:
    script = """
      autoload -U compinit; compinit -u -D  # without a dump file
      eval "$(schemasync completion zsh)"
      print -r -- "${_comps[schemasync]}"
    """
    result = asked("zsh", script, path)
    assert (result.out.strip(), result.err) == ("_schemasync_completion", "")


def test_the_shell_is_the_users_own(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert "complete --no-files --command schemasync" in schemasync(capsys, "completion").out
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    result = schemasync(capsys, "completion")
    assert (result.code, result.err) == (
        2,
        "error: no completion for the shell 'tcsh'\n    hint: name one of bash, zsh, fish\n",
    )


def test_completing_a_command_imports_none(path: str) -> None:
    script = "import sys; from schemasync.cli.main import main\ntry: main([])\nexcept SystemExit: pass\n"
    done = subprocess.run(
        [sys.executable, "-c", script + "print(*sys.modules, file=sys.stderr)"],
        env=environment_with_sources(
            _SCHEMASYNC_COMPLETE="bash_complete", COMP_WORDS="schemasync c", COMP_CWORD="1", PATH=path
        ),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert [line.partition(",")[2] for line in done.stdout.splitlines()] == [
        name for name in COMMANDS if name.startswith("c")
    ]
    assert not {module for module, _ in COMMANDS.values()} & set(done.stderr.split())
